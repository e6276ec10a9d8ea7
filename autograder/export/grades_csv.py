"""``grades.csv``: a row a submission, a column a question, no cell a formula. Beside it ``diagnoses.csv`` and ``criteria.csv``.

``criteria.csv`` has a row for each criterion that a person decided, and a comment where there is one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder import files
from autograder.course.course import Course
from autograder.course.policy import Late
from autograder.marking import lateness
from autograder.model import Message, Outcome, PartResult, Result, points
from autograder.text import cell
from autograder.words import say

NAMED = 5  # parts


def write(path: Path, results: Iterable[Result], course: Course) -> None:
    """Write the files, each whole or not at all. ``max_score`` is what could be marked automatically."""
    ids = [question.id for question in course.questions]
    head = ["id", "name", "status", "score", "max_score", *ids, "late_days", "isolation", "message"]
    policy = course.config.late
    grades, diagnoses = [head], [["id", "part", "misconceptions"]]
    criteria = [["id", "part", "criterion", "met", "points", "comment"]]
    for result in results:
        grades.append([cell(value) for value in _row(result, ids, policy)])
        for one in result.diagnoses:
            diagnoses.append([cell(result.id), one.part, " ".join(one.misconceptions) or "(a guess)"])
        criteria += [[cell(value) for value in row] for part in result.parts for row in _criteria(result.id, part)]
    if len(criteria) > 1 or path.with_name("criteria.csv").exists():
        _write(path.with_name("criteria.csv"), criteria)
    _write(path, grades)
    _write(path.with_name("diagnoses.csv"), diagnoses)


def _criteria(id: str, part: PartResult) -> Iterator[list[str]]:
    """A row a criterion; one row without any where a person gave points and a comment alone."""
    if part.mark is None:
        return
    decided = [message for message in part.messages if message.key in ("written.met", "written.not_met")]
    for message in decided:
        met = "1" if message.key == "written.met" else "0"
        yield [id, part.id, str(message.values["id"]), met, str(message.values["points"]), part.mark.comment]
    if not decided:
        yield [id, part.id, "", "", points(part.cents or 0), part.mark.comment]


def _row(result: Result, questions: list[str], policy: Late) -> list[str]:
    graded = result.status != "not graded"
    seconds = result.late_seconds
    days = "" if seconds is None else str(lateness.counted(seconds, policy, result.cents).days)
    messages = [*_not_to_the_end(result), *result.messages]
    message = " ".join(say(one, "en") for one in messages)
    score = (
        [points(lateness.final_cents(result, policy)), points(result.max_cents)]
        if graded
        else ["", points(result.max_cents)]
    )
    columns = [points(result.cents_of(id)) if graded else "" for id in questions]
    return [result.id, result.name, result.status, *score, *columns, days, result.isolation, message]


def _not_to_the_end(result: Result) -> list[Message]:
    """What "partly graded" means here: the parts whose checks could not all be run."""
    parts = [part.id for part in result.parts if part.outcome in (Outcome.ERROR, Outcome.TIMEOUT, Outcome.CRASHED)]
    message = Message("result.partly", {"parts": ", ".join(parts[:NAMED]) + ", …" * (len(parts) > NAMED)})
    return [message] if parts and result.status == "partly graded" else []


def _write(path: Path, rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    files.write(path, text.getvalue().encode())
