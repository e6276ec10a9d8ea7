"""What of a result may be known at each level of ``feedback``: everything else is taken out before it is kept or shown.

A student's code is asked with hidden inputs, so whatever it says after that may hold one. What is listed here goes out;
nothing else does:

- ``verdict``: how each part ended. No text, name or number that code chose after it had seen a hidden input, and of an exception
  not even its type.
- ``hint``: also the builtin type of an exception, the line in the student's own file, what kind of value came, and a text that
  was said *early*, before a hidden input had been seen (while a file was imported, in a notebook's cells).
- ``full``: also the call, its answer, the right answer and the text of an exception.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from autograder.course.config import Shown
from autograder.model import Check, Diagnosis, Message, PartResult, QuestionOutcome, Record, Result
from autograder.wall.failures import KINDS, SIGNALS

# Said by the engine from files as they were handed in, from tables of the staff, or from the course's own names.
OWN = ("sheet.", "intake.", "written.", "late.", "isolation.", "follow.", "result.", "twice.", "variant.")
# Of the files and of whose they are: that is said however long a result is, and is short.
OF_FILES = ("intake.", "late.", "variant.")
PLAIN = """
check.failed check.wrong_value check.timeout check.timeout_skipped check.not_attempted check.file_missing
check.name_missing check.import_timeout check.raised check.stopped check.syntax_line notebook.too_many_cells
notebook.too_many_items notebook.too_long notebook.not_text notebook.not_json notebook.none notebook.old notebook.cell
notebook.more_failed notebook.not_run notebook.both notebook.no_code notebook.untouched notebook.left
notebook.holds_nothing notebook.writefile notebook.joined notebook.in_failed_cell check.calls_stub check.file_unread notebook.name_missing
notebook.time_up notebook.huge notebook.not_a_number notebook.cell_failed_plain
""".split()
LEADING = """
check.kind check.form check.swapped check.raised_at check.raised_in check.no_file_at check.refused_at check.input check.recursion check.memory
check.exited check.import check.import_at check.no_value_kind check.reply_unread check.ended trace.wrong cross.code cross.module
notebook.no_number notebook.unknown_key notebook.cell_failed notebook.idle notebook.reused notebook.near_key
""".split()
# With a text of the code's own: shown at ``hint`` where it was said early, else as the sentence beside it, which has none.
SPOKEN = {
    "check.error": "check.raised_at",
    "check.import_failed": "check.raised_in",
    "check.no_file": "check.no_file_at",
    "check.refused": "check.refused_at",
    "check.syntax": "check.raised_at",
    "check.syntax_character": "check.raised_at",
    "check.syntax_foreign": "check.raised_at",
    "check.syntax_newer": "check.raised_at",
}
RAISED = (
    *SPOKEN,
    *"check.raised_at check.raised_in check.no_file_at check.refused_at check.input check.recursion check.memory".split(),
    *"check.exited check.import check.import_at check.no_value check.no_value_kind check.reply check.reply_unread".split(),
)
STOPPED = ("check.crashed", "check.ended")
# Types whose names say no more than one of them; a class of the student's may be called anything.
TYPES = frozenset(
    """NoneType Tensor Parameter Size dtype device set frozenset bytes bytearray complex generator coroutine function method
    builtin_function_or_method type range map filter zip enumerate slice module object Fraction Decimal dict_values dict_keys
    dict_items list_iterator Generator partial int""".split()
)
REASONS = frozenset(
    {
        "an answer to another call",
        "an answer that nobody asked for",
        "more than one answer",
        "no answer of any kind",
        "the value is nested too deeply or has too many items",
        "the value is too large",
    }
)
MOST_VALUE, MOST_RESULT = 2_000, 1 << 20  # bytes: of one value of a message, of a result less its written answers


def disclosed(result: Result, level: Shown) -> Result:
    """The result as ``level`` lets it be kept and shown, and no larger than ``MOST_RESULT``. Twice is the same as once."""
    shown = replace(
        result,
        parts=tuple(_part(part, level) for part in result.parts),
        messages=tuple(_messages(result.messages, level)),
        diagnoses=_diagnoses(result.diagnoses, level),
    )
    return shown if _size(shown) <= MOST_RESULT else _short(shown)


def of_record(record: Record, level: Shown) -> Record:
    """The record as ``level`` lets it be kept, and no larger than ``MOST_RESULT``.

    A result computed from it equals ``disclosed`` of the result that is computed from the full record.
    """
    shown = replace(
        record,
        asked=tuple(_outcome(one, level) for one in record.asked),
        unread={part: message(why, level) or Message("check.not_attempted") for part, why in record.unread.items()},
        notes=tuple(_messages(record.notes, level)),
    )
    if len(msgspec.json.encode(replace(shown, essays={}, pictures={}))) <= MOST_RESULT:
        return shown
    bare = tuple(replace(one, checks=tuple(map(_bare, one.checks)), notes={}, diagnoses=()) for one in shown.asked)
    return replace(shown, asked=bare, notes=(_too_long(),))


def _outcome(outcome: QuestionOutcome, level: Shown) -> QuestionOutcome:
    return replace(
        outcome,
        checks=tuple(_check(check, level) for check in outcome.checks),
        notes={part: tuple(_messages(messages, level)) for part, messages in outcome.notes.items()},
        diagnoses=_diagnoses(outcome.diagnoses, level),
    )


def _diagnoses(diagnoses: tuple[Diagnosis, ...], level: Shown) -> tuple[Diagnosis, ...]:
    return diagnoses if level != "verdict" else tuple(replace(one, route="") for one in diagnoses)


def message(sentence: Message, level: Shown) -> Message | None:
    """A message as ``level`` lets it be said, None where it does not."""
    key, values = sentence.key, sentence.values
    if key == "result.internal" and level != "full":  # whatever the engine failed with may quote what it read
        return Message(key, {"reason": "the log of the run says why"})
    if key.startswith(OWN) or key in PLAIN:
        return _cut(sentence)
    if level == "full":
        return _cut(sentence)
    if level == "verdict":
        return _plain(sentence)
    if key in SPOKEN:
        return _cut(sentence) if values.get("early") else _cut(Message(SPOKEN[key], _of_raised(values)))
    if key == "check.no_value":
        known = values.get("type") in TYPES
        return sentence if known else Message("check.no_value_kind", {"target": values.get("target", "")})
    if key == "check.reply":
        return (
            sentence
            if values.get("reason") in REASONS
            else Message("check.reply_unread", {"target": values.get("target", "")})
        )
    if key == "check.crashed":
        return sentence if values.get("reason") in SIGNALS else Message("check.ended", {"target": values.get("target", "")})
    return _cut(sentence) if key in LEADING else None


def _plain(sentence: Message) -> Message | None:
    if sentence.key.startswith("check.syntax") and sentence.values.get("early"):
        return Message("check.syntax_line", {name: sentence.values[name] for name in ("file", "line")})
    if sentence.key in RAISED:
        return Message("check.raised")
    if sentence.key in STOPPED:
        return Message("check.stopped")
    if sentence.key == "notebook.cell_failed":
        return Message("notebook.cell_failed_plain", {"cell": sentence.values["cell"]})
    return None


def _of_raised(values: Mapping[str, Any]) -> dict[str, Any]:
    kind = values.get("kind", "")
    where = values.get("where") or f"{values.get('file', '?')}, line {values.get('line', 0)}"
    values_shown = {"kind": kind if kind in KINDS else "Exception", "where": where}
    return values_shown | ({"file": values["file"]} if "file" in values else {})


def _part(part: PartResult, level: Shown) -> PartResult:
    return replace(
        part,
        messages=tuple(_messages(part.messages, level)),
        checks=tuple(_check(check, level) for check in part.checks),
    )


def _check(check: Check, level: Shown) -> Check:
    shown = None if check.message is None else message(check.message, level)
    if level != "full" and (check.call is not None or check.expected):
        return replace(check, message=shown, call=None, expected="")
    return check if shown is check.message else replace(check, message=shown)


def _messages(messages: Iterable[Message], level: Shown) -> list[Message]:
    """Each that may be said, the same one once."""
    sentences: list[Message] = []
    for one in messages:
        shown = message(one, level)
        if shown is not None and shown not in sentences:
            sentences.append(shown)
    return sentences


def _cut(sentence: Message) -> Message:
    if all(not isinstance(value, str) or len(value) <= MOST_VALUE // 4 for value in sentence.values.values()):
        return sentence
    return Message(sentence.key, {name: _shortened(value) for name, value in sentence.values.items()})


def _shortened(value: Any) -> Any:
    if not isinstance(value, str) or len(data := value.encode("utf-8", "replace")) <= MOST_VALUE:
        return value
    return data[: MOST_VALUE - 3].decode("utf-8", "ignore") + "…"


def _size(result: Result) -> int:
    return len(msgspec.json.encode(replace(result, written={}, pictures={})))  # written answers have bounds of their own


def _short(result: Result) -> Result:
    """A result without what makes it long, and a note that says so: its points, outcomes and what is said of its files are left."""
    parts = tuple(
        replace(
            part,
            messages=(),
            came="",
            checks=tuple(map(_bare, part.checks)),
        )
        for part in result.parts
    )
    said = tuple(one for one in result.messages if one.key.startswith(OF_FILES))
    return replace(result, parts=parts, messages=(*said, _too_long()), diagnoses=())


def _bare(check: Check) -> Check:
    return replace(check, message=None, call=None, expected="")


def _too_long() -> Message:
    return Message("result.too_long", {"kilobytes": MOST_RESULT >> 10})
