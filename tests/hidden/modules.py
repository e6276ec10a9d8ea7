"""Marking a module by what it does: its arrays are matched to the reference's by shape, the marker's weights go into both.

A student may name and order submodules freely. Registration order is tried first; where several arrays have one shape,
other assignments are tried up to a bound. That is safe: an assignment under which random weights of the marker's give the
reference's outputs is a proof, however it was found.
"""

from __future__ import annotations

from itertools import islice, permutations, product
from weakref import WeakKeyDictionary

import numpy as np

from tests.hidden import drawing

MOST_ASSIGNMENTS = 64


def total(handle) -> int:
    """Number of values in the arrays that were really sent."""
    return sum(array.size for array in handle.parameters().values())


def units(arrays: dict[str, np.ndarray]) -> list[list[str]]:
    """Names grouped by the module they belong to (a weight with its bias), in registration order."""
    groups: dict[str, list[str]] = {}
    for name in arrays:
        groups.setdefault(name.rpartition(".")[0], []).append(name)
    return list(groups.values())


def assignments(theirs: dict[str, np.ndarray], reference: dict[str, np.ndarray]):
    """Maps from the reference's names to the student's, shapes agreeing, the most natural first; none where none fits.

    Modules are matched whole; arrays one by one where that does not fit, since a student may hold bare parameters.
    """
    by_module = list(_matched(theirs, reference, units(theirs), units(reference)))
    yield from by_module or _matched(theirs, reference, [[name] for name in theirs], [[name] for name in reference])


def _matched(theirs: dict, reference: dict, offered: list[list[str]], wanted: list[list[str]]):
    shapes = {}
    for index, names in enumerate(wanted):
        shapes.setdefault(tuple(reference[name].shape for name in names), ([], []))[0].append(index)
    for index, names in enumerate(offered):
        key = tuple(theirs[name].shape for name in names)
        if key not in shapes:
            return
        shapes[key][1].append(index)
    if any(len(ours) != len(its) for ours, its in shapes.values()):
        return
    ours = [index for group, _ in shapes.values() for index in group]
    for choice in islice(product(*(permutations(its) for _, its in shapes.values())), MOST_ASSIGNMENTS):
        chosen = [index for group in choice for index in group]
        yield {a: b for i, j in zip(ours, chosen, strict=True) for a, b in zip(wanted[i], offered[j], strict=True)}


def loaded_alike(handle, reference, inputs: list[np.ndarray], *, seed: int = 0, single: bool = False) -> bool:
    """Whether the marker's random weights can be loaded so that both give the same outputs on every input.

    Leaves the weights that did it in both. Values are of the size of a usual initialisation, in double precision; with
    ``single`` the module is asked as it was made, for images so large that double precision would cost four times as much.
    """
    weights, wanted = known(reference, inputs, seed)
    if single:
        inputs = [x.astype(np.float32) for x in inputs]
    else:
        handle.double()
    rtol, atol = (1e-4, 1e-5) if single else (1e-7, 1e-9)
    for naming in assignments(handle.parameters(), weights):
        handle.load({naming[name]: weight for name, weight in weights.items()})
        if all(close(handle(x), want, rtol=rtol, atol=atol) for x, want in zip(inputs, wanted, strict=True)):
            return True
    return False


_KNOWN: WeakKeyDictionary = WeakKeyDictionary()


def known(reference, inputs: list[np.ndarray], seed: int) -> tuple[dict[str, np.ndarray], list[np.ndarray]]:
    """Random weights, now loaded into the reference, and its outputs for them.

    Computed once for a reference that is kept, as long as it is kept in training or in evaluation.
    """
    reference.double()
    found = _KNOWN.setdefault(reference, {})
    key = (seed, *(x.tobytes() for x in inputs))
    if key in found:
        reference.load(found[key][0])
        return found[key]
    weights = {
        name: drawing.normal(*array.shape, seed=seed + number) / max(1.0, np.sqrt(array.size / array.shape[0]))
        for number, (name, array) in enumerate(reference.parameters().items())
    }
    reference.load(weights)
    found[key] = weights, [reference(x) for x in inputs]
    return found[key]


def known_gradients(reference, x: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """A random cotangent of the output, and the reference's gradients for it; computed once for the weights it has."""
    found = _KNOWN.setdefault(reference, {})
    key = ("gradients", seed, x.tobytes(), *(array.tobytes() for array in reference.parameters().values()))
    if key not in found:
        cotangent = drawing.normal(*reference(x).shape, seed=seed)
        found[key] = cotangent, *reference.gradients(x, cotangent)
    return found[key]


def close(got, want: np.ndarray, *, rtol: float = 1e-7, atol: float = 1e-9) -> bool:
    """Whether an answer is the array ``want``. Of another shape it is not, however numpy would stretch or empty the two."""
    return isinstance(got, np.ndarray) and got.shape == want.shape and bool(np.allclose(got, want, rtol=rtol, atol=atol))


def same_gradients(handle, reference, x: np.ndarray, *, seed: int = 5) -> bool:
    """Whether the gradient into the input, and the sizes of those into the weights, are the reference's."""
    cotangent, want_input, want_weights = known_gradients(reference, x, seed)
    into_input, into_weights = handle.gradients(x, cotangent)
    return close(into_input, want_input) and close(_sizes(into_weights), _sizes(want_weights))


def same_in_evaluation(handle, reference, x: np.ndarray) -> bool:
    """Whether both give the same outputs in evaluation too, for who puts a softmax there."""
    handle.eval()
    reference.eval()
    return close(handle(x), reference(x))


def _sizes(gradients: dict[str, np.ndarray]) -> np.ndarray:
    return np.sort([np.abs(gradient).sum() for gradient in gradients.values()])
