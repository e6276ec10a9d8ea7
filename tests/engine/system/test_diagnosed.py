"""Reasons are true: a small class is drawn from the catalogue, and the measure itself sees what is untrue and what is missed."""

from pathlib import Path

import pytest

from autograder.course.course import Course
from autograder.diagnosis import explain
from autograder.prepare import diagnosed

ROOT = Path(__file__).resolve().parents[3]
pytestmark = [pytest.mark.slow, pytest.mark.thorough]


@pytest.fixture(scope="module")
def course():
    return Course.load(ROOT / "grader_config.yml")


def test_what_a_drawn_class_hears_is_true_and_most_of_what_it_did(course):
    measured = diagnosed.measure(course, students=30, seed=1)
    assert measured.precision >= diagnosed.PRECISION, measured.untrue
    assert measured.recall >= 0.85, measured.missed  # of so few students one more or less is three in a hundred


def test_one_of_several_reasons_told_at_random_is_seen(course, monkeypatch):
    monkeypatch.setattr(explain, "_shared", lambda candidates: candidates[-1] if candidates else None)
    monkeypatch.setattr("autograder.diagnosis.by_function.AT_LEAST", 1)
    measured = diagnosed.measure(course, students=30, seed=1)
    assert measured.untrue and measured.precision < 1


def test_nothing_told_is_seen(course, monkeypatch):
    monkeypatch.setattr(explain, "_decided", lambda possible: {})
    measured = diagnosed.measure(course, students=4, seed=1)
    assert measured.recall == 0 and len(measured.missed) == measured.made and not measured.good
