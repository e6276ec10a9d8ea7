"""The table that marks are entered in: ``convgrade marks`` writes it, ``convgrade grade --marks`` reads it.

Each row carries in ``made_from`` which text it shows and which mark stood when it was written, so that a row whose answer was
marked by somebody else meanwhile can be refused, and a row that nobody touched changes nothing. A criterion of the rubric has a
column ``w1.same``; where all of a part's are decided, the points are theirs.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from autograder import files
from autograder.course.course import Course
from autograder.course.rubric import Rubric
from autograder.errors import ConvgradeError
from autograder.intake.answer_sheet import FOREIGN
from autograder.marking import table, written_marks
from autograder.model import Mark, PartId, PartResult, Result, points
from autograder.text import cell, lines, shorten, typed

HEAD = ("id", "name", "part", "max", "points", "comment")
TAIL = ("marker", "text", "made_from")
MOST_COMMENT = 1_000
MOST_CELL = 32_000  # characters that every spreadsheet takes in one cell
MET = {"1": True, "x": True, "yes": True, "y": True, "true": True, "met": True, "✓": True, "✔": True, "بله": True, "۱": True}
NOT_MET = {"0": False, "-": False, "no": False, "n": False, "false": False, "✗": False, "✘": False, "خیر": False, "۰": False}
_POINTS = re.compile(r"\d{1,4}(?:[.,]\d{1,2})?", re.ASCII)
_FROM = re.compile(r"([0-9a-f]{32})#(\d+)")


@dataclass(frozen=True)
class Row:
    """One entered row. ``mark.cents`` is None if the points are empty; ``after`` is the mark that the row was made from."""

    where: str
    who: str  # an id or a name
    mark: Mark
    after: int | None  # None: the table does not say


def write(path: Path, results: Iterable[Result], marks: Iterable[Mark], rubrics: Mapping[str, Rubric]) -> tuple[int, int]:
    """Write the table, a row for each written answer. Returns how many rows it has, and how many of them have no text."""
    by_id: dict[str, list[Mark]] = {}
    for mark in marks:
        by_id.setdefault(mark.id, []).append(mark)
    columns = [f"{_name(part)}.{one.id}" for part, rubric in rubrics.items() for one in rubric.criteria]
    rows, empty = [], 0
    for result in results:
        if written_marks.unseen(result):
            continue
        stand = written_marks.standing(by_id.get(result.id, ()))
        for part in result.parts:
            if part.kind == "written":
                rows.append(_row(result, part, stand, columns))
                empty += part.name not in result.written
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([[*HEAD, *columns, *TAIL], *rows])
    data = b"\xef\xbb\xbf" + text.getvalue().encode()  # by that mark a spreadsheet knows UTF-8
    files.write(path, data, "the table")
    return len(rows), empty


def _row(result: Result, part: PartResult, stand: Mapping[tuple[str, str], Mark], columns: list[str]) -> list[str]:
    name = part.name
    text = result.written.get(name, "")
    hashed = result.texts.get(name) or written_marks.text_hash(text, result.pictures.get(name, ()))
    mark = stand.get((part.id, hashed), Mark(result.id, part.id, None))
    entered = ["" if mark.cents is None else points(mark.cents), lines(mark.comment)]
    met = {f"{name}.{id}": str(int(met)) for id, met in mark.criteria.items()}
    criteria = [met.get(column, "") for column in columns]
    who = [cell(result.id), cell(result.name), part.id, points(part.max_cents)]
    return [*who, *entered, *criteria, "", lines(shorten(text, MOST_CELL)), f"{hashed}#{mark.number}"]


def read(path: Path, course: Course, rubrics: Mapping[str, Rubric]) -> list[Row]:
    """Every row of the table.

    Raises ConvgradeError with file and line for an unknown part, points out of bounds, criteria that do not fit.
    """
    most = {part.id: part.cents for part in course.parts if part.kind == "written"}
    ids = {_name(part): part for part in most} | {part: part for part in most}
    columns = [f"{_name(part)}.{one.id}" for part, rubric in rubrics.items() for one in rubric.criteria]
    optional = ("points", "comment", "marker", "made_from", *columns)
    entries: list[Row] = []
    for where, row in table.rows(path, "id", "part", "points", optional=optional):
        part = ids.get(row["part"])
        if part is None:
            todo = f"Written parts are {', '.join(most)}." if most else "This course has no written part."
            raise ConvgradeError(f"{row['part']!r} is not a written part", where=where, todo=todo)
        foreign = [column for column in columns if row.get(column) and column.partition(".")[0] != _name(part)]
        if foreign:
            todo = "Move it to the row of its own answer, or empty the cell."
            raise ConvgradeError(f"{foreign[0]} does not belong to {_name(part)}", where=where, todo=todo)
        entries.append(_entered({**row, "part": part}, most[part], rubrics.get(part), where))
    return entries


def _entered(row: Mapping[str, str], most: int, rubric: Rubric | None, where: str) -> Row:
    part = row["part"]
    criteria = _criteria(row, rubric, where) if rubric is not None else {}
    cents = _cents(row["points"], most, part, where) if row["points"] else None
    if criteria and rubric is not None:
        worth = rubric.cents(criteria)
        if cents not in (None, worth):
            what = f"the criteria come to {points(worth)}, and {row['points']} points are entered"
            raise ConvgradeError(what, where=where, todo="Empty the cell `points`, or change a criterion.")
        cents = worth
    made_from = _FROM.fullmatch(row.get("made_from", ""))
    mark = Mark(
        id="",
        part=part,
        cents=cents,
        text_hash=made_from[1] if made_from else "",
        comment=_comment(row.get("comment", "")),
        criteria=criteria,
        rubric_hash=rubric.hash if rubric is not None and criteria else "",
        who=row.get("marker", ""),
        source=where,
    )
    return Row(where, row["id"], mark, int(made_from[2]) if made_from else None)


def read_back(comment: str) -> str:
    """What ``read`` makes of the comment in a row that nobody touched: a cell cannot hold every text as it is."""
    return _comment(lines(comment))


def _comment(cell: str) -> str:
    return shorten(typed(cell.replace("\r\n", "\n").replace("\r", "\n")), MOST_COMMENT)


def _cents(text: str, most: int, part: str, where: str) -> int:
    number = text.translate(FOREIGN).strip()
    cents = int(100 * Decimal(number.replace(",", "."))) if _POINTS.fullmatch(number) else most + 1
    if cents > most:
        todo = f"Give points from 0 to {points(most)}, such as 1.5, or leave the cell empty."
        raise ConvgradeError(f"{text!r} is not a valid number of points for {part}", where=where, todo=todo)
    return cents


def _criteria(row: Mapping[str, str], rubric: Rubric, where: str) -> dict[str, bool]:
    name, decisions = _name(rubric.part), {}
    for one in rubric.criteria:
        cell = row.get(f"{name}.{one.id}", "").casefold()
        if cell and cell not in MET | NOT_MET:
            todo = "Write 1 where the criterion is met, 0 where it is not, or leave all of them empty."
            raise ConvgradeError(f"{cell!r} in the column {name}.{one.id} is neither 1 nor 0", where=where, todo=todo)
        if cell:
            decisions[one.id] = (MET | NOT_MET)[cell]
    open = [one.id for one in rubric.criteria if one.id not in decisions]
    if decisions and open:
        todo = f"Decide {', '.join(open)} as well, or empty the others."
        raise ConvgradeError(f"some criteria of {name} are decided and others are not", where=where, todo=todo)
    return decisions


def _name(part: str) -> str:
    return PartId(part).name
