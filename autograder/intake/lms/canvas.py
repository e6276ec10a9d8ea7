"""Canvas's zip of an assignment's submissions: ``<name>_[LATE_]<user>_<file>_<the student's own name for it>``, all in one place.

A user's files are one submission. Canvas calls a file that is handed in again ``name-1.zip``, ``name-2.zip``: the newest of
them counts. ``LATE`` says that it is late, not by how much.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from autograder.course.course import KnownFiles
from autograder.intake.gather import gathered
from autograder.intake.names import Ids, beside_a_class, safe_id, stem
from autograder.intake.tree import Found, Tree, below
from autograder.model import Message, Submission
from autograder.text import line, shorten

TITLE = "Canvas"
NAMED = re.compile(r"canvas|^submissions", re.IGNORECASE)
BY_NAME = False
# The first two numbers between underscores: Canvas takes such numbers out of names. A text typed in has no file's number.
_NAME = re.compile(
    r"(?:(?P<early>LATE_)?anon_(?P<anonymous>[A-Za-z0-9]+?)(?P<between>_LATE)?|(?P<name>.+?)_(?P<late>LATE_)?(?P<user>\d+))"
    r"_(?:(?P<file>\d+)_(?P<rest>.+)|(?P<typed>text|link)\.html)",
    re.ASCII | re.DOTALL,
)
_AGAIN = re.compile(r"(?P<stem>.+)-(?P<number>\d{1,3})(?P<ending>(?:\.tar)?\.\w+)", re.ASCII | re.DOTALL)


@dataclass
class _User:
    name: str = ""
    numbered: bool = True
    late: bool = False
    files: list[tuple[int, Found]] = field(default_factory=list)  # with the number Canvas gave the file
    trees: list[Tree] = field(default_factory=list)


def fits(tree: Tree, name: str) -> tuple[int, list[str]]:
    """How many files are named as Canvas names them, and what else there is. Ordinary names hardly ever hold two numbers so."""
    names = [one.name for one in tree.files()]
    others = [one for one in names if not _NAME.fullmatch(one)]
    return len(names) - len(others), [*others, *tree.folders()]


def root(tree: Tree, name: str) -> Tree:
    return tree


def count(root: Tree, known: KnownFiles, where: str) -> int:
    """How many users' submissions there are."""
    return len(_users(root))


def collect(root: Tree, known: KnownFiles, where: str) -> Iterator[Submission]:
    """A submission for each user, ordered by id as a number; what else lies there as in any folder of submissions, by its name."""
    users = _users(root)
    ids = Ids(id for id, user in users.items() if user.numbered)
    for id, user in sorted(users.items(), key=lambda item: (len(item[0]), item[0])):
        notes = [Message("intake.late_mark")] if user.late else []
        files = _newest(user.files, notes)
        for folder in user.trees:
            files += below(folder)
        yield gathered(safe_id(id) if user.numbered else ids.unique(safe_id(id)), user.name, files, known, notes, sure=True)


def _users(root: Tree) -> dict[str, _User]:
    users: dict[str, _User] = {}
    for one in root.files():
        match = _NAME.fullmatch(one.name)
        if match is not None:
            user = users.setdefault(match["user"] or match["anonymous"], _User(match["name"] or ""))
            user.late |= bool(match["late"] or match["early"] or match["between"])
            user.files.append((int(match["file"] or 0), Found((match["rest"] or f"{match['typed']}.html",), one.read)))
        elif not beside_a_class(one.name):
            users.setdefault(f"{stem(one.name)}/", _User(numbered=False)).files.append((0, one))
    for name, folder in root.folders().items():
        users.setdefault(f"{name}/", _User(numbered=False)).trees.append(folder)
    return users


def _newest(files: list[tuple[int, Found]], notes: list[Message]) -> list[Found]:
    """Of each name the newest, under the name without Canvas's number, the newest first; the others are said."""
    newest: dict[str, tuple[tuple[int, int], str, Found]] = {}
    older: list[str] = []
    for number, one in files:
        again = _AGAIN.fullmatch(one.name)
        plain = again["stem"] + again["ending"] if again else one.name
        this = ((int(again["number"]) if again else 0, number), one.name, Found((plain,), one.read))
        kept = newest.setdefault(plain.casefold(), this)
        if kept is not this:
            newest[plain.casefold()] = max(kept, this, key=lambda one: one[0])
            older.append(min(kept, this, key=lambda one: one[0])[1])
    if older:
        notes.append(Message("intake.older", {"files": ", ".join(shorten(line(name), 60) for name in older[:10])}))
    return [one for _, _, one in sorted(newest.values(), key=lambda kept: kept[0][1], reverse=True)]
