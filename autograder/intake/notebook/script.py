"""A notebook that was saved as a Python file, made a notebook again: as Colab, nbconvert and editors with ``# %%`` write it.

Looked at line by line: nothing is parsed or run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from autograder.intake.encoding import NotText, text_of

_CELL = re.compile(r"#[ \t]?%%(?P<about>.*)|# In\[[ \d*]{0,9}\]:[ \t]*")
_HEAD = re.compile(r"#!|#[^\n]{0,80}coding[:=]")
_TEXT = re.compile(r"\[(?:markdown|md|raw)\]", re.IGNORECASE)
_QUOTES = ('"""', "'''")

Cell = tuple[str, str]  # kind and source


def notebook(data: bytes) -> bytes:
    """The notebook, in format 4. A file that is no text is given back as it is, for whoever reads notebooks to refuse."""
    try:
        lines = text_of(data)[0].splitlines()
    except NotText:
        return data
    while lines and _HEAD.match(lines[0]):
        del lines[0]
    cells = [
        {"cell_type": kind, "metadata": {}, "source": source, **({"outputs": []} if kind == "code" else {})}
        for kind, source in _cells(lines)
        if source.strip()
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}).encode()


def _cells(lines: list[str]) -> Iterator[Cell]:
    """Cells by their marks; what stands between two marks may hold texts of its own."""
    about, cell = "", []
    for line in [*lines, "# %%"]:
        mark = _CELL.fullmatch(line)
        if mark is None:
            cell.append(line)
            continue
        if _TEXT.search(about):
            yield "markdown", "\n".join(_uncommented(cell))
        else:
            yield from _apart(cell)
        about, cell = mark["about"] or "", []


def _apart(lines: list[str]) -> Iterator[Cell]:
    """Code, and the texts between: strings that begin and end at the margin, as Colab writes texts, and comments that stand alone
    between blank lines, as nbconvert does."""
    code: list[str] = []
    at = 0
    while at < len(lines):
        end = _string(lines, at) if not code or not code[-1].strip() else at
        text = "\n".join(lines[at:end]).strip()[3:-3] if end > at else ""
        if end == at and lines[at].startswith("#") and (not code or not code[-1].strip()):
            end = next((n for n in range(at, len(lines)) if not lines[n].startswith("#")), len(lines))
            alone = end == len(lines) or not lines[end].strip()
            text = "\n".join(_uncommented(lines[at:end])) if alone else ""
            end = end if alone else at
        if end == at:
            code.append(lines[at])
            at += 1
            continue
        yield "code", "\n".join(code)
        yield "markdown", text
        code, at = [], end
    yield "code", "\n".join(code)


def _string(lines: list[str], at: int) -> int:
    """Behind which line a text in three quotes ends that begins at this one and stands alone; ``at`` where there is none."""
    quotes = lines[at][:3]
    if quotes not in _QUOTES:
        return at
    if len(lines[at].rstrip()) >= 6 and lines[at].rstrip().endswith(quotes):
        return at + 1
    end = next((number for number in range(at + 1, len(lines)) if quotes in lines[number]), at)
    return end + 1 if end > at and lines[end].rstrip().endswith(quotes) and lines[end].count(quotes) == 1 else at


def _uncommented(lines: list[str]) -> list[str]:
    """Without the sign of a comment before each line, and without quotes around all."""
    text = "\n".join(line.removeprefix("#").removeprefix(" ") if line.startswith("#") else line for line in lines).strip()
    bare = text[3:-3] if text[:3] in _QUOTES and text.endswith(text[:3]) and len(text) >= 6 else text
    return bare.splitlines()
