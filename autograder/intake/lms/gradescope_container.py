"""Gradescope's own folder in a running image: ``submission/`` beside ``submission_metadata.json``.

Only the program that runs in that image reads a folder so; whatever else looks like it may be a student's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from autograder.course.course import KnownFiles
from autograder.intake.gather import MAX_FILES, gathered
from autograder.intake.likeness import neutral
from autograder.intake.lms.times import instant
from autograder.intake.names import safe_id, stem
from autograder.intake.tree import Found, below, opened, read_regular
from autograder.model import Message, Submission
from autograder.text import line

SUBMISSION, METADATA = "submission", "submission_metadata.json"
MAX_METADATA = 16 << 20  # it holds the results of all earlier submissions


def collect(path: Path, known: KnownFiles) -> Iterator[Submission]:
    """The one submission, under its first student's email or id, with the time it came and the student's own due date.

    ``otter grade`` says nothing of the student, but keeps the file's name: there it is the id, unless it is the homework's own.
    """
    about = _metadata(path / METADATA)
    people = about.get("users")
    users = [user for user in people if isinstance(user, dict)] if isinstance(people, list) else []
    names = ", ".join(str(user.get("name") or user.get("email") or "") for user in users)
    created, notes = instant(str(about.get("created_at"))), []
    if len(users) > 1:
        notes.append(Message("intake.group", {"names": names, "folder": line(str(about.get("id", "")))[:40]}))
    with opened(path / SUBMISSION) as tree:
        files = list(islice(below(tree), MAX_FILES + 1)) if tree is not None else []
        yield replace(
            gathered(_id(users) or _only(files, known) or "submission", names, files, known, notes, created, sure=True),
            due=_due(about, users),
        )


def _due(about: dict[str, Any], users: list[dict[str, Any]]) -> str:
    """The latest due date that Gradescope gives: the assignment's own, or a student's with an extension; "" without one."""
    assignments = [one.get("assignment") for one in (about, *users)]
    dates = [instant(str(one.get("due_date"))) for one in assignments if isinstance(one, dict)]
    return max(dates, default="")  # all of them in UTC


def _id(users: list[dict[str, Any]]) -> str:
    first = users[0] if users else {}
    id = str(first.get("email") or "").split("@")[0] or str(first.get("id") or "")
    return safe_id(id) if id else ""


def _only(files: Sequence[Found], known: KnownFiles) -> str:
    """The name of a hand-in that is a single file named for a student; "" where that is not so."""
    names = [stem(one.name) for one in files]
    return safe_id(names[0]) if len(names) == 1 and not neutral(names[0], known) else ""


def _metadata(path: Path) -> dict[str, Any]:
    """The metadata; nothing where otter left an empty file, or it is no JSON object."""
    try:
        about = json.loads(read_regular(path, MAX_METADATA))
    except (OSError, ValueError, RecursionError):
        return {}
    return about if isinstance(about, dict) else {}
