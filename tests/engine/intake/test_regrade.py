"""``regrade.md``: what a student asks to have read again."""

from autograder.intake.regrade import MOST, requests
from autograder.model import Part

PARTS = [Part("q1.written.w1", 400), Part("q3.written.w2", 400), Part("q1.code.f", 100)]


def asked(text):
    return [(one.part, one.criterion, one.words) for one in requests(text, PARTS)]


def test_a_heading_names_the_part_and_the_criterion():
    text = "hello\n\n## w1 change\n\nI do name one.\n\n# `w2`\nAll of it,\nplease.\n## w1: same\nEqual.\n"
    assert asked(text) == [
        ("q1.written.w1", "change", "I do name one."),
        ("q3.written.w2", "", "All of it,\nplease."),
        ("q1.written.w1", "same", "Equal."),
    ]


def test_a_heading_of_no_part_ends_the_request_above_it():
    assert asked("## w1\nI did.\n## w9 foo\nNothing.\n") == [("q1.written.w1", "", "I did.")]
    assert asked("## w1\nI did.\n## Why\nHere.\n") == [("q1.written.w1", "", "I did.\n## Why\nHere.")]


def test_what_asks_for_nothing():
    assert asked("") == asked("## w9\nnothing\n") == asked("## f\nnothing\n") == asked("## w1\n\n") == []


def test_a_file_asks_for_only_so_much():
    found = asked("## w1\n" + "x" * 10_000 + "\n" + "## w2\nmore\n" * 100)
    assert len(found) == MOST and len(found[0][2]) == 2_000
