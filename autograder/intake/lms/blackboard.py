"""Blackboard's download: ``<column>_<user name>_attempt_<year-month-day-hour-minute-second>[_<file>]``, all in one place.

The word before the time is in the site's language (``intento``, ``Versuch``). The text file without a file's name is
Blackboard's own: it says who handed in what. Of several attempts the newest counts. The times are the site's clock without a
zone, so they tell attempts apart and say nothing of lateness.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

from autograder.course.course import KnownFiles
from autograder.intake.archive import Unreadable
from autograder.intake.gather import gathered
from autograder.intake.lms.attempts import Attempts
from autograder.intake.names import safe_id
from autograder.intake.tree import Found, Tree
from autograder.model import Submission

TITLE = "Blackboard"
NAMED = re.compile(r"blackboard|^gradebook_", re.IGNORECASE)
BY_NAME = False
MAX_RECEIPT = 1 << 20  # of such a text file, which holds what a student typed
# A student's own file may be named like another's attempt: the first mark in a name is Blackboard's.
_NAME = re.compile(r"(?P<before>.+?)_[^\W\d_]+_(?P<time>[0-9]{4}(?:-[0-9]{2}){5})(?:_(?P<rest>.+)|\.txt)", re.DOTALL)


def fits(tree: Tree, name: str) -> tuple[int, list[str]]:
    """How many files are named as Blackboard names them, and what else there is."""
    names = [one.name for one in tree.files()]
    others = [one for one in names if not _NAME.fullmatch(one)]
    return len(names) - len(others), [*others, *tree.folders()]


def root(tree: Tree, name: str) -> Tree:
    return tree


def count(root: Tree, known: KnownFiles, where: str) -> int:
    """How many users handed in."""
    return len(_users(root).newest())


def collect(root: Tree, known: KnownFiles, where: str) -> Iterator[Submission]:
    """A submission for each user name, ordered by it, out of the newest attempt."""
    users = _users(root)
    for user, files, notes in users.of_each():
        handed_in = [one for one in files if not _NAME.fullmatch(one.name)]
        yield gathered(safe_id(user), users.names.get(user, ""), handed_in or files, known, notes, sure=True)


def _users(root: Tree) -> Attempts:
    named = [(one, match) for one in root.files() if (match := _NAME.fullmatch(one.name))]
    column = _column(named)
    users = Attempts()
    for one, match in named:
        user = match["before"][len(column) :]
        if match["rest"]:
            one = Found((match["rest"],), one.read, one.changed)
        else:
            users.names[user] = _receipt(one)[0]
        users.add(user, match["time"], match["time"], [one])
    return users


def _column(named: list[tuple[Found, re.Match[str]]]) -> str:
    """What all names begin with, the assignment's: as Blackboard's own text files tell it, else what they have in common."""
    for one, match in named:
        if not match["rest"]:
            _, user = _receipt(one)
            if user and match["before"].endswith(f"_{user}"):
                return match["before"].removesuffix(user)
    return _common([match["before"] for _, match in named])


def _receipt(file: Found) -> tuple[str, str]:
    """Name and user name in ``Name: Sara Moradi (smoradi)``, the first line of Blackboard's text file; "" for what is not there."""
    with suppress(OSError, Unreadable):
        first = file.read(MAX_RECEIPT).decode("utf-8-sig", "replace").partition("\n")[0]
        match = re.fullmatch(r"[^:]{1,40}:(.*)\(([^()]+)\)\s*", first)
        return (match[1].strip(), match[2]) if match else ("", "")
    return "", ""


def _common(names: list[str]) -> str:
    """The assignment's name, which all begin with: up to the last underscore that all have in common.

    Of one student alone up to the last underscore: user names have none as a rule.
    """
    first, last = min(names, default=""), max(names, default="")
    same = next((at for at, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[: first[: same if first != last else len(first)].rfind("_") + 1]
