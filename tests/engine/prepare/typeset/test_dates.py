"""A due date in words: in Persian by the solar calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.prepare.typeset import dates


def test_the_due_date_is_told_in_each_language():
    assert dates.in_words("2026-11-20T23:59:00+03:30", "en") == "Friday, 20 November 2026, 23:59 (UTC+03:30)"
    assert dates.in_words("2026-11-20T23:59:00+03:30", "fa") == "جمعه ۲۹ آبان ۱۴۰۵، ساعت ۲۳:۵۹"


@pytest.mark.parametrize(
    ("day", "solar"),
    [
        ((2026, 3, 21), (1405, 1, 1)),
        ((2025, 3, 20), (1403, 12, 30)),
        ((2024, 3, 20), (1403, 1, 1)),
        ((1979, 2, 11), (1357, 11, 22)),
        ((2026, 9, 22), (1405, 6, 31)),
        ((2026, 9, 23), (1405, 7, 1)),
    ],
)
def test_the_solar_calendar(day, solar):
    assert dates.solar(date(*day)) == solar


def test_a_time_without_a_zone_or_in_utc_is_told_as_it_is():
    assert dates.in_words("2026-03-21T08:05", "en") == "Saturday, 21 March 2026, 08:05"
    assert dates.in_words("2026-03-21T08:05Z", "en") == "Saturday, 21 March 2026, 08:05 (UTC+00:00)"
    assert dates.in_words("2026-03-21T08:05", "fa") == "شنبه ۱ فروردین ۱۴۰۵، ساعت ۰۸:۰۵"


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_each_day_is_the_day_after_the_last(day):
    """Months have 31 days up to Shahrivar, then 30; Esfand has 29 or 30."""
    year, month, number = dates.solar(day)
    following = dates.solar(day + timedelta(days=1))
    longest = 31 if month <= 6 else 30
    assert 1 <= month <= 12 and 1 <= number <= longest
    first_of_next = (year, month + 1, 1) if month < 12 else (year + 1, 1, 1)
    assert following == ((year, month, number + 1) if number < longest - (month == 12) else first_of_next) or (
        month == 12 and number == 29 and following == (year, 12, 30)
    )


def test_a_year_begins_with_the_spring():
    """Nouruz lies on 20 or 21 March from 1925 to 2099."""
    for year in range(1925, 2100):
        assert (dates.solar(date(year, 3, 22))[:2], dates.solar(date(year, 3, 19))[1]) == ((year - 621, 1), 12)
