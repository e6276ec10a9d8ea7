"""Right but unusual modules, handed in as files and asked by the real suites through the real wall: all marks."""

import warnings
from pathlib import Path

import pytest

from autograder.course.course import Course
from autograder.marking.answers import Answers
from autograder.marking.recorder import Recorder
from autograder.marking.suites import collected
from autograder.model import Limits, Outcome
from autograder.prepare import attempts
from autograder.wall.launch import Base
from autograder.wall.session import Session, Zygote
from autograder.wall.student import Student

COURSE = Course.load(Path(__file__).resolve().parents[3] / "grader_config.yml")
# In place of the author's decorator, which marks what it is put on.
RIGHT = """
class right:
    def __init__(self, of): pass
    def __call__(self, made):
        made.made = made
        return made
"""


def sources(question, attempt) -> dict[str, str]:
    """The attempt's file as a submission: what is asked of it, under the name that is asked for."""
    text = (COURSE.root / attempts.FILES.format(stem=question.stem, kind="right")).read_text("utf-8")
    text = text.replace("from autograder.course.author import right", RIGHT)
    text = "\n".join(line for line in text.splitlines() if not line.startswith("from solutions"))
    return {question.stem: f"{text}\n{attempt.replaces} = {attempt.name}\n"}


@pytest.fixture(scope="module")
def zygote():
    """Behind the strongest wall here: what a weaker one lacks is nothing that these modules use."""
    base = Base()
    zygote = Zygote(base.zygote())
    yield zygote
    zygote.control.close()
    base.close()


def test_they_earn_all_marks_behind_the_wall(zygote):
    came = {}

    def ask(suites):
        for question, attempt in attempts.attempts(COURSE):
            if not attempt.right or not isinstance(attempt.made, type):
                continue
            limits = Limits(call_seconds=60, submission_seconds=600)
            with Session(zygote, sources(question, attempt), limits) as session:
                checks = suites.only(f"{question.id}.code.{attempt.replaces}").ask(Recorder(Student(session)), Answers({}))
            came[attempt.name] = [(check.id, check.message) for check in checks if check.outcome is not Outcome.PASSED]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        collected(COURSE, ask)
    assert len(came) >= 15 and {name: failed for name, failed in came.items() if failed} == {}
