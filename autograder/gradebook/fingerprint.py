"""Content hashes: what a grade came from, the whole course's and each question's own.

A question's hash covers its own files, those that every question shares, and the solutions of the questions that its files
name; so a hidden test that is changed touches no other question, and a helper of all of them touches all.
"""

from __future__ import annotations

import hashlib
import platform
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from autograder.course.course import Course, Question
from autograder.model import Fingerprint, Submission

SUITES = ("tests/hidden/**/*.py",)
COMPUTING = ("torch", "numpy")
SOLUTIONS = ("solutions/**/*.py", "assignment/q*.md")


@dataclass(frozen=True)
class Hashes:
    """What a grade depends on besides the submission. ``questions``: of suites and solutions, what each depends on."""

    suites: str
    solutions: str
    config: str
    engine: str
    questions: dict[str, str]
    versions: str


def hashes(course: Course) -> Hashes:
    engine = Path(__file__).parents[1]
    return Hashes(
        suites=_digest(course.root, _found(course.root, SUITES)),
        solutions=_digest(course.root, _found(course.root, SOLUTIONS)),
        config=hashlib.sha256(course.config_path.read_bytes()).hexdigest(),
        engine=_digest(engine, _found(engine, ("**/*.py", "**/*.yml", "**/*.j2", "**/*.css"))),
        questions={one.id: _digest(course.root, _files_of(one, course)) for one in course.questions},
        versions=versions(),
    )


def versions() -> str:
    """What computes here, as in ``Python 3.11.9, torch 2.13.0, numpy 2.4.0``. Nothing of it is imported."""
    return ", ".join([f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in COMPUTING)])


def fingerprint(submission: Submission, of_course: Hashes) -> Fingerprint:
    """What the grade of this submission is keyed by."""
    marks = [(part, mark.cents, mark.comment) for part, mark in sorted(submission.marks.items())]
    said = repr((content(submission), submission.late_seconds, submission.name, marks))
    return Fingerprint(submission=hashlib.sha256(said.encode()).hexdigest(), **vars(of_course))


def content(submission: Submission) -> str:
    """A hash of what was handed in, whenever that was and whatever anybody says of it."""
    whole = hashlib.sha256()
    for name, data in sorted(submission.files.items()):
        whole.update(f"{len(name)} {name} {len(data)} ".encode())
        whole.update(data)
    return whole.hexdigest()


def _files_of(question: Question, course: Course) -> list[Path]:
    named = _named(question, course)
    return [
        path
        for path in _found(course.root, (*SUITES, *SOLUTIONS))
        if (owner := _owner(path, course)) in (None, question)
        or (owner in named and path.is_relative_to(course.root / "solutions"))
        or _asks(path, question, course)
    ]


def _owner(path: Path, course: Course) -> Question | None:
    within = path.relative_to(course.root).as_posix()
    return next((one for one in course.questions if _names(within, one)), None)


def _named(question: Question, course: Course) -> list[Question]:
    """The questions whose solutions this one's files name, and those that theirs name."""
    found, todo = [question], [question]
    while todo:
        one = todo.pop()
        roles = ("solution", "witness", "numbers", "misconceptions", "hidden test")
        files = [path for role in roles if role != "hidden test" or one is question for path in one.paths(role)]
        text = "".join(path.read_text("utf-8") for path in files)
        for other in course.questions:
            if other not in found and _names(text, other):
                found.append(other)
                todo.append(other)
    return found


def _asks(path: Path, question: Question, course: Course) -> bool:
    """Whether another question's hidden test asks this one's functions as well: a diagnosis sees what came of that."""
    return path.is_relative_to(course.root / "tests" / "hidden") and _names(path.read_text("utf-8"), question)


def _names(text: str, question: Question) -> bool:
    return re.search(rf"(?<![a-z0-9]){question.stem}(?![a-z0-9])", text) is not None


def _found(root: Path, patterns: Iterable[str]) -> list[Path]:
    return sorted({path for pattern in patterns for path in root.glob(pattern) if path.is_file()})


def _digest(root: Path, paths: Iterable[Path]) -> str:
    """One hash over the names and the bytes of files."""
    whole = hashlib.sha256()
    for path in paths:
        data = path.read_bytes()
        whole.update(f"{path.relative_to(root).as_posix()} {len(data)}\n".encode())
        whole.update(data)
    return whole.hexdigest()
