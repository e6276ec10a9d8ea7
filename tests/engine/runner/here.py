"""What the runner's tests share: a small course's hashes, hand-ins, outcomes, and hand-ins read in this process."""

from __future__ import annotations

from autograder.course.course import Course
from autograder.gradebook.fingerprint import Hashes
from autograder.model import Check, Outcome, QuestionOutcome, Record, Submission
from autograder.runner import reader_process
from autograder.runner.messages import Read, Wanted

HASHES = Hashes(
    "s", "o", "c", "e", "look", "limits", "asking", {"q1": "q"}, {"q1": ("q1_box",)}, {"q1": ("q1_box",)},
    {"q1": ("q1.area", "q1.volume")}, "v",
)  # fmt: skip
PARTS = ("q1.numbers.area", "q1.numbers.volume", "q1.code.area", "q1.code.volume", "q1.code.Scale")
SHEET = b"[q1]\narea = 221\nvolume = 4199\n"
CODE = b"def area(height, width=4):\n    return height * width\n"


class Here:
    """The reader, without the process and the limits that it reads in."""

    def __init__(self, course: Course):
        self.course, self.asked = course, 0

    def read(self, submission: Submission) -> Read:
        self.asked += 1
        return reader_process.read(Wanted(submission), self.course, HASHES)

    def record(self, submission: Submission, outcomes: tuple[QuestionOutcome, ...]) -> Record:
        return reader_process.read(Wanted(submission, outcomes), self.course, HASHES)


def hand_in(id: str = "ada", written: str = "A dot.", code: bytes = CODE, sheet: bytes = SHEET) -> Submission:
    """A hand-in of the toy course."""
    return Submission(id, files={"q1_box.py": code, "answers.toml": sheet, "written.md": f"## w1\n\n{written}\n".encode()})


def outcome(tier: str = "E", parts: tuple[str, ...] = PARTS, **more) -> QuestionOutcome:
    """All right."""
    return QuestionOutcome("q1", tier, tuple(Check(part, part, Outcome.PASSED) for part in parts), **more)
