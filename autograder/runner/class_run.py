"""Grading a class: every submission under a path, what is known already not again, results recorded as they come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.files import claimed
from autograder.gradebook.changes import Change
from autograder.gradebook.fingerprint import fingerprint, hashes
from autograder.gradebook.ledger import Comparing, Publishing
from autograder.intake.collect import NEWEST, Prefer, reading
from autograder.marking import table, written_marks
from autograder.model import Graded, Message, Outcome, PartResult, Result
from autograder.runner.local import Workers, graded
from autograder.runner.side_tables import Entered
from autograder.runner.worker import Done, Failed, Task


@dataclass
class Summary:
    """What a run came to: rows for the table, counts, what would change, and what could not be read or graded."""

    rows: list[Result] = field(default_factory=list)
    known: int = 0
    unmarked: int = 0  # written answers with a text that no person has marked
    changes: list[Change] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)  # named by the times, extensions or marks, and not in the class
    kept: list[str] = field(default_factory=list)  # what holds of earlier grades, or does not, without anybody's word
    aside: tuple[str, ...] = ()  # files beside the hand-ins that are nobody's
    untimed: list[str] = field(default_factory=list)  # ids whose time of handing in could not be read

    @property
    def unreadable(self) -> list[Result]:
        return [row for row in self.rows if row.status in ("unreadable", "not graded")]

    @property
    def contested(self) -> list[Result]:
        """Hand-ins of which several claim one student."""
        return [row for row in self.rows if row.contested]


def grade_class(
    path: Path,
    course: Course,
    out: Path,
    *,
    jobs: int,
    fresh: bool = False,
    publish: bool = True,
    late_from: Path | None = None,
    marks_from: Path | None = None,
    told: Callable[[Result], None] = lambda result: None,
    scheduler: str | None = None,
    format: str = "",
    prefer: str = "",
) -> Summary:
    """Grade every submission under ``path`` into ``out``. ``told`` is called with each result as it is recorded.

    ``format``, one of ``collect.FORMATS``, says what ``path`` is; ``prefer`` which of several hand-ins of one student counts:
    "newest", or a CSV ``id,file``.
    On ``jobs`` workers of this machine, or on those of the Dask ``scheduler`` at that address. Without ``publish`` the grades
    are put aside and the summary's ``changes`` tell what publishing them would change.
    Interrupted, it keeps all that was recorded; called again, it grades only what is new or has changed.
    """
    summary, entered = Summary(), Entered.of(course, late_from, marks_from)
    taken = reading(path, course.known_files, format, preferring(prefer))
    summary.aside = taken.aside
    ledger_of = Publishing if publish else Comparing
    with claimed(out), ledger_of(course, out) as ledger:
        once: dict = {}

        def row(result: Result) -> None:
            summary.rows.append(_slim(result, once))
            summary.unmarked += written_marks.waiting(result)
            if any(note.key == "intake.time" for note in result.messages) and result.late_seconds is None:
                summary.untimed.append(result.id)
            told(result)

        def todo() -> Iterator[Task]:
            of_course = hashes(course)
            for found in taken.submissions():
                earlier = ledger.earlier(found.id)
                submission = entered.into(found, earlier)
                now = fingerprint(submission, of_course)
                known = None if fresh else ledger.known(submission.id, now)
                if known is None:
                    yield Task(submission, now, None if fresh else earlier)
                else:
                    summary.known += 1
                    row(known)

        tasks = todo()
        first = next(tasks, None)
        if first is not None:
            with _place(course, jobs, scheduler) as place:
                for task, reply in place.graded(_from(first, tasks)):
                    if isinstance(reply, Failed):
                        result = _not_graded(task, course, reply, place.tier)
                        ledger.not_graded(result)
                        row(result)
                        continue
                    came = msgspec.msgpack.decode(reply.graded, type=Graded)
                    ledger.add(came.result, came.files)
                    row(came.result)
        if not summary.rows:
            todo = "Name a folder that holds a folder, .zip, .tar.gz or .ipynb for each student. Nothing was written."
            raise ConvgradeError("there is no submission here", where=str(path), todo=todo)
        summary.rows.sort(key=lambda row: row.id)
        if len(summary.rows) > 1:
            summary.strangers = entered.strangers(row.id for row in summary.rows)
        summary.kept = list(entered.told())
        ledger.finish(summary.rows)
        summary.changes = ledger.changes
    return summary


def preferring(prefer: str) -> Prefer | None:
    """``newest``, or the table of that name. Raises ConvgradeError for a table that cannot be read."""
    if not prefer:
        return None
    if prefer == NEWEST:
        return Prefer(newest=True)
    return Prefer(files={row["id"]: row["file"] for _, row in table.rows(Path(prefer), "id", "file")})


class _Here:
    """This machine's pool, in the form of ``cluster.Cluster``."""

    def __init__(self, course: Course, jobs: int):
        self.workers, self.jobs = Workers(course), jobs
        self.tier = self.workers.verdict.layers.tier.value

    def __enter__(self) -> _Here:
        return self

    def __exit__(self, *ended: object) -> None:
        self.workers.__exit__(*ended)

    def graded(self, tasks: Iterator[Task]) -> Iterator[tuple[Task, Done | Failed]]:
        return graded(self.workers, self.jobs, tasks)


def _place(course: Course, jobs: int, scheduler: str | None):
    if scheduler is None:
        return _Here(course, jobs)
    from autograder.runner.cluster import Cluster  # Dask is imported where it is used

    return Cluster(course, scheduler)


def _from(first: Task, rest: Iterator[Task]) -> Iterator[Task]:
    yield first
    yield from rest


def _not_graded(task: Task, course: Course, failed: Failed, tier: str) -> Result:
    parts = tuple(PartResult(part.id, part.cents, 0, Outcome.ERROR) for part in course.parts)
    message = Message("result.internal", {"reason": failed.why})
    submission = task.submission
    return Result(submission.id, submission.name, "not graded", parts, task.fingerprint, tier, messages=(message,))


def _slim(result: Result, once: dict) -> Result:
    """The result without what only its report needs, and equal things ``once``: 10,000 rows are a few megabytes."""

    def same(value):
        return once.setdefault(value, value)

    parts = tuple(same(msgspec.structs.replace(part, checks=(), messages=(), came="")) for part in result.parts)
    its = result.fingerprint
    hashes = once.setdefault(
        (its.suites, its.solutions, its.config, its.engine), msgspec.structs.replace(its, submission="")
    )
    diagnoses = tuple(same(msgspec.structs.replace(one, hints=(), route="")) for one in result.diagnoses)
    slim = {"parts": same(parts), "fingerprint": hashes, "diagnoses": same(diagnoses), "isolation": same(result.isolation)}
    return msgspec.structs.replace(result, **slim, written={}, pictures={}, content="", handed_in="")
