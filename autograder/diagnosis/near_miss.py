"""A guess at a slip of the pen, where nothing explains a wrong number."""

from __future__ import annotations

from typing import Any

from autograder.model import Text


def near_miss(answer: Any, right: Any) -> Text | None:
    """A guess at a slip of the pen: off by one, two digits exchanged, a factor of 2 or 10; else None."""
    if type(answer) not in (int, float) or type(right) is not int or right <= 0 or not 0 < answer <= 100 * right:
        return None
    if abs(answer - right) == 1:
        return Text("A guess: off by one somewhere?", "یک حدس: جایی یکی کم یا زیاد شده؟")
    if answer in (2 * right, right / 2):
        return Text("A guess: a factor of two too many or too few?", "یک حدس: یک ضریب دو زیاد یا کم آمده؟")
    if answer in (10 * right, right / 10):
        return Text("A guess: a digit too many or too few?", "یک حدس: یک رقم زیاد یا کم نوشته شده؟")
    a, b = str(int(answer) if answer % 1 == 0 else answer), str(right)
    apart = [i for i in range(len(a)) if a[i] != b[i]] if len(a) == len(b) else []
    if len(apart) == 2 and apart[1] == apart[0] + 1 and a[apart[0]] == b[apart[1]] and a[apart[1]] == b[apart[0]]:
        return Text("A guess: two digits in the wrong order?", "یک حدس: جای دو رقم عوض شده؟")
    return None
