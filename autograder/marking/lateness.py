"""The late policy: how late a hand-in is, what that takes off, and the sentence that tells how it was computed.

A day is 24 hours and every day that was begun counts whole. The clock starts when the grace after the deadline has run
out, so the grace counts at the end of every day, not only the first. What is taken off is a percentage of the points
earned, never more than ``cap_percent`` of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from msgspec.structs import replace

from autograder.course.course import Course
from autograder.course.moments import moment
from autograder.course.policy import Late
from autograder.marking import times_table
from autograder.marking.times_table import WhoseId, by_id
from autograder.model import Message, Result, Struct, Submission, points

DAY = 86_400


class Lateness(Struct):
    """What a hand-in's time comes to. ``cents`` is what is taken off the points earned."""

    days: int
    percent: float
    cents: int
    message: Message


def due(policy: Late, extension: datetime | None = None) -> datetime | None:
    """When it is due: the student's own deadline if that is later than everybody's. None without a deadline."""
    if not policy.deadline:
        return extension
    everybody = moment(policy.deadline, where="late.deadline")
    return everybody if extension is None else max(everybody, extension)


def seconds_late(handed_in: datetime, policy: Late, extension: datetime | None = None) -> int | None:
    """Whole seconds after the student's deadline, grace not yet considered; negative before it. None without one."""
    deadline = due(policy, extension)
    return None if deadline is None else (handed_in - deadline) // timedelta(seconds=1)


def counted(late_seconds: int, policy: Late, cents: int) -> Lateness:
    """What ``late_seconds`` after the deadline take off ``cents`` points earned (whole hundredths, halves rounded up)."""
    hours, minutes = divmod(-(-max(0, late_seconds) // 60), 60)
    values: dict[str, str | int | float] = {"hours": hours, "minutes": minutes, "grace": policy.grace_minutes}
    beyond = late_seconds - round(60 * policy.grace_minutes)
    if late_seconds <= 0:
        return Lateness(0, 0.0, 0, Message("late.in_time"))
    if beyond <= 0:
        return Lateness(0, 0.0, 0, Message("late.grace", values))
    days = -(-beyond // DAY)
    each, cap = Decimal(str(policy.percent_a_day)), Decimal(str(policy.cap_percent))
    percent = min(days * each, cap)
    off = int((cents * percent / 100).quantize(Decimal(1), ROUND_HALF_UP))
    values |= {"days": days, "each": policy.percent_a_day, "percent": float(percent)}
    values |= {"earned": points(cents), "points": points(off), "cap": policy.cap_percent}
    return Lateness(days, float(percent), off, Message("late.capped" if days * each > cap else "late.counted", values))


def final_cents(result: Result, policy: Late, cents: int | None = None) -> int:
    """The points to hand on: those earned so far (or ``cents`` of them), less what lateness takes off."""
    cents = result.cents if cents is None else cents
    if result.late_seconds is None or not policy.deadline:
        return cents
    return cents - counted(result.late_seconds, policy, cents).cents


@dataclass(frozen=True)
class Clock:
    """When each submission came and when it was due, by the submission's id, as ``id_of`` gives it for a table's cell.

    ``times`` takes precedence over the intake's times. Of the due dates from the config, an extension and the LMS, the latest
    counts.
    """

    policy: Late
    times: Mapping[str, datetime] = field(default_factory=dict)
    extensions: Mapping[str, datetime] = field(default_factory=dict)

    @classmethod
    def of(cls, course: Course, late_from: Path | None = None, id_of: WhoseId = by_id) -> Clock:
        """The course's clock, with ``--late-from`` and the config's extensions read. Raises ConvgradeError for either.

        ``id_of`` gives the id that a cell and its place mean.
        """
        policy = course.config.late
        extensions = times_table.deadlines(course.root / policy.extensions, id_of) if policy.extensions else {}
        return cls(policy, times_table.read(late_from, policy, id_of) if late_from else {}, extensions)

    def untimed(self, submission: Submission) -> bool:
        """Whether a submission has a deadline and nobody knows when it came."""
        due = bool(self.policy.deadline or submission.id in self.extensions or submission.due)
        return due and not submission.handed_in and submission.late_seconds is None

    def stamped(self, submission: Submission) -> Submission:
        """The submission with its seconds after the deadline, where both moments are known; else as the intake knows it."""
        id = submission.id
        at = self.times.get(id)
        if at is None and submission.handed_in:
            at = moment(submission.handed_in, where=submission.id)
        if at is None:
            return submission
        own = [self.extensions[id]] if id in self.extensions else []
        if submission.due:
            own.append(moment(submission.due, where=submission.id))
        late = seconds_late(at, self.policy, max(own, default=None))
        if late is None:
            return submission
        # The table now says how late it is, so the note that this is unknown goes.
        notes = tuple(note for note in submission.notes if note.key != "intake.late_mark")
        return replace(submission, handed_in=at.isoformat(), late_seconds=late, notes=notes)
