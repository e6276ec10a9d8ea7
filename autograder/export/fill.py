"""Filling scores into a sheet that another system exported: whose row it is, what is written, what is said of the rest."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from autograder import files
from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.export.csv_bytes import Cell, Sheet
from autograder.marking import lateness
from autograder.marking.written_marks import waiting
from autograder.model import Message, Result, points
from autograder.text import line

Row = tuple[Cell, ...]


def text(value: str) -> str:
    """A name or an id in the form in which two systems' spellings are compared."""
    return unicodedata.normalize("NFC", value).strip().casefold()


def fill(
    sheet: Sheet,
    column: int,
    rows: Sequence[Row],
    keys: Sequence[Callable[[Row], str]],
    results: Iterable[Result],
    course: Course,
    out: Path,
    *,
    overwrite: bool = False,
    keep: Callable[[str], bool] = lambda value: False,
    written: Callable[[str], str] = lambda score: score,
    who: Callable[[Row], str] = lambda row: row[0].text,
) -> list[Message]:
    """Write each result's score into ``column`` of its row, and the file to ``out``. Returns what there is to be said.

    ``keys`` give what a row is known by, the surest first; an id that fits several rows by one key is left out. ``keep``
    tells of a cell whether it stays as it is, ``written`` puts a score into the sheet's own form. A cell with another number
    in it, which a person may have given, is named and stays, unless told to ``overwrite``.
    """
    results = sorted(results, key=lambda result: result.id)
    graded = scored(results)
    said: list[Message] = []
    file, policy = sheet.path.name, lateness.of(course)
    unknown: list[str] = []
    found: dict[Row, list[Result]] = {}
    for result in graded:
        row = _row(result, rows, keys)
        if row is None:
            unknown.append(result.id)
        elif row == ():
            said.append(Message("export.ambiguous", {"id": line(result.id), "file": file}))
        else:
            found.setdefault(row, []).append(result)
    cells: dict[Cell, str] = {}
    for row, theirs in found.items():
        named = line(who(row))
        if len(row) <= column:
            raise ConvgradeError(
                "a row has too few cells", where=f"{sheet.path}: {named}", todo="Export the file once more."
            )
        if len(theirs) > 1:
            ids = _listed(result.id for result in theirs)
            said.append(Message("export.twice", {"ids": ids, "who": named, "file": file}))
        elif keep(there := row[column].text.strip()):
            said.append(Message("export.left", {"who": named, "value": line(there), "file": file}))
        else:
            cents = lateness.final_cents(theirs[0], policy)
            if there and cents_of(there) != cents:
                values = {"who": named, "value": line(there), "score": points(cents), "file": file}
                said.append(Message("export.replaced" if overwrite else "export.other", values))
                if not overwrite:
                    continue
            cells[row[column]] = written(points(cents))
    if unknown:
        said.append(Message("export.unknown", {"ids": _listed(unknown), "file": file}))
    if len(found) < len(rows):
        said.append(Message("export.no_row", {"n": len(rows) - len(found), "file": file}))
    said = scores_said([result for result in results if result.id not in unknown]) + said
    write(out, sheet.replaced(cells))
    return [*said, Message("export.filled", {"n": len(cells), "file": str(out)})]


def cents_of(number: str) -> int | None:
    """The hundredths of a number as any of these systems writes it, None where it is none."""
    number = re.sub("[,٫]", ".", number.strip())
    return round(100 * float(number)) if re.fullmatch(r"\d+(\.\d+)?", number) else None


def scored(results: Iterable[Result]) -> list[Result]:
    """Those that have a score to hand on."""
    return [result for result in results if result.status != "not graded"]


def scores_said(results: Sequence[Result]) -> list[Message]:
    """What must be said of any export of these."""
    said = []
    missing = [result.id for result in results if result.status == "not graded"]
    unreadable = [result.id for result in results if result.status == "unreadable"]
    awaiting = sum(waiting(result) > 0 for result in results)
    if missing:
        said.append(Message("export.not_graded", {"ids": _listed(missing)}))
    if unreadable:
        said.append(Message("export.unreadable", {"ids": _listed(unreadable)}))
    if awaiting:
        said.append(Message("export.awaiting", {"n": awaiting}))
    return said


def write(path: Path, data: bytes) -> None:
    """A file whole or not at all, for its owner alone."""
    files.write(path, data)


def _row(result: Result, rows: Sequence[Row], keys: Sequence[Callable[[Row], str]]) -> Row | None:
    """The one row of a result; None where there is none, () where there are several."""
    wanted = text(result.id)
    for key in keys:
        fitting = [row for row in rows if text(key(row)) == wanted]
        if fitting:
            return fitting[0] if len(fitting) == 1 else ()
    return None


def _listed(ids: Iterable[str]) -> str:
    return ", ".join(line(id) for id in ids)
