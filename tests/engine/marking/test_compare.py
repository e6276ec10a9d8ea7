"""When an answer is the right one: strict about kind, lenient about form."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.marking.compare import MOST_NUMBERS, agree, row, same
from autograder.wall.failures import FailedRequest, from_report

INF = float("inf")


@pytest.mark.parametrize("row", [[5, 6], (5.0, 6.0), np.array([5, 6]), np.array([5.0, 6.0], dtype=np.float32)])
def test_a_row_of_numbers_stands_for_a_tuple_whatever_holds_it(row):
    assert same(row, (5, 6)) and not same(row, (5, 7)) and not same(row, (5, 6, 7)) and not same(row, 5)


@pytest.mark.parametrize("no_row", [np.array([[5, 6]]), np.array(["5", "6"]), np.array([5 + 0j, 6]), np.array([True, True])])
def test_what_is_no_row_of_numbers_does_not(no_row):
    assert not same(no_row, (5, 6)) and not same(no_row, (1, 1))


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (True, 1), (1, True), (0, False), ("1", 1), (1, "1"), (None, 0), (0, None), (None, False), ("", None),
        ([1], 1), (1, [1]), ({"a": 1}, [("a", 1)]), ([True], [1]), ({"a": True}, {"a": 1}), (1 + 0j, 1), (b"x", "x"),
    ],
)  # fmt: skip
def test_one_kind_never_stands_for_another(got, want):
    assert not same(got, want)


def test_a_whole_float_stands_for_an_integer_and_no_other_float_does():
    assert same(36.0, 36) and not same(36.0000000001, 36) and not same(35.5, 36)
    assert same(36, 36.0) and same({"a": [1.0, (2,)]}, {"a": (1, [2.0])})


def test_floats_may_differ_by_the_tolerance_which_is_absolute_below_one_and_relative_above():
    assert same(0.25 + 9e-4, 0.25, tolerance=1e-3) and not same(0.25 + 2e-3, 0.25, tolerance=1e-3)
    assert same(500.4, 500.0, tolerance=1e-3) and not same(500.6, 500.0, tolerance=1e-3)
    assert same(np.array([500.4]), np.array([500.0]), tolerance=1e-3)
    assert not same(np.array([500.6]), np.array([500.0]), tolerance=1e-3)


@pytest.mark.parametrize("got", [0, 5.0, 10**400, -INF, float("nan")])
def test_only_infinity_is_as_large_as_infinity(got):
    assert same(INF, INF) and not same(got, INF) and not same(INF, got) and not same([got], [INF])


@pytest.mark.parametrize("want", [float("nan"), np.array([float("nan")]), [float("nan")]])
def test_a_value_that_is_not_a_number_is_the_same_as_nothing(want):
    assert not same(want, want)


def test_an_integer_beyond_all_floats_is_compared_all_the_same():
    assert same(10**400, 10**400) and not same(10**400, 10**400 + 1) and not same(10**400, 1.5)


def test_arrays_have_one_shape_and_one_kind_whatever_their_precision():
    want = np.array([[1.0, 2.0]])
    assert same(np.array([[1, 2]], dtype=np.int8), want) and same(want.astype(np.float16), want)
    assert not same(want[0], want) and not same([[1.0, 2.0]], want) and not same(np.array([[True, True]]), want)
    mask = np.array([True, False])
    assert same(mask, mask) and not same(~mask, mask) and not same(mask.astype(int), mask)


def test_only_a_short_row_is_read_as_a_list():
    assert row(np.arange(MOST_NUMBERS)) == list(range(MOST_NUMBERS)) and row(np.array(7)) == 7
    long = np.arange(MOST_NUMBERS + 1)
    assert row(long) is long and row("text") == "text"


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=6,
)


@settings(max_examples=30)
@given(plain, plain)
def test_whatever_is_equal_is_the_same_and_nothing_is_raised(one, other):
    assert same(one, one) and same(one, other) in (True, False)
    assert not same([one, one], one)


def test_calls_agree_where_they_give_the_same_or_end_in_an_exception_of_the_same_kind():
    assert agree((2, 3), [2, 3.0]) and not agree(2, 3) and not agree(True, 1)
    assert agree(2 + 1e-8, 2.0, tolerance=1e-6) and not agree(2 + 1e-8, 2.0)
    theirs = from_report({"type": "TypeError"}, FailedRequest("q1_box.area", {}, False))
    assert agree(theirs, TypeError()) and not agree(theirs, ValueError())
    assert (
        agree(ValueError("a"), ValueError("b"))
        and not agree(ValueError(), TypeError())
        and not agree(TypeError(), ValueError())
    )
    assert not agree(ValueError(), 0) and not agree(0, ValueError()) and not agree(ValueError(), ZeroDivisionError())
