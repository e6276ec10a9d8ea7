"""A hand-in as it is graded: its texts by role, a notebook's cells, and what is written in either."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.course.course import Course
from autograder.intake import regrade, written
from autograder.intake.notebook import opened
from autograder.intake.unpack import unpack
from autograder.model import MOST_WRITTEN, Request, Sources, Submission
from autograder.text import shorten


@dataclass(frozen=True)
class HandIn:
    """``cells``: a notebook's code by cell number. ``essays``: the student's own text by the name of its written part."""

    sources: Sources
    cells: tuple[tuple[int, str], ...]
    essays: dict[str, str]
    requests: tuple[Request, ...] = ()


def read(submission: Submission, course: Course) -> HandIn:
    """Unpack and open a submission. Runs nothing of it, and never raises for what it holds."""
    sources, book = opened(unpack(submission, course.known_files), course)
    essays = written.split(sources.written or "", course.written) | book.essays(course.written)
    requests = regrade.requests(sources.regrade or "", course.parts)
    kept = {name: shorten(text, MOST_WRITTEN) for name, text in essays.items()}
    return HandIn(sources, book.cells, kept, requests)
