"""What is marked, as it is now: the class's answers, the rubric and the readings, each read anew when its file changes."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder.course import handout, rubric
from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.gradebook import ledger
from autograder.gradebook.marking_file import FILE, MarkingFile, Reading, Request
from autograder.gradebook.readings import Key, Settled, by_answer, settle
from autograder.marking.written_marks import text_hash
from autograder.model import Part, Text
from autograder.web.answers import Answer, of_class
from autograder.web.leases import Leases
from autograder.web.same import normal


@dataclass(frozen=True)
class Wishes:
    """What the course wants to know about its marking. Without wishes every answer is read once."""

    calibration: int = 0  # answers of each question that everybody reads first
    second: float = 0.0  # percent of the answers that are read by two people who do not see each other's decisions


class Desk:
    """One results folder on the desk. Raises ConvgradeError where there is nothing to mark or something cannot be used."""

    def __init__(self, course: Course, results: Path, wishes: Wishes = Wishes()):
        self.course, self.results, self.wishes = course, results, wishes
        self.parts: tuple[Part, ...] = tuple(part for part in course.parts if part.kind == "written")
        if not self.parts:
            raise ConvgradeError(
                "this course has no written part", where=str(course.config_path), todo="There is nothing to mark."
            )
        self.rubrics = rubric.load(course)
        # Why a changed "rubric" or "book" cannot be used: the earlier one holds until it can.
        self.trouble: dict[str, str] = {}
        self.leases = Leases()
        self._rubric_stamp, self._book_stamp, self._run = self._rubric_files(), self._book_file(), None
        graded, self.notes = ledger.latest(results)
        self.file = MarkingFile(results / FILE)
        self._take_class(graded)
        if not any(one.text or one.pictures for answers in self.answers.values() for one in answers):
            todo = "Name the folder of a class whose hand-ins have written answers, with --from."
            raise ConvgradeError("none of the graded hand-ins has a written answer", where=str(results), todo=todo)
        self._run = self._last_run()
        self._take_readings()

    def close(self) -> None:
        self.file.__exit__()

    # ---- the class

    def _take_class(self, graded) -> None:
        self.answers = of_class(graded, self.parts, self.file.about["seed"])
        self.by_id = {answer.id: answer for answers in self.answers.values() for answer in answers}
        self.by_student = {(answer.student, answer.part): answer for answer in self.by_id.values()}
        self.groups: dict[tuple[str, str, str], list[Answer]] = defaultdict(list)  # what is equal in them -> the answers
        for answers in self.answers.values():
            for answer in answers:
                self.groups[self._group(answer)].append(answer)

    @staticmethod
    def _group(answer: Answer) -> tuple[str, str, str]:
        return answer.part, normal(answer.text), text_hash("", answer.pictures)  # pictures are compared byte for byte

    def equal(self, answer: Answer) -> list[Answer]:
        """The other answers with this text, spelling aside."""
        return [one for one in self.groups[self._group(answer)] if one.id != answer.id]

    def calibration(self, part: str) -> list[Answer]:
        """The answers that everybody reads first: the first of the order whose texts are not empty."""
        return [one for one in self.answers[part] if one.text.strip()][: self.wishes.calibration]

    # ---- the readings

    def _take_readings(self) -> None:
        self._seen = self.file.changed_elsewhere()
        self.readings: dict[Key, list[Reading]] = by_answer(self.file.standing())
        self.of_student: dict[tuple[str, str], set[str]] = defaultdict(set)  # student and part -> texts that were read
        self.all_requests: list[Request] = self.file.requests()
        self.answered: dict[tuple[str, str], int] = {}  # student and part -> the newest request that was answered
        self.flags = self.file.flags()
        self._settled: dict[Key, Settled] = {}
        for own in self.readings.values():
            self._note(own)

    def added(self) -> None:
        """Readings, flags or requests were added: read the file again. Some 10 ms for a class of 400."""
        self._take_readings()

    def took(self, readings: list[Reading]) -> None:
        """These readings were added to the file just now."""
        for reading in readings:
            key = (reading.student, reading.part, reading.text)
            own = self.readings.setdefault(key, [])
            if all(one.number != reading.number for one in own):
                own.append(reading)
            self._settled.pop(key, None)
        self._note(readings)

    def _note(self, readings: list[Reading]) -> None:
        for reading in readings:
            at = reading.student, reading.part
            self.of_student[at].add(reading.text)
            self.answered[at] = max(self.answered.get(at, 0), reading.request or 0)

    def of(self, answer: Answer) -> list[Reading]:
        """The readings of exactly this text, oldest first."""
        return self.readings.get(answer.key, [])

    def mine(self, answer: Answer, who: str) -> Reading | None:
        """This person's newest reading of exactly this text."""
        return next((one for one in reversed(self.of(answer)) if one.who == who), None)

    def earlier(self, answer: Answer) -> list[Reading]:
        """Readings of other texts that the student handed in for this part before, oldest first."""
        others = self.of_student.get((answer.student, answer.part), set()) - {answer.hash}
        readings = [one for text in others for one in self.readings[answer.student, answer.part, text]]
        return sorted(readings, key=lambda one: one.number)

    def settled(self, answer: Answer) -> Settled | None:
        """What stands for an answer; None where nobody has read it."""
        own = self.of(answer)
        if own and answer.key not in self._settled:
            self._settled[answer.key] = settle(own, self.rubrics[answer.part])
        return self._settled[answer.key] if own else None

    def requests(self, answer: Answer) -> list[Request]:
        """The student's regrade requests for this answer that nobody has answered."""
        at = answer.student, answer.part
        return [one for one in self.all_requests if (one.student, one.part) == at and one.number > self.answered.get(at, 0)]

    # ---- files that change

    def refresh(self) -> None:
        """Read anew what others have changed: the rubric, the gradebook, or the readings."""
        if (stamp := self._rubric_files()) != self._rubric_stamp:
            self._rubric_stamp = stamp
            try:
                self.rubrics = rubric.load(self.course)
                self._settled.clear()
                self.trouble.pop("rubric", None)
            except ConvgradeError as error:
                self.trouble["rubric"] = str(error)
        if (stamp := self._book_file()) != self._book_stamp:
            self._book_stamp = stamp
            if (run := self._last_run()) != self._run:
                try:
                    self._take_class(ledger.latest(self.results)[0])
                    self._run = run
                    self.trouble.pop("book", None)
                except ConvgradeError as error:
                    self.trouble["book"] = str(error)
        if self.file.changed_elsewhere() != self._seen:
            self._take_readings()

    def _rubric_files(self) -> list[tuple[int, int]]:
        return [_stamp(path) for path in rubric.paths(self.course)]

    def _book_file(self) -> list[tuple[int, int]]:
        return [_stamp(self.results / f"{ledger.GRADEBOOK}{suffix}") for suffix in ("", "-wal")]

    def _last_run(self) -> int | None:
        """The number of the last finished run, without waiting for a run that is grading now."""
        try:
            database = sqlite3.connect(f"{(self.results / ledger.GRADEBOOK).resolve().as_uri()}?mode=ro", uri=True)
            try:
                return database.execute("SELECT max(number) FROM runs").fetchone()[0]
            finally:
                database.close()
        except sqlite3.Error:  # moved away or being made anew: what is on the desk stays there
            return self._run

    # ---- the handout

    @cached_property
    def statements(self) -> dict[str, Text]:
        """The question that each written part asks, by part id."""
        return handout.statements(self.course)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size
