"""Names that a hand-in defines more than once, and where. Looked at line by line: nothing is parsed or run."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from autograder.intake.notebook import Notebook
from autograder.model import Message, Sources

_DEFINITION = re.compile(r"(?:async[ \t]+def|def|class)[ \t]+(\w+)")
_STUB = re.compile(r"^[ \t]+raise NotImplementedError", re.MULTILINE)  # not \s, which would read empty lines again and again
MOST_PLACES = 5


@dataclass(frozen=True)
class Twice:
    """A name, the file or "" for a notebook, the lines or cells that define it, and whether the last is only a stub."""

    name: str
    file: str
    places: tuple[int, ...]
    stub: bool

    @property
    def message(self) -> Message:
        where = "cells" if not self.file else "lines"
        key = f"twice.{where}_{'stub' if self.stub else 'last'}"
        *earlier, last = self.places[-MOST_PLACES:]
        return Message(key, {"name": self.name, "file": self.file, "earlier": ", ".join(map(str, earlier)), "last": last})


def twice(sources: Sources, book: Notebook, names: Collection[str]) -> list[Twice]:
    """Those of ``names`` that have more than one definition at the top level of a file or of the notebook's cells."""
    repeats = []
    for stem, source in sources.code.items():
        repeats += _twice(f"{stem}.py", _blocks(source), names)
    cells = [(number, name, block) for number, source in book.cells for _, name, block in _blocks(source)]
    return repeats + _twice("", cells, names)


def solved(sources: Sources, book: Notebook) -> set[str]:
    """The names whose last definition in a file, and in the notebook, is more than a stub."""
    last: dict[tuple[str, str], bool] = {}
    texts = [(stem, source) for stem, source in sources.code.items()] + [("", source) for _, source in book.cells]
    for file, source in texts:
        for _, name, block in _blocks(source):
            last[file, name] = _STUB.search(block) is None
    return {name for _, name in last} - {name for (_, name), whole in last.items() if not whole}


def _twice(file: str, blocks: list[tuple[int, str, str]], names: Collection[str]) -> list[Twice]:
    places: dict[str, list[tuple[int, str]]] = {}
    for place, name, block in blocks:
        if name in names:
            places.setdefault(name, []).append((place, block))
    return [
        Twice(name, file, tuple(place for place, _ in each), _STUB.search(each[-1][1]) is not None and len(each) > 1)
        for name, each in places.items()
        if len(each) > 1
    ]


def _blocks(source: str) -> list[tuple[int, str, str]]:
    """Line number, name and text of each definition at the top level, up to the next line that begins at the margin."""
    blocks: list[tuple[int, str, list[str]]] = []
    open = False
    for number, line in enumerate(source.splitlines(), 1):
        if definition := _DEFINITION.match(line):
            blocks.append((number, definition[1], [line]))
            open = True
        elif open and (not line.strip() or line[0] in " \t)#"):
            blocks[-1][2].append(line)
        else:
            open = False
    return [(number, name, "\n".join(lines)) for number, name, lines in blocks]
