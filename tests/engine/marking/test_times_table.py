"""Times out of Moodle's own grading worksheet."""

from datetime import datetime

import pytest

from autograder.course.policy import Late
from autograder.errors import ConvgradeError
from autograder.marking import times_table

HEAD = 'Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed","Last modified (submission)","Last modified (grade)","Feedback comments"\n'
POLICY = Late("2026-11-20T23:59:00+03:30", percent_a_day=10)


def sheet(tmp_path, *times):
    rows = [
        f'"Participant {number}","S {number}",s{number}@x.org,"Submitted for grading",,100.00,Yes,"{time}",-,""\n'
        for number, time in enumerate(times, 11)
    ]
    path = tmp_path / "worksheet.csv"
    path.write_text("\ufeff" + HEAD + "".join(rows), "utf-8")
    return path


@pytest.mark.parametrize(
    "text", ["Friday, 20 November 2026, 11:59 PM", "20 November 2026, 23:59", "Friday,  20 November 2026, 11:59 PM"]
)
def test_a_time_is_in_the_deadlines_zone(tmp_path, text):
    found = times_table.read(sheet(tmp_path, text, "-", ""), POLICY)
    assert found == {"11": datetime.fromisoformat("2026-11-20T23:59:00+03:30")}


def test_what_cannot_be_read_is_told_with_its_line(tmp_path):
    with pytest.raises(ConvgradeError, match="not a time as Moodle") as error:
        times_table.read(sheet(tmp_path, "20 November 2026, 23:59", "Freitag, 20. November 2026"), POLICY)
    assert error.value.where.endswith("worksheet.csv:3") and "English" in error.value.todo


def test_without_a_deadline_the_zone_is_not_known(tmp_path):
    with pytest.raises(ConvgradeError, match="time zone") as error:
        times_table.read(sheet(tmp_path, "20 November 2026, 23:59"), Late())
    assert "deadline" in error.value.todo


def test_a_plain_table_is_read_as_before(tmp_path):
    (tmp_path / "t.csv").write_text("id,timestamp\na b,2026-11-20T10:00:00+00:00\n", "utf-8")
    assert set(times_table.read(tmp_path / "t.csv", POLICY)) == {"a_b"}
