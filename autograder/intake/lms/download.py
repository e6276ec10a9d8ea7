"""A download of a whole class, a folder or a zip of it, as one tree.

A zip's names are steps of this tree and nothing else, so none of them can lead anywhere; each file is read when asked for.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import Protocol

from autograder.intake.archive import Entry, Unreadable, class_zip
from autograder.intake.names import ARCHIVES, TooLarge, read_regular
from autograder.intake.unpack import IGNORED, MAX_DEPTH

MAX_STEPS, MAX_NAME = 20, 255  # of a path in a zip; no system that packs classes writes longer ones


@dataclass(frozen=True)
class Found:
    """A file by its steps below whatever is looked at. ``read`` gives at most so many bytes, or OSError or Unreadable."""

    steps: tuple[str, ...]
    read: Callable[[int], bytes]

    @property
    def name(self) -> str:
        return self.steps[-1]


class Tree(Protocol):
    """A folder, wherever it is: what lies in it directly, without what systems leave behind and what is hidden."""

    def folders(self) -> dict[str, Tree]: ...
    def files(self) -> list[Found]: ...


@contextmanager
def opened(path: Path) -> Iterator[Tree | None]:
    """The tree of a folder, or of a zip for as long as the context lasts; None for anything else."""
    if path.is_dir():
        yield _Folder(path)
        return
    tree = None
    with ExitStack() as stack:
        if path.is_file():  # to open a pipe would be to wait for it
            with suppress(OSError, Unreadable):
                tree = _grown(stack.enter_context(class_zip(path)))
        yield tree


def roots(tree: Tree | None) -> Iterator[Tree]:
    """Where a download may begin: at the top, and in the only folder of it where there is nothing beside that."""
    if tree is None:
        return
    yield tree
    folders = tree.folders()
    if len(folders) == 1 and not tree.files():
        yield from folders.values()


def below(tree: Tree) -> Iterator[Found]:
    """Every file of a tree with its steps from there, the shallowest first, no deeper than known files may lie."""
    level: list[tuple[tuple[str, ...], Tree]] = [((), tree)]
    for _ in range(MAX_DEPTH + 1):
        deeper = []
        for steps, here in level:
            yield from (Found((*steps, one.name), one.read) for one in here.files())
            deeper += [((*steps, name), folder) for name, folder in here.folders().items()]
        level = deeper


@dataclass(frozen=True)
class _Folder:
    path: Path

    def folders(self) -> dict[str, Tree]:
        return {one.name: _Folder(Path(one.path)) for one in self._listed() if one.is_dir(follow_symlinks=False)}

    def files(self) -> list[Found]:
        files = [one for one in self._listed() if not one.is_dir(follow_symlinks=False)]
        return [Found((one.name,), partial(read_regular, Path(one.path))) for one in files]

    def _listed(self) -> list[os.DirEntry]:
        try:
            return sorted((one for one in os.scandir(self.path) if not _passed_over(one.name)), key=lambda one: one.name)
        except OSError:
            return []


@dataclass
class _Zipped:
    inner: dict[str, _Zipped] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)

    def folders(self) -> dict[str, Tree]:
        return dict(sorted(self.inner.items()))

    def files(self) -> list[Found]:
        return sorted(self.found, key=lambda one: one.name)


def _grown(entries: Iterable[Entry | str]) -> Tree:
    """A zip's entries as a tree. What points upwards stays in the folder it starts in, and cannot be read."""
    top = _Zipped()
    for entry in entries:
        path = entry if isinstance(entry, str) else entry.path
        steps = [unicodedata.normalize("NFC", step) for step in path.replace("\\", "/").split("/") if step not in ("", ".")]
        read = partial(_read, entry)
        if ".." in steps:
            steps = [step for step in steps if step != ".."]
            steps, read = steps[:1] + steps[1:][-1:], _refused
        if path.endswith(("/", "\\")):
            steps.append(".")  # the folder alone
        if not steps or len(steps) > MAX_STEPS or any(len(step) > MAX_NAME for step in steps):
            continue
        # Up to the first name that is passed over: a student who handed in nothing else still has a folder.
        shown = list(takewhile(lambda step: not _passed_over(step), steps))
        here = top
        for step in shown if len(shown) < len(steps) else shown[:-1]:
            here = here.inner.setdefault(step, _Zipped())
        if len(shown) == len(steps):
            here.found.append(Found((steps[-1],), read))
    return top


def _refused(most: int) -> bytes:
    raise Unreadable("intake.outside")


def _read(entry: Entry | str, most: int) -> bytes:
    if isinstance(entry, str):
        raise Unreadable("intake.not_regular")
    data = entry.read(most)
    if len(data) > most:
        raise TooLarge(most)
    return data


def _passed_over(name: str) -> bool:
    return name in IGNORED or name.startswith(".")


def candidate(name: str) -> bool:
    """Whether a file in a folder of submissions may be one of them, by its name."""
    return name.lower().endswith((*ARCHIVES, ".ipynb"))
