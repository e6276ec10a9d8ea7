"""A submission's numbers: those of the answer sheet, overridden by those that its notebook assigns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.course.course import Course
from autograder.intake import answer_sheet
from autograder.model import Message, Sources
from autograder.text import line
from autograder.wall.cells import Cells
from autograder.wall.failures import NotAttempted, StudentFailure
from autograder.wall.session import Session
from autograder.wall.shared.wire import Opaque

PLAIN = (bool, int, float, str)
MOST = 64  # values of a list that are looked at
UNREAD = (
    "sheet.bad_line",
    "sheet.near_key",
    "notebook.near_key",
    "sheet.not_plain",
    "notebook.no_number",
)
# Each of these shows at its own answer (`suites._number`), so none is a note; the notebook's need no sentence.
OF_THE_FORM = ("sheet.boolean", "sheet.quotes", "sheet.text", "notebook.boolean", "notebook.quotes", "notebook.text")
MOST_KEYS = 500  # that are looked at
MOST_UNKNOWN = 10  # keys that nobody asked for, by name


@dataclass(frozen=True)
class SheetNumbers:
    """The values by key, why others could not be read, and other notes; nothing is in two of these."""

    values: dict[str, Any]
    unread: dict[str, Message]
    notes: list[Message]


def numbers(sources: Sources, session: Session | None, course: Course) -> SheetNumbers:
    """What a submission answers; without a session, on its sheet alone. Never raises for what it holds."""
    values, notes = answer_sheet.parse(sources.answers or "", course.number_keys, course.list_keys)
    if session is not None and session.cells is not None:
        in_notebook, odd = _assigned(session, session.cells, course)
        assigned, more = answer_sheet.checked(in_notebook, course.number_keys, [])
        both = sorted(key for key in assigned.keys() & values.keys() if assigned[key] != values[key])
        notes += odd + [(key.replace("sheet.", "notebook."), filled) for key, filled in more]
        notes += [("notebook.both", {"key": key}) for key in both]
        values |= assigned
    messages = [Message(key, dict(filled)) for key, filled in notes[: answer_sheet.MAX_NOTES]]
    unread = {
        str(note.values["key"]): note
        for note in messages
        if note.key in UNREAD and note.values.get("key") in course.number_keys and note.values["key"] not in values
    }
    return SheetNumbers(
        values, unread, [note for note in messages if note not in unread.values() and note.key not in OF_THE_FORM]
    )


def _assigned(session: Session, cells: Cells, course: Course) -> tuple[dict[str, Any], list[answer_sheet.Note]]:
    """The notebook's value for each key of the course, and notes on the rest."""
    assigned: dict[str, Any] = {}
    notes: list[answer_sheet.Note] = []
    for key in course.number_keys:
        try:
            answer = session.answer(key)
        except NotAttempted:
            continue
        except StudentFailure:
            if cells.time_up:
                return assigned, notes
            notes.append(("notebook.no_number", {"key": key, "type": "?"}))
            continue
        if answer_sheet.blank(answer):
            continue
        value = _plain(answer)
        if value is not None:
            assigned[key] = value
        elif answer is not None:
            kind = answer.type if isinstance(answer, Opaque) else type(answer).__name__
            notes.append(("notebook.no_number", {"key": key, "type": line(kind)[:60]}))
    for key in _unknown(session, course):
        near = answer_sheet.nearest(key, [one for one in course.number_keys if one not in assigned])
        note = ("notebook.near_key", {"key": near, "written": key}) if near else ("notebook.unknown_key", {"key": key})
        notes.append(note)
    return assigned, notes


def _unknown(session: Session, course: Course) -> list[str]:
    try:
        keys = session.answer_keys()
    except StudentFailure:
        return []
    keys = [line(key[:200])[:80] for key in keys[:MOST_KEYS] if type(key) is str] if type(keys) is list else []
    return [key for key in keys if key not in course.number_keys][:MOST_UNKNOWN]


def _plain(value: Any) -> Any:
    """Plain data, a tuple or an array as a list; None for anything else."""
    if isinstance(value, np.ndarray):
        value = value.tolist() if value.ndim <= 1 and value.size <= MOST and value.dtype.kind in "iuf" else None
    if isinstance(value, (list, tuple)):
        return list(value[:MOST]) if all(type(item) in PLAIN for item in value[:MOST]) else None
    return value if type(value) in PLAIN else None
