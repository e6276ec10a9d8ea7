"""Moments are read with any time zone that means one thing only, and never guessed."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course.moments import moment, parsed
from autograder.errors import ConvgradeError

AT = datetime(2026, 11, 20, 20, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20T23:59:00+03:30", "2026-11-20 23:59+0330", " 2026-11-20 23:59:00.7 +03:30\n", "2026-11-20T20:29Z",
        "2026-11-20 20:29:00 UTC", "2026-11-20 20:29 GMT", "۲۰۲۶-۱۱-۲۰ ۲۳:۵۹ +۰۳:۳۰", "2026-11-20 23:59 Asia/Tehran",
        "2026-11-20 15:29:00,000 -05", "2026-11-20 21:29 CET", "2026-11-20 15:29 America/New_York", "2026-11-20 23:29 MSK",
        "2026-11-20 17:29 Etc/GMT+3",
    ],
)  # fmt: skip
def test_one_moment_is_read_however_it_is_written(text):
    assert parsed(text) == AT == moment(text, where="x:1")


def test_a_place_keeps_its_summer_time():
    assert parsed("2026-07-01 12:00 Europe/Berlin") == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert parsed("2026-12-01 12:00 Europe/Berlin") == datetime(2026, 12, 1, 11, tzinfo=UTC)
    assert parsed("2026-07-01 12:00 CEST") == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert parsed("2026-12-01 12:00 CEST") is None, "nobody has summer time in December"


@pytest.mark.parametrize(
    "zone", ["PST", "IST", "CST"]
)  # Los Angeles and Manila; India, Israel and Ireland; Chicago and Shanghai
def test_a_zone_that_could_be_several_is_not_guessed(zone):
    assert parsed(f"2026-12-01 12:00 {zone}") is None
    with pytest.raises(ConvgradeError, match=f"the time zone {zone} .* could be several") as caught:
        moment(f"2026-12-01 12:00 {zone}", where="times.csv:3")
    assert caught.value.where == "times.csv:3" and "offset" in caught.value.todo


def test_a_missing_zone_is_the_one_that_is_given():
    assert parsed("2026-11-20 20:29") is None
    assert parsed("2026-11-20 20:29", zone="UTC") == AT
    assert parsed("2026-11-20 23:59", zone="Asia/Tehran") == AT
    assert parsed("2026-11-20 20:29Z", zone="Asia/Tehran") == AT, "what is written counts"


@pytest.mark.parametrize(
    "text",
    ["", "tomorrow", "2026-11-20", "20.11.2026 23:59Z", "2026-11-31 00:00Z", "2026-11-20 24:01Z", "2026-11-20 23:59 Nowhere/Else",
     "2026-11-20 23:59 Etc/", "2026-11-20 23:59 A//B", "2026-11-20 23:59 XYZ", "1405-08-29 23:59+03:30", "2026-11-20 23:59 +99:00"],
)  # fmt: skip
def test_what_cannot_be_meant_is_no_moment(text):
    assert parsed(text) is None


def test_all_of_iso_8601_is_a_moment():
    assert moment("2026-W47-5T23:59+03:30", where="") == AT  # the Friday of week 47
    assert moment("20261120T202900Z", where="") == AT


@pytest.mark.parametrize(
    ("text", "said", "todo"),
    [
        ("soon", "'soon' is not a time in ISO 8601", "Write it like"),
        ("2026-11-20T23:59", "has no time zone", "2026-11-20T23:59:00+00:00 for UTC"),
        ("1405-08-29T23:59+03:30", "a date of another calendar", "Gregorian"),
        ("۱۴۰۵-۰۸-۲۹T23:59+03:30", "a date of another calendar", "Gregorian"),
    ],
)
def test_a_refused_moment_says_what_to_write(text, said, todo):
    with pytest.raises(ConvgradeError) as caught:
        moment(text, where="grader_config.yml:70")
    assert said in caught.value.what and todo in caught.value.todo and caught.value.where == "grader_config.yml:70"


OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@settings(max_examples=40)
@given(st.datetimes(datetime(1970, 1, 1), datetime(9999, 1, 1), timezones=OFFSETS))
def test_what_python_writes_is_read_as_it_was(at):
    assert parsed(at.isoformat()) == at.replace(microsecond=0) == parsed(str(at))


WRITTEN = st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}", fullmatch=True)
ZONES = st.one_of(
    st.sampled_from(["", "Z", " CET", " Asia/Tehran", " A//B", " Etc/../x"]), st.from_regex(r"[+-][0-9:]{0,6}")
)


@settings(max_examples=40)
@given(st.one_of(st.text(max_size=40), st.tuples(WRITTEN, ZONES).map("".join)))
def test_nothing_that_is_written_ends_in_another_error(text):
    assert parsed(text) is None or parsed(text).tzinfo is not None
    try:
        assert moment(text, where="x").tzinfo is not None
    except ConvgradeError as refused:
        assert refused.todo
