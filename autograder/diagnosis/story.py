"""What a module answered when the suites asked it, without the names a student chose, so networks that differ only in names
compare equal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from autograder.marking.recorder import Answered, is_handle

MOST_VALUES = 2_000  # of one answer: a network has far fewer arrays, and a longer answer is compared no further
MOST_DEPTH = 8
TOO_MUCH = "too much to compare"

Step = tuple[str, list[Any]]  # what was asked, and the values that came


class Story:
    """The answers of a class's objects, call by call.

    Until the marker's weights are loaded into an object, its own are random, so only the shapes of its answers are kept.
    """

    def __init__(self, stem: str, name: str):
        self.stem, self.name = stem, name
        self.steps: list[Step] = []
        self._loaded: set[int] = set()

    def hear(self, call: Answered) -> bool:
        """Add a call, where it is one of this class's."""
        if call.stem != self.stem or call.name.split(".")[0] != self.name:
            return False
        method = call.name.partition(".")[2]
        if method == "load":
            self._loaded.add(call.object)
        values = nameless(call.value)
        whole = not method or call.object in self._loaded
        self.steps.append((call.name, values if whole else sorted(map(_shape, values), key=repr)))
        return True


def story(calls: Sequence[Answered], stem: str, name: str) -> list[Step]:
    """What a function or a class's objects answered, in order."""
    whole = Story(stem, name)
    for call in calls:
        whole.hear(call)
    return whole.steps


def same_story(a: Sequence[Step], b: Sequence[Step], *, drawn: bool = False) -> bool:
    """Whether two recordings tell the same: the same calls in order, the same answers."""
    return len(a) == len(b) and all(same_step(one, other, drawn=drawn) for one, other in zip(a, b, strict=True))


def same_step(one: Step, other: Step, *, drawn: bool = False) -> bool:
    """Whether two answers to a call are the same. ``drawn``: some weights are drawn at random, so that shapes are all that counts."""
    if one[0] != other[0] or len(one[1]) != len(other[1]):
        return False
    return all(_of_one_shape(a, b) if drawn else _alike(a, b) for a, b in zip(one[1], other[1], strict=True))


def nameless(value: Any) -> list[Any]:
    """The values in an answer, at most ``MOST_VALUES`` of them."""
    values: list[Any] = []
    for one in _values(value, MOST_DEPTH):
        if len(values) == MOST_VALUES:
            return [TOO_MUCH]
        values.append(one)
    return values


def _values(value: Any, depth: int) -> Iterator[Any]:
    if isinstance(value, Exception):
        yield "raised"
    elif is_handle(value):
        yield "module"
    elif isinstance(value, (dict, list, tuple)) and depth:
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _values(inner, depth - 1)
    elif isinstance(value, (dict, list, tuple, str, bytes)):
        yield type(value).__name__  # a network answers nothing of the kind
    elif isinstance(value, int) and value.bit_length() > 64:
        yield "int"
    else:
        yield value


def _shape(value: Any) -> Any:
    return value.shape if isinstance(value, np.ndarray) else value


def _of_one_shape(a: Any, b: Any) -> bool:
    return a.shape == b.shape if isinstance(a, np.ndarray) and isinstance(b, np.ndarray) else _alike(a, b)


def _alike(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.shape == b.shape and a.dtype.kind in "iufb" and bool(np.allclose(a, b, rtol=1e-6, atol=1e-9))
    return type(a) is type(b) and bool(a == b)
