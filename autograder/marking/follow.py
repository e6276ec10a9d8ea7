"""Follow-through marks: an answer that is right for the student's own earlier answers earns the step.

The config declares a step as a small sum or product over keys of the sheet and plain numbers::

    follow:
      penalty_percent: 20
      steps:
        q2.flatten_total_parameters: {sum: [q2.stack_parameters, q2.flatten_head_parameters]}
        q2.flatten_head_parameters: {sum: [{product: [q2.stack_output_shape, 10]}, 10]}

A key that holds a shape counts as the product of its sizes; ``{first: key}`` is a shape's first size. A parameter of a question,
``q2.classes``, counts as what it is on the student's own sheet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import prod
from types import MappingProxyType
from typing import Any

from msgspec.structs import replace

from autograder.course.policy import Follow, Step
from autograder.model import Message, Outcome, PartResult
from autograder.text import shorten


class Unusable(Exception):
    """An earlier answer that nothing can follow from; ``key`` is its key."""

    def __init__(self, key: str):
        super().__init__(key)
        self.key = key


@dataclass(frozen=True)
class Followed:
    """A step worked out on the student's own answers: its value, and the arithmetic as the student may read it."""

    value: int
    text: str


def worked_out(
    step: Step, values: Mapping[str, Any], parameters: Mapping[str, int] = MappingProxyType({}), *, inner: bool = False
) -> Followed:
    """A step on a sheet's values and a question's parameters.

    Raises Unusable where an earlier answer is missing, no positive whole number, or just 1.
    """
    match step:
        case str():
            sizes = _sizes(step, values, parameters)
            return Followed(prod(sizes), "·".join(map(str, sizes)))
        case int():
            return Followed(step, str(step))
        case {"first": key}:
            size = _sizes(key, values, parameters)[0]
            return Followed(size, str(size))
        case {"sum": terms}:
            done = [worked_out(term, values, parameters, inner=True) for term in terms]
            text = " + ".join(one.text for one in done)
            return Followed(sum(one.value for one in done), f"({text})" if inner else text)
    done = [worked_out(factor, values, parameters, inner=True) for factor in step["product"]]
    return Followed(prod(one.value for one in done), "·".join(one.text for one in done))


def _sizes(key: str, values: Mapping[str, Any], parameters: Mapping[str, int]) -> list[int]:
    if key in parameters:
        return [parameters[key]]
    value: Any = values.get(key)
    sizes = value if isinstance(value, (list, tuple)) else [value]
    whole = [
        int(size) for size in sizes if type(size) in (int, float) and size == size and 0 < size < 10**12 and size % 1 == 0
    ]
    if len(whole) != len(sizes) or prod(whole) == 1:  # from zeros or ones alone, every step is given away
        raise Unusable(key)
    return whole


def _storable(value: int | float) -> int | float | str:
    """A number for a message; as text if it is too long for a result to hold as a number."""
    return value if abs(value) < 1 << 63 else shorten(str(value), 60)


def credited(
    parts: Sequence[PartResult],
    values: Mapping[str, Any],
    follow: Follow,
    sizes: Mapping[str, int],
    parameters: Mapping[str, int] = MappingProxyType({}),
) -> tuple[PartResult, ...]:
    """The parts with follow-through marks: the better of plain and followed counts, and a message names a total that does not add up.

    ``sizes`` says how many sizes each key asks for: nothing follows from an earlier answer of another form, two for three.
    ``parameters`` are those of the questions on the student's own sheet, such as ``q2.classes``.
    """
    formed = {key: value for key, value in values.items() if sizes_of(value) == sizes.get(key, 0)}
    return tuple(_credited(part, values, formed, follow, parameters) for part in parts)


def sizes_of(value: Any) -> int:
    """How many sizes an answer gives; 0 for a single number."""
    return len(value) if isinstance(value, (list, tuple)) else 0


def _credited(
    part: PartResult,
    values: Mapping[str, Any],
    formed: Mapping[str, Any],
    follow: Follow,
    parameters: Mapping[str, int],
) -> PartResult:
    if part.outcome is not Outcome.FAILED or part.kind != "numbers":
        return part
    key = part.part.key
    step = follow.steps.get(key)
    answer: Any = values.get(key)
    if step is None or type(answer) not in (int, float):
        return part
    try:
        followed = worked_out(step, formed, parameters)
    except Unusable as missing:
        message = Message("follow.unusable", {"key": missing.key})
        return replace(part, messages=(*part.messages, message))
    if followed.value != answer:
        if not all(isinstance(term, str) and term not in parameters for term in step.get("sum", [0])):
            return part  # only a total of the sheet's own numbers is shown: other arithmetic would give the solution away
        message = Message(
            "follow.does_not_add_up", {"sum": followed.text, "is": _storable(followed.value), "says": _storable(answer)}
        )
        return replace(part, messages=(*part.messages, message))
    left = part.max_cents * (100 - Decimal(str(follow.penalty_percent))) / 100
    cents = int(left.quantize(Decimal(1), ROUND_HALF_UP))
    numbers = {"sum": followed.text, "is": _storable(followed.value), "penalty": follow.penalty_percent}
    message = Message("follow.credit", numbers)
    return replace(part, cents=max(part.cents or 0, cents), messages=(*part.messages, message))
