"""Where a written answer begins, and what of it is the student's own."""

import time

import pytest

from autograder.intake import written

NAMES = ("w1", "w2", "w3")


def split(text, names):
    return written.read([written.Text(text)], names).answers


HEADINGS = {
    "plain": "## w2",
    "capital": "## W2: skips",
    "bold": "# **w2**",
    "worded": "### Question w2",
    "code": "## `w2`",
    "underlined": "w2\n--",
    "Persian": "## پرسش w۲",
    "closed": "## w2 ##",
}


@pytest.mark.parametrize("markdown_it", [True, False])
@pytest.mark.parametrize("heading", HEADINGS.values(), ids=HEADINGS.keys())
def test_a_heading_that_names_a_part_begins_it(monkeypatch, heading, markdown_it):
    if not markdown_it:  # beside a student's tests
        monkeypatch.setattr(written, "_markdown", lambda: None)
    assert split(f"## w1\n\nfirst\n\n{heading}\n\nsecond\n", NAMES) == {"w1": "first", "w2": "second"}


@pytest.mark.parametrize("markdown_it", [True, False])
@pytest.mark.parametrize(
    "inside",
    [
        "### Why",
        "```\n# w2\n```",
        "#1 edges",
        "# Summary\n\nof it",
        "~~~\n## w3\n~~~",
        "| # | w2 |\n|---|---|",
        "w2 is harder",
        "## Compare w2",
    ],
)
def test_everything_else_belongs_to_the_answer(monkeypatch, inside, markdown_it):
    if not markdown_it:
        monkeypatch.setattr(written, "_markdown", lambda: None)
    assert split(f"## w1\n\nbefore\n\n{inside}\n\nafter\n", NAMES) == {"w1": f"before\n\n{inside}\n\nafter"}


def test_only_what_was_handed_out_is_not_the_students():
    template = {"> What are skips for?", "## w1"}
    found = written.read(
        [written.Text("My name\n\n## w1\n\n> What are skips for?\n\n> the paper says so\n\nmine")], NAMES, template
    )
    assert found.answers == {"w1": "> the paper says so\n\nmine"} and found.unclaimed == "My name"


@pytest.mark.parametrize("blank", [" ", "\u2003", "\t", "\u00a0"])
def test_a_heading_with_a_long_run_of_blanks_takes_no_longer_than_its_length(blank):
    began = time.process_time()
    assert list(split(f"# w1\nMine.\n# question{blank * 100_000}x\n## Question{blank * 3}w2\nYours.", NAMES)) == [
        "w1",
        "w2",
    ]
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "heading", ["w2", "\u200fw2\u200e", "ｗ2", "w۲", "W 2", "w-2", "w02", "پاسخ w2", "**w2** (why)", "Answer to w2:"]
)
def test_a_heading_names_its_part_whatever_signs_an_editor_puts_in(heading):
    assert split(f"## w1\n\nOne.\n\n## {heading}\n\nTwo.\n", ["w1", "w2", "w20"]) == {"w1": "One.", "w2": "Two."}
