"""Another system's CSV, kept byte for byte: cells are found, single ones replaced, everything else stays as it came.

A library would read the rows and write them anew, and with that change quotes, line ends and the byte order mark that the
other system has reasons of its own for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import ConvgradeError

BOM = b"\xef\xbb\xbf"
_QUOTED = re.compile(rb'"[^"]*"')


@dataclass(frozen=True)
class Cell:
    """A cell's text and where its bytes, quotes and all, stand in the file."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Sheet:
    path: Path
    data: bytes
    rows: tuple[tuple[Cell, ...], ...]  # blank lines are none

    @property
    def header(self) -> list[str]:
        return [cell.text for cell in self.rows[0]]

    def replaced(self, cells: Mapping[Cell, str]) -> bytes:
        """The file with the given cells' bytes replaced by the given texts, already quoted where needed."""
        pieces, at = [], 0
        for cell in sorted(cells, key=lambda cell: cell.start):
            pieces += [self.data[at : cell.start], cells[cell].encode()]
            at = cell.end
        return b"".join([*pieces, self.data[at:]])


def read(path: Path) -> Sheet:
    """Find the cells of a CSV. The first of comma, semicolon and tab in its header, quotes aside, separates them.

    Raises ConvgradeError for a file that cannot be read, is no UTF-8, is empty, or has a quote that never ends.
    """
    try:
        data = path.read_bytes()
        data.decode("utf-8")
    except OSError as error:
        raise ConvgradeError(f"it cannot be read: {error.strerror}", where=str(path), todo="Name it with --like.") from None
    except UnicodeDecodeError as error:
        todo = "Download it again, and do not save it from a spreadsheet."
        raise ConvgradeError(f"not UTF-8 at byte {error.start}", where=str(path), todo=todo) from None
    start = len(BOM) if data.startswith(BOM) else 0
    first = _QUOTED.sub(b"", data[start:].lstrip(b"\r\n")).split(b"\n", 1)[0]
    separator = min((sign for sign in b",;\t" if sign in first), key=first.index, default=b","[0])
    rows = tuple(_rows(path, data, start, separator))
    if not rows:
        raise ConvgradeError("it is empty", where=str(path), todo="Export it from the course once more.")
    return Sheet(path, data, rows)


def _rows(path: Path, data: bytes, at: int, separator: int):
    row: list[Cell] = []
    while at < len(data):
        start, at = at, _end(path, data, at, separator)
        row.append(Cell(_text(data[start:at]), start, at))
        if at < len(data) and data[at] == separator:
            at += 1
            if at == len(data):
                row.append(Cell("", at, at))
            continue
        if len(row) > 1 or row[0].text:
            yield tuple(row)
        row = []
        at += 2 if data[at : at + 2] == b"\r\n" else 1
    if row:
        yield tuple(row)


def _end(path: Path, data: bytes, at: int, separator: int) -> int:
    """Where the cell that starts at ``at`` ends. Inside quotes a line end is text, and two quotes are one."""
    begin = at
    if data[at : at + 1] == b'"':
        at += 1
        while True:
            at = data.find(b'"', at)
            if at < 0:
                line = data.count(b"\n", 0, begin) + 1
                raise ConvgradeError("a quote never ends", where=f"{path}:{line}", todo="Export the file once more.")
            if data[at + 1 : at + 2] != b'"':
                at += 1
                break
            at += 2
    while at < len(data) and data[at] != separator and data[at] not in b"\r\n":
        at += 1
    return at


def _text(raw: bytes) -> str:
    text = raw.decode("utf-8")
    if text.startswith('"'):
        closing = text.rindex('"')
        return text[1:closing].replace('""', '"') + text[closing + 1 :]
    return text
