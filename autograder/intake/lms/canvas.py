"""Canvas's zip of an assignment's submissions: ``<name>_[LATE_]<user>_<file>_<the student's own name for it>``, all in one place.

A user's files are one submission. Canvas calls a file that is handed in again ``name-1.zip``, ``name-2.zip``: the newest of
them counts. ``LATE`` says that it is late, not by how much.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder.course.course import KnownFiles
from autograder.intake.lms.assemble import assembled
from autograder.intake.lms.download import Found, Tree, below, candidate, opened, roots
from autograder.intake.names import safe_id, stem, unique
from autograder.model import Message, Submission
from autograder.text import line, shorten

# The first two numbers between underscores: Canvas takes such numbers out of names. A text typed in has no file's number.
_NAME = re.compile(
    r"(?:(?P<early>LATE_)?anon_(?P<anonymous>[A-Za-z0-9]+)|(?P<name>.+?)_(?P<late>LATE_)?(?P<user>\d+))"
    r"_(?:(?P<file>\d+)_(?P<rest>.+)|(?P<typed>text|link)\.html)",
    re.ASCII | re.DOTALL,
)
_AGAIN = re.compile(r"(?P<stem>.+)-(?P<number>\d{1,3})(?P<ending>(?:\.tar)?\.\w+)", re.ASCII | re.DOTALL)


@dataclass
class _User:
    name: str = ""
    late: bool = False
    files: list[tuple[int, Found]] = field(default_factory=list)  # with the number Canvas gave the file
    trees: list[Tree] = field(default_factory=list)


def recognised(path: Path) -> bool:
    """Whether most of what may be submissions is named as Canvas names it. Ordinary names hardly ever hold two numbers so."""
    with opened(path) as tree:
        return _root(tree, path) is not None


def count(path: Path, known: KnownFiles) -> int:
    """How many users' submissions there are."""
    with opened(path) as tree:
        return len(_users(_root(tree, path)))


def collect(path: Path, known: KnownFiles) -> Iterator[Submission]:
    """A submission for each user, ordered by id; what else lies there as in any folder of submissions, by its name."""
    with opened(path) as tree:
        taken: set[str] = set()
        for id, user in sorted(_users(_root(tree, path)).items(), key=lambda item: (len(item[0]), item[0])):
            notes = [Message("intake.late_mark")] if user.late else []
            files = _newest(user.files, notes)
            for folder in user.trees:
                files += below(folder)
            yield assembled(unique(safe_id(id), taken), user.name, files, known, notes)


def _root(tree: Tree | None, path: Path) -> Tree | None:
    # A folder of folders is a class like any other: only in a zip may the download lie one folder down.
    for root in roots(tree) if path.is_file() else ([tree] if tree else []):
        names = [one.name for one in root.files()]
        fitting = [name for name in names if _NAME.fullmatch(name)]
        others = [name for name in names if candidate(name) and not _NAME.fullmatch(name)]
        if len(fitting) > len(others) + len(root.folders()):
            return root
    return None


def _users(root: Tree) -> dict[str, _User]:
    users: dict[str, _User] = {}
    for one in root.files():
        match = _NAME.fullmatch(one.name)
        if match is not None:
            user = users.setdefault(match["user"] or match["anonymous"], _User(match["name"] or ""))
            user.late |= bool(match["late"] or match["early"])
            user.files.append((int(match["file"] or 0), Found((match["rest"] or f"{match['typed']}.html",), one.read)))
        elif candidate(one.name):
            users.setdefault(stem(one.name), _User()).files.append((0, one))
    for name, folder in root.folders().items():
        users.setdefault(name, _User()).trees.append(folder)
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
