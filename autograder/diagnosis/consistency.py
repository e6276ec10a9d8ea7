"""The student's answers compared with each other: the sheet with their own code and modules, a shape layer by layer.

Nothing here earns or costs marks, and nothing here says what is right: it shows a student where their own work disagrees with
itself, or the first layer where it goes wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from autograder.course.author import Number, Trace
from autograder.course.reference import Reference
from autograder.marking.compare import row, same
from autograder.marking.recorder import Recorder
from autograder.model import Message, Outcome, PartResult
from autograder.text import shorten
from autograder.wall.failures import StudentFailure

MOST_VALUES, MOST_BITS = 64, 512  # of a row, of an integer

Counts = Mapping[str, tuple[str, int]]  # by the key of a number: the module that was counted, and what it came to


def counted(question: str, values: Mapping[str, Any], numbers: Mapping[str, Number], student: Any) -> Counts:
    """For each answered number that can be counted in a module: what the student's own module gives.

    ``student`` is called as the hidden tests call it, and before they do; the inputs contain nothing but the question itself.
    """
    counts = {}
    for key, number in numbers.items():
        if key.split(".")[0] != question or number.counted is None or type(values.get(key)) not in (int, float, list):
            continue
        recorder = Recorder(student)
        count = _attempt(lambda number=number, recorder=recorder: number.counted(recorder))
        if type(count) is int and recorder.calls:
            counts[key] = (recorder.calls[0].name, count)
    return counts


def notes(
    parts: Sequence[PartResult],
    values: Mapping[str, Any],
    counts: Counts,
    numbers: Mapping[str, Number],
    traces: Mapping[str, Trace],
    student: Any,
    reference: Reference,
) -> dict[str, tuple[Message, ...]]:
    """By part, messages on where the student's work contradicts itself."""
    bare = [replace(part, messages=()) for part in parts]
    noted = traced(compared(bare, values, counts, numbers, student), traces, student, reference)
    return {part.id: part.messages for part in noted if part.messages}


def compared(
    parts: Sequence[PartResult], values: Mapping[str, Any], counts: Counts, numbers: Mapping[str, Number], student: Any
) -> tuple[PartResult, ...]:
    """The parts, each number's with a message where the student's own code or module says something else.

    A call that fails says nothing.
    """
    return tuple(_compared(part, values, counts, numbers, student) for part in parts)


def _compared(
    part: PartResult, values: Mapping[str, Any], counts: Counts, numbers: Mapping[str, Number], student: Any
) -> PartResult:
    key = part.part.key
    answer = values.get(key)
    if part.kind != "numbers" or type(answer) not in (int, float, list) or key not in numbers:
        return part
    messages = []
    number = numbers[key]
    name, count = counts.get(key, ("", None))
    if count is not None and not same(answer, count):
        messages.append(Message("cross.module", {"name": name, "count": count, "says": shorten(str(answer), 60)}))
    if part.outcome is Outcome.FAILED:
        own = _attempt(lambda: number.recipe(_Numbers(student)))
        if type(own) in (int, float, list, tuple) and not same(answer, own):
            messages.append(Message("cross.code", {"own": shorten(str(own), 60), "says": shorten(str(answer), 60)}))
    return replace(part, messages=(*part.messages, *messages)) if messages else part


def traced(
    parts: Sequence[PartResult], traces: Mapping[str, Trace], student: Any, reference: Reference
) -> tuple[PartResult, ...]:
    """The parts. A wrong part with a public example gets a message that shows the student's own answers step by step, up to the
    first wrong one."""
    return tuple(
        _traced(part, traces[part.id], student, reference) if part.id in traces and part.outcome is Outcome.FAILED else part
        for part in parts
    )


def _traced(part: PartResult, trace: Trace, student: Any, reference: Reference) -> PartResult:
    way = []
    for label, step in trace.steps:
        own = _attempt(lambda step=step: step(_Numbers(student)))
        if own is None:
            return part  # it fails on the way, which its checks tell
        way.append(f"{label} → {shorten(str(own), 60)}")
        if not same(own, step(reference)):
            values = {"example": trace.example, "way": " · ".join(way), "where": label}
            return replace(part, messages=(*part.messages, Message("trace.wrong", values)))
    return part  # right on the public example, so the mistake shows only on other inputs


class _Numbers:
    """A student whose functions may return only numbers and short rows of numbers.

    A recipe computes with what it gets, and a text times an integer could be as large as the student likes.
    """

    def __init__(self, inner: Any):
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        inner = getattr(self._inner, name)
        return _numbers_of(inner) if callable(inner) else _Numbers(inner)


def _numbers_of(function: Callable[..., Any]) -> Callable[..., Any]:
    def ask(*args: Any, **kwargs: Any) -> Any:
        answer = row(function(*args, **kwargs))
        values = answer if type(answer) in (list, tuple) else [answer]
        if len(values) > MOST_VALUES or not all(map(_is_number, values)):
            raise TypeError("no number and no short row of numbers")
        return answer

    return ask


def _is_number(value: Any) -> bool:
    return type(value) is float or (type(value) is int and value.bit_length() <= MOST_BITS)


def _attempt(ask) -> Any:
    """The result of a call into the student's work; None where it fails or cannot be compared and shown."""
    try:
        answer = ask()
        str(answer)  # a product of theirs may have more digits than Python prints
    except (StudentFailure, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None
    return answer if isinstance(answer, (int, float, list, tuple)) else None
