"""Grades in the form that another system takes: one table of systems, one function."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from autograder import files
from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.export import canvas, classroom50, grades_csv, junit, moodle, otter
from autograder.export.fill import score_messages, scored
from autograder.model import Message, Result
from autograder.report import results_json
from autograder.words import say


def _gradescope(results: list[Result], course: Course, out: Path) -> list[Message]:
    """``out/<id>/results.json`` for every submission that has a grade."""
    for result in scored(results):
        files.write(classroom50.folder(out, result) / "results.json", results_json.results(result, course))
    return score_messages(results)


def _plain(results: list[Result], course: Course, out: Path) -> list[Message]:
    """As grading itself writes it, without hand-ins that claim one student; who has no grade has a row without a score."""
    out.parent.mkdir(parents=True, exist_ok=True)
    grades_csv.write(out, [result for result in results if not result.contested], course)
    return score_messages(results)


FILLED = {"canvas": canvas.export, "moodle": moodle.export}  # they fill a file that the other system exported
WRITTEN: dict[str, Callable[..., list[Message]]] = {
    "gradescope": _gradescope,
    "csv": _plain,
    "otter": otter.export,
    "junit": junit.export,
    "classroom50": classroom50.export,
}
KINDS = (*WRITTEN, *FILLED)
NAMES = {"csv": "grades.csv", "otter": "final_grades.csv", "junit": "junit.xml"}  # where --out is a folder


def run(
    kind: str,
    results: Iterable[Result],
    course: Course,
    out: Path,
    like: Path | None = None,
    into: str | None = None,
    identity: str | None = None,
    overwrite: bool = False,
) -> list[str]:
    """Write the grades for ``kind``, one of ``KINDS``, to ``out``; returns what to say on stderr.

    ``out`` is a file; gradescope and classroom50 take a folder. Canvas and Moodle need ``like``, the file they exported;
    ``into`` names the column, ``identity`` the one that students are matched by, ``overwrite`` replaces other numbers in it.
    Raises ConvgradeError for an unknown kind, a missing ``like``, and a ``like`` that is not the other system's file.
    """
    results = list(results)
    if kind in FILLED:
        if like is None:
            todo = "Export it there and name it with --like; one of its columns is filled, the rest stays as it is."
            raise ConvgradeError(f"{kind} needs its own exported file", where="--like", todo=todo)
        messages = FILLED[kind](
            results, course, _file(out, like.name), like=like, into=into, identity=identity, overwrite=overwrite
        )
    elif kind in WRITTEN:
        given = {"--like": like, "--column": into, "--identity": identity, "--overwrite": overwrite}
        if vain := [option for option, value in given.items() if value]:
            raise ConvgradeError(f"{kind} has no use for {vain[0]}", where=vain[0], todo="Leave it out.")
        messages = WRITTEN[kind](results, course, _file(out, NAMES[kind]) if kind in NAMES else out)
    else:
        raise ConvgradeError(f"unknown system {kind!r}", where="--to", todo=f"Choose one of {', '.join(KINDS)}.")
    return [say(message, "en") for message in messages]


def _file(out: Path, name: str) -> Path:
    return out / name if out.is_dir() else out
