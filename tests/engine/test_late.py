"""The late policy by hand-worked cases, at every edge."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder import late
from autograder.errors import ConvgradeError
from autograder.late import DAY, Late
from autograder.model import LANGUAGES, Fingerprint, Outcome, PartResult, Result
from autograder.words import say

POLICY = Late("2026-11-20T23:59:00+03:30", grace_minutes=15, percent_a_day=10, cap_percent=25)
DUE = datetime(2026, 11, 20, 20, 29, tzinfo=UTC)  # 23:59 in Tehran


@pytest.mark.parametrize(
    ("seconds", "days", "cents", "key"),
    [
        (-1, 0, 0, "late.in_time"),
        (0, 0, 0, "late.in_time"),
        (1, 0, 0, "late.grace"),
        (15 * 60, 0, 0, "late.grace"),
        (15 * 60 + 1, 1, 760, "late.counted"),
        (DAY + 15 * 60, 1, 760, "late.counted"),  # the grace is there after one day too
        (DAY + 15 * 60 + 1, 2, 1520, "late.counted"),
        (2 * DAY + 15 * 60 + 1, 3, 1900, "late.capped"),
        (400 * DAY, 400, 1900, "late.capped"),
    ],
)
def test_days_and_points_taken_off(seconds, days, cents, key):
    found = late.lateness(DUE + timedelta(seconds=seconds), POLICY, 7600)
    assert (found.days, found.cents, found.message.key) == (days, cents, key)


def test_time_zones_are_instants_not_clocks():
    """00:10 in Tehran the next day is 21:40 the same day in Berlin: eleven minutes late, within the grace."""
    tehran = datetime(2026, 11, 21, 0, 10, tzinfo=timezone(timedelta(hours=3.5)))
    berlin = datetime(2026, 11, 20, 21, 40, tzinfo=timezone(timedelta(hours=1)))
    assert tehran == berlin
    assert late.seconds_late(tehran, POLICY) == late.seconds_late(berlin, POLICY) == 11 * 60


def test_an_extension_moves_the_deadline_and_never_takes_time_away():
    handed_in = DUE + timedelta(days=3)
    assert late.lateness(handed_in, POLICY, 7600, DUE + timedelta(days=4)).days == 0
    assert late.lateness(handed_in, POLICY, 7600, DUE + timedelta(days=2, hours=23)).days == 1
    assert late.lateness(handed_in, POLICY, 7600, DUE - timedelta(days=9)).days == 3


def test_without_a_deadline_nothing_is_late():
    assert late.lateness(DUE, Late(), 7600) is None
    assert late.final_cents(_result(10**6), Late(percent_a_day=50)) == 7600


def test_what_is_handed_on_is_less_the_deduction():
    assert late.final_cents(_result(None), POLICY) == late.final_cents(_result(-5), POLICY) == 7600
    assert late.final_cents(_result(DAY), POLICY) == 6840
    assert late.final_cents(_result(DAY), POLICY, 1000) == 900


def test_halves_of_a_hundredth_round_up_and_never_drift():
    assert late.counted(DAY, Late("x", percent_a_day=10), 5).cents == 1  # 0.5
    assert late.counted(3 * DAY, Late("x", percent_a_day=0.1), 1000).cents == 3  # 3 · 0.1 is 0.3, not 0.30000000000000004


@given(st.integers(-DAY, 50 * DAY), st.integers(0, 10_000), st.floats(0, 100), st.floats(0, 100), st.integers(0, 600))
def test_never_more_than_the_cap_never_less_for_handing_in_later(seconds, cents, each, cap, grace):
    policy = Late("x", grace, each, cap)
    found, later = late.counted(seconds, policy, cents), late.counted(seconds + 3600, policy, cents)
    assert 0 <= found.cents <= cents and found.cents <= cents * cap / 100 + 1
    assert found.cents <= later.cents and found.days <= later.days


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seconds", [-5, 60, DAY, 30 * DAY])
def test_the_sentence_tells_how_it_was_computed(language, seconds):
    sentence = say(late.counted(seconds, POLICY, 7600).message, language)
    if seconds == DAY:
        assert all(part in sentence for part in ("24", "15", "10", "76.00", "7.60"))
    assert "{" not in sentence and sentence


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tomorrow", "no time in ISO 8601"),
        ("2026-11-20T23:59:00", "no time zone"),
        ("2026-11-31T00:00Z", "no time in ISO 8601"),
    ],
)
def test_a_time_that_cannot_be_meant_is_refused_with_its_place(text, said):
    with pytest.raises(ConvgradeError) as error:
        late.check(Late(text), "grader_config.yml:70")
    assert error.value.where == "grader_config.yml:70" and said in error.value.what and error.value.todo


@pytest.mark.parametrize(
    "policy",
    [
        Late(percent_a_day=10),
        Late("2026-11-20T23:59Z", grace_minutes=-1),
        Late("2026-11-20T23:59Z", percent_a_day=101),
        Late("2026-11-20T23:59Z", cap_percent=float("nan")),
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused(policy):
    with pytest.raises(ConvgradeError):
        late.check(policy, "grader_config.yml:70")
    late.check(POLICY, "")
    late.check(Late(), "")


def test_times_are_read_from_csv(tmp_path):
    path = tmp_path / "times.csv"
    path.write_bytes(
        "﻿timestamp,Id\r\n2026-11-21T00:10:00+03:30,سارا\r\n\r\n2026-11-21T20:00Z,s2\r\n2026-11-20T20:00Z,s2\r\n".encode()
    )
    times = late.read_times(path)
    assert times["سارا"] == datetime(2026, 11, 20, 20, 40, tzinfo=UTC)
    assert times["s2"] == datetime(2026, 11, 21, 20, 0, tzinfo=UTC), "the latest counts"


@pytest.mark.parametrize(
    ("text", "where"),
    [("id,time\n", "x.csv:1"), ("id,deadline\ns1,soon\n", "x.csv:2"), ("id,deadline\n\ns1\n", "x.csv:3"), ("", "x.csv:1")],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path, text, where):
    (tmp_path / "x.csv").write_text(text)
    with pytest.raises(ConvgradeError) as error:
        late.read_extensions(tmp_path / "x.csv")
    assert error.value.where.endswith(where)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConvgradeError, match="cannot be read"):
        late.read_times(tmp_path / "none.csv")


def _result(seconds):
    part = PartResult("q1.numbers.x", 7600, 7600, Outcome.PASSED)
    return Result("s", "", "graded", (part,), Fingerprint("", "", "", "", ""), "A", late_seconds=seconds)
