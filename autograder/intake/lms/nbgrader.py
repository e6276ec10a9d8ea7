"""nbgrader's tree: ``submitted/<student>/<assignment>/``, with the moment of handing in in a ``timestamp.txt``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from autograder.course.course import KnownFiles
from autograder.errors import ConvgradeError
from autograder.intake.archive import Unreadable
from autograder.intake.gather import gathered
from autograder.intake.likeness import COPY, SCRATCH, likeness
from autograder.intake.lms.times import instant
from autograder.intake.names import Ids, fold, safe_id
from autograder.intake.tree import Tree, below
from autograder.model import Message, Submission
from autograder.text import line

TITLE = "nbgrader"
NAMED = re.compile(r"nbgrader|submitted|collected", re.IGNORECASE)
BY_NAME = False  # ``fits`` looks at the name itself
SUBMITTED, TIMESTAMP = "submitted", "timestamp.txt"
_SUBMITTED = re.compile(r"submitted\b|collected\b", re.IGNORECASE)
# What nbgrader itself keeps in the folder of a course.
_OF_A_COURSE = re.compile(r"source$|release$|autograded$|feedback$|gradebook\.db|nbgrader_config\.py$|.*\.log$")


def fits(tree: Tree, name: str) -> tuple[int, list[str]]:
    """How many students' folders there are, where the folder is called ``submitted`` or holds one beside nbgrader's own."""
    names = [*tree.folders(), *(one.name for one in tree.files())]
    inner = tree.folders().get(SUBMITTED)
    if inner is not None and _fits(inner):
        others = [one for one in names if one != SUBMITTED and not _OF_A_COURSE.match(one)]
        return (len(names) - len(others), others) if len(names) > len(others) + 1 else (0, names)
    if _fits(tree) and (_SUBMITTED.match(name) or _timed(tree)):
        return len(tree.folders()), [one.name for one in tree.files()]
    return 0, names


def root(tree: Tree, name: str) -> Tree:
    return tree.folders().get(SUBMITTED, tree)


def count(root: Tree, known: KnownFiles, where: str) -> int:
    """How many students handed the assignment in."""
    return len(_chosen(root, known, where))


def collect(root: Tree, known: KnownFiles, where: str) -> Iterator[Submission]:
    """A submission for each student, ordered by id. Raises ConvgradeError where it is not clear which assignment is meant."""
    chosen = _chosen(root, known, where)
    ids = Ids(map(safe_id, chosen))
    used: set[str] = set()
    for student, assignment in sorted(chosen.items()):
        time, notes = _time(assignment)
        files = (one for one in below(assignment) if one.steps != (TIMESTAMP,))
        id = safe_id(student)
        id = ids.made_up(id) if fold(id) in used else id
        used.add(fold(id))
        yield gathered(id, "", files, known, notes, time, sure=True)


def _fits(submitted: Tree) -> bool:
    """Students' folders alone, folders alone in each of them, files in one of those."""
    students = list(submitted.folders().values())
    if not students or submitted.files() or any(one.files() for one in students):
        return False
    return any(assignment.files() for one in students for assignment in one.folders().values())


def _timed(submitted: Tree) -> bool:
    """Whether most students have a time: nbgrader writes one for each, and anybody may hand in a file of that name."""
    students = submitted.folders().values()
    timed = [any(one.name == TIMESTAMP for inner in each.folders().values() for one in inner.files()) for each in students]
    return len(timed) > 1 and 2 * sum(timed) > len(timed)


def _chosen(submitted: Tree, known: KnownFiles, path: str) -> dict[str, Tree]:
    """Each student's folder of the one assignment that holds files of this homework."""
    students = {name: one.folders() for name, one in submitted.folders().items()}
    names = Counter(name for assignments in students.values() for name in assignments)
    if len(names) > 1:  # those with files of the homework's own names, else those with any notebook
        names = _holding(students, known, COPY) or _holding(students, known, SCRATCH) or names
    if len(names) > 1:
        listed = ", ".join(sorted(line(name) for name in names))
        todo = "Grade a copy of submitted/ that holds this assignment alone."
        raise ConvgradeError(f"several assignments could be meant: {listed}", where=path, todo=todo)
    return {student: assignments[name] for student, assignments in students.items() for name in names if name in assignments}


def _holding(students: dict[str, dict[str, Tree]], known: KnownFiles, most: int) -> Counter:
    def holds(assignment: Tree) -> bool:
        likes = (likeness(one.name, known) for one in assignment.files())
        return any(like is not None and like.rank <= most for like in likes)

    return Counter(name for one in students.values() for name, assignment in one.items() if holds(assignment))


def _time(assignment: Tree) -> tuple[str, list[Message]]:
    file = next((one for one in assignment.files() if one.name == TIMESTAMP), None)
    if file is None:
        return "", []
    try:
        text = file.read(1000).decode("utf-8-sig")
    except (OSError, Unreadable, UnicodeDecodeError):
        text = "?"
    time = instant(text)
    return time, [] if time else [Message("intake.time", {"time": line(text)[:40] or TIMESTAMP})]
