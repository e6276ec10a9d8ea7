"""Text of a student's misleads nobody: no terminal, no spreadsheet, no page, no log."""

import pytest

from autograder.text import cell, lines


@pytest.mark.parametrize(
    "text, safe",
    [
        ('text;=HYPERLINK("http://b")', 'text;\'=HYPERLINK("http://b")'),
        ("a; +1", "a; '+1"),
        ('a;"=1', "a;\"'=1"),
        ("a|@x", "a|'@x"),
        ("=1", "'=1"),
        ("a;b", "a;b"),
        ("[1, -2]", "[1, -2]"),
    ],
)
def test_a_cell_is_no_formula_behind_a_separator_either(text, safe):
    assert cell(text) == safe


def test_a_tab_parts_no_cell():
    assert "\t=" not in cell("x\t=1+1") and lines("x\t=1+1") == "x\t'=1+1"
