"""Weights and cases: what a check earns of its part, in whole cents that add up."""

from fractions import Fraction

import pytest

from autograder.course.author import Partly
from autograder.marking.points import earned, score
from autograder.model import Check, Outcome, Part

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


def test_partly_says_how_much():
    assert str(Partly(2, 5)) == "2 of 5 cases are right"
