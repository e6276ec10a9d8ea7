"""A download of a whole class, a folder or a zip of it, as one tree; and a submission out of the files of one student.

A zip's names are steps of this tree and nothing else, so none of them can lead anywhere; each file is read when asked for.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from autograder.archive import MAX_NOTEBOOK, Entry, Unreadable, class_zip
from autograder.course import KnownFiles
from autograder.found import ARCHIVES, MAX_ARCHIVE, read_regular, too_large, trouble_of
from autograder.model import Message, Sources, Submission
from autograder.safe_text import line, shorten
from autograder.unpack import IGNORED, MAX_DEPTH, known_name, note_ignored, unpack

MAX_FILES = 2_000  # of one student that are looked at
MAX_ARCHIVES = 5  # of one student that are opened
MAX_STEPS, MAX_NAME = 20, 255  # of a path in a zip; no system that packs classes writes longer ones
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?|[A-Za-z]+/[A-Za-z_/+-]+)?",
    re.ASCII,
)


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
        if not steps or len(steps) > MAX_STEPS or any(_passed_over(step) or len(step) > MAX_NAME for step in steps):
            continue
        here = top
        for step in steps[:-1]:
            here = here.inner.setdefault(step, _Zipped())
        here.found.append(Found((steps[-1],), read))
    return top


def _refused(most: int) -> bytes:
    raise Unreadable("intake.outside")


def _read(entry: Entry | str, most: int) -> bytes:
    if isinstance(entry, str):
        raise Unreadable("intake.not_regular")
    data = entry.read(most)
    if len(data) > most:
        raise too_large(most)
    return data


def _passed_over(name: str) -> bool:
    return name in IGNORED or name.startswith(".")


def candidate(name: str) -> bool:
    """Whether a file in a folder of submissions may be one of them, by its name."""
    return name.lower().endswith((*ARCHIVES, ".ipynb"))


def assembled(
    id: str, name: str, files: Iterable[Found], known: KnownFiles, notes: Sequence[Message] = (), handed_in: str = ""
) -> Submission:
    """One student's submission out of all the files there are, the shallowest first. Never raises for what they hold.

    Known files count before those inside an archive, and an earlier archive before a later one.
    """
    said = list(notes)
    taken: dict[str, bytes] = {}
    archives: dict[str, bytes] = {}
    others: list[str] = []
    for number, one in enumerate(files):
        shown = "/".join(one.steps)
        if number >= MAX_FILES:
            said.append(Message("intake.too_many_files", {"most": MAX_FILES}))
            break
        own = known_name(one.name, known)
        packed = own is None and len(one.steps) <= 2 and one.name.lower().endswith(ARCHIVES) and len(archives) < MAX_ARCHIVES
        if own is None and not packed:
            others.append(shown)
        elif own in taken:
            said.append(Message("intake.twice", {"file": _shown(shown)}))
        else:
            data = _bytes(one, MAX_ARCHIVE if packed else MAX_NOTEBOOK, said)
            if data is not None:
                (archives if packed else taken)[line(shown) if packed else own] = data
    said += note_ignored(iter(others))
    found_any = len(said) > len(notes)
    name = shorten(unicodedata.normalize("NFC", line(name)), 100)
    if len(archives) == 1 and not taken:
        return Submission(id, name, archives, packed=True, handed_in=handed_in, notes=tuple(said))
    for file, data in archives.items():
        _unpacked(file, data, known, taken, said)
    if taken:
        return Submission(id, name, taken, handed_in=handed_in, notes=tuple(said))
    trouble = Message("intake.nothing_known", {"names": ", ".join(known.names)}) if found_any else Message("intake.empty")
    return Submission(id, name, handed_in=handed_in, notes=tuple(said), trouble=trouble)


def _bytes(one: Found, most: int, said: list[Message]) -> bytes | None:
    shown = _shown("/".join(one.steps))
    try:
        return one.read(most)
    except OSError as error:
        said.append(trouble_of(error, shown))
    except Unreadable as error:
        said.append(Message(error.key, {**error.values, "file": shown}))
    return None


def _unpacked(file: str, data: bytes, known: KnownFiles, taken: dict[str, bytes], said: list[Message]) -> None:
    """Add the known files of an archive that is one of several files."""
    sources = unpack(Submission("", files={file: data}, packed=True), known)
    said += [*sources.notes, *([sources.trouble] if sources.trouble else [])]
    for name, inside in _files(sources, known).items():
        if name in taken:
            said.append(Message("intake.twice", {"file": _shown(f"{file}/{name}")}))
        else:
            taken[name] = inside


def _files(sources: Sources, known: KnownFiles) -> dict[str, bytes]:
    texts = {f"{stem}.py": text for stem, text in sources.code.items()}
    texts |= {known.answers: sources.answers, known.written: sources.written}
    files = {name: text.encode("utf-8", "replace") for name, text in texts.items() if text is not None}
    return files if sources.notebook is None else files | {"notebook.ipynb": sources.notebook}


def _shown(path: str) -> str:
    return shorten(line(path), 100)


def instant(text: str) -> str:
    """A point in time, as these systems write it, in ISO 8601 and UTC; "" where it is none. Without a zone it is UTC."""
    match = _TIME.fullmatch(text.strip()[:100])
    if match is None:
        return ""
    day, time, zone = match.groups()
    try:
        if zone is not None and "/" in zone:
            moment = datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=ZoneInfo(zone))
        else:
            moment = datetime.fromisoformat(f"{day}T{time}{zone if zone and zone[0] in '+-' else '+00:00'}")
        return moment.astimezone(UTC).isoformat()
    except (ValueError, OverflowError, OSError, KeyError):  # ZoneInfo raises a KeyError for a zone there is not
        return ""
