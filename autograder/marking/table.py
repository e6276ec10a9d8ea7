"""A table that a person keeps: times, deadlines, marks. Read as spreadsheets of any locale save it, each row with its place."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.errors import ConvgradeError
from autograder.intake.encoding import NotText, text_of
from autograder.intake.names import fold, safe_id
from autograder.text import line, typed

UNREADABLE = "Save it as a CSV file (UTF-8)."
MAX_BYTES = 64 << 20
# What people call a column, folded; the first is the name that the course's own tables have.
NAMES = {
    "id": (
        "id",
        "student id",
        "studentid",
        "student",
        "student number",
        "sid",
        "username",
        "user",
        "شناسه",
        "شماره دانشجویی",
    ),
    "timestamp": (
        *("timestamp", "submitted at", "submission time", "submitted", "handed in", "handed in at", "time", "date", "زمان"),
        *("زمان تحویل", "تاریخ"),
    ),
    "deadline": ("deadline", "due", "due date", "due at", "مهلت"),
    "part": ("part", "question", "بخش"),
    "points": ("points", "score", "mark", "grade", "نمره", "امتیاز"),
    "comment": ("comment", "comments", "feedback", "توضیح"),
    "file": ("file", "hand-in", "submission", "فایل", "پرونده"),
}


def rows(path: Path, *columns: str, optional: tuple[str, ...] = ()) -> Iterator[tuple[str, dict[str, str]]]:
    """File and line, and the cells of ``columns`` without blanks around them; blank lines are left out.

    Comma, semicolon or tab separate cells, whichever the first line has most of. A cell of a column that
    is not ``optional`` is not empty. Raises ConvgradeError with file and line.
    """
    lines = _lines(_text(path))
    try:
        header: list[str] = next(lines, [])
        at = _places(header, columns, optional, path)
        for row in lines:
            if not any(cell.strip() for cell in row):
                continue
            where = f"{path}:{lines.line_num}"
            cells = {name: row[place].strip() if place < len(row) else "" for name, place in at.items()}
            if not all(cells[name] for name in columns if name not in optional):
                raise ConvgradeError("a cell is missing", where=where, todo=f"Give {' and '.join(columns)} in each line.")
            if "id" in cells:
                cells["id"] = typed(cells["id"])
            yield where, cells
    except csv.Error as error:
        raise ConvgradeError(f"it cannot be read: {error}", where=f"{path}:{lines.line_num}", todo=UNREADABLE) from None


def plain(path: Path) -> list[tuple[int, list[str]]]:
    """Every row that is not blank, with the line that it ends on. Raises ConvgradeError where the file cannot be read."""
    lines = _lines(_text(path))
    try:
        return [(lines.line_num, row) for row in lines if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise ConvgradeError(f"it cannot be read: {error}", where=f"{path}:{lines.line_num}", todo=UNREADABLE) from None


def key(id: str) -> str:
    """An id or a name in the form in which tables are matched with a class."""
    return fold(safe_id(id))


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ConvgradeError(f"it is larger than {MAX_BYTES >> 20} MB", where=str(path), todo=UNREADABLE)
        return text_of(path.read_bytes())[0].removeprefix("\ufeff")
    except FileNotFoundError:
        raise ConvgradeError("there is no such file", where=str(path), todo="Write it, or correct its name.") from None
    except OSError as error:
        raise ConvgradeError(f"it cannot be read: {error.strerror}", where=str(path), todo=UNREADABLE) from None
    except NotText as error:
        what = f"it cannot be read: byte {error.byte} is not text"
        raise ConvgradeError(what, where=str(path), todo=UNREADABLE) from None


def _lines(text: str) -> Any:
    """A reader of the lines, which end at a line feed or a carriage return: str.splitlines breaks cells at other signs too."""
    lines = io.StringIO(text, newline="")
    separator = max(",;\t", key=lines.readline().count)
    lines.seek(0)
    return csv.reader(lines, delimiter=separator)


def _places(header: list[str], columns: tuple[str, ...], optional: tuple[str, ...], path: Path) -> dict[str, int]:
    """Where each column stands: by the name itself, else by another name that people give it."""
    called = [re.sub(r"[\s_]+", " ", fold(cell)) for cell in header]
    at = {}
    for name in (*columns, *optional):
        fitting = [
            place
            for word in NAMES.get(name, (re.sub(r"[\s_]+", " ", fold(name)),))
            for place, cell in enumerate(called)
            if cell == word
        ]
        if fitting:
            at[name] = fitting[0]
    missing = [name for name in columns if name not in at]
    if missing:
        shown = ", ".join(line(cell) or "(empty)" for cell in header[:20]) or "none"
        what = f"there is no column {' and no column '.join(missing)}; the columns are: {shown}"
        raise ConvgradeError(what, where=f"{path}:1", todo=f"Begin it with a line `{','.join(columns)}`.")
    return at
