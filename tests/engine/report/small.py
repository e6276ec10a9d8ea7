"""Results of the toy course, made without grading."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.course.course import Course
from autograder.model import Fingerprint, Outcome, PartResult, Result
from tests.engine.toy_course import copied

CENTS = {
    "q1.numbers.area": 1000, "q1.numbers.volume": 1000, "q1.code.area": 2000, "q1.code.volume": 2000, "q1.code.Scale": 2000,
    "q1.written.w1": 2000,
}  # fmt: skip
FAILED: dict[str, Any] = {"cents": 0, "outcome": Outcome.FAILED}


def course_in(folder: Path, feedback: str = "hint", more: str = "") -> Course:
    """The toy course at a feedback level, with ``more`` lines in its config."""
    config = copied(folder)
    text = config.read_text("utf-8").replace("feedback: hint", f"feedback: {feedback}")
    config.write_text(f"{text}\n{more}\n", "utf-8")
    return Course.load(config)


def result(changed: Mapping[str, Mapping[str, Any]] = {}, **more: Any) -> Result:
    """Everything right and the written answer waiting, but for the fields of the parts that are ``changed``."""
    parts = []
    for id, cents in CENTS.items():
        waits = id.startswith("q1.written")
        fields = {"cents": None, "outcome": Outcome.AWAITING} if waits else {"cents": cents, "outcome": Outcome.PASSED}
        parts.append(PartResult(**{"id": id, "max_cents": cents, **fields, **changed.get(id, {})}))
    known = {
        "id": "ada",
        "name": "Ada",
        "status": "graded",
        "isolation": "A",
        "fingerprint": Fingerprint("s", "h", "o", "c", "e"),
    }
    return Result(parts=tuple(parts), **{**known, **more})
