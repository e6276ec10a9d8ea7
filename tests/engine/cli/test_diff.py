"""What a regrade would change and what a grade's history was, as lines and as facts of the same."""

import json
import re

import pytest

from autograder.cli import diff
from autograder.gradebook.changes import Change, PartChange
from autograder.gradebook.gradebook import Grade
from autograder.model import Fingerprint, Mark, Outcome, PartResult, Request, Result

AREA, W1 = "q1.code.area", "q1.written.w1"
CHANGES = [
    Change("ada", 100, 250, ("the suites",), (PartChange(AREA, 100, 250, ("12 is right now",)),)),
    Change("bob", None, 300, ("first grade",)),
    Change("cyd", 200, 200, ("its marks",), (PartChange(AREA, 200, 150, ()), PartChange(W1, None, 50, ()))),
]


def test_whose_points_change_and_why_and_then_part_by_part():
    assert list(diff.lines(CHANGES, 5)) == [
        "ada: 1.00 → 2.50 (+1.50)  [the suites]",
        "    q1.code.area: 1.00 → 2.50 (+1.50)",
        "        12 is right now",
        "bob: – → 3.00 (+3.00)  [first grade]",
        "cyd: 2.00 → 2.00 (+0.00)  [its marks]",
        "    q1.code.area: 2.00 → 1.50 (-0.50)",
        "    q1.written.w1: – → 0.50 (+0.50)",
        "",
        "q1.code.area: 1 up, 1 down",
        "q1.written.w1: 1 up, 0 down",
        "1 of 5 submissions would get other points; 1 would get their first grade.",
        "Nothing is published yet: the same command without --diff does that, and grades nothing twice.",
    ]


def test_of_many_changes_the_first_are_listed_and_all_are_facts():
    many = [Change(f"s\x1b[1m{n}", 0, 100, ()) for n in range(diff.MOST + 7)]
    lines = list(diff.lines(many, 100))
    assert lines[diff.MOST] == "… and 7 more; --json has them all" and lines[0].startswith("s0: ")
    assert f"{diff.MOST + 7} of 100" in lines[-2] and len(diff.facts(many)) == diff.MOST + 7


def test_where_nothing_changes_that_is_said():
    assert next(diff.lines([], 4)) == "0 of 4 submissions would get other points; 0 would get their first grade."


def test_facts_are_the_same_for_a_program():
    facts = json.loads(json.dumps(diff.facts(CHANGES)))
    assert facts[0] == {
        "id": "ada", "was": 1.0, "now": 2.5, "why": ["the suites"],
        "parts": [{"id": AREA, "was": 1.0, "now": 2.5, "why": ["12 is right now"]}],
    }  # fmt: skip
    assert facts[1]["was"] is None and facts[2]["parts"][1] == {"id": W1, "was": None, "now": 0.5, "why": []}


def grade(number, cents, at):
    parts = (PartResult(AREA, 400, cents, Outcome.FAILED),)
    return Grade(number, Result("ada", "Ada", "graded", parts, Fingerprint("s", "h", "o", "c", "e"), "A"), cents, at, False)


GRADES = [grade(1, 100, 100.0), grade(2, 300, 200.0)]
MARK = Mark("ada", W1, 350, "t", "Well\nsaid.", {"a": True, "b": False}, who="Sara", when=150.0, source="m.csv:2")
BACK = Mark("ada", W1, None, when=250.0, source="page")
LATER = Mark("ada", W1, 300, who="Ali", when=260.0, source="page")
ASKED = Request("ada", W1, "b", "Please look again.", "regrade.md", when=160.0)


def test_a_history_has_each_grade_with_what_it_changed():
    facts = diff.history(GRADES)
    assert [(one["recorded_at"], one["score"]) for one in facts] == [
        ("1970-01-01T00:01:40+00:00", 1.0), ("1970-01-01T00:03:20+00:00", 3.0)
    ]  # fmt: skip
    assert facts[0]["changes"][0]["was"] is None and facts[1]["changes"][0]["parts"][0]["now"] == 3.0
    lines = list(diff.history_lines(GRADES))
    assert lines[0] == "1970-01-01 00:01:40 UTC  1.00  [first grade]"
    assert lines[1].startswith("1970-01-01 00:03:20 UTC  3.00") and lines[2] == "    q1.code.area: 1.00 → 3.00 (+2.00)"


@pytest.mark.parametrize(("when", "place"), [(0.0, 0), (100.0, 0), (101.0, 1), (200.0, 1), (999.0, 1)])
def test_a_mark_stands_with_the_first_grade_after_it_and_a_later_one_with_the_newest(when, place):
    rows = diff.marked([Mark("ada", W1, 1, when=when)], [])
    marks = [one["marks"] for one in diff.history(GRADES, rows)]
    assert marks[place] == rows and marks[1 - place] == []


def test_marks_and_requests_are_told_in_the_order_in_which_they_came():
    rows = diff.marked([MARK, BACK, LATER], [ASKED])
    assert [row["from"] for row in rows] == ["m.csv:2", "regrade.md", "page", "page"]
    assert [re.sub(r"^1970-01-01 00:0(\d:\d\d) UTC  q1\.written\.w1", r"\1", one) for one in diff.marks_lines(rows)] == [
        "2:30: 3.50 by Sara ✓ a ✗ b “Well said.” [m.csv:2]",
        "2:40 (b): the student asks: Please look again. [regrade.md; answered 1970-01-01 00:04:20 UTC]",
        "4:10: taken back by ? [page]",  # which answers nothing
        "4:20: 3.00 by Ali [page]",
    ]


def test_a_request_that_nobody_has_answered_is_said_to_be_one():
    (line,) = diff.marks_lines(diff.marked([], [ASKED]))
    assert line.endswith("[regrade.md; nobody has answered it]")
