"""What ``convgrade grade`` would refuse of a course, found before a class is graded."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from autograder.course import handout, rubric
from autograder.course.course import Course
from autograder.course.policy import Late, moment
from autograder.errors import ConvgradeError
from autograder.marking.lateness import Clock
from autograder.model import Outcome
from autograder.runner.class_run import grade_class
from autograder.wall.launch import Base


def of(course: Course) -> Iterator[str]:
    """One line for each thing that grading would refuse."""
    checks: tuple[Callable[[Course], object], ...] = (Clock.of, rubric.load, handout.statements, check_limits, _wall)
    refused = [str(error) for check in checks if (error := _error(check, course)) is not None]
    if not refused and (error := _error(_template_graded, course)) is not None:
        refused = [str(error)]
    yield from refused


def _error(check: Callable[[Course], object], course: Course) -> ConvgradeError | None:
    try:
        check(course)
    except ConvgradeError as error:
        return error
    return None


def _template_graded(course: Course) -> None:
    """Refuse a course whose own handed-out files exceed the limits: then students' would as well."""
    with tempfile.TemporaryDirectory(prefix="convgrade-") as folder:
        hand_in = Path(folder) / "class" / "template"
        hand_in.mkdir(parents=True)
        for question in course.questions:
            source = question.path("stub")
            text = source.read_text("utf-8") if source.is_file() else ""
            (hand_in / f"{question.stem}.py").write_text(text, "utf-8")
        summary = grade_class(hand_in.parent, course, Path(folder) / "out", jobs=1)
    (row,) = summary.rows
    beyond = [part.id for part in row.parts if part.outcome in (Outcome.TIMEOUT, Outcome.CRASHED)]
    if row.status == "not graded" or beyond:
        why = ", ".join(beyond[:5]) or "it was not graded at all"
        what = f"what is handed out cannot be graded within the limits ({why}), so no submission can"
        raise ConvgradeError(what, where=str(course.config_path), todo="Give `limits:` more.")


def check_limits(course: Course) -> None:
    """Limits that contradict each other, so that no submission can keep them."""
    limits, where = course.config.limits, str(course.config_path)
    for name in ("call_seconds", "import_seconds"):
        if getattr(limits, name) > limits.submission_seconds:
            what = (
                f"limits.{name} is {getattr(limits, name):g}, more than the {limits.submission_seconds:g} s of all together"
            )
            raise ConvgradeError(what, where=where, todo="Give limits.submission_seconds more, or this one less.")
    if limits.scratch_mb > limits.memory_mb:
        what = "limits.scratch_mb is more than limits.memory_mb, and what is written there is memory"
        raise ConvgradeError(what, where=where, todo="Give limits.memory_mb more, or limits.scratch_mb less.")


def _wall(course: Course) -> None:
    """The wall as strong as the course requires, with the course's limits."""
    base = Base(preload=False, limits=course.config.limits)
    base.close()
    tier, required = base.verdict.layers.tier, course.config.isolation.required
    if tier.value > required.value:
        what = f"this machine's wall is of tier {tier.value}, the course requires {required.value}"
        why = "; ".join(f"not {stronger.value}: {why}" for stronger, why in base.verdict.refused.items())
        raise ConvgradeError(what, where=str(course.config_path), todo=f"{why or 'See the line on isolation'}.")


def late_policy(policy: Late) -> str:
    """The late policy in one sentence, for the instructor to confirm."""
    if not policy.deadline:
        return "no deadline: nothing is late"
    deadline = policy.deadline
    with suppress(ConvgradeError):
        deadline = moment(policy.deadline, where="late.deadline").strftime("%A, %d %B %Y, %H:%M %z")
    grace = f" after {policy.grace_minutes:g} minutes of grace" if policy.grace_minutes else ""
    cap = f", never more than {policy.cap_percent:g} %" if policy.cap_percent < 100 else ""
    own = f"; own deadlines in {policy.extensions}" if policy.extensions else ""
    each = f"{policy.percent_a_day:g} % of the points for each day that was begun{grace}{cap}"
    return f"due {deadline}; {each}{own}"
