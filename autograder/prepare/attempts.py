"""A course's own attempts at its questions: wrong ones that must lose marks, right but unusual ones that must earn all.

``tests/attempts/<stem>_wrong.py`` and ``<stem>_right.py`` hold them, marked with ``author.wrong`` and ``author.right``, one by one or
in lists. Either file may be missing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.course.author import Attempt
from autograder.course.course import Course
from autograder.course.question import Question
from autograder.course.reference import Reference, run
from autograder.marking.answers import Answers
from autograder.marking.points import earned
from autograder.marking.recorder import Recorder
from autograder.marking.suites import Suites
from autograder.model import Outcome

FILES = "tests/attempts/{stem}_{kind}.py"
KINDS = ("wrong", "right")


@dataclass(frozen=True)
class Tried:
    """What an attempt came to: the percentage of its part's points, and the tests that it failed."""

    part: str
    name: str
    right: bool
    percent: float
    failed: tuple[str, ...]
    trouble: str  # empty where it came to what it should


def attempts(course: Course) -> Iterator[tuple[Question, Attempt]]:
    """Every attempt of every question, in the order in which they are written."""
    import torch  # beside the attempts, which need it; the command lists its options without it

    torch.set_num_threads(1)  # as behind the wall: the networks are small, and threads would only wait for each other
    if str(course.root) not in sys.path:
        sys.path.insert(0, str(course.root))
    for question in course.questions:
        for kind in KINDS:
            path = course.root / FILES.format(stem=question.stem, kind=kind)
            for value in vars(run(path, f"attempts.{path.stem}")).values() if path.is_file() else ():
                for one in value if isinstance(value, list) else [value]:
                    if isinstance(one, Attempt):
                        yield question, one


def tried(course: Course, suites: Suites, question: Question, attempt: Attempt) -> Tried:
    """The attempt asked its part of the hidden suites."""
    part = f"{question.id}.code.{attempt.replaces}"
    student = Reference(course).replacing({(question.stem, attempt.replaces): attempt.made})
    checks = suites.only(part).ask(Recorder(student), Answers({}))
    failed = tuple(check.id for check in checks if check.outcome is not Outcome.PASSED)
    percent = round(float(100 * sum(map(earned, checks)) / sum(check.weight for check in checks)), 1)
    return Tried(part, attempt.name, attempt.right, percent, failed, _trouble(attempt, set(failed)))


def _trouble(attempt: Attempt, failed: set[str]) -> str:
    if attempt.right:
        return f"is right and fails {', '.join(sorted(failed))}" if failed else ""
    if not failed:
        return "is wrong and keeps full marks"
    if attempt.loses and failed != attempt.loses:
        more, kept = sorted(failed - attempt.loses), sorted(attempt.loses - failed)
        return "; ".join(
            f"{what} {', '.join(names)}" for what, names in (("also fails", more), ("should fail", kept)) if names
        )
    return ""
