"""Gradescope's export of submissions: folders ``submission_<id>`` and one ``submission_metadata.yml`` that says whose they are.

The file is written by Ruby: its keys begin with a colon, its times may be objects of Ruby's. It is read as events, so no tag
of it means anything, every scalar is text, and what is not needed (results, which are most of it) is dropped as it passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from autograder.course.course import KnownFiles
from autograder.errors import ConvgradeError
from autograder.intake.archive import Unreadable
from autograder.intake.gather import gathered
from autograder.intake.lms.times import instant
from autograder.intake.names import Ids, fold, safe_id
from autograder.intake.tree import Found, Tree, below
from autograder.model import Message, Struct, Submission
from autograder.text import line
from autograder.words import say

TITLE = "Gradescope"
NAMED = re.compile(r"gradescope|^assignment_\d+_export", re.IGNORECASE)
BY_NAME = True  # a student's folder may hold such a file as well
METADATA = "submission_metadata.yml"
MAX_METADATA = 64 << 20
MAX_DEPTH = 100  # of nested lists and mappings
_FOLDER = re.compile(r"submission_\w+")
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Handed(Struct):
    """What the export says of one submission: its folder, who handed it in (id, name, address), when, and which came before."""

    folder: str
    members: tuple[tuple[str, str, str], ...] = ()
    handed_in: str = ""
    unclear: str = ""  # the time as it is written, where it cannot be read
    earlier: tuple[str, ...] = ()


def fits(tree: Tree, name: str) -> tuple[int, list[str]]:
    """How many folders of submissions there are beside the file of metadata, and what else there is."""
    names = [*tree.folders(), *(one.name for one in tree.files())]
    if METADATA not in names:
        return 0, names
    others = [one for one in names if one != METADATA and not _FOLDER.fullmatch(one)]
    return len(names) - len(others) - 1, others


def root(tree: Tree, name: str) -> Tree:
    return tree


def count(root: Tree, known: KnownFiles, where: str) -> int:
    """How many rows there will be: one for each member of each group."""
    return sum(max(1, len(handed.members)) for handed in _handed(root, where))


def collect(root: Tree, known: KnownFiles, where: str) -> Iterator[Submission]:
    """A submission for each member of each group, ordered by id. Raises ConvgradeError for metadata that cannot be read."""
    folders = root.folders()
    submissions = _handed(root, where)
    rows = [(*member, one) for one in submissions for member in one.members or ((one.folder, "", ""),)]
    claims: dict[str, set[tuple[str, str]]] = {}
    for id, name, address, _ in rows:
        claims.setdefault(fold(id), set()).add((name, address))
    ids = Ids(id for id, *_ in rows)  # a number that somebody has is not given to anybody else
    used: set[str] = set()
    for id, name, address, handed in sorted(rows, key=lambda row: row[:3]):
        folder = folders.get(handed.folder)
        files = below(folder) if folder is not None else ()
        notes = _notes(handed, folder)
        if len(claims[fold(id)]) > 1:  # two people claim the number, so neither gets it as an id
            notes.append(Message("intake.same_id", {"id": id}))
            id = ids.unique(safe_id(f"{id}_{address or name}"))
        elif fold(id) in used:
            id = ids.made_up(id)
        used.add(fold(id))
        yield gathered(id, name, files, known, notes, handed.handed_in, sure=True)


def _notes(handed: Handed, folder: Tree | None) -> list[Message]:
    notes = []
    if len(handed.members) > 1:
        names = ", ".join(name or id for id, name, _ in handed.members)
        notes.append(Message("intake.group", {"names": names, "folder": handed.folder}))
    if handed.earlier:
        notes.append(Message("intake.earlier", {"names": ", ".join(handed.earlier[:10]), "n": len(handed.earlier)}))
    if handed.unclear:
        notes.append(Message("intake.time", {"time": handed.unclear}))
    if folder is None:
        notes.append(Message("intake.no_folder", {"folder": handed.folder}))
    elif not handed.members:
        notes.append(Message("intake.nobody", {"folder": handed.folder}))
    return notes


def _handed(root: Tree, path: str) -> list[Handed]:
    """What the metadata tells, and after it the folders that it does not know."""
    where = f"{path}/{METADATA}"
    file = next(one for one in root.files() if one.name == METADATA)
    listed = [_one(key, value) for key, value in _metadata(file, where) if isinstance(value, dict)]
    known = {one.folder for one in listed}
    return listed + [Handed(name) for name in root.folders() if name not in known and _FOLDER.fullmatch(name)]


def _one(folder: str, about: dict[str, Any]) -> Handed:
    people = about.get("submitters")
    members = tuple(dict.fromkeys(filter(None, map(_member, people if isinstance(people, list) else []))))
    time = _time(about.get("created_at"))
    history = about.get("history")
    earlier = tuple(map(_earlier, history if isinstance(history, list) else []))
    at = instant(time)
    return Handed(line(folder)[:100], members, at, "" if at else line(time)[:40], earlier)


def _member(value: Any) -> tuple[str, str, str] | None:
    """A submitter's id (the student number, else what stands before the @ of the address, else the name), name and address."""
    if not isinstance(value, dict):
        return None
    sid, email, name = (line(_text(value.get(key)))[:100] for key in ("sid", "email", "name"))
    id = sid or email.partition("@")[0] or name
    return (safe_id(id), name, email) if id else None


def _earlier(value: Any) -> str:
    if not isinstance(value, dict):
        return line(_text(value))[:60]
    id, time = line(_text(value.get("id")))[:30], _time(value.get("created_at"))
    return ", ".join(filter(None, (id, instant(time) or line(time)[:40]))) or "?"


def _time(value: Any) -> str:
    """A time as text; Ruby's object for one holds it under ``utc``."""
    return _text(value.get("utc", value.get("time"))) if isinstance(value, dict) else _text(value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _metadata(file: Found, where: str) -> list[tuple[str, Any]]:
    """Key and value of each entry of the top mapping. Raises ConvgradeError for any other file."""
    todo = "Export the submissions from Gradescope once more."
    try:
        return list(_Events(file.read(MAX_METADATA)).entries())
    except OSError as error:
        raise ConvgradeError(f"it cannot be read: {error.strerror}", where=where, todo=todo) from None
    except Unreadable as error:
        why = say(Message(error.key, {**error.values, "file": METADATA}), "en").removesuffix(".")
        raise ConvgradeError(why, where=where, todo=todo) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        at = f"{where}:{mark.line + 1}" if mark else where
        raise ConvgradeError("it is not valid Gradescope metadata", where=at, todo=todo) from None


class _Misplaced(yaml.YAMLError):
    """What YAML allows there and Gradescope does not write: no mapping at the top, or one too deep."""

    def __init__(self, event: yaml.Event):
        super().__init__()
        self.problem_mark = event.start_mark


class _Events:
    """YAML as plain text, lists and mappings, keys without their colons."""

    def __init__(self, data: bytes):
        self.events = yaml.parse(data, Loader=_LOADER)
        self.anchors: dict[str, Any] = {}

    def entries(self) -> Iterator[tuple[str, Any]]:
        for event in self.events:
            if isinstance(event, yaml.MappingStartEvent):
                yield from self._pairs(1)
                return
            if isinstance(event, (yaml.ScalarEvent, yaml.SequenceStartEvent)):
                raise _Misplaced(event)

    def _pairs(self, depth: int) -> Iterator[tuple[str, Any]]:
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                return
            key = self._value(event, depth)
            value = self._value(next(self.events), depth)
            yield (key.strip(":") if isinstance(key, str) else ""), value

    def _value(self, event: yaml.Event, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise _Misplaced(event)
        if isinstance(event, yaml.AliasEvent):
            return self.anchors.get(str(event.anchor), "")
        if isinstance(event, yaml.MappingStartEvent):
            value: Any = {key: inner for key, inner in self._pairs(depth + 1) if key != "results"}
        elif isinstance(event, yaml.SequenceStartEvent):
            value = []
            for inner in self.events:
                if isinstance(inner, yaml.SequenceEndEvent):
                    break
                value.append(self._value(inner, depth + 1))
        elif isinstance(event, yaml.ScalarEvent):
            plain_null = event.implicit[0] and event.value in ("", "~", "null", "Null", "NULL")
            value = "" if plain_null else event.value
        else:
            raise _Misplaced(event)
        if event.anchor:
            self.anchors[event.anchor] = value
        return value
