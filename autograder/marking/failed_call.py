"""Which of a check's calls went wrong: its arguments, the student's answer, the right answer, and what is wrong about the form.

A failed check does not say which call failed; a student who may know the input is shown the first wrong one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from autograder.course.reference import Reference
from autograder.marking.compare import agree, row, same
from autograder.marking.recorder import Answered, is_handle
from autograder.model import Call, Message
from autograder.text import shorten

FEW = 4  # items of a sequence whose forms are listed one by one
MOST_SHOWN, DEEPEST = 200, 6  # characters of a value, brackets within brackets
MOST_BITS = 4_096  # of an integer that is written out


def first_wrong(calls: Sequence[Answered], reference: Reference) -> tuple[Call, str, Message | None] | None:
    """The first call that the reference answers differently, the reference's answer, and a message if the answer's form is wrong.

    Where no call differs, the last call without a right answer: the check judged a module's outputs, or weights by their
    effect. None where nothing was called.
    """
    if not calls:
        return None
    for call in calls:
        right = _right(call, reference)
        if right is not None and not agree(call.value, right, tolerance=1e-6):
            return _call(call), _as_text(right), _form(call, right) or _swapped(call.value, right)
    return _call(calls[-1]), "", None


def _right(call: Answered, reference: Reference) -> Any:
    """The reference's answer to a call of a function, None for what a class made or its objects gave."""
    if "." in call.name or is_handle(call.value):
        return None
    try:
        right = getattr(getattr(reference, call.stem), call.name)(*call.args, **call.kwargs)
    except Exception as error:
        return error
    return None if is_handle(right) else right


def _form(call: Answered, right: Any) -> Message | None:
    """A message if the answer is of the wrong kind, such as a pair instead of a number, or nothing at all."""
    if isinstance(call.value, Exception) or isinstance(right, Exception):
        return None
    kind, right_kind = _kind(row(call.value)), _kind(right)
    if kind.replace("list", "tuple").replace("float", "int") == right_kind.replace("float", "int"):
        return None
    return Message("check.kind", {"target": f"{call.stem}.{call.name}", "came": kind, "asked": right_kind})


def form_of_number(answer: Any, right: int | float | Sequence[int]) -> Message | None:
    """A message if an answer on the sheet has the wrong form: text, one number instead of a list, or a list instead of one."""
    sizes = len(right) if isinstance(right, (list, tuple)) else 0
    items = answer if isinstance(answer, list) else [answer]
    if any(isinstance(item, str) for item in items):
        return Message("sheet.form_text")
    if (
        len(items) == (sizes or 1)
        and isinstance(answer, list) == bool(sizes)
        and not any(type(item) is bool for item in items)
    ):
        return _swapped(answer, right)
    return Message("sheet.form_list", {"n": sizes}) if sizes else Message("sheet.form_number")


def _swapped(answer: Any, right: Any) -> Message | None:
    """A message if height and width, the last two of a shape, are swapped and nothing else is wrong."""
    answer = row(answer)
    if type(answer) not in (list, tuple) or type(right) not in (list, tuple) or not 2 <= len(right) == len(answer):
        return None
    turned = [*right[:-2], right[-1], right[-2]]
    return Message("check.swapped") if same(list(answer), turned) and not same(answer, right) else None


def _kind(value: Any, depth: int = 2) -> str:
    """The form of plain data in Python's words: ``int``, ``tuple[int, int]``, ``None``."""
    if value is None:
        return "None"
    kind = type(value).__name__
    if not isinstance(value, (list, tuple)):
        return kind
    if len(value) > FEW or not depth:
        return f"{kind} ({len(value)})"
    return f"{kind}[{', '.join(_kind(item, depth - 1) for item in value)}]"


def _call(call: Answered) -> Call:
    return Call(f"{call.stem}.{call.name}", _arguments(call.args, call.kwargs), _as_text(call.value))


def _arguments(args: tuple, kwargs: dict) -> str:
    texts = [shown(value) for value in args] + [f"{name}={shown(value)}" for name, value in kwargs.items()]
    return shorten(", ".join(texts), 300)


def _as_text(value: Any) -> str:
    if isinstance(value, Exception):
        kind = next(kind for kind in type(value).__mro__ if kind.__module__ == "builtins")
        return type(value).__name__ if kind is Exception else kind.__name__
    return shown(value)


def shown(value: Any) -> str:
    """Plain data as text of at most ``MOST_SHOWN`` characters; an array by its shape, however deep it lies.

    Written piece by piece, so that a huge answer costs no more than the part that is shown.
    """
    text = ""
    for piece in _written(value, DEEPEST):
        text += piece
        if len(text) > MOST_SHOWN:
            break
    return shorten(text, MOST_SHOWN)


def _written(value: Any, depth: int) -> Iterator[str]:
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        yield f"array{tuple(value.shape)}"
    elif isinstance(value, (list, tuple, dict)) and depth == 0:
        yield "…"
    elif isinstance(value, (list, tuple)):
        yield "[" if isinstance(value, list) else "("
        for place, item in enumerate(value):
            yield ", " if place else ""
            yield from _written(item, depth - 1)
        yield "]" if isinstance(value, list) else ",)" if len(value) == 1 else ")"
    elif isinstance(value, dict):
        yield "{"
        for place, (name, item) in enumerate(value.items()):
            yield ", " if place else ""
            yield from _written(name, depth - 1)
            yield ": "
            yield from _written(item, depth - 1)
        yield "}"
    elif isinstance(value, str):
        yield repr(value[: MOST_SHOWN + 1])
    elif isinstance(value, int) and value.bit_length() > MOST_BITS:
        yield "…"
    elif isinstance(value, (type(None), bool, int, float)):
        yield repr(value)
    else:
        yield type(value).__name__
