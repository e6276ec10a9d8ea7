"""The files of a submission: what they hold follows from the result and from what the course discloses."""

import json

import pytest
from msgspec.structs import replace

from autograder.model import Call, Check, Message, Outcome, Text
from autograder.report.submission_files import render, warm
from tests.engine.report.small import course_in, result

HIDDEN = "hidden-7361"
RAISED = Message("check.error", {"type": "ValueError", "kind": "ValueError", "text": HIDDEN, "where": "q1_box.py, line 3"})
CALL = Call("q1_box.area", HIDDEN, "0")
CHECK = Check("t", "q1.code.area", Outcome.FAILED, Text("below 1", "کمتر از ۱"), RAISED, CALL, expected="6")
SOME = {"q1.code.area": {"cents": 0, "outcome": Outcome.FAILED, "checks": (CHECK, replace(CHECK, id="u"))}}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return course_in(tmp_path_factory.mktemp("course"))


def test_three_files_and_the_same_result_gives_the_same_bytes(course):
    files = render(result(SOME), course)
    assert sorted(files) == ["feedback.html", "feedback.md", "results.json"] and files == render(result(SOME), course)
    assert all("Scale" in data.decode() for data in files.values())


@pytest.mark.parametrize("level, told", [("verdict", False), ("hint", False), ("full", True)])
def test_a_hidden_input_is_in_no_file_below_full(tmp_path, level, told):
    files = render(result(SOME), course_in(tmp_path, level))
    assert {HIDDEN in data.decode().replace("\\", "") for data in files.values()} == {told}


def test_one_that_could_not_be_read_says_why_and_nothing_part_by_part(course):
    zeros = {id: {"cents": 0, "outcome": Outcome.NOT_ATTEMPTED} for id in ("q1.code.area", "q1.code.Scale")}
    some = result(zeros, status="unreadable", messages=(Message("intake.truncated", {"file": "a.zip"}),))
    files = render(some, course)
    for name in ("feedback.html", "feedback.md"):
        assert "Scale" not in files[name].decode() and "a.zip" in files[name].decode().replace("\\", "")
    assert len(json.loads(files["results.json"])["tests"]) == 6, "Gradescope shows each part all the same"


def test_warming_up_leaves_nothing_of_it_in_what_comes_after(course):
    before = render(result(SOME), course)
    warm(course)
    assert render(result(SOME), course) == before
