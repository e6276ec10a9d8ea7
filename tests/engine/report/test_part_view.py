"""A part is put into words once for all who earned the same with it, and what differs is never mixed up."""

from dataclasses import astuple

import pytest
from msgspec.structs import replace

from autograder.course.course import Course
from autograder.model import Diagnosis, Message, Outcome, Text
from autograder.report.submission_files import render
from autograder.report.view import views
from tests.engine.made_class import made
from tests.engine.toy_course import REPOSITORY as ROOT

COURSE = Course.load(ROOT / "grader_config.yml")


def parts(result, language="en"):
    return {part.id: part for question in views(result, COURSE)[language].questions for part in question.parts}


def changed(result, id, **more):
    return replace(result, parts=tuple(replace(part, **more) if part.id == id else part for part in result.parts))


@pytest.mark.slow
def test_equal_parts_share_what_is_seen_of_them_and_each_has_its_own_text():
    one = made(COURSE)[3]
    ada, bob = (replace(one, id=id, written={"w1": f"By {id}.", "w2": "Both."}) for id in ("ada", "bob"))
    hers, his = parts(ada), parts(bob)
    assert hers["q1.written.w1"].own == "By ada." and his["q1.written.w1"].own == "By bob."
    pairs = zip(*(views(one, COURSE)["en"].questions for one in (ada, bob)), strict=True)
    assert {one.id: one is other for one, other in pairs} == {"q1": False, "q2": True, "q3": True, "q4": True}
    apart = [id for id in hers if hers[id] is not his[id]]
    assert apart == ["q1.written.w1"]
    assert b"By bob." not in b"".join(render(ada, COURSE).values())


def test_whatever_a_part_differs_in_is_seen():
    result = changed(made(COURSE)[3], "q2.code.ConvNet", outcome=Outcome.FAILED, cents=0, messages=())
    seen = {astuple(parts(result)["q2.code.ConvNet"])}
    wrong = Message("check.raised_at", {"kind": "KeyError", "where": "q1.py, line 2"})
    for other in (
        changed(result, "q2.code.ConvNet", cents=50),
        changed(result, "q2.code.ConvNet", max_cents=900),
        changed(result, "q2.code.ConvNet", messages=(wrong,)),
        changed(result, "q2.code.ConvNet", messages=(Message(wrong.key, {**wrong.values, "kind": "ValueError"}),)),
        changed(result, "q2.code.ConvNet", checks=()),
        replace(result, diagnoses=(Diagnosis("q1", "q2.code.ConvNet", (), (Text("Think.", "بیندیش."),), "1 + 1"),)),
    ):
        for language in ("en", "fa"):
            one = astuple(parts(other, language)["q2.code.ConvNet"])
            assert one not in seen
            seen.add(one)
