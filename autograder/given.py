"""The numbers of a submission: those of its sheet, and over them those that its notebook assigns."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder import sheet
from autograder.course import Course
from autograder.model import Message, Sources
from autograder.wall.raised import NotAttempted, StudentFailure
from autograder.wall.session import Session

PLAIN = (bool, int, float, str)
MOST = 64  # values of a list that are looked at


def numbers(sources: Sources, session: Session, course: Course) -> tuple[dict[str, Any], list[Message]]:
    """The values by key, and what is to be said of them. Never raises for what a submission holds."""
    values, notes = sheet.parse(sources.answers or "", course.number_keys)
    if session.cells is not None:
        assigned, more = sheet.checked(_assigned(session, course), course.number_keys, [])
        both = sorted(key for key in assigned.keys() & values.keys() if assigned[key] != values[key])
        notes += more + [("notebook.both", {"key": key}) for key in both]
        values |= assigned
    return values, [Message(key, dict(filled)) for key, filled in notes[: sheet.MAX_NOTES]]


def _assigned(session: Session, course: Course) -> dict[str, Any]:
    found = {}
    for key in course.number_keys:
        try:
            value = _plain(session.answer(key))
        except NotAttempted:
            continue
        except StudentFailure:
            value = None
        found[key] = "?" if value is None else value
    return found


def _plain(value: Any) -> Any:
    """Plain data, a tuple or an array as a list; None for anything else."""
    if isinstance(value, np.ndarray):
        value = value.tolist() if value.ndim == 1 and value.size <= MOST and value.dtype.kind in "iuf" else None
    if isinstance(value, (list, tuple)):
        return list(value[:MOST]) if all(type(item) in PLAIN for item in value[:MOST]) else None
    return value if type(value) in PLAIN else None
