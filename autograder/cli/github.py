"""What a continuous-integration run shows: a Markdown summary, and the worst of what went wrong as annotations.

GitHub's words: https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands. It shows ten annotations of
a kind and step and drops the rest, so the worst come first; text of a student's can name no command of its own.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from autograder.course.course import Course
from autograder.gradebook.gradebook import Gradebook
from autograder.marking import lateness
from autograder.model import Outcome, PartResult, Result, points
from autograder.report.part_view import reasons
from autograder.runner.class_run import Summary
from autograder.text import annotation, annotation_property, line, markdown

WORST = 10
MOST_COMMENT, MOST_IGNORED = 55_000, 50  # bytes of a comment, of which GitHub takes 65,536 characters; paths in it
_BLOCK_ENDS, _CUT = "\n</div>\n", "\n\n(The rest is too long for a comment; the whole is in the results.)\n"
_ITEM = re.compile(r"(?m)^(?=\S)")  # every item and paragraph of feedback.md is a line of its own, with lines below it
_HARMLESS = re.compile(r"[^A-Za-z0-9._/ ()-]")
MOST_BYTES = 900_000  # of a step's summary; GitHub drops one of more than 1 MiB whole
MOST_ROWS = 200  # submissions that annotations are looked for in
MOST_TABLE = 5_000  # rows
WHOLE = 5  # submissions whose feedback is shown whole
_SEVERITY = (Outcome.CRASHED, Outcome.TIMEOUT, Outcome.ERROR, Outcome.FAILED)
_PLACE = re.compile(r"^(?P<file>[\w.]{1,80}\.py), line (?P<line>\d{1,7})$")


@contextmanager
def commands_stopped() -> Iterator[None]:
    """What is printed inside is text to the runner, whatever it begins with. Nothing where no runner listens."""
    if os.environ.get("GITHUB_ACTIONS") != "true":
        yield
        return
    token = secrets.token_hex(16)
    click.echo(f"::stop-commands::{token}")
    try:
        yield
    finally:
        click.echo(f"::{token}::")


def announce(summary: Summary, course: Course, out: Path) -> None:
    """Write the summary and the annotations where the environment asks for them."""
    target = os.environ.get("GITHUB_STEP_SUMMARY")
    if target:
        with open(target, "a", encoding="utf-8") as file:
            file.write(as_markdown(summary, course, out))
    if os.environ.get("GITHUB_ACTIONS") == "true":
        with Gradebook(out / "gradebook.sqlite") as book:
            results = [grade.result for row in summary.rows[:MOST_ROWS] if (grade := book.newest(row.id)) is not None]
        for command in commands(results, course):
            click.echo(command)


def as_markdown(summary: Summary, course: Course, out: Path) -> str:
    """The run as Markdown: a table of what is known so far, and the feedback itself where there are few."""
    lines = [
        f"## {markdown(course.config.title)}",
        "",
        "| submission | status | so far | awaiting a person |",
        "|---|---|---|---|",
    ]
    policy = course.config.late
    rows = [
        f"| {markdown(row.id)} | {row.status} | {points(lateness.final_cents(row, policy))} / {points(row.max_cents)} "
        f"| {points(row.awaiting_cents)} |"
        for row in summary.rows
    ]
    shown = rows[:MOST_TABLE]
    pieces = ["\n".join([*lines, *shown])]
    if len(rows) > len(shown):
        pieces.append(f"{len(rows) - len(shown)} more are in grades.csv.")
    if len(rows) <= WHOLE:
        for row in summary.rows:
            feedback = (out / "submissions" / row.id / "feedback.md").read_text("utf-8")
            if sum(len(piece.encode()) for piece in pieces) + len(feedback.encode()) < MOST_BYTES:
                pieces.append(feedback)
    return "\n\n".join(pieces) + "\n"


def comment(feedback: str, ignored: str = "", most: int = MOST_COMMENT) -> str:
    """A comment of at most ``most`` bytes from a ``feedback.md``, and what of the pull request was not looked at.

    What is too long is cut between two items, never inside one: a code span that is cut open would turn the student's own text
    into links and pictures. Each language has its share, and its block is closed.
    """
    paths = [_HARMLESS.sub("", path)[:200] for path in ignored.splitlines()[: MOST_IGNORED + 1]]
    ignored_too = ""
    if paths:
        ignored_too = "\n\nNot looked at, since a hand-in is only the files that were handed out:\n\n```text\n"
        ignored_too += (
            "".join(f"{path}\n" for path in paths[:MOST_IGNORED])
            + ("and more\n" if len(paths) > MOST_IGNORED else "")
            + "```\n"
        )
    blocks = [block for block in feedback.split(_BLOCK_ENDS) if block.strip()]
    room = most - len(ignored_too.encode())
    return "".join(_cut(block, room // len(blocks)) + _BLOCK_ENDS for block in blocks) + ignored_too


def _cut(block: str, most: int) -> str:
    items = _ITEM.split(block)
    kept: list[str] = []
    room = most - len(_CUT.encode()) - len(_BLOCK_ENDS)
    for item in items:
        room -= len(item.encode())
        if room < 0:
            return "".join(kept).rstrip("\n") + _CUT
        kept.append(item)
    return block


def commands(results: Sequence[Result], course: Course) -> list[str]:
    """At most ten workflow commands, the gravest outcomes first. Parts that were not attempted get none."""
    worst = [
        (_SEVERITY.index(part.outcome), result, part)
        for result in results
        for part in result.parts
        if part.outcome in _SEVERITY
    ]
    worst.sort(key=lambda one: one[0])
    return [_command(result, part, course) for _, result, part in worst[:WORST]]


def _command(result: Result, part: PartResult, course: Course) -> str:
    kind = "warning" if part.outcome is Outcome.FAILED else "error"
    file, number = _place(part, course)
    title = f"{result.id}: {part.id}"
    reason = " ".join(reasons(part, course.config.feedback, "en")) or part.outcome.value
    place = f"file={annotation_property(file)},line={number}," if file else ""
    return f"::{kind} {place}title={annotation_property(title)}::{annotation(line(reason))}"


def _place(part: PartResult, course: Course) -> tuple[str, int]:
    """The student's file and line that a message names, where it is one of the homework's files."""
    for message in (*part.messages, *(check.message for check in part.checks if check.message)):
        where = str(message.values.get("where", "")).split("; ")[-1]
        match = _PLACE.match(where)
        if match and match["file"] in course.known_files.names:
            return match["file"], int(match["line"])
        file, number = message.values.get("file"), message.values.get("line")
        if file in course.known_files.names and isinstance(number, int):
            return str(file), number
    return "", 0
