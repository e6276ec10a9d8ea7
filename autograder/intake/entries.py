"""One submission for each entry of a plain class, known by its name; or for the one that a path is."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

from msgspec.structs import replace

from autograder.course.course import KnownFiles
from autograder.errors import ConvgradeError
from autograder.intake.archive import MAX_NOTEBOOK, Unreadable
from autograder.intake.gather import MAX_ARCHIVE, MAX_FILES, gathered
from autograder.intake.likeness import COPY, NOTEBOOK, likeness
from autograder.intake.names import ARCHIVES, FOREIGN, UNFINISHED, Ids, beside_a_class, fold, safe_id, stem
from autograder.intake.tree import Found, Tree, below, opened, read_regular, trouble_of
from autograder.model import Message, Submission
from autograder.text import line, shorten

_OFFICE = (b"[Content_Types].xml", b"word/", b"mimetype")


@dataclass(frozen=True)
class Prefer:
    """Which of several hand-ins that claim one student counts: the newest, or the file that a table names for the id."""

    newest: bool = False
    files: dict[str, tuple[str, str]] = field(
        default_factory=dict
    )  # folded id -> the entry's name, and the row that says so

    def check(self, entries: Sequence[_Entry]) -> None:
        """Raise ConvgradeError for a row that names no entry of its student's."""
        for id, (file, where) in self.files.items():
            if not any(fold(one.id) == id and fold(one.entry) == fold(file) for one in entries):
                named = ", ".join(line(one.entry) for one in entries if fold(one.id) == id) or "none"
                todo = f"Write the entry's name as it stands in the folder. Entries of this student: {named}."
                raise ConvgradeError(f"{line(file)!r} is no entry of {line(id)}", where=where, todo=todo)


def identity(path: Path) -> str:
    """The student's id in a name: the file's or folder's stem, made safe to be a folder's name itself."""
    name = path.name or path.resolve().name
    return safe_id(name if path.is_dir() and not path.is_symlink() else stem(name))


def one_of(path: Path, known: KnownFiles) -> Submission:
    """The submission that a single path is: a folder, an archive or a notebook."""
    id = identity(path)
    if path.is_dir():
        name = _called(path.resolve().name, id)
        with opened(path) as tree:
            if tree is None:
                return Submission(id, name, trouble=Message("intake.no_access", {"file": line(path.name)[:100]}))
            return gathered(id, name, below(tree), known)
    return _submission(id, _called(stem(path.name), id), Found((path.name,), partial(read_regular, path)), known)


@dataclass(frozen=True)
class _Entry:
    """One student's entry in a class: its name, whose it is, and the folder or the file."""

    entry: str
    called: str
    content: Tree | Found
    notes: tuple[Message, ...] = ()

    @property
    def id(self) -> str:
        return safe_id(self.called)

    def changed(self) -> float:
        """When the newest of its files was changed (0: not known); a folder without files is older than any hand-in."""
        files = [self.content] if isinstance(self.content, Found) else islice(below(self.content), MAX_FILES)
        return max((one.changed for one in files), default=-math.inf)


def entries_of(tree: Tree, known: KnownFiles) -> list[_Entry]:
    """The students' entries in a class's folder, ordered by id; an instructor's tables and the homework's own files are left out."""
    entries = []
    for name, folder in tree.folders().items():
        entries.append(_Entry(name, name, folder))
    for one in tree.files():
        like = likeness(one.name, known)
        homework = like is not None and like.rank <= COPY
        if not beside_a_class(one.name) and not homework:
            entries.append(_Entry(one.name, stem(one.name), one))
    return sorted(entries, key=lambda one: (one.id, one.entry))


def preferred(entries: list[_Entry], prefer: Prefer | None) -> list[_Entry]:
    """The entries without those that a person said do not count; what was left out is noted at the one that does."""
    if prefer is None:
        return entries
    kept: list[_Entry] = []
    for each in _by_claim(entries).values():
        named, _ = prefer.files.get(fold(each[0].id), (None, ""))
        alike = [one for one in each if named is not None and fold(one.entry) == fold(named)]
        taken = next((one for one in alike if one.entry == named), alike[0] if alike else None)
        if taken is None and prefer.newest and len(each) > 1:
            taken = _newest(each)
        if taken is None or len(each) == 1:
            kept += each
            continue
        others = ", ".join(line(one.entry) for one in each if one is not taken)
        note = Message("intake.preferred", {"file": line(taken.entry)[:100], "others": shorten(others, 300)})
        kept.append(_Entry(taken.entry, taken.called, taken.content, (note,)))
    return sorted(kept, key=lambda one: (one.id, one.entry))


def _newest(entries: list[_Entry]) -> _Entry | None:
    """The entry that is newer than all others; None if two are as new, or if the time of one is not known."""
    times = [one.changed() for one in entries]
    last = max(times)
    return entries[times.index(last)] if all(times) and times.count(last) == 1 else None


def _by_claim(entries: list[_Entry]) -> dict[str, list[_Entry]]:
    claims: dict[str, list[_Entry]] = {}
    for one in entries:
        claims.setdefault(fold(one.id), []).append(one)
    return claims


def of_class(entries: list[_Entry], known: KnownFiles) -> Iterator[Submission]:
    """Yield one submission per entry. Entries that claim the same student each get a made-up id, so that no grade reaches the
    wrong person."""
    ids = Ids(one.id for one in entries)
    claims = _by_claim(entries)
    made: list[tuple[str, _Entry]] = []
    for each in claims.values():
        made += [(one.id if len(each) == 1 else ids.made_up(one.id, 1), one) for one in each]
    for id, one in sorted(made, key=lambda pair: pair[0]):
        each = claims[fold(one.id)]
        notes = list(one.notes)
        if len(each) > 1:
            others = shorten(", ".join(line(other.entry) for other in each if other is not one), 200)
            values = {"file": line(one.entry)[:100], "others": others, "claimed": one.id, "id": id}
            notes.append(Message("intake.same_name", values))
        name = _called(one.called, id) if len(each) == 1 else ""
        if isinstance(one.content, Found):
            submission = _submission(id, name, one.content, known)
            yield replace(submission, notes=(*notes, *submission.notes))
        else:
            yield gathered(id, name, below(one.content), known, notes)


def _called(name: str, id: str) -> str:
    """What people call a student, where the id does not say it."""
    name = shorten(line(name), 100)
    return "" if name == id else name


def _submission(id: str, name: str, file: Found, known: KnownFiles) -> Submission:
    """The hand-in that one file is: an archive or a notebook, by its name or, under another name, by what it holds."""
    lower = file.name.lower()
    like = likeness(file.name, known)
    if lower.endswith(ARCHIVES) or (like is not None and (like.name == NOTEBOOK or like.rank <= COPY)):
        return gathered(id, name, [file], known)
    values = {"file": line(file.name)[:100], "names": ", ".join(known.names)}
    if lower.endswith(UNFINISHED):
        return Submission(id, name, trouble=Message("intake.unfinished", values))
    try:
        data = file.read(MAX_ARCHIVE)
    except (OSError, Unreadable) as error:
        if lower.endswith(FOREIGN):
            return gathered(id, name, [file], known)
        if isinstance(error, OSError):
            return Submission(id, name, trouble=trouble_of(error, file.name))
        return _refused(id, name, file, values)
    meant = _kind(data)
    if meant is None:
        return _refused(id, name, file, values)
    submission = gathered(id, name, [Found((f"{stem(file.name)}{meant}",), lambda most: data, file.changed)], known)
    return replace(submission, notes=(Message("intake.by_content", values | {"kind": meant}), *submission.notes))


def _kind(data: bytes) -> str | None:
    if data[:4] == b"PK\x03\x04" and not any(sign in data[:4096] for sign in _OFFICE):
        return ".zip"
    if data[:2] == b"\x1f\x8b" or data[257:262] == b"ustar":
        return ".tar.gz"
    return ".ipynb" if data.lstrip()[:1] == b"{" and b'"nbformat"' in data and len(data) <= MAX_NOTEBOOK else None


def _refused(id: str, name: str, file: Found, values: dict[str, str]) -> Submission:
    lower = file.name.lower()
    key = "foreign" if lower.endswith(FOREIGN) else "one_file" if lower.endswith(".py") else "other_kind"
    return Submission(id, name, trouble=Message(f"intake.{key}", values))
