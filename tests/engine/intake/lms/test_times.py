"""Which moment a time is that another system wrote."""

import pytest

from autograder.intake.lms.times import instant

TIMES = {
    "2026-11-20 20:29:00.123456789 Z": "2026-11-20T20:29:00+00:00",
    "2026-11-20 20:29:00 UTC": "2026-11-20T20:29:00+00:00",
    "2026-11-20T23:59:00+03:30": "2026-11-20T20:29:00+00:00",
    "2026-11-20 15:29 -0500": "2026-11-20T20:29:00+00:00",
    "2026-11-20 23:59:00 Asia/Tehran": "2026-11-20T20:29:00+00:00",
    "2026-11-20 20:29:00.5": "2026-11-20T20:29:00+00:00",
    "2026-11-20 15:58:23.948203 PST": "",
    "2026-13-40 20:29:00 Z": "",
    "2026-11-20 20:29:00 ../../etc/passwd": "",
    "2026-11-20 20:29:00 No/Where": "",
    "0001-01-01 00:00:00 +14:00": "",
    "20 November": "",
    "۲۰۲۶-۱۱-۲۰ ۲۰:۲۹": "2026-11-20T20:29:00+00:00",
    "": "",
}


@pytest.mark.parametrize("text, expected", TIMES.items())
def test_times_are_read_as_data(text, expected):
    assert instant(text) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("2026-11-20 23:30:00 CET", "2026-11-20T22:30:00+00:00"),
        ("2026-07-20 23:30:00 CEST", "2026-07-20T21:30:00+00:00"),
        ("2026-11-20 23:30:00 PST", ""),  # also Manila's
        ("2026-11-20 23:30:00 IST", ""),
        ("1405-08-29 23:30:00 UTC", ""),
    ],
)
def test_a_zone_is_read_where_it_means_one_thing(text, expected):
    assert instant(text) == expected
