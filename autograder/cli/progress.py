"""What a person sees while a class is graded, and the table at the end. In a pipe: a line now and then."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from autograder.cli.pace import Pace
from autograder.course.course import Course
from autograder.marking import lateness
from autograder.model import Result, points
from autograder.runner.class_run import Summary
from autograder.text import line
from autograder.words import phrase, say

EVERY_SECONDS = 10.0
MOST_ROWS = 60
MOST_CHANGES = 5
STRANGERS = 20  # ids that are named


@contextmanager
def shown(total: int) -> Iterator[Callable[[Result, bool], None]]:
    """A callable that takes each result and whether a worker graded it, and shows a bar on a terminal, else lines.

    The lines come by the clock, not with the results, so one appears even before the first result.
    """
    pace = Pace(total)
    if sys.stderr.isatty():
        columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[pace]}"))
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("", total=total, pace="")

            def on_result(result: Result, by_worker: bool) -> None:
                pace.result(result.seconds, by_worker=by_worker)
                left = pace.left()
                bar.update(task, advance=1, pace="" if left is None else f"{pace.rate:.1f}/s, about {left:.0f} s left")

            yield on_result
        return
    started, ended = time.monotonic(), threading.Event()

    def in_lines(result: Result, by_worker: bool) -> None:
        pace.result(result.seconds, by_worker=by_worker)

    def now_and_then() -> None:
        while not ended.wait(EVERY_SECONDS):
            left = pace.left()
            estimate = f"{time.monotonic() - started:.0f} s so far" if left is None else f"about {left:.0f} s left"
            print(f"graded {pace.done} of {total}, {estimate}", file=sys.stderr, flush=True)

    threading.Thread(target=now_and_then, daemon=True).start()
    try:
        yield in_lines
    finally:
        ended.set()


def table(summary: Summary, course: Course, out: Path) -> None:
    """The class as a table on standard output, and where everything is."""
    console = Console(width=None if sys.stdout.isatty() else 110)
    ids = [question.id for question in course.questions]
    grid = Table(box=None, header_style="bold", pad_edge=False)
    named = any(row.name for row in summary.rows[:MOST_ROWS])
    for head in ("submission", *(["name"] if named else []), "status", "score", *ids):
        grid.add_column(head, justify="left" if head in ("submission", "name", "status") else "right")
    for row in summary.rows[:MOST_ROWS]:
        score = f"{points(lateness.final_cents(row, course.config.late))} / {points(row.max_cents)}"
        cells = [points(row.cents_of(id)) for id in ids] if row.status != "not graded" else [""] * len(ids)
        grid.add_row(
            escape(line(row.id)),
            *([escape(line(row.name))] if named else []),
            row.status,
            score if row.status != "not graded" else "",
            *cells,
        )
    console.print(grid)
    if len(summary.rows) > MOST_ROWS:
        console.print(f"… and {len(summary.rows) - MOST_ROWS} more in grades.csv")
    known = f", {summary.known} of them known already" if summary.known else ""
    many = "1 submission" if len(summary.rows) == 1 else f"{len(summary.rows)} submissions"
    answers = "1 written answer awaits" if summary.unmarked == 1 else f"{summary.unmarked} written answers await"
    waits = (
        f" {answers} a person: `convgrade mark` opens a page for that, `convgrade marks` writes a table."
        if summary.unmarked
        else ""
    )
    console.print(f"\n{many}{known}.{waits}", soft_wrap=True)
    others = [
        f"{line(one.id)} {points(one.was)} → {points(one.now)}"
        for one in summary.changes
        if one.was is not None and one.was != one.now
    ]
    if others:
        some = ", ".join(others[:MOST_CHANGES])
        more = f" and {len(others) - MOST_CHANGES} more" if len(others) > MOST_CHANGES else ""
        changed = f"Points changed for {len(others)}: {some}{more}. `convgrade history ID` says why."
        console.print(escape(changed), soft_wrap=True)
    console.print(f"Results: {escape(str(out / 'grades.csv'))}, {escape(str(out / 'submissions'))}/<id>/feedback.html")


def facts(summary: Summary, course: Course, out: Path) -> dict[str, Any]:
    """The run for a program."""
    return {
        "out": str(out),
        "known": summary.known,
        "submissions": [
            {
                "id": row.id,
                "name": row.name,
                "status": row.status,
                "score": lateness.final_cents(row, course.config.late) / 100,
                "max_score": row.max_cents / 100,
            }
            for row in summary.rows
        ],
    }


def unmatched(summary: Summary) -> str:
    """One line about ids in the tables of times, extensions or marks that no submission has."""
    return f"{_named(summary.strangers)}: a time, an extension or a mark is given, but no submission has this id (a slip, or nothing handed in)"


def contested(row: Result) -> str:
    """One line about a hand-in that claims a student whom another one claims too."""
    note = next(message for message in row.messages if message.key == "intake.same_name")
    return f"{line(row.id)}: {line(say(note, 'en'))}"


def beside(summary: Summary) -> Iterator[str]:
    """A line about files that belong to no student, and one about times that could not be read."""
    if summary.aside:
        yield f"left aside, as nobody's hand-in: {_named(summary.aside)}"
    if summary.untimed:
        what = f"the time of handing in could not be read for {len(summary.untimed)}, so nothing is taken off as late"
        yield f"{what} (--late-from gives times): {_named(summary.untimed)}"


def sheets(summary: Summary) -> Iterator[str]:
    """A line for each thing that is odd about the class's variants, with the ids."""
    for key, ids in sorted(summary.sheets.items()):
        yield f"{_named(ids)}: {phrase('en', f'class.{key}')}"
    if summary.unchecked:
        yield phrase("en", "class.variant.unchecked")


def _named(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - STRANGERS} more" if len(ids) > STRANGERS else ""
    return ", ".join(map(line, ids[:STRANGERS])) + more


def why(row: Result) -> str:
    """One line about a submission that could not be read or graded."""
    who = f"{line(row.id)} ({line(row.name)})" if row.name else line(row.id)
    return f"{who}: {row.status}: {' '.join(line(say(message, 'en')) for message in row.messages[:1])}"
