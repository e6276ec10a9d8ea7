"""How well people agree: raw agreement and Krippendorff's α, against published and hand-worked values."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.web.agreement import agreement


def units(*columns: str) -> list[list[bool]]:
    return [[one == "1" for one in column if one != "."] for column in columns]


def test_krippendorff_s_own_example_of_two_observers_and_ten_units():
    """Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section A: binary data, two observers, α = 0.095."""
    first, second = "0100000000", "1110010100"
    found = agreement(units(*(a + b for a, b in zip(first, second, strict=True))))
    assert found.units == 10 and found.raw == pytest.approx(0.6) and found.alpha == pytest.approx(0.095, abs=5e-4)


def test_agreement_with_missing_readings_and_where_nothing_can_be_said():
    assert agreement(units("1.", ".0", "1")).raw is None
    assert agreement(units("11", "11")).alpha is None, "nobody ever decided otherwise"
    assert agreement(units("11", "00", "1.")).alpha == pytest.approx(1)
    assert agreement(units("10", "01")).alpha == pytest.approx(1 - 3 * 4 / 8)
    assert agreement(units("111", "110", "00.")).units == 3


@settings(max_examples=40)
@given(st.lists(st.lists(st.booleans(), min_size=1, max_size=4), max_size=8))
def test_alpha_is_one_less_the_share_of_disagreement_that_chance_would_bring(readings):
    """The same by counting ordered pairs one by one, each answer's weighted by 1/(m − 1)."""
    compared = [unit for unit in readings if len(unit) > 1]
    values = [one for unit in compared for one in unit]
    observed = sum(
        (one != other) / (len(unit) - 1)
        for unit in compared
        for at, one in enumerate(unit)
        for place, other in enumerate(unit)
        if at != place
    )
    expected = sum(one != other for at, one in enumerate(values) for place, other in enumerate(values) if at != place)
    found = agreement(readings)
    assert found.units == len(compared)
    if expected:
        assert found.alpha == pytest.approx(1 - (observed / len(values)) / (expected / (len(values) * (len(values) - 1))))
    else:
        assert found.alpha is None
