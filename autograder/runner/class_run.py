"""Grading a class: look up known grades, compute grades from records where only points or words changed, send the rest to workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import msgspec
from msgspec.structs import replace

from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.files import claimed
from autograder.gradebook.changes import Change
from autograder.gradebook.dealt import Dealing, dealing
from autograder.gradebook.fingerprint import Hashes, fingerprint, hashes
from autograder.gradebook.ledger import Comparing, Ledger, Publishing
from autograder.intake.collect import Interpretation, reading
from autograder.marking import own_variant, written_marks
from autograder.model import Graded, Message, Outcome, PartResult, Result, Submission
from autograder.runner.known import Lookup
from autograder.runner.local import Local
from autograder.runner.messages import Done, Failed, Task
from autograder.runner.reader import Reader
from autograder.runner.side_tables import Entered, requests_in


@dataclass
class Summary:
    """The outcome of a run: rows for the table, counts, what would change, and what could not be read or graded."""

    rows: list[Result] = field(default_factory=list)
    known: int = 0  # submissions whose grade was in the gradebook already
    graded: int = 0  # submissions that a worker graded, in whole or in part
    unmarked: int = 0  # written answers with a text that no person has marked
    changes: list[Change] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)  # ids in a table of times, extensions or marks that nobody has
    kept: list[str] = field(default_factory=list)  # notes: times and marks that were kept from earlier grades, or lost
    aside: tuple[str, ...] = ()  # files beside the hand-ins that belong to no student
    untimed: list[str] = field(default_factory=list)  # ids whose time of handing in could not be read
    sheets: dict[str, list[str]] = field(default_factory=dict)  # what is odd about variants, by message: ids
    unchecked: bool = False  # variants.secret is missing, so no sheet's code was checked

    @property
    def unreadable(self) -> list[Result]:
        """Hand-ins of which nothing could be graded."""
        return [row for row in self.rows if row.status in ("unreadable", "not graded")]

    @property
    def contested(self) -> list[Result]:
        """Hand-ins that share their student with another hand-in."""
        return [row for row in self.rows if row.contested]


def grade_class(
    path: Path | Interpretation,
    course: Course,
    out: Path,
    *,
    jobs: int,
    fresh: bool = False,
    publish: bool = True,
    late_from: Path | None = None,
    marks_from: Sequence[Path] = (),
    requests_from: Path | None = None,
    on_result: Callable[[Result, bool], None] = lambda result, by_worker: None,
    scheduler: str | None = None,
    format: str = "",
    same_sheet: bool = False,
) -> Summary:
    """Grade every submission under ``path`` into ``out``. ``on_result`` is called with each result as it is recorded, and with
    whether a worker graded it.

    ``path`` may have been read already; if not, ``format``, one of ``collect.FORMATS``, says what it is. ``same_sheet``: everybody
    answers variant 1, whatever was dealt.
    It runs on ``jobs`` workers of this machine, or on the workers of the Dask ``scheduler``. ``fresh``: every submission is asked
    again, whatever the gradebook knows. Without ``publish`` the grades are put aside and the summary's ``changes`` say what
    publishing them would change. ``late_from``, ``marks_from`` and ``requests_from`` are CSV files: times of handing in, marks of
    written answers, regrade requests.
    Interrupted, it keeps all that was recorded; called again, it grades only what is new or has changed. Raises ConvgradeError for
    a class, a course, a table or a folder that cannot be used.
    """
    taken = path if isinstance(path, Interpretation) else reading(path, course.known_files, format)
    _refuse_output_inside_class(taken.path, out)
    of_course, dealt = hashes(course), None if same_sheet else dealing(course)
    books = Publishing if publish else Comparing
    with claimed(out), books(course, of_course, out) as ledger, Reader(course, of_course) as reader, ExitStack() as places:
        entered = Entered.of(course, taken.submissions, ledger, late_from, marks_from)
        if requests_from is not None:
            ledger.request(requests_in(requests_from, course, taken.submissions()))
        run = _Run(course, of_course, ledger, entered, dealt, reader, fresh, on_result)
        place = cache(lambda: places.enter_context(_place(course, jobs, scheduler)))
        # A scheduler's client has threads, and the reader is forked before there are any.
        tasks = run.tasks(taken, place) if scheduler is None else run.tasks(taken)
        first = next(tasks, None)
        if first is not None:
            for task, reply in place().graded(_from(first, tasks)):
                run.answered(task, reply, place().tier)
        return run.finished(taken.path)


class _Run:
    """One run over a class."""

    def __init__(
        self,
        course: Course,
        of_course: Hashes,
        ledger: Ledger,
        entered: Entered,
        dealt: Dealing | None,
        reader: Reader,
        fresh: bool,
        on_result: Callable[[Result, bool], None],
    ):
        self.course, self.hashes, self.ledger, self.entered = course, of_course, ledger, entered
        self.dealt, self.reader, self.fresh, self.on_result = dealt, reader, fresh, on_result
        self.summary = Summary()
        self.open: dict[str, Lookup] = {}  # submissions that workers are grading, by id
        self.once: dict = {}

    def tasks(self, taken: Interpretation, foreseen: Callable[[], object] = lambda: None) -> Iterator[Task]:
        """A task for each submission that a worker must grade. All others get their row here, while this is iterated.

        ``foreseen`` is called once a worker will probably be needed, so that it starts while the hand-in is being read.
        """
        self.summary.aside = taken.aside
        for hand_in in taken.submissions():
            hand_in = hand_in if self.dealt is None else self.dealt.with_variant(hand_in)
            lookup = Lookup(hand_in, self.course, self.hashes, self.ledger, self.reader, fresh=self.fresh)
            submission = self.entered.with_time_and_marks(hand_in, self.ledger.earlier(hand_in.id), lookup.texts)
            self.ledger.enter(self.entered.new(submission))
            now = fingerprint(submission, self.hashes)
            known = None if self.fresh else self.ledger.known(submission.id, now)
            if known is None and not lookup.recorded:
                foreseen()
            if known is not None:
                self.summary.known += 1
                self._row(known)
            elif (record := lookup.record) is not None:
                from autograder.grade import graded  # with numpy, which a run with nothing to compute does without

                self._add(graded(record, submission, now, self.course), lookup)
            else:
                self.open[submission.id] = lookup
                known_questions = lookup.known  # this reads it: the reader is forked before there are threads
                yield Task(submission, now, known_questions)

    def answered(self, task: Task, reply: Done | Failed, tier: str) -> None:
        """Take what a worker answered."""
        self.summary.graded += 1
        lookup = self.open.pop(task.submission.id)
        if isinstance(reply, Failed):
            result = _not_graded(task, self.course, reply, tier)
            self.ledger.not_graded(result)
            self._row(result, by_worker=True)
        else:
            self._add(msgspec.msgpack.decode(reply.graded, type=Graded), lookup, by_worker=True)

    def _add(self, graded: Graded, lookup: Lookup, *, by_worker: bool = False) -> None:
        self.ledger.add(graded, lookup.key, lambda: lookup.keys, new=not lookup.recorded)
        if graded.record.requests:
            self.ledger.request(replace(one, id=graded.result.id) for one in graded.record.requests)
        self._row(graded.result, by_worker=by_worker)

    def _row(self, result: Result, *, by_worker: bool = False) -> None:
        self.summary.rows.append(_slim(result, self.once))
        self.summary.unmarked += written_marks.waiting(result)
        if any(note.key == "intake.time" for note in result.messages) and result.late_seconds is None:
            self.summary.untimed.append(result.id)
        for note in result.messages:
            if note.key in own_variant.ODD:
                self.summary.sheets.setdefault(note.key, []).append(result.id)
        self.on_result(result, by_worker)

    def finished(self, path: Path) -> Summary:
        """Every submission has its row: write what belongs to the class as a whole, and return the summary."""
        summary = self.summary
        if not summary.rows:
            todo = "Name a folder that holds a folder, .zip, .tar.gz or .ipynb for each student. Nothing was written."
            raise ConvgradeError("there is no submission here", where=str(path), todo=todo)
        summary.rows.sort(key=lambda row: row.id)
        if len(summary.rows) > 1:
            summary.strangers = self.entered.strangers(row.id for row in summary.rows)
        summary.kept = list(self.entered.notes())
        summary.unchecked = self.dealt is not None and self.dealt.unchecked
        self.ledger.finish(summary.rows)
        summary.changes = self.ledger.changes
        return summary


def _refuse_output_inside_class(path: Path, out: Path) -> None:
    """Results inside the class would be graded as a hand-in the next time."""
    inside = path.is_dir() and out.resolve().is_relative_to(path.resolve())
    if inside:
        todo = "Choose a folder outside the class with --out."
        raise ConvgradeError("the results would lie among the hand-ins", where=str(out), todo=todo)


def _place(course: Course, jobs: int, scheduler: str | None):
    if scheduler is None:
        return Local(course, jobs)
    from autograder.runner.cluster import Cluster  # Dask is imported where it is used

    return Cluster(course, scheduler)


def _from(first: Task, rest: Iterator[Task]) -> Iterator[Task]:
    yield first
    yield from rest


def _not_graded(task: Task, course: Course, failed: Failed, tier: str) -> Result:
    parts = tuple(PartResult(part.id, part.cents, 0, Outcome.ERROR) for part in course.parts)
    message = Message("result.internal", {"reason": failed.why})
    submission: Submission = task.submission
    return Result(submission.id, submission.name, "not graded", parts, task.fingerprint, tier, messages=(message,))


def _slim(result: Result, once: dict) -> Result:
    """The result without what only its report needs. Equal parts are shared through ``once``, so 10,000 rows take a few megabytes."""

    def same(value):
        return once.setdefault(value, value)

    parts = tuple(
        replace(part, checks=(), came="") if part.mark is not None else same(replace(part, checks=(), messages=(), came=""))
        for part in result.parts
    )
    if all(part.mark is None for part in parts):
        parts = same(parts)
    its = result.fingerprint
    hashes = once.setdefault((its.suites, its.solutions, its.config, its.engine), replace(its, submission=""))
    diagnoses = tuple(same(replace(one, hints=(), route="")) for one in result.diagnoses)
    slim = {"parts": parts, "fingerprint": hashes, "diagnoses": same(diagnoses), "isolation": same(result.isolation)}
    return replace(result, **slim, written={}, texts={}, pictures={}, content="", handed_in="")
