"""A results folder with written answers, made without grading: what the marking page opens."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from pathlib import Path

from autograder.course.course import Course
from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.ledger import GRADEBOOK
from autograder.gradebook.marking_file import Decision, Reading
from autograder.model import Fingerprint, Outcome, PartResult, Picture, Result
from autograder.web import saving
from autograder.web.answers import Answer
from autograder.web.desk import Desk
from autograder.web.people import Marker
from tests.engine.toy_course import add_question, copied

RUBRIC = """\
w1:
  criteria:
    - id: what
      points: 10
      en: "Says what a pixel is."
      fa: "می‌گوید پیکسل چیست."
    - id: value
      points: 5
      en: "Says that a pixel has a value for each channel."
      fa: "می‌گوید هر پیکسل برای هر کانال یک مقدار دارد."
    - id: place
      points: 5
      en: "Says that a pixel has a place in the image."
      fa: "می‌گوید هر پیکسل در تصویر جایی دارد."
  sample:
    en: "The smallest piece of an image: a place in it with a value for each channel."
    fa: "کوچک‌ترین جزء تصویر: جایی در آن با یک مقدار برای هر کانال."
"""
PART = "q1.written.w1"


def course_in(folder: Path, second: bool = False) -> Path:
    """The toy course with a rubric of three criteria, and on demand a second question (w2). Returns its config."""
    config = copied(folder)
    (config.parent / "assignment" / "q1_box.rubric.yml").write_text(RUBRIC, "utf-8")
    if second:
        add_question(config)
    return config


def graded(
    out: Path,
    course: Course,
    texts: Mapping[str, str | Mapping[str, str]],
    names: Mapping[str, str] = {},
    pictures: Mapping[str, tuple[Picture, ...]] = {},
    unreadable: tuple[str, ...] = (),
) -> None:
    """Write a finished run into ``out``: for each student the text of w1, or of each part by name."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "submissions").mkdir(exist_ok=True)
    with Gradebook(out / GRADEBOOK) as book:
        numbers = []
        for student, own in texts.items():
            written = {"w1": own} if isinstance(own, str) else dict(own)
            parts = tuple(
                PartResult(part.id, part.cents, None, Outcome.AWAITING)
                if part.kind == "written"
                else PartResult(part.id, part.cents, part.cents, Outcome.PASSED)
                for part in course.parts
            )
            result = Result(
                id=student,
                name=names.get(student, ""),
                status="unreadable" if student in unreadable else "graded",
                parts=parts,
                fingerprint=Fingerprint(str(written), "h", "o", "c", "e"),
                isolation="A",
                written={name: text for name, text in written.items() if text},
                pictures={"w1": pictures[student]} if student in pictures else {},
            )
            numbers.append(book.add(result, result.cents))
        book.finished(numbers)


def marked_anew(out: Path) -> None:
    """Forget every reading."""
    for path in out.glob("marking.sqlite*"):
        path.unlink()


SARA, ALI = Marker("Sara", "sara's link", leads=True), Marker("Ali", "ali's link", leads=False)
_saves = count(1)


def answer_of(desk: Desk, student: str) -> Answer:
    return desk.by_student[student, PART]


def sent(desk: Desk, student: str, met: str = "111", **more) -> saving.Save:
    """What the page sends for a student's answer: a digit for each criterion, 1 where it is met."""
    answer, rubric = answer_of(desk, student), desk.rubrics[PART]
    decided = {one.id: Decision(value == "1", one.sentence) for one, value in zip(rubric.criteria, met, strict=False)}
    known = {"save": str(next(_saves)), "answer": answer.id, "hash": answer.hash, "rubric": rubric.hash, "met": decided}
    return saving.Save(**{**known, **more})


def read(desk: Desk, marker: Marker, student: str, met: str = "111", **more) -> list[Reading]:
    """A marker has read a student's answer."""
    return saving.save(desk, marker, sent(desk, student, met, **more))
