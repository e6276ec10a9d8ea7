"""Classroom 50's ``result.json``: whole numbers only, so points are handed over in hundredths.

Lateness is Classroom 50's own business, judged by ``datetime``: nothing is taken off here.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder import files
from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.export.fill import score_messages, scored
from autograder.model import Message, Outcome, Result, Struct
from autograder.text import line

SCHEMA = "classroom50/result/v1"
NEWER = ("classroom", "release", "review")  # strings that a newer runner asks for as well


class About(Struct):
    """What the result is of, as the runner says it: whose, which submission, which commit, when (UTC, ISO 8601)."""

    assignment: str
    usernames: tuple[str, ...]
    submission: str
    commit: str
    datetime: str
    classroom: str = ""
    release: str = ""
    review: str = ""


def about(environment: Mapping[str, str], result: Result, course: Course) -> About:
    """From the variables that Classroom 50's runner sets, else from what the submission and the course are called."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    commit = environment.get("COMMIT_URL") or environment.get("GITHUB_SHA", "")
    return About(
        assignment=environment.get("ASSIGNMENT") or course.config.title,
        usernames=((environment.get("OWNER") or environment.get("USERNAME") or line(result.id)),),
        submission=environment.get("SUBMISSION_TAG") or line(result.id),
        commit=commit,
        datetime=environment.get("SUBMITTED_AT") or now,
        classroom=environment.get("CLASSROOM", ""),
        release=environment.get("RELEASE_URL", ""),
        review=environment.get("REVIEW_URL") or (commit if environment.get("CLASSROOM") else ""),
    )


def document(result: Result, of: About) -> dict[str, Any]:
    """The file as data: a test a part, those left out that a person has still to mark."""
    tests = [
        {
            "test-name": part.id,
            "passed": part.outcome is Outcome.PASSED,
            "score": part.cents or 0,
            "max-score": part.max_cents,
        }
        for part in result.automatic
    ]
    return {
        "schema": SCHEMA,
        "assignment": of.assignment,
        "usernames": list(of.usernames),
        "submission": of.submission,
        "commit": of.commit,
        "datetime": of.datetime,
        **{name: value for name in NEWER if (value := getattr(of, name))},
        "score": sum(test["score"] for test in tests),
        "max-score": sum(test["max-score"] for test in tests),
        "tests": tests,
    }


def export(
    results: Iterable[Result], course: Course, out: Path, *, environment: Mapping[str, str] = os.environ
) -> list[Message]:
    """Write ``out`` itself where it ends in .json and there is one result, else ``out/<id>/result.json`` for each."""
    results = sorted(results, key=lambda result: result.id)
    messages, graded = score_messages(results), scored(results)
    one = out.suffix == ".json"
    if one and len(results) != 1:
        todo = "Name a folder with --out."
        raise ConvgradeError(f"{len(results)} results do not go into one result.json", where=str(out), todo=todo)
    if one and not graded:
        todo = "Grade it again; Classroom 50 takes a non-zero exit as a failure of the runner."
        raise ConvgradeError("the submission has no grade", where=results[0].id, todo=todo)
    for result in graded:
        text = json.dumps(document(result, about(environment if one else {}, result, course)), ensure_ascii=False, indent=2)
        files.write(out if one else folder(out, result) / "result.json", f"{text}\n".encode("utf-8", "replace"))
    return [*messages, Message("export.hundredths")]


def folder(out: Path, result: Result) -> Path:
    """The folder of a submission below ``out``. Raises ConvgradeError for an id that would lead elsewhere."""
    if not result.id or result.id in (".", "..") or any(sign in result.id for sign in "/\\\0"):
        raise ConvgradeError(f"{result.id!r} cannot be a folder's name", where=str(out), todo="Grade the class again.")
    return out / result.id
