"""A notebook as a hand-in: its code cells in order, its words, and nothing that it has stored of an earlier run.

Read with nbformat and never run here. Formats before 4 are brought up to it; outputs, metadata and what it says of its
kernel are not looked at.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from autograder.course.course import Course
from autograder.intake import written
from autograder.intake.archive import MAX_NOTEBOOK
from autograder.model import Message, Sources

MAX_CELLS = 2_000
MAX_ITEMS = 500_000  # of lists and objects, stored outputs too
_ITEM = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{,]', re.DOTALL)  # a text whole, or what begins or parts items
MAX_SOURCE = 1 << 20  # characters of all cells together
OWN = "\0"  # before each line of a cell that is an answer itself: a heading in it is the student's own and ends nothing
PLACEHOLDERS = ("_Type your answer here, replacing this text._",)  # otter's


@dataclass(frozen=True)
class Notebook:
    """``cells``: the source of each code cell by its number among all cells, from 1. ``words``: the Markdown of the others."""

    cells: tuple[tuple[int, str], ...]
    words: str

    def essays(self, names: Collection[str]) -> dict[str, str]:
        """The student's own text by the name of its written part, as ``written.split`` finds it."""
        found = {name: text.replace(OWN, "").strip() for name, text in written.split(self.words, names).items()}
        return {name: text for name, text in found.items() if text}


class Broken(Exception):
    """A notebook that cannot be read; ``message`` says why and where."""

    def __init__(self, key: str, **values: str | int):
        super().__init__(key)
        self.message = Message(key, values)


def read(data: bytes, essays: Collection[str] = ()) -> Notebook:
    """The notebook in a file's bytes. ``essays`` names the written parts, so that a cell with such an id is its answer.

    Raises Broken for what is no notebook, and where it is, for the cell.
    """
    if len(data) > MAX_NOTEBOOK:
        raise Broken("intake.notebook_too_large", file="notebook.ipynb", megabytes=MAX_NOTEBOOK >> 20)
    raw = _parsed(data)
    cells = _bounded(_cells(_upgraded(raw)))
    code, words, size = [], [], 0
    for number, cell in enumerate(cells, 1):
        source = _source(cell, number)
        size += len(source)
        if size > MAX_SOURCE:
            raise Broken("notebook.too_long", cell=number, kilobytes=MAX_SOURCE >> 10)
        if cell.get("cell_type") == "code":
            if source.strip():
                code.append((number, source))
        else:
            words.append(_words(cell, source, essays))
    return Notebook(tuple(code), "\n\n".join(words))


NONE = Notebook((), "")


def opened(sources: Sources, course: Course) -> tuple[Sources, Notebook]:
    """The notebook of a submission; an empty one where there is none, or only the one that was handed out.

    What cannot be read is noted in the sources, and is their trouble where there is nothing else to grade; that there is
    no code is noted where there is nothing else. Never raises.
    """
    if sources.notebook is None:
        return sources, NONE
    more = bool(sources.code) or sources.answers is not None or sources.written is not None
    try:
        book = read(sources.notebook, course.written)
    except Broken as broken:
        return (_noted(sources, broken.message) if more else replace(sources, trouble=broken.message)), NONE
    template = handed_out(course.root / "student_template" / "hw3.ipynb")
    if not template.issuperset(source.strip() for _, source in book.cells):
        return sources, book
    if not more:  # in a folder of files it is only what was handed out with them
        sources = _noted(sources, Message("notebook.untouched" if book.cells else "notebook.no_code"))
    return sources, Notebook((), book.words)


def _noted(sources: Sources, message: Message) -> Sources:
    return replace(sources, notes=(*sources.notes, message))


@cache
def handed_out(template: Path) -> frozenset[str]:
    """The code cells that students receive; none where no notebook is handed out."""
    try:
        return frozenset(source.strip() for _, source in read(template.read_bytes()).cells)
    except (OSError, Broken):
        return frozenset()


def _few(data: bytes) -> None:
    """Raises Broken where a file has more items than a notebook needs: each is an object in memory, of a byte or two in the file."""
    items = 0
    for token in _ITEM.finditer(data):
        items += token.group()[:1] != b'"'
        if items > MAX_ITEMS:
            raise Broken("notebook.too_many_items", most=MAX_ITEMS)


def _parsed(data: bytes) -> dict[str, Any]:
    _few(data)
    try:
        raw = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Broken("notebook.not_text", byte=error.start) from None
    except json.JSONDecodeError as error:
        raise Broken("notebook.not_json", line=error.lineno, column=error.colno, reason=error.msg) from None
    except RecursionError:
        raise Broken("notebook.not_json", line=1, column=1, reason="nested too deeply") from None
    except ValueError:
        raise Broken("notebook.not_json", line=1, column=1, reason="an integer of thousands of digits") from None
    if not isinstance(raw, dict) or type(raw.get("nbformat")) is not int:
        raise Broken("notebook.none")
    return raw


def _upgraded(raw: dict[str, Any]) -> dict[str, Any]:
    """The notebook in format 4. What is in format 4 already is read as it is, however badly it keeps to it."""
    if raw["nbformat"] == 4:
        return raw
    if raw["nbformat"] not in (2, 3):
        raise Broken("notebook.old", version=str(raw["nbformat"])[:20], reason="only formats 2 to 4 are read")
    bare = _bare(raw)
    import nbformat

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return nbformat.convert(nbformat.from_dict(bare), 4)
    except Exception as error:  # whatever an old format's reader meets in what is none
        reason = f"{type(error).__name__}: {error}"[:200]
        raise Broken("notebook.old", version=raw["nbformat"], reason=reason) from None


def _bare(raw: dict[str, Any]) -> dict[str, Any]:
    """An old notebook with its cells' own texts alone: what it has stored besides could take minutes to bring up."""
    sheets = raw.get("worksheets")
    if not isinstance(sheets, list):
        raise Broken("notebook.old", version=raw["nbformat"], reason="it has no worksheets")
    cells: list[dict[str, Any]] = []
    for sheet in sheets:
        found = _cells(sheet) if isinstance(sheet, dict) else []
        cells += _bounded(found, len(cells))
    for number, cell in enumerate(cells, 1):
        kind = cell.get("cell_type") if isinstance(cell, dict) else None
        text = _text(cell.get("input" if kind == "code" else "source", ""), number) if isinstance(kind, str) else ""
        code = {"input": text, "language": "python", "outputs": [], "collapsed": False}
        level = {"level": cell["level"]} if kind == "heading" and cell.get("level") in range(1, 7) else {}
        cells[number - 1] = {"cell_type": kind, "metadata": {}, **(code if kind == "code" else {"source": text, **level})}
    return {
        "nbformat": raw["nbformat"],
        "nbformat_minor": 0,
        "metadata": {},
        "worksheets": [{"cells": cells, "metadata": {}}],
    }


def _bounded(cells: list[Any], before: int = 0) -> list[Any]:
    if before + len(cells) > MAX_CELLS:
        raise Broken("notebook.too_many_cells", cells=before + len(cells), most=MAX_CELLS)
    return cells


def _cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise Broken("notebook.none")
    return cells


def _source(cell: Any, number: int) -> str:
    return _text(cell.get("source", "") if isinstance(cell, dict) else None, number)


def _text(source: Any, number: int) -> str:
    """A cell's text, which JSON may hold as lines, and with halves of characters that are none."""
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise Broken("notebook.cell", cell=number)
    return source.encode("utf-8", "replace").decode()


def _words(cell: dict[str, Any], source: str, essays: Collection[str]) -> str:
    """A text cell; below a heading of its own where its id says whose answer it is (Colab keeps it in the metadata)."""
    for placeholder in (*PLACEHOLDERS, OWN):
        source = source.replace(placeholder, "")
    source = written.uncommented(source).replace("<!--", "")
    metadata = cell.get("metadata")
    ids = (cell.get("id"), metadata.get("id") if isinstance(metadata, dict) else None)
    own = next((id for id in ids if isinstance(id, str) and id in essays), None)
    return source if own is None else f"## {own}\n\n" + "".join(OWN + line for line in source.splitlines(keepends=True))
