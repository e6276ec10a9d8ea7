"""The hidden suites: collected once, asked of one student after another, and what each test's end means for the student."""

from types import SimpleNamespace

import pytest

from autograder.errors import ConvgradeError
from autograder.marking.answers import Answers
from autograder.marking.recorder import Recorder
from autograder.marking.suites import collected
from autograder.model import Message, Outcome
from autograder.wall.failures import StudentFailure, TimedOut
from tests.engine.toy_course import TOY, at_home

SUITE = """
import numpy as np
import pytest
from autograder.course.author import Partly, sheet
from autograder.marking.compare import same
from solutions import q1_box_numbers as numbers

events = []


@pytest.fixture(scope="module")
def shared():
    events.append("made")
    yield 12
    events.append("put away")


@pytest.mark.part("q1.code.area", en="an area", fa="یک مساحت", weight=3)
def test_area(student):
    assert student.q1_box.area(3, 4) == 12

@pytest.mark.part("q1.code.area")
@pytest.mark.parametrize("side", [2, 3])
def test_squares(student, side):
    student.q1_box.area(1, 1)
    assert student.q1_box.area(side, side) == side * side

@pytest.mark.part("q1.code.area")
def test_with_a_fixture_of_its_own(student, shared):
    assert student.q1_box.area(3, 4) == shared

@pytest.mark.part("q1.code.volume", weight=2)
def test_cases(student):
    raise Partly(2, 5)

@pytest.mark.part("q1.code.volume")
def test_cases_that_ended(student):
    raise Partly(2, 5) from TypeError()

@pytest.mark.part("q1.code.volume")
def test_blank(student):
    raise NotImplementedError

@pytest.mark.part("q1.code.Scale")
def test_refusal(student):
    with pytest.raises(ValueError):
        student.q1_box.area(1, 2)

@pytest.mark.part("q1.code.Scale")
def test_form(student):
    student.q1_box.area(3, 4) + "text"

@pytest.mark.parametrize("number", sheet(numbers))
def test_number(answers, reference, number):
    assert same(answers[number.key], number.recipe(reference))
"""


def by(height, width):
    return height * width


class Student(Recorder):
    """Whose area is what ``area`` gives."""

    def __init__(self, area):
        super().__init__(SimpleNamespace(q1_box=SimpleNamespace(area=area)))


def raising(failure):
    def area(height, width):
        raise failure

    return area


RIGHT = Answers({"q1.area": 60, "q1.volume": 4199})


def in_session(path, then):
    """What ``then`` makes of the suites of one file, inside the session that has collected them."""
    made = []
    with at_home(TOY / "grader_config.yml") as course:
        collected(course, lambda suites: made.append(then(suites)), [str(path)])
    return made[0]


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """Several students asked in one session, and what the suites say of themselves."""
    suite = tmp_path_factory.mktemp("suite") / "test_box.py"
    suite.write_text(SUITE, "utf-8")

    def ask(suites):
        known = SimpleNamespace(where=suites.where(), right={one.id: one for one in suites.ask(Student(by), RIGHT)})
        ends = (TimedOut(Message("wall.timed_out")), StudentFailure(Message("wall.raised")), AssertionError("mine"))
        known.raised = [suites.ask(Student(raising(end)), Answers({}))[0] for end in ends]
        known.blank = {one.id: one for one in suites.ask(Student(by), Answers({"q1.area": "221"}))}
        known.wrong = {one.id: one for one in suites.ask(Student(lambda height, width: height + width), RIGHT)}
        known.some = [one.id for one in suites.only("q1.numbers.area", "q1.code.Scale").ask(Student(by), RIGHT)]
        known.of = (len(suites.of("q1").items), suites.of("q2").items)
        known.left = suites.timed_out_after(9)
        begun = suites.ask_each(Student(by), RIGHT)
        for _ in range(4):
            next(begun)
        begun.close()
        known.events = list(suites.items[0].module.events)
        with pytest.raises(KeyboardInterrupt):
            suites.ask(Student(raising(KeyboardInterrupt())), RIGHT)
        with pytest.raises(MemoryError):
            suites.ask(Student(raising(MemoryError())), RIGHT)
        return known

    return in_session(suite, ask)


def test_each_test_is_a_check_of_its_part_with_its_weight_and_label(asked):
    area, cases = asked.right["test_area"], asked.right["test_cases"]
    assert (area.part, area.outcome, area.weight) == ("q1.code.area", Outcome.PASSED, 3)
    assert (area.label.en, area.label.fa) == ("an area", "یک مساحت")
    assert (cases.weight, cases.cases, cases.outcome, cases.message.key) == (2, (2, 5), Outcome.FAILED, "check.failed")
    assert len(asked.right) == 11 and asked.right["test_squares[3]"].outcome is Outcome.PASSED


def test_what_a_case_ended_in_is_what_the_check_says(asked):
    check = asked.right["test_cases_that_ended"]
    assert check.cases == (2, 5) and check.message.key == "check.form"


def test_how_a_test_ends_is_what_the_student_is_told(asked):
    said = {id: (check.outcome, check.message.key) for id, check in asked.right.items() if check.message}
    assert said["test_blank"] == (Outcome.NOT_ATTEMPTED, "check.not_attempted")
    assert said["test_refusal"] == (Outcome.FAILED, "check.failed")  # pytest's own: nothing was raised
    assert said["test_form"] == (Outcome.FAILED, "check.form")
    assert said["test_number[area]"] == (Outcome.FAILED, "check.wrong_value")


def test_what_the_students_code_ends_in_is_not_taken_for_the_checks_own_error(asked):
    assert [(check.outcome, check.message.key) for check in asked.raised[:2]] == [
        (Outcome.TIMEOUT, "wall.timed_out"), (Outcome.ERROR, "wall.raised")
    ]  # fmt: skip


def test_the_call_that_decided_is_shown_and_only_of_its_own_test(asked):
    check = asked.wrong["test_squares[3]"]
    assert (check.outcome, check.call.target, check.call.arguments, check.call.came) == (
        Outcome.FAILED, "q1_box.area", "1, 1", "2"
    )  # fmt: skip
    assert check.expected == "1" and asked.wrong["test_area"].expected == "12"


def test_a_number_is_shown_with_what_is_right_and_with_what_is_wrong_about_its_form(asked):
    assert asked.right["test_number[area]"].expected == "221"  # 13 · 17
    text, blank = asked.blank["test_number[area]"], asked.blank["test_number[volume]"]
    assert (text.outcome, text.message.key) == (Outcome.FAILED, "sheet.form_text")
    assert (blank.outcome, blank.message.key, blank.expected) == (Outcome.NOT_ATTEMPTED, "sheet.blank", "")


def test_parts_are_asked_in_the_order_they_are_named_in(asked):
    assert asked.some == ["test_number[area]", "test_refusal", "test_form"] and asked.of == (11, [])


def test_where_a_part_is_tested_is_its_file_and_line(asked):
    last = SUITE.splitlines().index("def test_form(student):") + 1
    assert asked.where["q1.code.Scale"].endswith(f"test_box.py:{last - 1}") and len(asked.where) == 5


def test_what_is_left_when_a_student_is_stopped_has_timed_out(asked):
    assert [(one.id, one.outcome, one.message) for one in asked.left] == [
        ("test_number[area]", Outcome.TIMEOUT, None), ("test_number[volume]", Outcome.TIMEOUT, None)
    ]  # fmt: skip


def test_a_fixture_is_put_away_even_where_the_student_is_asked_no_further(asked):
    assert asked.events == ["made", "put away"]  # once for all students, and again only if it is needed again


WEIGHTED = """
import pytest

@pytest.mark.part("q1.code.area", weight={weight})
def test_one(student):
    pass
"""


@pytest.mark.parametrize("weight", ["0", "-1", "1.5", "True", "'2'"])
def test_a_weight_is_a_whole_number_of_at_least_1(tmp_path, weight):
    suite = tmp_path / "test_weight.py"
    suite.write_text(WEIGHTED.format(weight=weight))
    with pytest.raises(ConvgradeError, match=r"test_one has the weight .*least 1") as error:
        in_session(suite, list)
    assert error.value.where.endswith("test_weight.py:4")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def test_one(student): pass", "test_one is marked with no part"),
        ("import nothing_of_the_kind", "cannot be collected"),
    ],
    ids=["no part", "no import"],
)
def test_a_suite_that_cannot_be_asked_is_an_error_of_its_author(tmp_path, text, said):
    suite = tmp_path / "test_broken.py"
    suite.write_text(text)
    with pytest.raises(ConvgradeError, match=said) as error:
        in_session(suite, list)
    assert "test_broken.py" in error.value.where


FIRST = """
import pytest

@pytest.fixture(scope="module")
def shared():
    events.append("made")
    yield 12
    events.append("put away")

events = []

@pytest.mark.part("q1.code.area")
def test_with_a_fixture_of_its_own(student, shared):
    assert student.q1_box.area(3, 4) == shared

@pytest.mark.part("q1.code.area")
def test_area(student):
    assert student.q1_box.area(1, 4) == 4
"""
SECOND = """
import pytest

@pytest.mark.part("q1.code.volume")
class TestVolume:
    def test_in_a_class(self, student):
        assert student.q1_box.area(2, 4) == 8

@pytest.mark.part("q1.code.volume")
def test_last(student):
    assert student.q1_box.area(2, 2) == 4
"""


def test_a_module_whose_last_test_is_plain_is_put_away_before_the_next_one(tmp_path):
    for name, text in (("test_first.py", FIRST), ("test_second.py", SECOND)):
        (tmp_path / name).write_text(text, "utf-8")

    def ask(suites):
        checks = [check for _ in range(2) for check in suites.ask(Student(by), RIGHT)]
        return {check.outcome for check in checks}, suites.items[0].module.events

    outcomes, events = in_session(tmp_path, ask)
    assert outcomes == {Outcome.PASSED}
    assert events == ["made", "put away"] * 2
