"""What the gradebook knows of one hand-in before a worker is asked: its record, or the outcomes of some of its questions.

This process reads none of its files: ``reader`` supplies the keys for the lookup.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from autograder.course.course import Course
from autograder.gradebook.fingerprint import Hashes, record_key
from autograder.gradebook.ledger import Ledger
from autograder.model import QuestionOutcome, Record, Submission
from autograder.runner.messages import Read
from autograder.runner.reader import Reader


class Lookup:
    """One submission and what the gradebook knows about it. Everything is looked up when first needed."""

    def __init__(
        self, submission: Submission, course: Course, of_course: Hashes, ledger: Ledger, reader: Reader, *, fresh: bool
    ):
        self.submission, self.course, self.hashes, self.ledger, self.fresh = submission, course, of_course, ledger, fresh
        self.reader = reader

    @cached_property
    def key(self) -> str:
        """The key of the record."""
        return record_key(self.submission, self.hashes)

    @cached_property
    def _kept(self) -> Record | None:
        record = None if self.fresh else self.ledger.record(self.submission.id, self.key)
        return record if record is not None and self._whole(record.asked) else None

    @property
    def recorded(self) -> bool:
        """Whether the gradebook has the record already."""
        return self._kept is not None

    @cached_property
    def _read(self) -> Read | None:
        return self.reader.read(self.submission)

    @property
    def keys(self) -> Mapping[str, tuple[str, str]]:
        """The keys of each question's outcome; none where reading the hand-in hit a limit."""
        return {} if self._read is None else self._read.keys

    @cached_property
    def known(self) -> dict[str, QuestionOutcome]:
        """The outcomes of questions that need not be asked again."""
        find = (lambda key: None) if self.fresh else self.ledger.outcome  # the keys are read all the same, to record under
        outcomes = {question: find(narrow) or find(wide) for question, (narrow, wide) in self.keys.items()}
        return {question: outcome for question, outcome in outcomes.items() if outcome is not None}

    @cached_property
    def record(self) -> Record | None:
        """The whole record, if every outcome in it is known; else None."""
        if self._kept is not None or self.fresh or self._read is None or self._read.cells:
            return self._kept
        outcomes = tuple(self.known[question.id] for question in self.course.questions if question.id in self.known)
        whole = len(outcomes) == len(self.course.questions) and self._whole(outcomes)
        return self.reader.record(self.submission, outcomes) if whole else None

    def _whole(self, asked: Sequence[QuestionOutcome]) -> bool:
        """Whether every part was asked, behind one wall that is as strong as the course requires."""
        checked = {check.part for one in asked for check in one.checks}
        tiers = {one.isolation for one in asked}
        everything = all(part.id in checked for part in self.course.automatic)
        return everything and len(tiers) == 1 and max(tiers) <= self.course.config.isolation.required.value

    def texts(self) -> Mapping[str, str] | None:
        """The hash of each written answer by its part's name; None where reading the hand-in hit a limit."""
        if self._kept is not None and self._kept.opened:
            return self._kept.texts
        return None if self._read is None else self._read.texts
