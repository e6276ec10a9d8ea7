"""A guess at a slip of the pen, where nothing explains a wrong number."""

from __future__ import annotations

from typing import Any

from autograder.model import LANGUAGES, Text
from autograder.words import phrase


def near_miss(answer: Any, right: Any) -> Text | None:
    """A guess at a slip of the pen: off by one, two digits exchanged, a factor of 2 or 10; else None."""
    if type(answer) not in (int, float) or type(right) is not int or right <= 0 or not 0 < answer <= 100 * right:
        return None
    if abs(answer - right) == 1:
        return _text("near.off_by_one")
    if answer in (2 * right, right / 2):
        return _text("near.factor_two")
    if answer in (10 * right, right / 10):
        return _text("near.factor_ten")
    a, b = str(int(answer) if answer % 1 == 0 else answer), str(right)
    apart = [i for i in range(len(a)) if a[i] != b[i]] if len(a) == len(b) else []
    if len(apart) == 2 and apart[1] == apart[0] + 1 and a[apart[0]] == b[apart[1]] and a[apart[1]] == b[apart[0]]:
        return _text("near.transposed")
    return None


def _text(key: str) -> Text:
    return Text(*(phrase(language, key) for language in LANGUAGES))
