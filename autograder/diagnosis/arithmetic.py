"""The arithmetic behind a wrong number, as a student may have done it: ``416 = 16·5·5 + 16``.

A misconception tells the arithmetic of the function that it replaces, number by number. It is shown only where it gives what
the student gave: the number, one of the numbers of a shape, or how many values a shape has.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import prod
from typing import Any

from autograder.course.formula import evaluate
from autograder.course.mistakes import Misconception, added
from autograder.marking.recorder import Answered


def shown_arithmetic(misconception: Misconception, calls: Sequence[Answered], value: Any) -> str:
    """``value = arithmetic``; empty without arithmetic, or where it gives another value.

    ``calls`` are the calls that a recipe made to the replaced function; the number may be the sum of several.
    """
    if misconception.arithmetic is None or not calls:
        return ""
    each = [misconception.arithmetic(*call.args, **call.kwargs) for call in calls]
    if len(each) > 1 and any(len(texts) > 1 for texts in each):
        return ""
    texts = each[0] if len(each) == 1 else [added(text for (text,) in each)]
    numbers, answer = [evaluate(text) for text in texts], list(value) if isinstance(value, (list, tuple)) else [value]
    if numbers == answer:
        result, texts = value, texts[:1] if len(set(texts)) == 1 else texts
    elif len(set(numbers)) == 1 and numbers[0] in answer:
        result, texts = numbers[0], texts[:1]
    elif answer == [prod(numbers)]:
        factors = [text for text in texts if text != "1"]
        result, texts = answer[0], ["·".join(map(_factor, factors)) if len(factors) > 1 else factors[0]]
    elif answer == numbers[:1]:
        result, texts = answer[0], texts[:1]
    else:
        return ""
    return f"{result} = {' , '.join(texts)}" if any(re.search(r"[^\d , ]", text) for text in texts) else ""


def _factor(text: str) -> str:
    return f"({text})" if re.search("[+−/]", text) else text
