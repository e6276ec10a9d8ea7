"""nbgrader's tree: ``submitted/<student>/<assignment>/``, with the moment of handing in in a ``timestamp.txt``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from autograder.course.course import KnownFiles
from autograder.errors import ConvgradeError
from autograder.intake.archive import Unreadable
from autograder.intake.lms.assemble import assembled, instant
from autograder.intake.lms.download import Tree, below, candidate, opened, roots
from autograder.intake.names import safe_id, unique
from autograder.intake.unpack import known_name
from autograder.model import Message, Submission
from autograder.text import line

SUBMITTED, TIMESTAMP = "submitted", "timestamp.txt"


def recognised(path: Path) -> bool:
    """Whether there is a folder ``submitted`` of students' folders of assignments' folders, or one with times in it."""
    with opened(path) as tree:
        return _root(tree, path) is not None


def count(path: Path, known: KnownFiles) -> int:
    """How many students handed the assignment in."""
    with opened(path) as tree:
        return len(_chosen(_root(tree, path), known, path))


def collect(path: Path, known: KnownFiles) -> Iterator[Submission]:
    """A submission for each student, ordered by id. Raises ConvgradeError where it is not clear which assignment is meant."""
    with opened(path) as tree:
        taken: set[str] = set()
        for student, assignment in sorted(_chosen(_root(tree, path), known, path).items()):
            time, notes = _time(assignment)
            files = (one for one in below(assignment) if one.steps != (TIMESTAMP,))
            yield assembled(unique(safe_id(student), taken), "", files, known, notes, time)


def _root(tree: Tree | None, path: Path) -> Tree | None:
    for root in roots(tree):
        inner = root.folders().get(SUBMITTED)
        if inner is not None and _fits(inner):
            return inner
        if (root is tree and path.is_dir() and path.resolve().name == SUBMITTED) or _timed(root):
            return root if _fits(root) else None
    return None


def _fits(submitted: Tree) -> bool:
    """Students' folders alone, folders alone in each of them, files in one of those."""
    students = list(submitted.folders().values())
    if not students or any(candidate(one.name) for one in submitted.files()) or any(one.files() for one in students):
        return False
    return any(assignment.files() for one in students for assignment in one.folders().values())


def _timed(submitted: Tree) -> bool:
    """Whether most students have a time: nbgrader writes one for each, and anybody may hand in a file of that name."""
    students = submitted.folders().values()
    timed = [any(one.name == TIMESTAMP for inner in each.folders().values() for one in inner.files()) for each in students]
    return 2 * sum(timed) > len(timed)


def _chosen(submitted: Tree, known: KnownFiles, path: Path) -> dict[str, Tree]:
    """Each student's folder of the one assignment that holds files of this homework."""
    students = {name: one.folders() for name, one in submitted.folders().items()}
    names = Counter(name for assignments in students.values() for name in assignments)
    if len(names) > 1:
        names = _holding(students, known, notebooks=False) or _holding(students, known, notebooks=True) or names
    if len(names) > 1:
        listed = ", ".join(sorted(line(name) for name in names))
        todo = "Grade a copy of submitted/ that holds this assignment alone."
        raise ConvgradeError(f"several assignments could be meant: {listed}", where=str(path), todo=todo)
    return {student: assignments[name] for student, assignments in students.items() for name in names if name in assignments}


def _holding(students: dict[str, dict[str, Tree]], known: KnownFiles, *, notebooks: bool) -> Counter:
    def holds(assignment: Tree) -> bool:
        found = {known_name(one.name, known) for one in assignment.files()} - {None}
        return bool(found if notebooks else found - {"notebook.ipynb"})

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
    return time, [] if time else [Message("intake.time", {"time": line(text)[:40]})]
