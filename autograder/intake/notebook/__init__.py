"""A notebook as a hand-in: its code cells in order, its words, and nothing that it has stored of an earlier run.

Read with nbformat and never run here. Formats before 4 are brought up to it; outputs, metadata and what it says of its
kernel are not looked at.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from autograder.course import handout
from autograder.course.course import TEMPLATE, Course
from autograder.course.question import Question
from autograder.intake import pictures, written
from autograder.intake.archive import MAX_NOTEBOOK
from autograder.intake.encoding import NotText, text_of
from autograder.model import LANGUAGES, Message, Picture

MAX_CELLS = 2_000
MAX_ITEMS = 500_000  # of lists and objects, stored outputs too
_ITEM = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{,]', re.DOTALL)  # a text whole, or what begins or parts items
MAX_SOURCE = 1 << 20  # characters of all cells together
PLACEHOLDERS = ("_Type your answer here, replacing this text._",)  # otter's


@dataclass(frozen=True)
class Notebook:
    """``cells``: the source of each code cell by its number among all cells, from 1. ``texts``: the others', in order.

    ``pictures``: what is pasted into an answer's cell, by the part.
    """

    cells: tuple[tuple[int, str], ...]
    texts: tuple[written.Text, ...] = ()
    pictures: dict[str, tuple[Picture, ...]] = field(default_factory=dict)
    count: int = 0  # of all its cells

    def essays(self, names: Collection[str], template: Collection[str] | None = None) -> dict[str, str]:
        """The student's own text by the name of its written part, as ``written.read`` finds it."""
        return written.read(self.texts, names, template).answers


class Broken(Exception):
    """A notebook that cannot be read; ``message`` says why and where."""

    def __init__(self, key: str, **values: str | int):
        super().__init__(key)
        self.message = Message(key, values)


@dataclass(frozen=True)
class Template:
    """The notebook that students receive: its code cells, the ids of its cells, the lines of its text cells, stripped."""

    code: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()


def read(data: bytes, essays: Collection[str] = (), template: Template = Template()) -> Notebook:
    """The notebook in a file's bytes. ``essays`` names the written parts, so that a cell with such an id is its answer,
    also where it was turned into a code cell.

    Raises Broken if the file is not a notebook or a cell cannot be read; the message names the cell.
    """
    if len(data) > MAX_NOTEBOOK:
        raise Broken("intake.notebook_too_large", file="notebook.ipynb", megabytes=MAX_NOTEBOOK >> 20)
    raw = _parsed(data)
    cells = _bounded(_cells(_upgraded(raw)))
    code, texts, size = [], [], 0
    pasted: dict[str, tuple[Picture, ...]] = {}
    for number, cell in enumerate(cells, 1):
        source = _source(cell, number)
        size += len(source)
        if size > MAX_SOURCE:
            raise Broken("notebook.too_long", cell=number, kilobytes=MAX_SOURCE >> 10)
        ids = _ids(cell)
        own = next((id for id in ids if id in essays), "")
        if cell.get("cell_type") != "code" or (own and source.strip()):
            texts.append(written.Text(_words(source), own, not own and not template.ids.isdisjoint(ids)))
            images = pictures.attached(cell.get("attachments"), source) if own else ()
            if images:
                pasted[own] = (*pasted.get(own, ()), *images)[: pictures.MOST]
        elif source.strip():
            code.append((number, source))
    return Notebook(tuple(code), tuple(texts), pasted, len(cells))


NONE = Notebook(())


def handed_out(course: Course) -> Template:
    """What students receive as a notebook; nothing where none is handed out."""
    known = course.known_files
    paths = sorted(path for path in known.template if path.endswith(".ipynb") and "/" not in path)
    template = _handed_out(course.root / TEMPLATE / paths[0]) if paths else Template()
    if course.config.variants == 1:
        return template
    return Template(template.code, template.ids, template.lines | _of_variants(course.varying, course.pooled))


@cache
def _of_variants(questions: tuple[Question, ...], pooled: int) -> frozenset[str]:
    """The lines of the questions in every variant, as a notebook shows them."""
    texts = (
        handout.shown(handout.text(question, language, variant), language)
        for question in questions
        for variant in range(2, pooled + 1)
        for language in LANGUAGES
    )
    return frozenset(line.strip() for text in texts for line in text.splitlines())


@cache
def _handed_out(template: Path) -> Template:
    try:
        data = template.read_bytes()
        book = read(data)
        ids = frozenset(id for cell in _cells(_upgraded(_parsed(data))) for id in _ids(cell))
    except (OSError, Broken):
        return Template()
    lines = frozenset(line.strip() for text in book.texts for line in text.source.splitlines())
    return Template(frozenset(source.strip() for _, source in book.cells), ids, lines)


def _few(data: bytes) -> None:
    """Raises Broken where a file has more items than a notebook needs: each is an object in memory, of a byte or two in the file."""
    if sum(map(data.count, (b",", b"[", b"{"))) <= MAX_ITEMS:  # those in texts among them
        return
    items = 0
    for token in _ITEM.finditer(data):
        items += token.group()[:1] != b'"'
        if items > MAX_ITEMS:
            raise Broken("notebook.too_many_items", most=MAX_ITEMS)


def _parsed(data: bytes) -> dict[str, Any]:
    _few(data)
    try:
        raw = json.loads(text_of(data)[0])
    except NotText as error:
        raise Broken("notebook.not_text", byte=error.byte) from None
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
        own = _cells(sheet) if isinstance(sheet, dict) else []
        cells += _bounded(own, len(cells))
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
    """A cell's text, which JSON may hold as lines, and with lone surrogates, which are replaced."""
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise Broken("notebook.cell", cell=number)
    return source.encode("utf-8", "replace").decode()


def _ids(cell: Any) -> list[str]:
    """A cell's ids: its own, and the one that Colab keeps in the metadata."""
    if not isinstance(cell, dict):
        return []
    metadata = cell.get("metadata")
    ids = (cell.get("id"), metadata.get("id") if isinstance(metadata, dict) else None)
    return [id for id in ids if isinstance(id, str)]


def _words(source: str) -> str:
    for placeholder in PLACEHOLDERS:
        source = source.replace(placeholder, "")
    return written.uncommented(source).replace("<!--", "")
