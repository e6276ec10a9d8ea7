"""What the hidden tests take for a module's right output, and what a marker's own work is bounded by."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
import torch
from torch import nn

from autograder.wall.shared.handle import ModuleHandle
from tests.hidden.modules import MOST_ASSIGNMENTS, assignments, close, loaded_alike, used
from tests.hidden.test_q1_equivalence import layer

WANT = np.arange(24.0).reshape(1, 2, 3, 4)


def test_the_same_array_is_close():
    assert close(WANT + 1e-12, WANT)


@pytest.mark.parametrize("shape", [(0, 2, 3, 4), (0, 1, 1, 1), (0,), (1, 1, 1, 1), (5, 2, 3, 4)])
def test_an_array_of_another_shape_is_not_however_numpy_stretches_it(shape):
    """numpy.allclose says of an empty array that all its values are close, and makes gigabytes of a column and a row."""
    assert not close(np.zeros(shape), WANT)


def test_what_is_no_array_is_not():
    for got in (None, 5.0, WANT.tolist()):
        assert not close(got, WANT)


# ---- the marker's own work is bounded


def test_shapes_are_checked_before_anything_is_computed():
    """16.7 million filters of one byte are no array of doubles by the time they are refused."""
    filters, bias = np.zeros((1 << 24, 1, 1, 1), np.bool_), np.zeros(1 << 20)
    tracemalloc.start()
    try:
        with pytest.raises(AssertionError):
            layer((filters, bias), (3, 1, 4, 4), (3,))
        with pytest.raises(AssertionError):
            layer((np.zeros((3, 1, 4, 4)), bias), (3, 1, 4, 4), (3,))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 4 << 20


@pytest.mark.parametrize(
    "got", [None, 5, "ab", {}, (np.zeros(3),), [np.zeros(3)] * 3, ("a", "b"), (np.zeros(3, complex),) * 2]
)
def test_what_is_no_weight_and_bias_is_refused(got):
    with pytest.raises(AssertionError):
        layer(got, (3,), (3,))


def test_the_search_for_a_match_ends_soon_however_many_arrays_are_alike():
    """Fourteen layers of one shape have 87 billion orders: few are tried, and those that are not are not made either."""
    arrays = {f"layer{number}.weight": np.zeros((2, 2)) for number in range(14)}
    found = list(assignments(arrays, arrays, list(arrays)[::-1], list(arrays)))
    assert found[0] == dict(zip(arrays, list(arrays)[::-1], strict=True))
    assert len(found) <= 4 * (MOST_ASSIGNMENTS + 1)


def test_arrays_of_other_shapes_match_nothing():
    many = {f"{number}": np.zeros((1, number)) for number in range(5000)}
    assert list(assignments(many, {"weight": np.zeros((2, 2))}, list(many)[::-1], ["weight"])) == []


def test_a_hint_is_not_believed():
    """What the module's process says of the order decides nothing: names are no more than where to begin."""
    arrays = {"a": np.zeros(2), "b": np.zeros(2)}
    for hint in (["a"], ["b", "b"], ["c", "a"], [], ["b", "a"]):
        found = list(assignments(arrays, arrays, hint, ["a", "b"]))
        assert {"a": "a", "b": "b"} in found and {"a": "b", "b": "a"} in found

    class Lying:
        def __init__(self, told):
            self.told = told

        def order_of_use(self, x):
            if isinstance(self.told, Exception):
                raise self.told
            return self.told

    for told in (None, 7, "ab", [1], [["a"]], {"a": 1}, ValueError()):
        assert used(Lying(told), np.zeros(1)) == []
    assert used(Lying(["a", "a", "b"]), np.zeros(1)) == ["a", "b"]


@pytest.mark.parametrize(("turned", "trials", "asked"), [(False, 1, 0), (True, 3, 1)])
def test_an_honest_module_is_matched_soon(turned, trials, asked):
    """By its order of registration at the first trial, and else, after one of equal values, by its order of use, asked for then."""
    torch.manual_seed(0)
    ours, theirs = nn.Sequential(*(nn.Linear(3, 3) for _ in range(6))), nn.Sequential(*(nn.Linear(3, 3) for _ in range(6)))
    theirs.forward = lambda x: _through(list(theirs)[:: -1 if turned else 1], x)
    handle, loads, uses = ModuleHandle(theirs), [], []
    load, handle.load = handle.load, lambda arrays: (loads.append(1), load(arrays))[1]
    use, handle.order_of_use = handle.order_of_use, lambda x: (uses.append(1), use(x))[1]
    assert loaded_alike(handle, ModuleHandle(ours), [np.random.default_rng(0).normal(size=(2, 3))])
    assert (len(loads), len(uses)) == (trials, asked)


def _through(layers, x):
    for one in layers:
        x = one(x)
    return x


def test_running_statistics_are_put_back_between_trials():
    """Whatever is asked after the first trial begins with the statistics that the first began with."""
    arrays = {"weight": np.zeros(2), "bias": np.zeros(2)}
    loads = []

    class Handle:
        def double(self):
            pass

        def parameters(self):
            return arrays

        def buffers(self):
            return {"running_mean": np.full(2, 7.0)}

        def load(self, loaded):
            loads.append(loaded)

        def order_of_use(self, x):
            return ["weight", "bias"]

        def __call__(self, x):
            return np.zeros(3)

    assert not loaded_alike(Handle(), ModuleHandle(nn.BatchNorm1d(2)), [np.random.default_rng(0).normal(size=(4, 2))])
    assert len(loads) == 2 and all((loaded["running_mean"] == 7).all() for loaded in loads)


class Mixer(nn.Module):
    """Layers of one shape, of which a wrong network uses the first twice."""

    def __init__(self, order):
        super().__init__()
        self.layers, self.order = nn.ModuleList(nn.Linear(3, 3) for _ in range(6)), order

    def forward(self, x):
        return _through([self.layers[number] for number in self.order], x).tanh()


@pytest.mark.parametrize(
    ("order", "trials"),
    [
        ((0, 1, 2, 3, 4, 5), 1),
        ((5, 3, 4, 1, 0, 2), 3),  # in the order of registration, with equal values, in the order of use
        ((0, 1, 2, 3, 4), 2),  # with equal values it is wrong already: no match is tried any more
    ],
)
def test_no_match_is_searched_for_what_is_wrong_in_every_one(order, trials):
    torch.manual_seed(0)
    handle, loads = ModuleHandle(Mixer(order)), []
    load, handle.load = handle.load, lambda arrays: (loads.append(1), load(arrays))[1]
    right = ModuleHandle(Mixer(range(6)))
    assert loaded_alike(handle, right, [np.random.default_rng(0).normal(size=(2, 3))]) == (len(order) == 6)
    assert len(loads) == trials


def test_a_layer_in_the_place_of_another_is_wrong_though_equal_values_hide_it():
    """One layer twice, and another not at all."""
    torch.manual_seed(0)
    assert not loaded_alike(
        ModuleHandle(Mixer((0, 1, 2, 3, 4, 4))),
        ModuleHandle(Mixer(range(6))),
        [np.random.default_rng(0).normal(size=(2, 3))],
    )
