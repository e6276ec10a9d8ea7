"""The real hidden suites on wrong and on right but unusual answers: each loses, or keeps, what it should."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from autograder.course.course import Course
from autograder.marking.suites import collected
from autograder.prepare import attempts

pytestmark = [pytest.mark.slow, pytest.mark.thorough]
COURSE = Course.load(Path(__file__).resolve().parents[2] / "grader_config.yml")


@pytest.fixture(scope="module")
def tried():
    """Every attempt, asked inside one warm session of the suites."""
    found = []

    def ask(suites):
        found.extend(attempts.tried(COURSE, suites, *one) for one in attempts.attempts(COURSE))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        collected(COURSE, ask)
    return found


def test_every_attempt_comes_to_what_it_should(tried):
    assert [f"{one.part}, {one.name}: {one.trouble}" for one in tried if one.trouble] == []


def test_there_are_attempts_of_both_kinds_for_every_class_and_wrong_ones_for_every_function(tried):
    code = {part.id for part in COURSE.parts if part.kind == "code"}
    assert {one.part for one in tried if not one.right} == code
    classes = {part for part in code if part.split(".")[2][0].isupper()}
    assert classes <= {one.part for one in tried if one.right}
    assert len([one for one in tried if not one.right]) > 200 and len([one for one in tried if one.right]) >= 25


def test_missing_refusals_cost_at_most_a_tenth(tried):
    """Who checks no argument keeps nine tenths of every function."""
    checkless = [one for one in tried if one.name in ("never_refuses", "refuses_nothing")]
    assert len(checkless) == len([part for part in COURSE.parts if part.kind == "code"])
    assert all(90 <= one.percent < 100 and len(one.failed) == 1 for one in checkless), checkless


def test_one_forgotten_refusal_costs_its_own_case(tried):
    forgotten = [one for one in tried if one.name.endswith("_taken") and len(one.failed) == 1]
    assert forgotten and all(one.percent > 90 for one in forgotten)
