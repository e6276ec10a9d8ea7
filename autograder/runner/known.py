"""What is known of one hand-in before anybody is asked: its record, or the questions of it that were asked elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from autograder.course.course import Course
from autograder.grade import recorded
from autograder.gradebook import unchanged
from autograder.gradebook.fingerprint import Hashes, of_variant, record_key
from autograder.gradebook.ledger import Ledger
from autograder.marking import hand_in, own_variant
from autograder.marking.hand_in import HandIn
from autograder.marking.numbers import numbers
from autograder.marking.written_marks import text_hashes
from autograder.model import Asked, Record, Submission


class HandedIn:
    """One submission and what is recorded of it. Everything is looked up where it is first needed."""

    def __init__(self, submission: Submission, course: Course, of_course: Hashes, ledger: Ledger, *, fresh: bool):
        self.submission, self.course, self.hashes, self.ledger, self.fresh = submission, course, of_course, ledger, fresh

    @cached_property
    def key(self) -> str:
        """What the record is found by."""
        return record_key(self.submission, self.hashes)

    @cached_property
    def _kept(self) -> Record | None:
        record = None if self.fresh else self.ledger.record(self.submission.id, self.key)
        return record if record is not None and self._whole(record) else None

    @property
    def recorded(self) -> bool:
        """Whether the gradebook has the record already."""
        return self._kept is not None

    @cached_property
    def _work(self) -> HandIn | None:
        try:
            return hand_in.read(self.submission, self.course)
        except (
            Exception
        ):  # reading promises not to raise; where it does all the same, a worker says so of this hand-in alone
            return None

    @cached_property
    def keys(self) -> dict[str, tuple[str, str]]:
        """By question, what its outcome is found by."""
        return (
            {} if self._work is None else unchanged.keys(self._work, self.course, self.hashes, of_variant(self.submission))
        )

    @cached_property
    def known(self) -> dict[str, Asked]:
        """The outcomes of questions that need not be asked again."""
        return {} if self.fresh else unchanged.known(self.keys, self.ledger.asked)

    @cached_property
    def record(self) -> Record | None:
        """What was asked and what came, where all of it is known."""
        if self._kept is not None or self.fresh or self._work is None or self._work.cells:
            return self._kept
        asked = [self.known[question.id] for question in self.course.questions if question.id in self.known]
        if len(asked) < len(self.course.questions) or len({one.isolation for one in asked}) != 1:
            return None
        given = numbers(self._work.sources, None, self.course)
        withheld = own_variant.withheld(self.course, self.submission)
        record = recorded(self._work, given.values, asked, given.notes, self.course, withheld)
        return record if self._whole(record) else None

    def _whole(self, record: Record) -> bool:
        """Whether every part was asked, behind a wall as strong as the course requires."""
        asked = {check.part for one in record.asked for check in one.checks}
        automatic = {part.id for part in self.course.parts if part.kind != "written"}
        return automatic <= asked and record.isolation <= self.course.config.isolation.required.value

    def texts(self) -> Mapping[str, str]:
        """The hash of each written answer by its part's name."""
        if self._kept is not None:
            return self._kept.texts
        return {} if self._work is None else text_hashes(self._work.essays, self._work.pictures)
