"""What is kept of a public run: the worst end of each part, and its message in one readable line. No test is run here."""

import pytest

from autograder.marking.public_run import PublicRun
from autograder.model import Outcome


def test_a_part_ended_as_the_worst_of_its_tests_did():
    run = PublicRun()
    for outcome in (Outcome.PASSED, Outcome.FAILED, Outcome.NOT_ATTEMPTED):
        run.add("q1.code.area", outcome)
    run.add("q1.code.volume", Outcome.CRASHED)
    run.add("q1.code.volume", Outcome.TIMEOUT)
    run.add("q1.code.Scale", Outcome.PASSED)
    assert {part: tried.outcome for part, tried in run.parts.items()} == {
        "q1.code.area": Outcome.FAILED,
        "q1.code.volume": Outcome.CRASHED,
        "q1.code.Scale": Outcome.PASSED,
    }
    assert list(run.parts) == ["q1.code.area", "q1.code.volume", "q1.code.Scale"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("area(3, 4) is 12\nassert 7 == 12", "area(3, 4) is 12: assert 7 == 12"),
        ("area(3, 4) is 12, not 7\nassert 7 == 12", "area(3, 4) is 12, not 7"),  # the comparison says nothing more
        ("assert 7 == 12\n  +  where 7 = area(3, 4)", "assert 7 == 12"),
        ("ValueError: \x1b[31mtoo\u202e small\n  of two lines", "ValueError: too[U+202E] small of two lines"),
    ],
)
def test_a_message_is_one_line_with_the_comparison_where_that_says_more(text, shown):
    run = PublicRun()
    run.add("q1.code.area", Outcome.FAILED, text)
    assert run.parts["q1.code.area"].messages == [shown]


def test_a_message_says_where_and_is_no_longer_than_it_can_be_read():
    run = PublicRun()
    run.add("a", Outcome.ERROR, "TypeError: no", "q1_box.py:3")
    run.add("a", Outcome.FAILED, "x" * 5_000)
    run.add("a", Outcome.TIMEOUT)
    assert run.parts["a"].messages == ["TypeError: no (q1_box.py:3)", "x" * 499 + "…"]


def test_what_a_test_had_that_took_too_long_is_kept_whatever_the_next_one_does():
    run = PublicRun()
    run.add("a", Outcome.TIMEOUT, seconds=20)
    run.add("a", Outcome.PASSED)
    assert run.parts["a"].seconds == 20
