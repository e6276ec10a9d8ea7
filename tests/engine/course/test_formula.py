"""Formulas: nothing but the grammar is read, and what is shown is read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.course.formula import evaluate, formula


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
    assert evaluate(formula(text).shown({})) == evaluate(text)
