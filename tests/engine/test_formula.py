"""Formulas: what they come to, what they show, and that nothing but the grammar is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.course.formula import formula, worth

NAMES = {"s": 128, "k": 5, "t": 2, "p": 2, "b": True, "c": False, "row": (3, 7), "word": "gap", "n": None}


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("(s + 2·p − k)/t + 1", 64, "(128 + 2·2 − 5)/2 + 1"),
        ("⌈(s + p − k)/t⌉ + 1", 64, "⌈(128 + 2 − 5)/2⌉ + 1"),
        ("⌊(s + p − k)/t⌋", 62, "⌊(128 + 2 − 5)/2⌋"),
        ("s·k + b·s", 768, "128·5 + 128"),
        ("s·k + c·s", 640, "128·5"),
        ("s·k + b", 641, "128·5 + 1"),
        ("c·s", 0, "0"),
        ("−k + s", 123, "−5 + 128"),
        ("p − s", -126, "2 − 128"),
        ("p^(k − 1)", 16, "2^4"),
        ("max(k, p·4)", 8, "max(5, 2·4)"),
        ("√s", 11, "√128"),
        ("row₁·row₂·k₁·k₂", 525, "3·7·5·5"),
        ("s if word = 'gap' else k", 128, "128"),
        ("s if word ≠ 'gap' else k if p > 3 else t + 0", 2, "2 + 0"),
        ("k if n = none else n", 5, "5"),
        ("s if b else k", 128, "128"),
    ],
)
def test_what_a_formula_comes_to_and_shows(text, value, shown):
    assert formula(text).value(NAMES) == value
    assert formula(text).shown(NAMES) == shown
    assert worth(shown) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2 +",
        "(2",
        "2)",
        "2 2",
        "a b",
        "f(2)",
        "2 * 2",
        "2 - 2",
        "__import__('os')",
        "s.real",
        "[2]",
        "2 if 3",
        "2,3",
        "x₄",
        "''"[:1],
    ],
)
def test_what_is_no_formula_is_refused(text):
    with pytest.raises(ValueError):
        formula(text)


def test_the_names_that_a_formula_needs():
    assert formula("s·row₁ + (k if b else 1)").names == {"s", "row", "k", "b"}


def test_a_result_beyond_all_sense_is_refused_before_it_is_worked_out():
    for text in ("9^9^9", "2^100000", "(2^4000)^4000", "(2^4000)·(2^4000)"):
        with pytest.raises(ValueError):
            worth(text)


numbers = st.integers(1, 50).map(str)
sums = st.recursive(
    numbers,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" + ", " − ", "·"]), inner).map("".join),
        inner.map("({})".format),
        st.tuples(inner, numbers).map(lambda two: f"⌈({two[0]})/{two[1]}⌉"),
        st.tuples(inner, inner).map(lambda two: f"max({two[0]}, {two[1]})"),
    ),
    max_leaves=8,
)


@given(sums)
def test_what_is_shown_is_read_again_to_the_same_number(text):
    assert worth(formula(text).shown({})) == worth(text)
