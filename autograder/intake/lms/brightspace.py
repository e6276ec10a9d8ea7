"""Brightspace's download: a folder ``<number>-<number> - <name> - <month day, year time>`` for each attempt, and an index.html.

The second number is the student's. Of several attempts the newest counts. The times are the site's clock without a zone, so
they tell attempts apart and say nothing of lateness.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from autograder.course.course import KnownFiles
from autograder.intake.gather import gathered
from autograder.intake.lms.attempts import Attempts
from autograder.intake.names import safe_id
from autograder.intake.tree import Tree, below
from autograder.model import Submission
from autograder.text import line

TITLE = "Brightspace"
NAMED = re.compile(r"brightspace|d2l| download ", re.IGNORECASE)
BY_NAME = False
INDEX = "index.html"
_NAME = re.compile(
    r"(?P<folder>\d+)-(?P<id>\d+) - (?P<name>.+?) - (?P<time>\w+ \d{1,2}, \d{4} \d{3,4} ?(?:[AP]M)?)", re.DOTALL
)


def fits(tree: Tree, name: str) -> tuple[int, list[str]]:
    """How many folders are named as Brightspace names them, and what else there is."""
    folders = list(tree.folders())
    others = [one for one in folders if not _NAME.fullmatch(one)]
    return len(folders) - len(others), [*others, *(one.name for one in tree.files() if one.name != INDEX)]


def root(tree: Tree, name: str) -> Tree:
    return tree


def count(root: Tree, known: KnownFiles, where: str) -> int:
    """How many students handed in."""
    return len(_students(root).newest())


def collect(root: Tree, known: KnownFiles, where: str) -> Iterator[Submission]:
    """A submission for each student's number, ordered by it, out of the newest attempt."""
    students = _students(root)
    for id, files, notes in students.of_each():
        yield gathered(safe_id(id), students.names.get(id, ""), files, known, notes, sure=True)


def _students(root: Tree) -> Attempts:
    students = Attempts()
    for name, folder in root.folders().items():
        match = _NAME.fullmatch(name)
        if match is not None:
            students.names[match["id"]] = match["name"]
            students.add(match["id"], _sortable(match["time"]), line(match["time"])[:40], below(folder))
    return students


def _sortable(time: str) -> str:
    """``Nov 20, 2026 905 AM`` so that text order is the order in time; as it is where the month is of another language."""
    words = time.replace(",", "").split()
    hour = words[3].zfill(4)
    for month in ("%b", "%B"):
        try:
            form = f"%d {month} %Y %I%M %p" if len(words) > 4 else f"%d {month} %Y %H%M"
            parts = [words[1], words[0], words[2], hour, *words[4:]]
            return datetime.strptime(" ".join(parts), form).isoformat()
        except ValueError:
            continue
    return time
