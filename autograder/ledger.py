"""Where grades are looked up and where new ones go: into the gradebook and the reports, or aside, to be compared first.

What ``convgrade grade --diff`` grades lies in ``pending.sqlite`` beside the gradebook; the next grade without it takes over
from there what has not changed since, so nothing is graded twice and nothing is published unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from autograder import late, regrade
from autograder.course import Course
from autograder.formats import grades_csv
from autograder.keep import write
from autograder.model import Fingerprint, Result
from autograder.record import Gradebook, digest
from autograder.render import render

GRADEBOOK, PENDING = "gradebook.sqlite", "pending.sqlite"


class Ledger(Protocol):
    """Use as a context manager."""

    def known(self, id: str, fingerprint: Fingerprint) -> Result | None:
        """The grade that grading would give again, where there is one already."""

    def earlier(self, id: str) -> Result | None:
        """The newest grade of this submission, whatever it came from."""

    def add(self, result: Result, reports: Mapping[str, bytes]) -> None:
        """Keep a new grade."""

    def not_graded(self, result: Result) -> None:
        """Say of a submission that it could not be graded; no grade of it is kept."""

    def finish(self, rows: list[Result]) -> None:
        """Every submission has its row."""


class Publishing:
    """Grades go into the gradebook, and each submission's reports into files that are made sure of."""

    def __init__(self, course: Course, out: Path):
        self.course, self.out = course, out
        self.book = Gradebook(out / GRADEBOOK)
        self.pending = Gradebook(out / PENDING) if (out / PENDING).is_file() else None
        self.grades: list[int] = []  # of this run, by number

    def __enter__(self) -> Publishing:
        return self

    def __exit__(self, *ended: object) -> None:
        self.book.__exit__(*ended)
        if self.pending is not None:
            self.pending.__exit__(*ended)

    def known(self, id: str, fingerprint: Fingerprint) -> Result | None:
        grade = self.book.find(id, fingerprint)
        if grade is not None and grade.newest:
            if not _on_disk(self.out / "submissions" / id, grade.reports):
                self._write(id, render(grade.result, self.course))
            self.grades.append(grade.number)
            return grade.result
        if grade is None and self.pending is not None:
            grade = self.pending.find(id, fingerprint)
        if grade is None:
            return None
        self.add(grade.result, render(grade.result, self.course))  # an older one that holds again is the newest again
        return grade.result

    def earlier(self, id: str) -> Result | None:
        return _earlier(self.book, id)

    def add(self, result: Result, reports: Mapping[str, bytes]) -> None:
        self.grades.append(self.book.add(result, reports, late.final_cents(result, late.of(self.course))))
        self._write(result.id, reports)

    def not_graded(self, result: Result) -> None:
        self._write(result.id, render(result, self.course))

    def finish(self, rows: list[Result]) -> None:
        grades_csv.write(self.out / "grades.csv", rows, self.course)
        self.book.finished(self.grades)
        if self.pending is not None:
            self.pending.remove()
            self.pending = None

    def _write(self, id: str, reports: Mapping[str, bytes]) -> None:
        for name, data in reports.items():
            write(self.out / "submissions" / id / name, data)


class Comparing:
    """Nothing that a reader of grades sees is touched; ``changes`` says what publishing would change."""

    def __init__(self, course: Course, out: Path):
        self.course = course
        self.book, self.pending = Gradebook(out / GRADEBOOK), Gradebook(out / PENDING)
        self.changes: list[regrade.Change] = []

    def __enter__(self) -> Comparing:
        return self

    def __exit__(self, *ended: object) -> None:
        self.book.__exit__(*ended)
        self.pending.__exit__(*ended)

    def known(self, id: str, fingerprint: Fingerprint) -> Result | None:
        grade = self.book.find(id, fingerprint) or self.pending.find(id, fingerprint)
        if grade is None:
            return None
        self._compare(grade.result)
        return grade.result

    def earlier(self, id: str) -> Result | None:
        return _earlier(self.book, id)

    def add(self, result: Result, reports: Mapping[str, bytes]) -> None:
        self.pending.add(result, reports, self._cents(result))
        self._compare(result)

    def not_graded(self, result: Result) -> None:
        pass  # its row says so

    def finish(self, rows: list[Result]) -> None:
        self.changes.sort(key=lambda change: change.id)

    def _compare(self, result: Result) -> None:
        change = regrade.change(self.book.newest(result.id), result, self._cents(result))
        if change is not None:
            self.changes.append(change)

    def _cents(self, result: Result) -> int:
        return late.final_cents(result, late.of(self.course))


def _earlier(book: Gradebook, id: str) -> Result | None:
    grade = book.newest(id)
    return None if grade is None else grade.result


def _on_disk(folder: Path, reports: Mapping[str, str]) -> bool:
    """Whether the files hold what they are known by."""
    try:
        return all(digest((folder / name).read_bytes()) == its for name, its in reports.items())
    except OSError:
        return False
