"""A result as a reader in one language sees it, at the level that the course discloses."""

import pytest
from msgspec.structs import replace

from autograder.model import Diagnosis, Message, Outcome, Text
from autograder.report.question_view import MOST_HINTS
from autograder.report.view import views
from autograder.words import say
from tests.engine.report.small import FAILED, course_in, result

WRONG = Message("check.raised_at", {"kind": "KeyError", "where": "q1_box.py, line 2"})
LATE = "late: {deadline: 2026-11-20T12:00:00+00:00, percent_a_day: 10}"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return course_in(tmp_path_factory.mktemp("hint"))


def view(one, course, language):
    return views(one, course, [language])[language]


def parts(seen):
    return {part.id: part for question in seen.questions for part in question.parts}


@pytest.mark.parametrize("language, direction, title", [("en", "ltr", "boxes"), ("fa", "rtl", "پرسش ۱")])
def test_a_view_is_in_one_language(course, language, direction, title):
    seen = view(result(), course, language)
    assert (seen.language, seen.direction, seen.id, seen.name) == (language, direction, "ada", "Ada")
    assert title in seen.questions[0].title and seen.words["title"] == say(Message("page.title"), language)
    assert [part.id for part in seen.questions[0].parts] == [part.id for part in course.parts]


def test_a_score_is_of_what_is_marked_and_says_whether_it_is_final(course):
    waits = view(result({"q1.code.area": {"cents": 500, "outcome": Outcome.FAILED}}), course, "en")
    assert (waits.score, waits.max_score) == ("65.00", "80.00") and waits.score_line == "65.00 of 80.00 points marked so far"
    assert (waits.questions[0].score, waits.questions[0].max_score) == ("65.00", "80.00")
    done = view(result({"q1.written.w1": {"cents": 1500, "outcome": Outcome.FAILED}}), course, "en")
    assert done.score_line == "95.00 of 100.00 points" and done.awaiting_line == ""


def test_what_waits_is_said_with_the_scores_that_it_may_come_to(course):
    text = view(result(written={"w1": "A dot."}), course, "en").awaiting_line
    assert text.startswith("20.00 points") and "between 80.00 and 100.00 of 100.00" in text
    none = view(result(), course, "en").awaiting_line
    assert none == say(Message("page.no_writing", {"points": "20.00"}), "en")


def test_numbers_that_wait_for_a_variant_are_named_apart_from_writing(course):
    waits = {"cents": None, "outcome": Outcome.AWAITING}
    some = result({"q1.numbers.area": waits, "q1.numbers.volume": waits}, written={"w1": "A dot."})
    text = view(some, course, "en").awaiting_line
    assert text.startswith("20.00 points of numbers") and "20.00 points of written" in text
    assert "between 60.00 and 100.00 of 100.00" in text
    marked = replace(some, parts=tuple(part for part in some.parts if part.kind != "written"))
    assert view(marked, course, "en").awaiting_line == say(Message("page.withheld", {"points": "20.00"}), "en")


def test_one_without_a_grade_has_no_score(course):
    seen = view(result(status="not graded"), course, "fa")
    assert (seen.score, seen.score_line, seen.awaiting_line) == ("", say(Message("page.no_grade"), "fa"), "")


def test_lateness_is_taken_off_every_total(tmp_path):
    course = course_in(tmp_path, more=LATE)
    seen = view(result(late_seconds=1, written={"w1": "A dot."}), course, "en")
    assert seen.score == "72.00" and "between 72.00 and 90.00 of 100.00" in seen.awaiting_line


def test_facts_say_when_it_came_what_that_cost_and_what_was_read(course):
    note, late = Message("intake.truncated", {"file": "a.zip"}), Message("late.in_time")
    some = result(
        handed_in="2026-11-20T22:10:33+03:30", messages=(note, late), files=("q1_box.py", "a\u202eb.py"), name="Ada\u202e"
    )
    seen = view(some, course, "en")
    assert seen.facts[0] == "Handed in: 2026-11-20 22:10+03:30" and seen.facts[1] == say(late, "en")
    assert "q1_box.py" in seen.facts[2] and "\u202e" not in seen.facts[2] + seen.name
    assert seen.notes == (say(note, "en"),), "what lateness takes off stands beside the score"
    assert view(result(), course, "en").facts == ()


def test_what_several_parts_say_is_said_once(course):
    some = result({id: {**FAILED, "messages": (WRONG,)} for id in ("q1.code.area", "q1.code.volume")})
    (question,) = view(some, course, "en").questions
    ((reason, ours),) = question.together
    assert reason == say(WRONG, "en") and [part.id for part in ours] == ["q1.code.area", "q1.code.volume"]
    assert all(reason not in part.reasons for part in question.parts)
    alone = view(result({"q1.code.area": {**FAILED, "messages": (WRONG,)}}), course, "en").questions[0]
    assert alone.together == () and parts(view(some, course, "en")).keys() == {part.id for part in alone.parts}
    assert next(part.reasons for part in alone.parts if part.id == "q1.code.area") == (reason,)


def diagnosis(hint, route=""):
    return Diagnosis("q1", "q1.numbers.area", ("m",), (Text(hint, f"«{hint}»"),), route)


def test_hints_with_the_students_own_arithmetic_come_first_and_not_too_many(course):
    some = result({"q1.numbers.area": FAILED}, diagnoses=(diagnosis("A"), diagnosis("B", "1 + 1"), diagnosis("C", "2 · 2")))
    assert parts(view(some, course, "en"))["q1.numbers.area"].hints == (("1 + 1", "B"), ("2 · 2", "C"))
    assert parts(view(some, course, "fa"))["q1.numbers.area"].hints[0] == ("1 + 1", "«B»")
    same = replace(some, diagnoses=(diagnosis("A"), diagnosis("A")))
    assert parts(view(same, course, "en"))["q1.numbers.area"].hints == (("", "A"),)
    assert len(parts(view(some, course, "en"))["q1.numbers.area"].hints) == MOST_HINTS


def test_at_verdict_nothing_explains_a_wrong_number(tmp_path):
    follow = "follow: {penalty_percent: 20, steps: {q1.volume: {product: [q1.area, 19]}}}"
    credit = {"cents": 800, "outcome": Outcome.FAILED}
    credit["messages"] = (Message("follow.credit", {"sum": "1·19", "is": 19, "penalty": 20}),)
    some = result({"q1.numbers.area": FAILED, "q1.numbers.volume": credit}, diagnoses=(diagnosis("A"),))
    for level, shown in (("verdict", False), ("hint", True)):
        area = parts(view(some, course_in(tmp_path / level, level, follow), "en"))["q1.numbers.area"]
        assert (bool(area.hints), bool(area.alone)) == (shown, shown)
    assert "80.00" in area.alone and "q1.volume" in area.alone, "10 and 2 points more than 68"


def test_parts_are_counted_by_how_they_ended(course):
    some = result({
        "q1.numbers.area": FAILED,
        "q1.code.area": {"cents": 500, "outcome": Outcome.FAILED},
        "q1.code.Scale": {"cents": 0, "outcome": Outcome.NOT_ATTEMPTED},
    })  # fmt: skip
    assert [(state, sign, count) for state, sign, count, _ in view(some, course, "en").counts] == [
        ("right", "✓", 2), ("partly", "◐", 1), ("wrong", "✗", 1), ("none", "–", 1), ("wait", "…", 1),
    ]  # fmt: skip
