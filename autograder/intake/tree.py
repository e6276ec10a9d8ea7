"""Whatever was named, as one tree: a folder on a disk or a zip. Files are read when asked for, and no link is followed.

A folder may belong to a student who is logged in and changes it meanwhile. So each step down from the folder that was named
is opened by itself, relative to the step above and refusing links: no swap of a folder for a link leads out of the tree.
A zip's names are steps of its tree and nothing else, so none of them can lead anywhere.
"""

from __future__ import annotations

import errno
import os
import stat
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import Protocol

from autograder.intake.archive import Entry, Unreadable, class_zip
from autograder.intake.names import passed_over
from autograder.model import Message
from autograder.text import line

MAX_DEPTH = 8  # folders above a known file: some pack with the whole path, home/ali/Documents/uni/hw3
MAX_STEPS, MAX_NAME = 20, 255  # of a path in a zip; no system that packs classes writes longer ones
DAY = 86_400  # clocks and time zones differ
FIRST_KNOWN = 347_155_200  # 1981, in seconds since 1970: a zip without times says 1980
_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW
_ENTER = os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY | os.O_NOFOLLOW


@dataclass(frozen=True)
class Found:
    """A file by its steps below whatever is looked at, and when it was last changed (seconds since 1970, 0: not known).

    ``read`` gives at most so many bytes, or raises OSError or Unreadable.
    """

    steps: tuple[str, ...]
    read: Callable[[int], bytes]
    changed: float = 0.0

    @property
    def name(self) -> str:
        return self.steps[-1]


class Tree(Protocol):
    """A folder, wherever it is: what lies in it directly, without what systems leave behind and what is hidden."""

    def folders(self) -> dict[str, Tree]: ...
    def files(self) -> list[Found]: ...


class TooLarge(OSError):
    """What is raised for a file of more than ``most`` bytes."""

    def __init__(self, most: int):
        super().__init__(errno.EFBIG, f"larger than {most >> 20} MB")
        self.most = most


@contextmanager
def opened(path: Path) -> Iterator[Tree | None]:
    """The tree of a folder, or of a zip for as long as the context lasts; None for anything else."""
    with ExitStack() as stack:
        tree: Tree | None = None
        with suppress(OSError, Unreadable):
            if path.is_dir():
                tree = _Folder(stack.enter_context(closing(_RootFolder(path))))
            elif path.is_file():  # to open a pipe would be to wait for it
                tree = _grown(stack.enter_context(class_zip(path)))
        yield tree


def below(tree: Tree) -> Iterator[Found]:
    """Every file of a tree with its steps from there, the shallowest first, no deeper than known files may lie."""
    level: list[tuple[tuple[str, ...], Tree]] = [((), tree)]
    for _ in range(MAX_DEPTH + 1):
        deeper = []
        for steps, here in level:
            yield from (Found((*steps, one.name), one.read, one.changed) for one in here.files())
            deeper += [((*steps, name), folder) for name, folder in here.folders().items()]
        level = deeper


def read_regular(path: Path, most: int) -> bytes:
    """The bytes of a regular file, at most ``most``. Raises OSError for a link, a device, a pipe, and what is larger."""
    return _regular(os.open(path, _READ), most)


def trouble_of(error: OSError, name: str) -> Message:
    """The sentence for a file that could not be read."""
    shown = line(name)[:100]
    if error.errno in (errno.ELOOP, errno.EINVAL, errno.ENXIO, errno.ENOTDIR):
        return Message("intake.not_regular", {"file": shown})
    if isinstance(error, TooLarge):
        kind = "notebook" if name.lower().endswith(".ipynb") else "file"
        return Message(f"intake.{kind}_too_large", {"file": shown, "megabytes": error.most >> 20})
    return Message("intake.unreadable", {"file": shown, "reason": str(error.strerror)})


def _regular(descriptor: int, most: int) -> bytes:
    with open(descriptor, "rb") as file:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        if about.st_size > most:
            raise TooLarge(most)
        return file.read(most)


class _RootFolder:
    """The folder that was named, held open. Only this one may be reached by a link: who named it chose it."""

    def __init__(self, path: Path):
        self.descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)

    def close(self) -> None:
        os.close(self.descriptor)

    def enter(self, steps: tuple[str, ...]) -> int:
        """A descriptor of the folder at these steps. Raises OSError where one of them is a link or no folder."""
        here = os.dup(self.descriptor)
        for step in steps:
            above = here
            try:
                here = os.open(step, _ENTER, dir_fd=above)
            finally:
                os.close(above)
        return here


@dataclass(frozen=True)
class _Folder:
    top: _RootFolder
    steps: tuple[str, ...] = ()

    def folders(self) -> dict[str, Tree]:
        return {
            name: _Folder(self.top, (*self.steps, name)) for name, about in self._listed() if stat.S_ISDIR(about.st_mode)
        }

    def files(self) -> list[Found]:
        files = [(name, about) for name, about in self._listed() if not stat.S_ISDIR(about.st_mode)]
        return [Found((name,), partial(self._read, name), _known(about.st_mtime)) for name, about in files]

    def _listed(self) -> list[tuple[str, os.stat_result]]:
        listed = []
        with suppress(OSError):
            here = self.top.enter(self.steps)
            try:
                for name in sorted(os.listdir(here)):
                    if not passed_over(name):
                        with suppress(OSError):
                            listed.append((name, os.stat(name, dir_fd=here, follow_symlinks=False)))
            finally:
                os.close(here)
        return listed

    def _read(self, name: str, most: int) -> bytes:
        here = self.top.enter(self.steps)
        try:
            return _regular(os.open(name, _READ, dir_fd=here), most)
        finally:
            os.close(here)


@dataclass
class _Zipped:
    inner: dict[str, _Zipped] = field(default_factory=dict)
    members: list[Found] = field(default_factory=list)

    def folders(self) -> dict[str, Tree]:
        return dict(sorted(self.inner.items()))

    def files(self) -> list[Found]:
        return sorted(self.members, key=lambda one: one.name)


def _known(changed: float) -> float:
    """A time of change; 0, not known, for that of a packer that keeps none, such as our own ``pack.py``, and for one to come."""
    return changed if FIRST_KNOWN <= changed <= time.time() + DAY else 0.0


def _grown(entries: Iterable[Entry | str]) -> Tree:
    """A zip's entries as a tree. What points upwards stays in the folder it starts in, and cannot be read."""
    top = _Zipped()
    for entry in entries:
        path = entry if isinstance(entry, str) else entry.path
        steps = [unicodedata.normalize("NFC", step) for step in path.replace("\\", "/").split("/") if step not in ("", ".")]
        read: Callable[[int], bytes] = partial(_read, entry)
        if ".." in steps:
            steps = [step for step in steps if step != ".."]
            steps, read = steps[:1] + steps[1:][-1:], _refused
        if path.endswith(("/", "\\")):
            steps.append(".")  # the folder alone
        if not steps or len(steps) > MAX_STEPS or any(len(step) > MAX_NAME for step in steps):
            continue
        # Up to the first name that is passed over: a student who handed in nothing else still has a folder.
        shown = list(takewhile(lambda step: not passed_over(step), steps))
        here = top
        for step in shown if len(shown) < len(steps) else shown[:-1]:
            here = here.inner.setdefault(step, _Zipped())
        if len(shown) == len(steps):
            here.members.append(Found((steps[-1],), read, 0.0 if isinstance(entry, str) else _known(entry.changed)))
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
