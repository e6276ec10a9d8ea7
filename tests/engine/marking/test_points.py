"""Weights and cases: what a check earns of its part, in whole cents that add up."""

from fractions import Fraction

import pytest

from autograder.course.author import Partly
from autograder.errors import ConvgradeError
from autograder.marking.answers import Answers
from autograder.marking.points import earned, score
from autograder.marking.suites import collected
from autograder.model import Check, Outcome, Part
from tests.engine.toy_course import TOY, at_home

PART = "q1.code.f"


def test_a_part_earns_the_share_of_its_checks_weight():
    checks = [
        Check("a", PART, Outcome.PASSED, weight=5),
        Check("b", PART, Outcome.FAILED, weight=4),
        Check("c", PART, Outcome.FAILED, weight=1, cases=(2, 3)),
    ]
    assert list(map(earned, checks)) == [5, 0, Fraction(2, 3)]
    (part,) = score([Part(PART, 250)], checks, {}, {})
    assert part.cents == 142  # 250 · (5 + 2/3) / 10, to the nearest


@pytest.mark.parametrize(("cases", "cents"), [((0, 8), 90), ((1, 8), 91), ((4, 8), 95), ((7, 8), 99), (None, 90)])
def test_cases_count_one_by_one_and_halves_go_up(cases, cents):
    checks = [Check("a", PART, Outcome.PASSED, weight=9), Check("b", PART, Outcome.FAILED, weight=1, cases=cases)]
    (part,) = score([Part(PART, 100)], checks, {}, {})
    assert part.cents == cents and part.outcome is Outcome.FAILED


SUITE = """
import pytest
from autograder.course.author import Partly

@pytest.mark.part("q1.code.area", en="one", fa="one", weight={weight})
def test_one(student):
    raise Partly(2, 5) from {cause}
"""


def asked(tmp_path, weight, cause="None"):
    """The one check of a suite that raises Partly."""
    suite = tmp_path / "test_partly.py"
    suite.write_text(SUITE.format(weight=weight, cause=cause))
    found = []

    class Nobody:
        calls = ()

    with at_home(TOY / "grader_config.yml") as course:
        collected(course, lambda suites: found.extend(suites.ask(Nobody(), Answers({}))), [str(suite)])
    return found[0]


def test_a_suite_says_weight_and_cases(tmp_path):
    check = asked(tmp_path, 3)
    assert (check.weight, check.cases, check.outcome, check.message.key) == (3, (2, 5), Outcome.FAILED, "check.failed")


def test_what_a_case_ended_in_is_what_the_check_says(tmp_path):
    check = asked(tmp_path, 1, "TypeError()")
    assert check.cases == (2, 5) and check.message.key == "check.form"


@pytest.mark.parametrize("weight", ["0", "-1", "1.5", "True", "'2'"])
def test_a_weight_is_a_whole_number_of_at_least_1(tmp_path, weight):
    with pytest.raises(ConvgradeError, match="weight"):
        asked(tmp_path, weight)


def test_partly_says_how_much():
    assert str(Partly(2, 5)) == "2 of 5 cases are right"
