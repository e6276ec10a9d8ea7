"""The late policy by hand-worked cases, at every edge."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.course.course import KnownFiles
from autograder.course.moments import moment
from autograder.errors import ConvgradeError
from autograder.intake.lms import gradescope_container
from autograder.marking import lateness, times_table
from autograder.marking.lateness import DAY, Clock, Late
from autograder.model import LANGUAGES, Fingerprint, Message, Outcome, PartResult, Result, Submission
from autograder.words import say

POLICY = Late("2026-11-20T23:59:00+03:30", grace_minutes=15, percent_a_day=10, cap_percent=25)
DUE = datetime(2026, 11, 20, 20, 29, tzinfo=UTC)  # 23:59 in Tehran


def late(handed_in, policy, cents, extension=None):
    """What one time of handing in comes to."""
    return lateness.counted(lateness.seconds_late(handed_in, policy, extension), policy, cents)


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
    found = late(DUE + timedelta(seconds=seconds), POLICY, 7600)
    assert (found.days, found.cents, found.message.key) == (days, cents, key)


def test_time_zones_are_instants_not_clocks():
    """00:10 in Tehran the next day is 21:40 the same day in Berlin: eleven minutes late, within the grace."""
    tehran = datetime(2026, 11, 21, 0, 10, tzinfo=timezone(timedelta(hours=3.5)))
    berlin = datetime(2026, 11, 20, 21, 40, tzinfo=timezone(timedelta(hours=1)))
    assert tehran == berlin
    assert lateness.seconds_late(tehran, POLICY) == lateness.seconds_late(berlin, POLICY) == 11 * 60


def test_an_extension_moves_the_deadline_and_never_takes_time_away():
    handed_in = DUE + timedelta(days=3)
    assert late(handed_in, POLICY, 7600, DUE + timedelta(days=4)).days == 0
    assert late(handed_in, POLICY, 7600, DUE + timedelta(days=2, hours=23)).days == 1
    assert late(handed_in, POLICY, 7600, DUE - timedelta(days=9)).days == 3


def test_clocks_that_are_put_back_between_deadline_and_handing_in_take_nothing():
    """Berlin, 25 October 2026: from 01:30 to 03:30 on the wall are three hours, as one of them came twice."""
    policy = Late("2026-10-25T01:30:00+02:00", grace_minutes=180, percent_a_day=10)
    assert lateness.seconds_late(moment("2026-10-25T03:30:00+01:00", where=""), policy) == 3 * 3600
    assert late(moment("2026-10-25T03:30:00+01:00", where=""), policy, 7600).days == 0
    assert late(moment("2026-10-25T03:30:01+01:00", where=""), policy, 7600).days == 1


DUE_DATES = {  # what Gradescope says of an assignment and of its students -> seconds late, of one handed in at DUE + 3 days
    "the assignment's": ("2026-11-22T20:29:00.000000Z", [None], DAY),
    "a student's extension": ("2026-11-22T20:29:00.000000Z", ["2026-11-23T08:29:00.000000-12:00"], 0),
    "one of the group has an extension": ("2026-11-20T20:29:00Z", ["2026-11-20T20:29:00Z", "2026-11-23T20:28:00Z"], 60),
    "earlier than the config's": ("2026-11-01T00:00:00Z", [None], 3 * DAY),
    "none": (None, [None], 3 * DAY),
    "nonsense": ("soon", ["later"], 3 * DAY),
}


@pytest.mark.parametrize("told", DUE_DATES.values(), ids=DUE_DATES.keys())
def test_of_gradescopes_due_dates_and_the_configs_the_latest_counts(tmp_path, told):
    due, own, seconds = told
    users = [
        {"id": number, "email": f"s{number}@x.org", "name": f"S{number}"}
        | ({"assignment": {"due_date": date}} if date else {})
        for number, date in enumerate(own)
    ]
    about = {"id": 9, "created_at": "2026-11-23T20:29:00.000000Z", "assignment": {"due_date": due}, "users": users}
    (tmp_path / "submission").mkdir()
    (tmp_path / "submission" / "answers.toml").write_text("[q1]\n")
    (tmp_path / "submission_metadata.json").write_text(json.dumps(about))
    (found,) = gradescope_container.collect(tmp_path, KnownFiles(("q1_box",), "answers.toml", "written.md"))
    assert Clock(POLICY).stamped(found).late_seconds == seconds
    assert [note.key for note in found.notes] == (["intake.group"] if len(own) > 1 else [])


def test_without_a_deadline_nothing_is_late():
    assert lateness.seconds_late(DUE, Late()) is None
    assert lateness.final_cents(_result(10**6), Late(percent_a_day=50)) == 7600


def test_what_is_handed_on_is_less_the_deduction():
    assert lateness.final_cents(_result(None), POLICY) == lateness.final_cents(_result(-5), POLICY) == 7600
    assert lateness.final_cents(_result(DAY), POLICY) == 6840
    assert lateness.final_cents(_result(DAY), POLICY, 1000) == 900


def test_halves_of_a_hundredth_round_up_and_never_drift():
    assert lateness.counted(DAY, Late("x", percent_a_day=10), 5).cents == 1  # 0.5
    assert (
        lateness.counted(3 * DAY, Late("x", percent_a_day=0.1), 1000).cents == 3
    )  # 3 · 0.1 is 0.3, not 0.30000000000000004


@given(st.integers(-DAY, 50 * DAY), st.integers(0, 10_000), st.floats(0, 100), st.floats(0, 100), st.integers(0, 600))
def test_never_more_than_the_cap_never_less_for_handing_in_later(seconds, cents, each, cap, grace):
    policy = Late("x", grace, each, cap)
    found, later = lateness.counted(seconds, policy, cents), lateness.counted(seconds + 3600, policy, cents)
    assert 0 <= found.cents <= cents and found.cents <= cents * cap / 100 + 1
    assert found.cents <= later.cents and found.days <= later.days


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seconds", [-5, 60, DAY, 30 * DAY])
def test_the_sentence_tells_how_it_was_computed(language, seconds):
    sentence = say(lateness.counted(seconds, POLICY, 7600).message, language)
    if seconds == DAY:
        latin = sentence.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹٫", "0123456789."))
        assert all(part in latin for part in ("24", "15", "10", "76.00", "7.60"))
    assert "{" not in sentence and sentence


def test_times_are_read_from_csv(tmp_path):
    path = tmp_path / "times.csv"
    path.write_bytes(
        "﻿timestamp,Id\r\n2026-11-21T00:10:00+03:30,سارا\r\n\r\n2026-11-21T20:00Z,s2\r\n2026-11-20T20:00Z,s2\r\n".encode()
    )
    times = times_table.read(path)
    assert times["سارا"] == datetime(2026, 11, 20, 20, 40, tzinfo=UTC)
    assert times["s2"] == datetime(2026, 11, 21, 20, 0, tzinfo=UTC), "the latest counts"


@pytest.mark.parametrize(
    ("text", "where"),
    [("id,time\n", "x.csv:1"), ("id,deadline\ns1,soon\n", "x.csv:2"), ("id,deadline\n\ns1\n", "x.csv:3"), ("", "x.csv:1")],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path, text, where):
    (tmp_path / "x.csv").write_text(text)
    with pytest.raises(ConvgradeError) as error:
        times_table.deadlines(tmp_path / "x.csv")
    assert error.value.where.endswith(where)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConvgradeError, match="there is no such file"):
        times_table.read(tmp_path / "none.csv")


def _result(seconds):
    part = PartResult("q1.numbers.x", 7600, 7600, Outcome.PASSED)
    return Result("s", "", "graded", (part,), Fingerprint("", "", "", "", ""), "A", late_seconds=seconds)


def test_a_mark_of_lateness_is_not_told_where_the_time_is_known():
    marked = Submission("s", notes=(Message("intake.late_mark"), Message("intake.empty")))
    clock = Clock(POLICY, {"s": moment("2030-01-01T00:00:00Z", where="")})
    assert [note.key for note in clock.stamped(marked).notes] == ["intake.empty"]
    assert Clock(POLICY).stamped(marked) == marked
