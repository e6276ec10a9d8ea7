"""Looks up known grades and stores new ones: in the gradebook and the reports, or aside, to be compared first.

What ``convgrade grade --diff`` grades lies in ``pending.sqlite`` beside the gradebook; the next grade without it takes over
from there what has not changed since, so nothing is graded twice and nothing is published unseen.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.export import grades_csv
from autograder.files import write
from autograder.gradebook import changes, from_page, gradebook
from autograder.gradebook.fingerprint import Hashes
from autograder.gradebook.gradebook import Grade, Gradebook, digest
from autograder.gradebook.marks import Marks
from autograder.gradebook.records import Records
from autograder.gradebook.requests import Requests
from autograder.marking import lateness
from autograder.model import Fingerprint, Graded, Mark, QuestionOutcome, Record, Request, Result
from autograder.report.submission_files import render

GRADEBOOK, PENDING = gradebook.FILE, "pending.sqlite"


class Ledger(ABC):
    """Where grades are looked up and stored: ``Publishing`` or ``Comparing``. Use as a context manager."""

    tells_first = False  # whether a first grade is a change too

    def __init__(self, course: Course, of_course: Hashes, out: Path):
        self.course, self.hashes, self.out = course, of_course, out
        self.book = Gradebook(out / GRADEBOOK)
        self.marks = Marks(self.book)
        self.records = Records(self.book)
        self.pending: Gradebook | None = None
        self.aside: Records | None = None  # the records beside the pending grades
        self.changes: list[changes.Change] = []  # to the grades that a reader saw before

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *ended: object) -> None:
        self.book.__exit__(*ended)
        if self.pending is not None:
            self.pending.__exit__(*ended)

    def earlier(self, id: str) -> Result | None:
        """The newest grade of this submission, whatever it came from."""
        grade = self.book.newest(id)
        return None if grade is None else grade.result

    def record(self, id: str, key: str) -> Record | None:
        """The record of exactly this hand-in, if there is one."""
        return self.records.find(id, key) or (self.aside.find(id, key) if self.aside is not None else None)

    def outcome(self, key: str) -> QuestionOutcome | None:
        """A question's outcome, whichever hand-in it was recorded for."""
        return self.records.outcome(key) or (self.aside.outcome(key) if self.aside is not None else None)

    @abstractmethod
    def known(self, id: str, fingerprint: Fingerprint) -> Result | None:
        """The grade that grading would give again, where there is one already."""

    @abstractmethod
    def add(self, graded: Graded, key: str, keys: Callable[[], Mapping[str, tuple[str, str]]], *, new: bool) -> None:
        """Keep a new grade.

        If ``new``, also keep its record, and store each question's outcome under the keys that ``keys`` returns.
        """

    @abstractmethod
    def enter(self, marks: Iterable[Mark]) -> None:
        """Keep new marks."""

    @abstractmethod
    def request(self, requests: Iterable[Request]) -> None:
        """Keep what students ask to have read again, and show it to whoever marks."""

    @abstractmethod
    def not_graded(self, result: Result) -> None:
        """Report that a submission could not be graded, without recording a grade."""

    @abstractmethod
    def finish(self, rows: list[Result]) -> None:
        """Every submission has its row."""

    def compare(self, result: Result) -> None:
        """Note how this grade differs from the one that a reader saw before. When publishing, a first grade is not a change."""
        before = self.book.newest(result.id)
        change = changes.change(before, result, self.cents(result))
        if change is not None and (before is not None or self.tells_first):
            self.changes.append(change)

    def cents(self, result: Result) -> int:
        """The points after the late deduction."""
        return lateness.final_cents(result, self.course.config.late)


class Publishing(Ledger):
    """Puts grades into the gradebook and writes each submission's report files; missing or outdated ones are written again."""

    def __init__(self, course: Course, of_course: Hashes, out: Path):
        super().__init__(course, of_course, out)
        if (out / PENDING).is_file():
            self.pending = Gradebook(out / PENDING)
            self.aside = Records(self.pending)
        self.grades: list[int] = []  # of this run, by number

    def known(self, id: str, fingerprint: Fingerprint) -> Result | None:
        grade = self.book.find(id, fingerprint)
        if grade is not None and grade.newest:
            self._refresh_reports(grade)
            self.grades.append(grade.number)
            return grade.result
        if grade is None and self.pending is not None:
            grade = self.pending.find(id, fingerprint)
        if grade is None:
            return None
        self._keep(grade.result, render(grade.result, self.course))  # an older one that holds again is the newest again
        return grade.result

    def add(self, graded: Graded, key: str, keys: Callable[[], Mapping[str, tuple[str, str]]], *, new: bool) -> None:
        id = graded.result.id
        if new or self.records.find(id, key) is None:
            self.records.add(id, key, graded.record, keys())
        self._keep(graded.result, graded.files)

    def enter(self, marks: Iterable[Mark]) -> None:
        self.marks.add(marks)

    def request(self, requests: Iterable[Request]) -> None:
        requests = list(requests)
        Requests(self.book).add(requests)
        from_page.ask(self.out, requests)

    def not_graded(self, result: Result) -> None:
        self._write(result.id, render(result, self.course))

    def finish(self, rows: list[Result]) -> None:
        grades_csv.write(self.out / "grades.csv", rows, self.course)
        self.book.finished(self.grades)
        if self.pending is not None:
            self.pending.remove()
            self.pending = self.aside = None
        self.changes.sort(key=lambda change: change.id)

    def _keep(self, result: Result, reports: Mapping[str, bytes]) -> None:
        self.compare(result)
        number = self.book.add(result, self.cents(result))
        self.book.note_reports(number, self.hashes.look, reports)
        self.grades.append(number)
        self._write(result.id, reports)

    def _refresh_reports(self, grade: Grade) -> None:
        """Bring the files of a grade up to today's words and pages; nothing is written if they already are."""
        id, look = grade.result.id, self.hashes.look
        digests = self.book.report_digests(grade.number, look)
        if digests is None or not _on_disk(self.out / "submissions" / id, digests):
            reports = render(grade.result, self.course)
            self._write(id, reports)
            self.book.note_reports(grade.number, look, reports)

    def _write(self, id: str, reports: Mapping[str, bytes]) -> None:
        for name, data in reports.items():
            write(self.out / "submissions" / id / name, data)


class Comparing(Ledger):
    """Nothing that a reader of grades sees is touched; ``changes`` says what publishing would change."""

    tells_first = True
    pending: Gradebook
    aside: Records

    def __init__(self, course: Course, of_course: Hashes, out: Path):
        super().__init__(course, of_course, out)
        self.pending = Gradebook(out / PENDING)
        self.aside = Records(self.pending)

    def known(self, id: str, fingerprint: Fingerprint) -> Result | None:
        grade = self.book.find(id, fingerprint) or self.pending.find(id, fingerprint)
        if grade is None:
            return None
        self.compare(grade.result)
        return grade.result

    def add(self, graded: Graded, key: str, keys: Callable[[], Mapping[str, tuple[str, str]]], *, new: bool) -> None:
        if new:
            self.aside.add(graded.result.id, key, graded.record, keys())
        self.pending.add(graded.result, self.cents(graded.result))
        self.compare(graded.result)

    def enter(self, marks: Iterable[Mark]) -> None:
        pass  # they are entered when the grades are published

    def request(self, requests: Iterable[Request]) -> None:
        pass

    def not_graded(self, result: Result) -> None:
        pass  # its row says so

    def finish(self, rows: list[Result]) -> None:
        self.changes.sort(key=lambda change: change.id)


def opened(results: Path) -> Gradebook:
    """The gradebook in a folder of results. Raises ConvgradeError for a folder without one."""
    book = results / GRADEBOOK
    if not book.is_file():
        raise ConvgradeError("there is no gradebook", where=str(book), todo="Grade first, or name the folder with --from.")
    return Gradebook(book)


def latest(results: Path) -> tuple[list[Result], list[str]]:
    """The class's grades, and what should be said of others that lie in the folder."""
    warnings = []
    with opened(results) as book:
        if book.unfinished():
            warnings.append("the last run did not finish, so these are the grades from before it. Grade again to finish it.")
        if others := book.others():
            warnings.append(
                "1 submission graded into this folder earlier was not part of the last run and is left out."
                if others == 1
                else f"{others} submissions graded into this folder earlier were not part of the last run and are left out."
            )
        return list(book.latest()), warnings


def _on_disk(folder: Path, reports: Mapping[str, str]) -> bool:
    """Whether the files have these digests."""
    try:
        return all(digest((folder / name).read_bytes()) == its for name, its in reports.items())
    except OSError:
        return False
