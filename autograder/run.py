"""Grading a class: every submission under a path, what is known already not again, results recorded as they come."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from autograder.collect import collect
from autograder.course import Course
from autograder.errors import ConvgradeError
from autograder.formats import grades_csv
from autograder.late import Clock
from autograder.model import Fingerprint, Graded, Message, Outcome, PartResult, Result, Submission
from autograder.pool import Workers, graded
from autograder.record import Gradebook
from autograder.report import render
from autograder.worker import Done, Failed, Task


@dataclass
class Summary:
    """What a run came to: rows for the table, counts, and what could not be read or graded."""

    rows: list[Result] = field(default_factory=list)
    known: int = 0
    tier: str = ""

    @property
    def unreadable(self) -> list[Result]:
        return [row for row in self.rows if row.status in ("unreadable", "not graded")]


def grade_class(
    path: Path,
    course: Course,
    out: Path,
    *,
    jobs: int,
    fresh: bool = False,
    late_from: Path | None = None,
    told: Callable[[Result], None] = lambda result: None,
    scheduler: str | None = None,
) -> Summary:
    """Grade every submission under ``path`` into ``out``. ``told`` is called with each result as it is recorded.

    On ``jobs`` workers of this machine, or on those of the Dask ``scheduler`` at that address.
    Interrupted, it keeps all that was recorded; called again, it grades only what is new or has changed.
    """
    summary, clock = Summary(), Clock.of(course, late_from)
    out.mkdir(parents=True, exist_ok=True)
    with Gradebook(out / "gradebook.sqlite") as book:

        def record(result: Result, files: dict[str, bytes]) -> None:
            _write(out / "submissions" / result.id, files)
            summary.rows.append(_slim(result))
            told(result)

        def todo() -> Iterator[Task]:
            hashes = course.hashes()
            for submission in map(clock.stamped, collect(path, course.known_files)):
                fingerprint = _fingerprint(submission, hashes)
                found = None if fresh else book.find(submission.id, fingerprint)
                if found is None:
                    yield Task(submission, fingerprint)
                else:
                    summary.known += 1
                    record(found, render(found, course))

        tasks = todo()
        first = next(tasks, None)
        if first is not None:
            with _place(course, jobs, scheduler) as place:
                for task, reply in place.graded(_from(first, tasks)):
                    if isinstance(reply, Failed):
                        result = _not_graded(task, course, reply, place.tier)
                        record(result, render(result, course))
                        continue
                    came = msgspec.msgpack.decode(reply.graded, type=Graded)
                    book.add(came.result)
                    record(came.result, came.files)
        summary.rows.sort(key=lambda row: row.id)
        grades_csv.write(out / "grades.csv", summary.rows, course)
    return summary


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
    from autograder.cluster import Cluster  # Dask is imported where it is used

    return Cluster(course, scheduler)


def _from(first: Task, rest: Iterator[Task]) -> Iterator[Task]:
    yield first
    yield from rest


def _fingerprint(submission: Submission, hashes) -> Fingerprint:
    digest = hashlib.sha256()
    for name, data in sorted(submission.files.items()):
        digest.update(f"{len(name)} {name} {len(data)} ".encode())
        digest.update(data)
    digest.update(repr((submission.late_seconds, submission.name)).encode())
    return Fingerprint(digest.hexdigest(), hashes.suites, hashes.solutions, hashes.config, hashes.engine)


def _not_graded(task: Task, course: Course, failed: Failed, tier: str) -> Result:
    parts = tuple(PartResult(part.id, part.cents, 0, Outcome.ERROR) for part in course.parts)
    message = Message("result.internal", {"reason": failed.why})
    submission = task.submission
    return Result(submission.id, submission.name, "not graded", parts, task.fingerprint, tier, messages=(message,))


def _slim(result: Result) -> Result:
    """The result without what only its report needs, and equal things kept once: 10,000 rows are a few megabytes."""
    parts = tuple(_same(msgspec.structs.replace(part, checks=(), messages=(), came="")) for part in result.parts)
    its = msgspec.structs.asdict(result.fingerprint) | {"submission": ""}
    diagnoses = tuple(_same(msgspec.structs.replace(one, hints=(), route="")) for one in result.diagnoses)
    return msgspec.structs.replace(
        result, parts=_same(parts), fingerprint=_same(Fingerprint(**its)), diagnoses=diagnoses, written={}
    )


_ONCE: dict = {}


def _same(value):
    """The first value that was equal to this one."""
    return _ONCE.setdefault(value, value)


def _write(folder: Path, files: dict[str, bytes]) -> None:
    """Each file whole or not at all: written beside, then renamed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            path = folder / name
            if path.exists() and path.read_bytes() == data:
                continue
            beside = folder / f".{name}.new"
            beside.write_bytes(data)
            os.replace(beside, path)
    except OSError as error:
        raise ConvgradeError(
            f"a report cannot be written: {error.strerror}",
            where=str(error.filename or folder),
            todo="Make room or choose another folder with --out; what is in the gradebook is kept.",
        ) from error
