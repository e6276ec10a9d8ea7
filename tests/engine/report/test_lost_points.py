"""What the total would be had one wrong number been right: worked out for those that others follow from alone."""

from types import SimpleNamespace

import pytest

from autograder.course.policy import Follow, Late
from autograder.model import Fingerprint, Message, Outcome, PartResult, Result
from autograder.report.lost_points import Alone, had_it_been_right

FOLLOWED = (Message("follow.credit", {"sum": "1 + 1", "is": 2, "penalty": 20}),)


def lost(steps, late=None, **outcomes):
    """Numbers of q1, 10 points each: 0 is wrong, 8 what follows from another, None waits, 10 is right. And 5 points of code."""
    parts = [PartResult("q1.code.f", 500, 500, Outcome.PASSED)]
    for name, points in outcomes.items():
        outcome = Outcome.AWAITING if points is None else Outcome.PASSED if points == 10 else Outcome.FAILED
        cents, messages = None if points is None else points * 100, FOLLOWED if points == 8 else ()
        parts.append(PartResult(f"q1.numbers.{name}", 1000, cents, outcome, messages=messages))
    steps = {f"q1.{name}": step for name, step in steps.items()}
    policy = Late() if late is None else Late(deadline="2026-11-20T12:00:00+00:00", percent_a_day=10)
    course = SimpleNamespace(config=SimpleNamespace(follow=Follow(steps=steps), late=policy))
    result = Result("ada", "", "graded", tuple(parts), Fingerprint("", "", "", "", ""), "A", late_seconds=late)
    return {id.rpartition(".")[2]: alone for id, alone in had_it_been_right(result, course).items()}


TWICE = {"b": {"product": ["q1.a", 2]}}


def test_one_slip_costs_its_own_points_and_what_was_taken_off_those_that_follow():
    assert lost(TWICE, a=0, b=8) == {"a": Alone(500 + 1000 + 1000, ("q1.b",))}


def test_a_chain_leads_back_to_its_first_number():
    steps = {**TWICE, "c": {"sum": ["q1.b", 3]}}
    assert lost(steps, a=0, b=8, c=8, d=10) == {"a": Alone(500 + 4000, ("q1.b", "q1.c"))}


def test_what_follows_from_two_wrong_numbers_would_not_be_right_with_either():
    steps = {"c": {"sum": ["q1.a", "q1.b"]}}
    assert lost(steps, a=0, b=0, c=8) == {} and lost(steps, a=0, b=10, c=8).keys() == {"a"}
    assert lost({**steps, "d": {"product": ["q1.a"]}}, a=0, b=0, c=8, d=8)["a"].following == ("q1.d",)


@pytest.mark.parametrize("points", [{"a": 0, "b": 0}, {"a": 10, "b": 10}, {"a": 10, "b": 0}, {"a": None, "b": 8}, {}])
def test_where_nothing_that_earned_its_step_follows_there_is_nothing_to_say(points):
    assert lost(TWICE, **points) == {}


def test_lateness_is_taken_off_that_total_too():
    assert lost(TWICE, late=3600, a=0, b=8)["a"].cents == 2250  # a day late: a tenth of 25 points


def test_steps_that_go_round_in_a_circle_end():
    assert lost({"a": {"sum": ["q1.b"]}, "b": {"sum": ["q1.a"]}}, a=8, b=8, c=0) == {}
