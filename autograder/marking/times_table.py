"""When each hand-in came and when it was due, from a CSV: ``id,timestamp``, ``id,deadline``, or Moodle's own grading worksheet."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from autograder.course.moments import moment
from autograder.course.policy import Late
from autograder.errors import ConvgradeError
from autograder.intake.names import safe_id
from autograder.marking import table

WhoseId = Callable[[str, str], str]  # a cell and its file and line -> the id that is meant
_PARTICIPANT = re.compile(r"\D+(\d+)")
_SUBMITTED = re.compile(r"last modified \((?:file )?submission\)", re.IGNORECASE)
_FORMS = ("%d %B %Y, %I:%M %p", "%d %B %Y, %H:%M", "%B %d, %Y, %I:%M %p", "%B %d, %Y, %H:%M")


def by_id(who: str, where: str) -> str:
    """The id as the class has it, where only ids are understood."""
    return safe_id(who)


def deadlines(path: Path, id_of: WhoseId = by_id) -> dict[str, datetime]:
    """Each student's own deadline from a CSV ``id,deadline``. Raises ConvgradeError with file and line."""
    return _times(path, "deadline", id_of)


def read(path: Path, policy: Late | None = None, id_of: WhoseId = by_id) -> dict[str, datetime]:
    """When each submission was handed in; the latest time of an id counts. Raises ConvgradeError with file and line.

    Moodle's worksheet writes times without a zone: they are in the zone of the deadline.
    """
    rows = table.plain(path)
    header = rows[0][1] if rows else []
    column = next((at for at, name in enumerate(header) if _SUBMITTED.fullmatch(name.strip())), None)
    if column is None:
        return _times(path, "timestamp", id_of)
    zone = moment(policy.deadline, where=str(path)).tzinfo if policy is not None and policy.deadline else None
    times: dict[str, datetime] = {}
    for line, row in rows[1:]:
        where = f"{path}:{line}"
        number = _PARTICIPANT.fullmatch(row[0].strip()) if row else None
        if number is None or len(row) <= column or row[column].strip() in ("", "-"):
            continue
        if zone is None:
            todo = "Set `late: deadline:` in the config, with its time zone."
            raise ConvgradeError(
                "a worksheet's times have no time zone, and the config has no deadline", where=where, todo=todo
            )
        time = _worksheet_time(row[column], where).replace(tzinfo=zone)
        id = id_of(number[1], where)
        times[id] = max(time, times.get(id, time))
    return times


def _worksheet_time(text: str, where: str) -> datetime:
    """``Friday, 20 November 2026, 11:59 PM`` as Moodle writes it in English; the weekday may be missing."""
    plain = re.sub(r"^[^\W\d]+day,\s*", "", " ".join(text.split()), flags=re.IGNORECASE)
    for form in _FORMS:
        try:
            return datetime.strptime(plain, form)
        except ValueError:
            continue
    todo = "Set your language in Moodle to English and download the worksheet again, or write a CSV id,timestamp."
    raise ConvgradeError(f"{text.strip()!r} is not a time as Moodle writes it in English", where=where, todo=todo)


def _times(path: Path, column: str, id_of: WhoseId) -> dict[str, datetime]:
    times: dict[str, datetime] = {}
    for where, row in table.rows(path, "id", column):
        time, id = moment(row[column], where=where), id_of(row["id"], where)
        times[id] = max(time, times.get(id, time))
    return times
