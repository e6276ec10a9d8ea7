"""A notebook as a hand-in: its code cells in order, its words, and nothing that it has stored of an earlier run.

Read with nbformat and never run here. Formats before 4 are brought up to it; outputs, metadata and what it says of its
kernel are not looked at.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from autograder.course import Course
from autograder.model import Message, Sources

MAX_CELLS = 2_000
MAX_SOURCE = 1 << 20  # characters of all cells together
PLACEHOLDERS = ("_Type your answer here, replacing this text._",)  # otter's


@dataclass(frozen=True)
class Notebook:
    """``cells``: the source of each code cell by its number among all cells, from 1. ``words``: the Markdown of the others."""

    cells: tuple[tuple[int, str], ...]
    words: str


class Broken(Exception):
    """A notebook that cannot be read; ``message`` says why and where."""

    def __init__(self, key: str, **values: str | int):
        super().__init__(key)
        self.message = Message(key, values)


def read(data: bytes, written: Collection[str] = ()) -> Notebook:
    """The notebook in a file's bytes. ``written`` names the written parts, so that a cell with such an id is its answer.

    Raises Broken for what is no notebook, and where it is, for the cell.
    """
    raw = _parsed(data)
    cells = _cells(_upgraded(raw))
    if len(cells) > MAX_CELLS:
        raise Broken("notebook.too_many_cells", cells=len(cells), most=MAX_CELLS)
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
            words.append(_words(cell, source, written))
    return Notebook(tuple(code), "\n\n".join(words))


NONE = Notebook((), "")


def opened(sources: Sources, course: Course) -> tuple[Sources, Notebook]:
    """The notebook of a submission; an empty one where there is none, or only the one that was handed out.

    What cannot be read is noted in the sources, and is their trouble where there is nothing else to grade. Never raises.
    """
    if sources.notebook is None:
        return sources, NONE
    try:
        book = read(sources.notebook, course.written)
    except Broken as broken:
        if sources.code or sources.answers is not None or sources.written is not None:
            return replace(sources, notes=(*sources.notes, broken.message)), NONE
        return replace(sources, trouble=broken.message), NONE
    template = handed_out(course.root / "student_template" / "hw3.ipynb")
    untouched = template.issuperset(source.strip() for _, source in book.cells)
    return sources, Notebook((), book.words) if untouched else book


@cache
def handed_out(template: Path) -> frozenset[str]:
    """The code cells that students receive; none where no notebook is handed out."""
    try:
        return frozenset(source.strip() for _, source in read(template.read_bytes()).cells)
    except (OSError, Broken):
        return frozenset()


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        raw = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Broken("notebook.not_text", byte=error.start) from None
    except json.JSONDecodeError as error:
        raise Broken("notebook.not_json", line=error.lineno, column=error.colno, reason=error.msg) from None
    except (RecursionError, ValueError):  # nested without end; an integer of thousands of digits
        raise Broken("notebook.not_json", line=1, column=1, reason="nested too deeply") from None
    if not isinstance(raw, dict) or not isinstance(raw.get("nbformat"), int):
        raise Broken("notebook.none")
    return raw


def _upgraded(raw: dict[str, Any]) -> dict[str, Any]:
    """The notebook in format 4. What is in format 4 already is read as it is, however badly it keeps to it."""
    if raw["nbformat"] == 4:
        return raw
    import nbformat

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return nbformat.convert(nbformat.from_dict(raw), 4)
    except Exception as error:  # whatever an old format's reader meets in what is none
        reason = f"{type(error).__name__}: {error}"[:200]
        raise Broken("notebook.old", version=raw["nbformat"], reason=reason) from None


def _cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise Broken("notebook.none")
    return cells


def _source(cell: Any, number: int) -> str:
    source = cell.get("source", "") if isinstance(cell, dict) else None
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise Broken("notebook.cell", cell=number)
    return source


def _words(cell: dict[str, Any], source: str, written: Collection[str]) -> str:
    """A text cell; below a heading of its own where its id says whose answer it is."""
    for placeholder in PLACEHOLDERS:
        source = source.replace(placeholder, "")
    own = cell.get("id")
    return f"## {own}\n\n{source}" if isinstance(own, str) and own in written else source
