"""What people say of a hand-in from outside: when it came, and what its written answers are worth.

Said once, it holds: where nobody says otherwise, a time and the marks are those of the earlier grade, for as long as the
hand-in is the same byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from autograder.course.course import Course
from autograder.gradebook.fingerprint import content
from autograder.marking import table, written_marks
from autograder.marking.lateness import Clock
from autograder.model import Mark, Result, Submission
from autograder.text import line

NAMED = 20  # ids


@dataclass
class Entered:
    clock: Clock
    marks: Mapping[str, Mapping[str, Mark | None]] = field(default_factory=dict)
    timed: list[str] = field(default_factory=list)  # ids whose time is that of their earlier grade
    unmarked: list[str] = field(default_factory=list)  # ids whose marks were for another hand-in

    @classmethod
    def of(cls, course: Course, late_from: Path | None = None, marks_from: Path | None = None) -> Entered:
        """Read both tables. Raises ConvgradeError for either."""
        return cls(Clock.of(course, late_from), written_marks.read(marks_from, course) if marks_from else {})

    def into(self, submission: Submission, earlier: Result | None) -> Submission:
        """The submission with its time and marks; ``earlier`` is its newest grade."""
        same = earlier is not None and earlier.content == content(submission)
        stamped = self.clock.stamped(submission)
        if not stamped.handed_in and same and earlier.handed_in:
            stamped = self.clock.stamped(replace(submission, handed_in=earlier.handed_in))
            self.timed.append(submission.id)
        known = written_marks.of(earlier) if earlier is not None else {}
        said = self.marks.get(table.key(submission.id), {})
        if known.keys() - said.keys() and not same:
            self.unmarked.append(submission.id)
        whole = {**(known if same else {}), **said}
        return replace(stamped, marks={part: mark for part, mark in sorted(whole.items()) if mark is not None})

    def strangers(self, ids: Iterable[str]) -> list[str]:
        """Ids that a table names and that no submission has: a slip, or nothing handed in."""
        return sorted({*self.clock.times, *self.clock.extensions, *self.marks} - {table.key(id) for id in ids})

    def told(self) -> Iterator[str]:
        """What was kept or lost without a word in the tables."""
        if self.timed:
            told = "no time is given for them now, so it is that of their earlier grade (--late-from gives another)"
            yield f"{_listed(self.timed)}: {told}"
        if self.unmarked:
            told = "their written answers await a person again, since another hand-in was marked (--marks gives marks for this one)"
            yield f"{_listed(self.unmarked)}: {told}"


def _listed(ids: list[str]) -> str:
    more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
    return ", ".join(map(line, ids[:NAMED])) + more
