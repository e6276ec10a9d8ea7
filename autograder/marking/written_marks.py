"""The points that a person gives to written answers: the table to enter them in, and what is entered there.

``convgrade marks`` writes the table, ``convgrade grade --marks`` reads it. A mark belongs to the text that was marked: it is kept
from grade to grade for as long as the hand-in is the same (see ``entered.py``).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from autograder import files
from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.intake.answer_sheet import FOREIGN
from autograder.marking import table
from autograder.model import Mark, Message, Outcome, PartResult, Result, points
from autograder.text import cell, lines, shorten

HEAD = ("id", "name", "part", "max", "points", "comment", "text")
MOST_COMMENT = 1_000
MOST_CELL = 32_000  # characters that every spreadsheet takes in one cell
_POINTS = re.compile(r"\d{1,4}(?:[.,]\d{1,2})?", re.ASCII)


def write(path: Path, results: Iterable[Result]) -> int:
    """Write the table: a row for each written answer, with its text and what it was given so far. Returns how many rows."""
    text = io.StringIO(newline="")
    rows = [row for result in results for row in _rows(result)]
    csv.writer(text, lineterminator="\n").writerows([HEAD, *rows])
    files.write(path, b"\xef\xbb\xbf" + text.getvalue().encode())  # by that mark a spreadsheet knows UTF-8
    return len(rows)


def _rows(result: Result):
    given = of(result)
    for part in result.parts:
        if part.kind != "written" or (part.name not in result.written and part.id not in given):
            continue
        mark = given.get(part.id)
        entered = ("", "") if mark is None else (points(mark.cents), mark.comment)
        who = [cell(result.id), cell(result.name), part.id, points(part.max_cents)]
        yield [*who, entered[0], cell(entered[1]), lines(shorten(result.written.get(part.name, ""), MOST_CELL))]


def waiting(result: Result) -> int:
    """How many of its written answers have a text and no mark yet."""
    return sum(part.cents is None and part.name in result.written for part in result.parts)


def counted(part: str, results: Iterable[Result]) -> bool:
    """Whether a written part is in a class's numbers: a person has marked it, and nobody's text still waits for that."""
    theirs = [(one.cents, one.name in result.written) for result in results for one in result.parts if one.id == part]
    return any(cents is not None for cents, _ in theirs) and all(cents is not None or not text for cents, text in theirs)


def of(result: Result) -> dict[str, Mark]:
    """The marks that a result holds, by part."""
    given = {}
    for part in result.parts:
        if part.kind == "written" and part.cents is not None:
            comment = next((str(one.values["comment"]) for one in part.messages if one.key == "written.comment"), "")
            given[part.id] = Mark(part.cents, comment)
    return given


def read(path: Path, course: Course) -> dict[str, dict[str, Mark | None]]:
    """What the table says, by id and part; None where the points are left blank.

    Raises ConvgradeError with file and line for a part that is none, points out of bounds, and an answer marked twice.
    """
    most = {part.id: part.cents for part in course.parts if part.kind == "written"}
    found: dict[str, dict[str, Mark | None]] = {}
    for where, row in table.rows(path, "id", "part", "points", optional=("points", "comment")):
        part = row["part"]
        if part not in most:
            todo = f"Written parts are {', '.join(most)}." if most else "This course has no written part."
            raise ConvgradeError(f"{part!r} is no written part", where=where, todo=todo)
        if part in found.setdefault(row["id"], {}):
            raise ConvgradeError(f"{part} of {row['id']} is marked twice", where=where, todo="Keep one of the lines.")
        found[row["id"]][part] = _mark(row, most[part], where)
    return found


def _mark(row: Mapping[str, str], most: int, where: str) -> Mark | None:
    if not row["points"]:
        return None
    given = row["points"].translate(FOREIGN).strip()
    cents = int(100 * Decimal(given.replace(",", "."))) if _POINTS.fullmatch(given) else most + 1
    if cents > most:
        todo = f"Give points from 0 to {points(most)}, such as 1.5, or leave the cell empty."
        raise ConvgradeError(f"{row['points']!r} are no points for {row['part']}", where=where, todo=todo)
    return Mark(cents, shorten(row.get("comment", "").removeprefix("'"), MOST_COMMENT))


def marked(parts: Iterable[PartResult], given: Mapping[str, Mark]) -> tuple[PartResult, ...]:
    """The parts with the marks that were given."""
    return tuple(_marked(part, given[part.id]) if part.id in given else part for part in parts)


def _marked(part: PartResult, mark: Mark) -> PartResult:
    outcome = Outcome.PASSED if mark.cents == part.max_cents else Outcome.FAILED
    messages = (Message("written.comment", {"comment": mark.comment}),) if mark.comment else ()
    return replace(part, cents=mark.cents, outcome=outcome, messages=messages)
