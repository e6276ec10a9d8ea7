"""A CSV that a person keeps: times, deadlines, marks. Read by the names in its first line, each row with its place."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from autograder.errors import ConvgradeError

UNREADABLE = "Save it as a UTF-8 CSV file."


def rows(path: Path, *columns: str, optional: tuple[str, ...] = ()) -> Iterator[tuple[str, dict[str, str]]]:
    """File and line, and the cells of ``columns`` without blanks around them; blank lines are none.

    A cell of a column that is not ``optional`` is not empty. Raises ConvgradeError with file and line.
    """
    lines = iter(plain(path))
    header = [cell.strip().casefold() for cell in next(lines, (1, []))[1]]
    missing = [name for name in columns if name not in header]
    if missing:
        todo = f"Begin it with a line `{','.join(columns)}`."
        raise ConvgradeError(f"there is no column {' or no column '.join(columns)}", where=f"{path}:1", todo=todo)
    at = {name: header.index(name) for name in (*columns, *optional) if name in header}
    for line, row in lines:
        where = f"{path}:{line}"
        cells = {name: row[place].strip() if place < len(row) else "" for name, place in at.items()}
        if not all(cells[name] for name in columns if name not in optional):
            raise ConvgradeError("a cell is missing", where=where, todo=f"Give {' and '.join(columns)} in each line.")
        yield where, cells


def plain(path: Path) -> list[tuple[int, list[str]]]:
    """Every row that is not blank, with the line that it ends on. Raises ConvgradeError where the file cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConvgradeError(f"it cannot be read: {error}", where=str(path), todo=UNREADABLE) from None
    lines = csv.reader(text.splitlines(keepends=True))
    try:
        return [(lines.line_num, row) for row in lines if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise ConvgradeError(f"it is no CSV: {error}", where=f"{path}:{lines.line_num}", todo=UNREADABLE) from None
