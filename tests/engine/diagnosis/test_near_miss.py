"""A slip of the pen is guessed from the usual slips alone, in both languages."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.diagnosis.near_miss import near_miss


@pytest.mark.parametrize(
    ("answer", "right", "said"),
    [
        (415, 416, "off by one"), (417, 416, "off by one"), (832, 416, "factor of two"), (208, 416, "factor of two"),
        (207.5, 415, "factor of two"), (4160, 416, "a digit too many"), (41.6, 416, "a digit too many"),
        (1261, 1216, "wrong order"), (1126, 1216, "wrong order"), (6211, 1216, None), (4216, 1216, None), (2116, 1216, "wrong order"), (416, 416, None),
        (41_700, 416, None), (12, 21, "wrong order"),
    ],
)  # fmt: skip
def test_each_usual_slip_is_named_and_nothing_else(answer, right, said):
    guess = near_miss(answer, right)
    assert guess is None if said is None else said in guess.en and guess.fa.startswith("یک حدس")


@settings(max_examples=30)
@given(right=st.integers(1, 10**9))
def test_a_guess_is_made_of_the_usual_slips_alone(right):
    assert near_miss(right + 1, right) is not None
    assert near_miss(right * 10, right) is not None
    assert near_miss(right * 7 + 13, right) is None


@pytest.mark.parametrize("answer", [True, "12", None, -1, 0, [3]])
def test_what_is_no_positive_number_is_no_near_miss(answer):
    assert near_miss(answer, 2) is None


def test_a_whole_float_is_as_near_a_miss_as_the_integer():
    assert near_miss(1261.0, 1216) == near_miss(1261, 1216) is not None
    assert near_miss(float("inf"), 1216) is None and near_miss(float("nan"), 1216) is None
