"""Which files of a hand-in are the homework's, by their names and where they lie: the one chooser for every place.

Folders and archives are the same here: an archive is a folder called as it is. A file is known by its name, or by a name that
somebody's browser, copy or typing made of it, where no other file has the name itself. Nothing is chosen among hand-ins that
may be of two people: files from two folders, neither of which lies in the other, are not put together.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from autograder.course.course import KnownFiles
from autograder.intake.likeness import CALLED, ENDINGS, NOTEBOOK, bare, bare_word, likeness, neutral, plain_word
from autograder.intake.names import shown_path, stem
from autograder.model import Message
from autograder.text import line, shorten

NAMED = 10  # files that were left out, by name; then only how many
MAX_NOTES = 40  # of one submission's files; then only how many


@dataclass(frozen=True)
class File:
    """A file of a hand-in: its steps, those in an archive below the archive's name, and its bytes."""

    steps: tuple[str, ...]
    data: bytes
    packed: int = 0  # how many archives it came out of

    @property
    def shown(self) -> str:
        return shown_path("/".join(self.steps))

    @property
    def folder(self) -> tuple[str, ...]:
        """Its folder's steps, in which ``hw3.zip`` and ``hw3`` are one."""
        return tuple(bare(step) for step in self.steps[:-1])


@dataclass
class Chosen:
    """``files`` by known name; ``notebooks`` by preference; ``trouble`` where it is not clear what belongs together."""

    files: dict[str, File] = field(default_factory=dict)
    notebooks: list[File] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    trouble: Message | None = None


def choose(files: Sequence[File], known: KnownFiles, *, sure: bool = False) -> Chosen:
    """Choose one file for each of the homework's names: the exact name before a copy, then the one nearest the top. An untouched
    handed-out file is used only if there is no other.

    ``sure``: it is known that all of them are one person's, so that different files may come out of different folders.
    """
    claims: dict[str, list[tuple[tuple, File]]] = {}
    for file in files:
        like = likeness(file.steps[-1], known)
        if like is not None and not (like.rank and known.handed_out("/".join(file.steps))):  # tests/otter/q2.py is no answer
            # The name itself counts before a copy of it, wherever that lies.
            order = (known.untouched(file.data), like.rank, file.packed, len(file.steps), -like.copy)
            claims.setdefault(like.name, []).append((order, file))
    chosen = Chosen()
    for name, each in claims.items():
        each.sort(key=lambda claim: claim[0])
        if name == NOTEBOOK:
            chosen.notebooks = _distinct(file for _, file in each)
            continue
        order, taken = each[0]
        if order[1] == CALLED and len({file.data for _, file in each}) > 1:  # two that bear the name: which one is meant?
            chosen.notes += [Message("intake.looks_like", {"file": file.shown, "name": name}) for _, file in each]
            continue
        rivals = [file for its, file in each[1:] if its[:4] == order[:4] and file.folder != taken.folder]
        if any(rival.data != taken.data for rival in rivals):
            chosen.trouble = chosen.trouble or _several([taken, *rivals])
        chosen.files[name] = taken
        others = [(its, file) for its, file in each[1:] if file.data != taken.data and not its[0]]
        chosen.notes += [_left(file, taken, order, its) for its, file in others]
        if order[1]:
            chosen.notes.append(Message("intake.named_otherwise", {"file": taken.shown, "name": name}))
    together = [*chosen.files.values(), *([] if chosen.files else chosen.notebooks)]
    if chosen.trouble is None and not sure and not _together(together, known):
        chosen.trouble = _several(together)
    if chosen.trouble is not None:
        chosen.notes.clear()
    return chosen


def _left(file: File, taken: File, order: tuple, its: tuple) -> Message:
    older = its[:4] == order[:4] or its[1]
    return Message("intake.copy" if older else "intake.twice", {"file": file.shown, "taken": taken.shown})


def _distinct(files: Iterable[File]) -> list[File]:
    """Without copies that are the same byte for byte."""
    kept: dict[bytes, File] = {}
    for file in files:
        kept.setdefault(file.data, file)
    return list(kept.values())


def _together(files: Sequence[File], known: KnownFiles) -> bool:
    """Whether these may be one person's: each folder lies in the other, or bears nobody's name."""
    own = {tuple(step for step in file.folder if not neutral(step, known)) for file in files}
    longest = max(own, key=len, default=())
    return all(longest[: len(folder)] == folder for folder in own)


def _several(files: Sequence[File]) -> Message:
    places = sorted({"/".join(file.steps[:-1]) or "." for file in files})
    return Message("intake.several", {"folders": shorten(line(", ".join(places)), 200)})


def fewer(notes: Sequence[Message]) -> list[Message]:
    """The notes of files that were left out; of more than can be read the first, and how many more there are."""
    over = len(notes) - MAX_NOTES
    return [*notes[:MAX_NOTES], *([Message("intake.ignored_more", {"count": over})] if over > 0 else [])]


def note_ignored(paths: Iterable[str], known: KnownFiles, missing: Iterable[str] = ()) -> list[Message]:
    """The notes for files that were left out; what was handed out with the homework is not worth one.

    A file whose name is nearly one of ``missing`` is asked about.
    """
    notes: list[Message] = []
    others = [path for path in paths if not known.handed_out(path)]
    free = list(missing)
    for path in others[:NAMED]:
        name, values = path.rsplit("/", 1)[-1], {"file": shown_path(path)}
        word = plain_word(stem(name))[0]
        other = next((one for one in free if word == bare_word(one.rpartition(".")[0])), None)
        meant = other or _meant(name, free)
        key = "intake.other_format" if other else "intake.looks_like" if meant else "intake.ignored"
        notes.append(Message(key, values | {"name": meant} if meant else values))
    if len(others) > NAMED:
        notes.append(Message("intake.ignored_more", {"count": len(others) - NAMED}))
    return notes


def _meant(name: str, free: Sequence[str]) -> str | None:
    """The known name that a file's name is a slip of; None where it is none, or a test."""
    word, _, ending = name.casefold().rpartition(".")
    if word.startswith(("test", "conftest")) or len(name) > 100:
        return None
    fitting = [one for one in free if f".{ending}" in ENDINGS[f".{one.rpartition('.')[2]}"]]
    within = [one for one in fitting if re.search(rf"(?<![a-z0-9]){re.escape(one.rpartition('.')[0])}(?![a-z0-9])", word)]
    near = difflib.get_close_matches(f"{word}.{ending}", fitting, 1, 0.8)
    return next(iter([*within, *near]), None)
