"""Gradescope's own folder in a running image: ``submission/`` beside ``submission_metadata.json``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from autograder.course import KnownFiles
from autograder.formats.assembled import assembled, instant
from autograder.formats.download import below, opened
from autograder.found import read_regular, safe_id
from autograder.model import Submission

SUBMISSION, METADATA = "submission", "submission_metadata.json"
MAX_METADATA = 16 << 20  # it holds the results of all earlier submissions


def recognised(path: Path) -> bool:
    """Whether this is what an autograder finds as ``/autograder``."""
    return (path / METADATA).is_file() and (path / SUBMISSION).is_dir()


def count(path: Path, known: KnownFiles) -> int:
    return 1


def collect(path: Path, known: KnownFiles) -> Iterator[Submission]:
    """The one submission, under its first student's email or id, with the seconds after the student's own due date."""
    about = _metadata(path / METADATA)
    users = [user for user in about.get("users") or [] if isinstance(user, dict)]
    names = ", ".join(str(user.get("name") or user.get("email") or "") for user in users)
    created, assignment = instant(str(about.get("created_at"))), about.get("assignment")
    due = instant(str(assignment.get("due_date"))) if isinstance(assignment, dict) else ""
    late = None
    if created and due:
        late = round((datetime.fromisoformat(created) - datetime.fromisoformat(due)).total_seconds())
    with opened(path / SUBMISSION) as tree:
        yield replace(assembled(_id(users), names, below(tree), known, handed_in=created), late_seconds=late)


def _id(users: list[dict[str, Any]]) -> str:
    first = users[0] if users else {}
    return safe_id(str(first.get("email") or "").split("@")[0] or str(first.get("id") or "submission"))


def _metadata(path: Path) -> dict[str, Any]:
    """The metadata; nothing where otter left an empty file, or it is no JSON object."""
    try:
        about = json.loads(read_regular(path, MAX_METADATA))
    except (OSError, ValueError, RecursionError):
        return {}
    return about if isinstance(about, dict) else {}
