"""Marking a module by what it does. Two kinds of questions:

- ``loaded_alike``: does it compute the reference's function? The marker's weights go into both. A student may name and order
  submodules freely, so the student's arrays are matched to the reference's: by the order in which a forward pass uses
  them, by the order of registration, and by search. Any way of matching is safe: where random weights of the marker's
  give the reference's outputs, the match is proven, however it was found.
- ``steady``, ``apart``, ``flows``, ``passes_back``, ``reaches``, ``statistics``: does it agree with itself? Images, modes,
  precisions and gradients are held against the module's own outputs, so that another mistake in it does not count here again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice, permutations, product
from weakref import WeakKeyDictionary

import numpy as np

from tests.hidden import drawing

MOST_ASSIGNMENTS = 64  # that the search tries, where neither order gives the match
STEP = 1e-6  # of a difference quotient


def shapes(handle) -> dict[str, tuple[int, ...]]:
    """The shapes of a module's arrays, as its own process tells them."""
    told = handle.shapes()
    assert all(type(shape) is tuple and all(type(size) is int for size in shape) for shape in told.values())
    return told


def total(handle) -> int:
    """Number of values in the arrays that were really sent."""
    return sum(array.size for array in handle.parameters().values())


# ---- the same function as the reference


def loaded_alike(handle, reference, inputs: list[np.ndarray], *, seed: int = 0, single: bool = False) -> bool:
    """Whether the marker's random weights can be loaded so that both give the same outputs on every input.

    Values are of the size of a usual initialisation, in double precision; with ``single`` the module is asked as it was made, for
    images so large that double precision would cost four times as much.
    """
    weights, wanted = known(reference, inputs, seed)
    if not single:
        handle.double()
    precision, rtol, atol = (np.float32, 1e-4, 1e-5) if single else (np.float64, 1e-7, 1e-9)
    asked = [x.astype(precision) for x in inputs]
    theirs, statistics = handle.parameters(), handle.buffers()

    def computes(naming: dict[str, str], weights: dict[str, np.ndarray], wanted: list[np.ndarray]) -> bool:
        handle.load({naming[name]: weight for name, weight in weights.items()} | statistics)
        pairs = zip(asked[: len(wanted)], wanted, strict=True)
        return all(close(handle(x), want, rtol=rtol, atol=atol) for x, want in pairs)

    namings = likely(handle, theirs, weights, reference, asked[0][:2])
    first = next(namings, None)
    if first is None or computes(first, weights, wanted):
        return first is not None
    # With the same values in arrays of the same shape it does not matter which is which: what is wrong then is wrong in any match.
    even = known(reference, inputs[:1], seed, evenly=True)
    return computes(first, *even) and any(computes(naming, weights, wanted) for naming in namings)


def used(handle, x: np.ndarray) -> list[str]:
    """The parameters' names in the order of their first use, as the module's own process tells it: a hint, no more."""
    try:
        names = handle.order_of_use(x)
    except Exception:  # what ails the module, its outputs will show
        return []
    return list(dict.fromkeys(names)) if type(names) is list and all(type(name) is str for name in names) else []


def assignments(
    theirs: dict[str, np.ndarray],
    reference: dict[str, np.ndarray],
    use: Sequence[str] = (),
    reference_use: Sequence[str] = (),
) -> Iterator[dict[str, str]]:
    """Maps from the reference's names to the student's, shapes agreeing, the most natural first; none where none fits.

    Parameters that a forward pass does not use are left aside, unless only all of them together fit.
    """
    tried = set()
    ordered = [name for name in use if name in theirs]
    for names in (ordered, list(theirs)):
        offered = {name: theirs[name] for name in names}
        for naming in _natural(offered, reference, list(reference_use) or list(reference)):
            key = tuple(sorted(naming.items()))
            if key not in tried:
                tried.add(key)
                yield naming


def likely(handle, theirs: dict, weights: dict, reference, x: np.ndarray) -> Iterator[dict[str, str]]:
    """``assignments`` of a module that may be asked.

    By the order of registration first: a pass to hear the order of use takes as long as one to compare.
    """
    first = next(assignments(theirs, weights), None)
    if first is not None:
        yield first
    in_use = assignments(theirs, weights, used(handle, x), _reference_use(reference, x))
    yield from (naming for naming in in_use if naming != first)


def _natural(offered: dict, reference: dict, reference_use: list[str]) -> Iterator[dict[str, str]]:
    """By the given order first; then modules as wholes, as they were registered, and arrays one by one, up to a bound."""
    singly = _singly(offered), _singly(reference_use)
    yield from islice(_matched(offered, reference, *singly), 1)
    by_module = _matched(offered, reference, units(offered), units(reference))
    yield from islice(chain(by_module, _matched(offered, reference, *singly)), MOST_ASSIGNMENTS)


def _singly(names) -> list[list[str]]:
    return [[name] for name in names]


def units(names) -> list[list[str]]:
    """Names grouped by the module they belong to (a weight with its bias), in their order."""
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(name.rpartition(".")[0], []).append(name)
    return list(groups.values())


def _matched(theirs: dict, reference: dict, offered: list[list[str]], wanted: list[list[str]]) -> Iterator[dict[str, str]]:
    shapes: dict[tuple, tuple[list[int], list[int]]] = {}
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
    # A product holds all that it multiplies, so each group brings only as many orders as are tried at all.
    orders = (list(islice(permutations(its), MOST_ASSIGNMENTS)) for _, its in shapes.values())
    for choice in product(*orders):
        chosen = [index for group in choice for index in group]
        yield {a: b for i, j in zip(ours, chosen, strict=True) for a, b in zip(wanted[i], offered[j], strict=True)}


_KNOWN: WeakKeyDictionary = WeakKeyDictionary()


def known(
    reference, inputs: list[np.ndarray], seed: int, *, evenly: bool = False
) -> tuple[dict[str, np.ndarray], list[np.ndarray]]:
    """Random weights, ``evenly`` the same in arrays of the same shape, and the outputs of the reference that holds them.

    Computed once for a reference that is kept, as long as it is kept in training or in evaluation.
    """
    found = _KNOWN.setdefault(reference, {})
    key = (seed, evenly, *(x.tobytes() for x in inputs))
    if key not in found:
        reference.double()
        weights = {
            name: drawing.normal(*array.shape, seed=seed + number * (not evenly))
            / max(1.0, np.sqrt(array.size / array.shape[0]))
            for number, (name, array) in enumerate(reference.parameters().items())
        }
        reference.load(weights)
        found[key] = weights, [reference(x) for x in inputs]
    return found[key]


def _reference_use(reference, x: np.ndarray) -> list[str]:
    found = _KNOWN.setdefault(reference, {})
    if "use" not in found:
        found["use"] = reference.order_of_use(x.astype(np.float64))
    return found["use"]


def close(got, want: np.ndarray, *, rtol: float = 1e-7, atol: float = 1e-9) -> bool:
    """Whether an answer is the array ``want``. Of another shape it is not, however numpy would stretch or empty the two."""
    return isinstance(got, np.ndarray) and got.shape == want.shape and bool(np.allclose(got, want, rtol=rtol, atol=atol))


# ---- the same as itself


def lively(handle) -> dict[str, np.ndarray]:
    """Loads weights above 0, so that no ReLU is dead, and returns them. Arrays of one shape are given the same values."""
    weights = {}
    for name, array in handle.parameters().items():
        fan = max(1.0, array.size / max(1, array.shape[0])) if array.ndim else 1.0
        drawn = np.abs(drawing.normal(*array.shape, seed=array.ndim)) + 0.1
        weights[name] = (drawn / fan).astype(array.dtype if array.dtype.kind == "f" else np.float64)
    assert weights  # without any there is nothing to go by
    handle.load(weights)
    return weights


def steady(handle, x: np.ndarray, shape: tuple[int, ...], *, same_in_training: bool = True) -> bool:
    """Whether a module made a moment ago is one function of each image: in a batch or alone, asked first or later, in single
    and in double precision, in evaluation and (``same_in_training``) in training, its input left as it was.

    ``shape`` is the output's.
    """
    x = x.astype(np.float32)
    weights = lively(handle)
    handle.eval()
    together = handle(x)
    assert _formed(together, shape, np.float32)
    scale = float(np.abs(together).max())
    assert np.isfinite(scale)
    assert np.abs(together[0] - together[1]).max() > 1e-6 * scale  # a constant is a function of nothing

    return (
        _alike(handle(x[-1:]), together[-1:], scale)  # an image alone
        and _alike(handle(x[::-1]), together[::-1], scale)  # the images in another order
        and in_every_mode(handle, x, weights, together, same_in_training)
    )


def in_every_mode(handle, x: np.ndarray, weights: dict, together: np.ndarray, same_in_training: bool) -> bool:
    """Whether a module made in single precision gives the same in double, and (``same_in_training``) in training, and leaves
    its input as it was.

    ``together`` is the output in evaluation for ``weights``, which are above 0. The other asks are with weights of both signs,
    where each ReLU has something to cut. What is dear is asked with one image: double precision, and training once more.
    """
    turned = {name: array * np.sign(drawing.normal(*array.shape, seed=71 + array.ndim)) for name, array in weights.items()}

    def gives(loaded: dict, images: np.ndarray, want: np.ndarray | None) -> np.ndarray | None:
        """The output, where it is formed as it should be and ``want``'s for these images, and the input was left alone."""
        handle.load(loaded)
        got, left = handle.forward(images)
        if left is not True or not _formed(got, (len(images), *together.shape[1:]), images.dtype):
            return None
        as_before = want is None or _alike(
            got.astype(np.float32), want[: len(images)], float(np.abs(want[: len(images)]).max())
        )
        return got if as_before else None

    cut = gives(turned, x, None)
    if cut is None:
        return False
    if same_in_training:
        handle.train()
        if gives(weights, x[:1], together) is None or gives(turned, x, cut) is None:
            return False
        handle.eval()
    handle.double()
    return gives(turned, x[:1].astype(np.float64), cut) is not None


def apart(one, other, x: np.ndarray) -> bool:
    """Whether two modules made alike have weights of their own: what is loaded into the other changes nothing in the first."""
    x = x.astype(np.float32)
    for handle in (one, other):
        handle.eval()
    weights = lively(one)
    before = one(x)
    other.load({name: array / 2 for name, array in weights.items()})
    return isinstance(before, np.ndarray) and close(one(x), before) and not close(other(x), before)


def _alike(got, want: np.ndarray, scale: float) -> bool:
    return _formed(got, want.shape, want.dtype) and bool(np.abs(got - want).max() <= 1e-4 * scale)


def _formed(got, shape: tuple[int, ...], dtype) -> bool:
    return isinstance(got, np.ndarray) and got.shape == tuple(shape) and got.dtype == dtype


def flows(handle, x: np.ndarray) -> bool:
    """Whether a module's gradients, into its input and into its weights, are those of its own outputs: by difference quotients,
    in training and in evaluation.
    """
    handle.double()
    weights = lively(handle)
    aside = drawing.normal(*x.shape, seed=52)
    turned = {name: drawing.normal(*array.shape, seed=53 + array.ndim) * array for name, array in weights.items()}

    def derivatives(cotangent: np.ndarray) -> tuple[float, float]:
        into_input, into_weights = handle.gradients(x, cotangent)
        assert into_input.shape == x.shape
        assert {name: array.shape for name, array in into_weights.items()} == {
            n: array.shape for n, array in weights.items()
        }
        return (into_input * aside).sum(), sum((into_weights[name] * turned[name]).sum() for name in turned)

    def value(cotangent: np.ndarray, along_input: float, along_weights: float) -> float:
        handle.load({name: array + along_weights * turned[name] for name, array in weights.items()})
        got = handle(x + along_input * aside)
        assert got.shape == cotangent.shape
        return float((got * cotangent).sum())

    for mode in (handle.train, handle.eval):
        mode()
        handle.load(weights)
        output = handle(x)
        assert isinstance(output, np.ndarray) and output.size < 1 << 20
        cotangent = drawing.normal(*output.shape, seed=51) / np.sqrt(output.size)
        ends = [[value(cotangent, sign * a, sign * b) for sign in (STEP, -STEP)] for a, b in ((1, 0), (0, 1))]
        seen = [(plus - minus) / (2 * STEP) for plus, minus in ends]
        handle.load(weights)
        if any(abs(a - b) > 1e-3 * (abs(a) + abs(b)) + 1e-6 for a, b in zip(derivatives(cotangent), seen, strict=True)):
            return False
    return True


def passes_back(handle, x: np.ndarray, shape: tuple[int, ...]) -> bool:
    """Whether the image has a gradient in training and in evaluation, right or not: for images too large for ``flows``.

    ``shape`` is the output's.
    """
    x = x.astype(np.float32)
    lively(handle)
    for mode in (handle.train, handle.eval):
        mode()
        into_input, _ = handle.gradients(x, np.arange(np.prod(shape), dtype=np.float32).reshape(shape))
        if not np.any(into_input):
            return False
    return True


def reaches(handle, size: int, most: int) -> bool:
    """Whether a one-channel image of ``size`` × ``size`` reaches a one-channel output along more than ``most`` directions.

    What passes through a narrow middle alone has no more than the middle's values. With weights and images above 0 every
    ReLU passes all, so the output is linear in the image as long as no pooling chooses another value.
    """
    handle.double()
    handle.eval()
    lively(handle)
    pixels, step = size * size, 1e-4
    base = 1 + np.abs(drawing.normal(1, 1, size, size, seed=61))
    moved = base + step * np.eye(pixels).reshape(pixels, 1, size, size)
    got = handle(np.concatenate([base, moved]))
    assert isinstance(got, np.ndarray) and got.shape == (pixels + 1, 1, size, size)
    differences = ((got[1:] - got[:1]) / step).reshape(pixels, pixels)
    values = np.linalg.svd(differences, compute_uv=False)
    return bool(values[most] > 1e-7 * values[0] > 0)


def statistics(handle, x: np.ndarray, widths: Sequence[int]) -> bool:
    """Whether each layer of a block normalises as ``BatchNorm2d`` does: a pass in training moves the running statistics by a
    tenth; in evaluation they are used and stay, so that an image is not judged by its neighbours.

    ``widths`` are the channels that each layer is given. The block's output holds them, so the statistics are those of its own
    channels, in any order.
    """
    handle.double()
    lively(handle)
    handle.eval()
    before = handle(x)
    handle.train()
    trained = handle(x)
    handle.eval()
    after = handle(x)
    assert isinstance(after, np.ndarray) and after.ndim == 4 and len(after) == len(x) and close(handle(x), after)
    assert isinstance(trained, np.ndarray) and trained.shape == after.shape
    assert close(handle(x[:1]), after[:1], rtol=1e-6, atol=1e-8)
    held = {name: np.array(buffer) for name, buffer in handle.buffers().items()}
    assert all(any(_holds(buffer.ravel(), want) for buffer in held.values()) for want in _moved(x))
    for (known, width), of_channels in product(zip((0, *widths), widths, strict=False), _moved(trained)):
        kept = _kept(held, width, of_channels, of_channels[known:width])
        assert kept
        handle.load({name: held[name] + where for name, where in kept.items()})
        assert not close(handle(x), after, rtol=1e-3, atol=1e-3)
        handle.load({name: held[name] for name in kept})
    return not close(before, after, rtol=1e-3, atol=1e-3)


def _holds(values: np.ndarray, want: np.ndarray) -> bool:
    """Whether a row of a buffer is ``want``, in order."""
    if values.size < want.size:
        return False
    rows = np.lib.stride_tricks.sliding_window_view(values, want.size)
    return bool(np.isclose(rows, want, rtol=1e-6, atol=1e-8).all(1).any())


def _kept(held: dict[str, np.ndarray], width: int, of_channels: np.ndarray, new: np.ndarray) -> dict[str, np.ndarray]:
    """Where the statistics of the layer with ``width`` channels are: buffers as wide as the layer that hold nothing else, or
    else, in buffers that hold more, the values of the channels that no layer before it was given. Empty where they are not."""
    whole = {name: buffer for name, buffer in held.items() if buffer.size == width}
    whole = {name: np.ones(buffer.shape) for name, buffer in whole.items() if _among(buffer, of_channels).all()}
    if whole or not all(any(_among(one, buffer.ravel()) for buffer in held.values()) for one in new):
        return whole
    return {name: 1.0 * _among(buffer, new) for name, buffer in held.items() if _among(buffer, new).any()}


def _among(values: np.ndarray, others: np.ndarray) -> np.ndarray:
    return np.isclose(np.asarray(values)[..., None], others, rtol=1e-6, atol=1e-8).any(-1)


def _moved(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The running mean and variance of new statistics after one pass of ``x``."""
    count = x.size // x.shape[1]
    return 0.1 * x.mean((0, 2, 3)), 0.9 + 0.1 * x.var((0, 2, 3)) * count / (count - 1)
