"""What a marker may ask of a module, beside the module: order of use, the input left alone, gradients however they are had."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils import checkpoint

from autograder.wall.shared.handle import ModuleHandle

X = np.random.default_rng(0).normal(size=(3, 2, 4, 4)).astype(np.float32)


class Net(nn.Module):
    """Registered as last, norm, first, unused; used as first, norm, last."""

    def __init__(self, run=lambda layer, x: layer(x)):
        super().__init__()
        self.last = nn.Parameter(torch.ones(2, 2, 1, 1))
        self.norm = nn.BatchNorm2d(2)
        self.first = nn.Conv2d(2, 2, 3, padding=1)
        self.unused = nn.Linear(2, 2)
        self.run = run

    def forward(self, x):
        return nn.functional.conv2d(self.norm(self.run(self.first, x)), weight=self.last)


ORDER = ["first.weight", "first.bias", "norm.weight", "norm.bias", "last"]


def test_parameters_are_told_in_the_order_of_their_use():
    assert ModuleHandle(Net()).order_of_use(X) == ORDER


@pytest.mark.parametrize("reentrant", [False, True])
def test_inside_a_checkpoint_too(reentrant):
    def run(layer, x):
        return checkpoint.checkpoint(layer, x, use_reentrant=reentrant)

    handle = ModuleHandle(Net(run))
    handle.double()
    assert handle.order_of_use(X.astype(np.float64)) == ORDER
    into_input, into_weights = handle.gradients(X.astype(np.float64), np.ones((3, 2, 4, 4)))
    plain = ModuleHandle(Net())
    plain.double()
    plain.load(handle.parameters())
    same_input, same_weights = plain.gradients(X.astype(np.float64), np.ones((3, 2, 4, 4)))
    np.testing.assert_allclose(into_input, same_input, atol=1e-12)
    assert into_weights.keys() == same_weights.keys()
    for name, array in into_weights.items():
        np.testing.assert_allclose(array, same_weights[name], atol=1e-12)
    assert not into_weights["unused.weight"].any()


def test_what_runs_outside_python_is_seen_by_the_graph():
    net = nn.ModuleDict({"b": torch.jit.script(nn.Sequential(nn.Conv2d(2, 2, 1), nn.ReLU())), "a": nn.Conv2d(2, 2, 1)})
    net.forward = lambda x: net["b"](net["a"](x))
    assert ModuleHandle(net).order_of_use(X) == ["a.weight", "a.bias", "b.0.weight", "b.0.bias"]


def test_looking_at_a_parameter_is_no_use():
    class Looking(Net):
        def forward(self, x):
            assert self.last.shape[0] == self.last.size(1) == 2 and self.last.numel() == 4 and self.last.requires_grad
            return super().forward(x)

    assert ModuleHandle(Looking()).order_of_use(X) == ORDER


def test_what_is_done_to_all_weights_beforehand_is_no_use_of_them_yet():
    class Beforehand(Net):
        def forward(self, x):
            held = {name: 1 * weight.to(x.dtype) for name, weight in self.named_parameters() if "unused" not in name}
            x = nn.functional.conv2d(x, held["first.weight"], held["first.bias"], padding=1)
            x = nn.functional.batch_norm(x, None, None, held["norm.weight"], held["norm.bias"], training=True)
            return nn.functional.conv2d(x, held["last"])

    assert ModuleHandle(Beforehand()).order_of_use(X) == ORDER


class Reassigning(Net):
    """Its statistics are other tensors after each pass."""

    def forward(self, x):
        self.norm.running_mean = self.norm.running_mean + 1
        return super().forward(x)


@pytest.mark.parametrize("made", [Net, Reassigning])
def test_running_statistics_are_left_as_they_were(made):
    handle = ModuleHandle(made())
    before = {name: array.copy() for name, array in handle.buffers().items()}
    handle.order_of_use(X)
    assert all(np.array_equal(array, before[name]) for name, array in handle.buffers().items())


class Changing(nn.Module):
    def __init__(self, change):
        super().__init__()
        self.change = change

    def forward(self, x):
        y = 2 * x
        self.change(x)
        return y


@pytest.mark.parametrize("change", [lambda x: x.relu_(), lambda x: x.data.zero_(), lambda x: x.add_(1)])
def test_a_changed_input_is_seen(change):
    assert ModuleHandle(Changing(change)).forward(X)[1] is False
    output, left = ModuleHandle(Changing(lambda x: x + 1)).forward(X)
    assert left is True and np.array_equal(output, 2 * X)


def test_an_input_changed_in_place_has_gradients_all_the_same():
    class InPlace(nn.Module):
        def forward(self, x):
            return x.relu_() * 3

    into_input, _ = ModuleHandle(InPlace()).gradients(X, np.ones_like(X))
    np.testing.assert_allclose(into_input, 3.0 * (X > 0))


class OfItsOwn(nn.Module):
    """Has another method ``double``, and turns gradients on by itself."""

    def __init__(self):
        super().__init__()
        self.conv = self.double(2, 4)

    def double(self, into, out):
        return nn.Conv2d(into, out, 1)

    @torch.enable_grad()
    def forward(self, x):
        return self.conv(x)


def test_a_network_may_use_the_name_double_and_turn_gradients_on():
    handle = ModuleHandle(OfItsOwn())
    handle.double()
    assert handle(X.astype(np.float64)).dtype == np.float64


def test_weights_are_loaded_along_axes_of_size_1():
    handle = ModuleHandle(nn.Conv2d(2, 3, 1))
    assert handle.shapes() == {"weight": (3, 2, 1, 1), "bias": (3,)}
    handle.load({"weight": np.array([[[[1.0]], [[2.0]]]])})
    assert handle.parameters()["weight"].tolist() == [[[[1]], [[2]]]] * 3
    with pytest.raises(RuntimeError):
        handle.load({"weight": np.ones((3, 3, 1, 1))})
