"""Requests to read an answer again: each kept once, and answered by the first mark afterwards that decides what it asks."""

import time

import pytest
from msgspec.structs import replace

from autograder.gradebook.gradebook import Gradebook
from autograder.gradebook.requests import Requests, answered
from autograder.model import Mark, Request

PART = "q1.written.w1"
ASKED = Request("ada", PART, "place", "I wrote «place».", "regrade.md", when=100.0)
MARK = Mark("ada", PART, 500, criteria={"place": True}, when=101.0)


@pytest.fixture
def requests(tmp_path):
    with Gradebook(tmp_path / "g.sqlite") as book:
        yield Requests(book)


def test_a_request_is_kept_once_however_often_it_is_handed_in(requests):
    assert requests.add([ASKED]) == 1
    again = replace(ASKED, when=200.0, source="requests.csv:2")
    assert requests.add([again, replace(ASKED, criterion="")]) == 1
    assert requests.all() == [ASKED, replace(ASKED, criterion="")], "as they were first made, oldest first"
    assert requests.add([]) == 0


def test_a_request_without_a_time_is_made_now(requests):
    before = time.time()
    requests.add([replace(ASKED, when=0.0)])
    assert before <= requests.all()[0].when <= time.time()


def test_other_words_another_part_and_another_student_are_other_requests(requests):
    others = [replace(ASKED, words="Please."), replace(ASKED, part="q1.written.w2"), replace(ASKED, id="bob")]
    assert requests.add([ASKED, *others]) == 4


@pytest.mark.parametrize(
    "mark",
    [
        MARK,
        replace(MARK, cents=0),
        replace(MARK, criteria={"place": False}),
        replace(MARK, criteria={}),  # a mark for the whole answer
    ],
)
def test_a_later_mark_that_decides_the_criterion_answers_it(mark):
    assert answered(ASKED, [mark]) == mark


@pytest.mark.parametrize(
    "mark",
    [
        replace(MARK, when=100.0),  # not after it
        replace(MARK, when=99.0),
        replace(MARK, cents=None),  # takes a mark back
        replace(MARK, id="bob"),
        replace(MARK, part="q1.written.w2"),
        replace(MARK, criteria={"value": True}),
    ],
)
def test_any_other_mark_leaves_it_open(mark):
    assert answered(ASKED, [mark]) is None


def test_a_request_about_the_whole_answer_is_answered_by_any_criterion():
    assert answered(replace(ASKED, criterion=""), [MARK]) == MARK


def test_the_first_mark_after_it_counts_in_whatever_order_they_come():
    later = replace(MARK, when=102.0, cents=100)
    second = replace(MARK, number=2)
    first = replace(MARK, number=1)
    assert answered(ASKED, [later, second, first]) == first
    assert answered(ASKED, []) is None
