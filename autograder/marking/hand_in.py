"""A hand-in as it is graded: its texts by role, a notebook's cells, and what is written in either."""

from __future__ import annotations

from dataclasses import dataclass, field

from autograder.course.course import Course
from autograder.intake import defined, essays, regrade
from autograder.intake.defined import Twice
from autograder.intake.notebook import NONE, Notebook
from autograder.intake.notebook.choice import opened
from autograder.intake.unpack import unpack
from autograder.model import Message, Picture, Request, Sources, Submission

NOTEBOOK = (
    b'{"cells": [{"cell_type": "code", "source": "x = 1"}, {"cell_type": "markdown", "source": "# w1"}], "nbformat": 4}'
)


@dataclass(frozen=True)
class HandIn:
    """``essays``: the student's own text by the name of its written part. ``twice``: names that are defined more than once."""

    sources: Sources
    book: Notebook = NONE
    essays: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, tuple[Picture, ...]] = field(default_factory=dict)
    twice: tuple[Twice, ...] = ()
    requests: tuple[Request, ...] = ()
    notes: tuple[Message, ...] = ()

    @property
    def cells(self) -> tuple[tuple[int, str], ...]:
        """A notebook's code by cell number."""
        return self.book.cells


def read(submission: Submission, course: Course) -> HandIn:
    """Unpack and open a submission. Runs none of its code, and never raises because of its content."""
    sources, book = opened(unpack(submission, course.known_files), course)
    texts = essays.read(sources, book, course)
    twice = tuple(defined.twice(sources, book, {part.name for part in course.parts if part.kind == "code"}))
    requests = regrade.requests(sources.regrade or "", course.parts)
    notes = (*sources.notes, *texts.notes, *(one.message for one in twice))
    return HandIn(sources, book, texts.answers, texts.pictures, twice, requests, notes)


def warm(course: Course) -> None:
    """Read a hand-in with a file of each kind, once, before a process forks for each: what their readers import and compile stays."""
    known = course.known_files
    code = {f"{stem}.py": b"x = 1\n" for stem in known.stems}
    read(Submission("", "", {**code, known.answers: b"[q1]\nx = 1\n", known.written: b"# w1\n\nA text.\n"}), course)
    read(Submission("", "", {"hand_in.ipynb": NOTEBOOK}), course)
