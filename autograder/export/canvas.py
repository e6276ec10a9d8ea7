"""Canvas: one column of the gradebook's exported CSV filled, every other byte as it was.

Canvas finds students by ``ID``, ``SIS User ID`` or ``SIS Login ID`` and assignments by ``Title (number)``; an unknown title
would make a new assignment there. Below the header may come a row on posting, then one that begins with spaces and
``Points Possible``; then the students.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.export import csv_bytes
from autograder.export.fill import Key, Row, cents_of, column_key, declared_keys, fill
from autograder.intake.names import fold
from autograder.model import Message, Result, points

KNOWN_BY = ("ID", "SIS User ID", "SIS Login ID")
KEPT = ("n/a", "ex", "excused")
_ASSIGNMENT = re.compile(r"(?P<title>.*) \((?P<number>\d+)\)", re.DOTALL)


def export(
    results: Iterable[Result],
    course: Course,
    out: Path,
    *,
    like: Path,
    into: str | None = None,
    identity: str | None = None,
    overwrite: bool = False,
) -> list[Message]:
    """Fill the scores into the column of this assignment in a copy of ``like`` at ``out``.

    ``into`` names the column: its whole header, its title or its number; without it the course's title does. Cells that say
    ``N/A`` or ``EX`` stay. ``identity`` names the column by which students are matched; without it their ids are used, or else
    their names. Raises ConvgradeError where the file is not Canvas's or the column is not clear.
    """
    sheet = csv_bytes.read(like)
    header = sheet.header
    if header[:1] != ["Student"] or "ID" not in header:
        todo = "Export it from Canvas: Grades, Export, and leave it as it is."
        raise ConvgradeError("not a Canvas gradebook: the header has no Student and ID", where=f"{like}:1", todo=todo)
    column = _column(header, into or course.config.title, like)
    possible, rows = _students(sheet.rows)
    keys = _keys(header) if identity is None else declared_keys(header, identity, like)
    results = list(results)
    messages = fill(
        sheet, column, rows, keys, results, course, out, overwrite=overwrite, keep=lambda value: fold(value) in KEPT
    )
    ours = max((result.max_cents for result in results), default=0)
    theirs = possible[column].text.strip() if possible and len(possible) > column else ""
    if cents_of(theirs) not in (None, ours):
        messages.insert(0, Message("export.most", {"file": like.name, "theirs": theirs, "ours": points(ours)}))
    return messages


def _column(header: list[str], wanted: str, path: Path) -> int:
    assignments = {at: match for at, name in enumerate(header) if (match := _ASSIGNMENT.fullmatch(name))}
    for names in (lambda match: match.group(), lambda match: match["number"], lambda match: match["title"]):
        fitting = [at for at, match in assignments.items() if fold(names(match)) == fold(wanted)]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            break
    offered = "; ".join(match.group() for match in assignments.values()) or "none"
    raise ConvgradeError(
        f"{wanted!r} does not identify exactly one assignment column",
        where=f"{path}:1",
        todo=f"Name one with --column, by its whole name or its number. There are: {offered}.",
    )


def _students(rows: tuple[Row, ...]) -> tuple[Row | None, list[Row]]:
    """The row of points possible, and the rows below it; where there is none, all that have an id."""
    for at, row in enumerate(rows[1:4], 1):
        if row[0].text.strip() == "Points Possible":
            return row, list(rows[at + 1 :])
    return None, [row for row in rows[1:] if row[0].text.strip()]


def _keys(header: list[str]) -> list[Key]:
    """The columns of ids, which Canvas keeps apart from each other, as one; and the names."""
    ids = [column_key(name, header.index(name)) for name in KNOWN_BY if name in header]
    of_all = Key(", ".join(one.title for one in ids), lambda row: [cell for one in ids for cell in one.of(row) if cell])
    return [of_all, column_key(header[0], 0, names=True)]
