"""When an answer is the right one: strict about kind, lenient about form.

A list or a row of numbers in an array stands for a tuple and a whole float for an integer, since an honest student may
write either; a bool never stands for an integer, nor a string for a number. Everything compared here is plain data that has crossed the wall.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

TOLERANCE = 1e-9
MOST_NUMBERS = 100  # of an array that stands for a tuple
KINDS = ("iuf", "b", "c")  # of an array's values: integers and floats are one kind


def same(got: Any, want: Any, *, tolerance: float = TOLERANCE) -> bool:
    """Whether ``got`` says what ``want`` says. Never raises for plain data; a NaN is never the same as anything.

    ``tolerance`` bounds the difference of floats and of arrays' values, relative and absolute.
    """
    if isinstance(want, np.ndarray):
        return _same_array(got, want, tolerance)
    got = row(got)
    if isinstance(want, (list, tuple)):
        fits = type(got) in (list, tuple) and len(got) == len(want)
        return fits and all(same(a, b, tolerance=tolerance) for a, b in zip(got, want, strict=True))
    if isinstance(want, dict):
        fits = type(got) is dict and got.keys() == want.keys()
        return fits and all(same(got[key], want[key], tolerance=tolerance) for key in want)
    if want is None or isinstance(want, (bool, str)):
        return type(got) is type(want) and got == want
    if type(got) not in (int, float):
        return False
    if isinstance(want, int):
        return got == want
    try:
        return math.isclose(got, want, rel_tol=tolerance, abs_tol=tolerance)
    except OverflowError:  # an integer beyond all floats
        return False


def agree(answer: Any, want: Any, *, tolerance: float = TOLERANCE) -> bool:
    """Whether a call ended as the other one did: in the same data, or in an exception of the same kind.

    What was refused was refused alike, whatever the words; who crashes does not agree with who refuses.
    """
    if isinstance(answer, Exception) or isinstance(want, Exception):
        return isinstance(want, Exception) and isinstance(answer, type(want))
    return same(answer, want, tolerance=tolerance)


def row(value: Any) -> Any:
    """A short row of numbers as a list, where it came as an array; anything else as it is."""
    few = isinstance(value, np.ndarray) and value.ndim <= 1 and value.size <= MOST_NUMBERS and value.dtype.kind in "iuf"
    return value.tolist() if few else value


def _same_array(got: Any, want: np.ndarray, tolerance: float) -> bool:
    if not isinstance(got, np.ndarray) or got.shape != want.shape:
        return False
    if not any(got.dtype.kind in kinds and want.dtype.kind in kinds for kinds in KINDS):
        return False
    return bool(np.allclose(got, want, rtol=tolerance, atol=tolerance))
