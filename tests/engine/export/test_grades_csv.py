"""grades.csv: a row a submission with what it says, and beside it the diagnoses and the criteria that a person decided."""

import csv

import pytest
from msgspec.structs import replace

from autograder.course.policy import Late
from autograder.export import grades_csv
from autograder.model import Diagnosis, Message, Outcome, PartResult
from tests.engine.export.made import marked, result


def rows(path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.open(encoding="utf-8", newline="")))


def written(folder, course, *results) -> list[dict[str, str]]:
    grades_csv.write(folder / "grades.csv", results, course)
    return rows(folder / "grades.csv")


def test_a_row_has_the_score_each_question_and_whose_it_is(tmp_path, course):
    (ada,) = written(tmp_path, course, result("ada", 300, 125, 0, name="Ada L"))
    assert ada == {
        "id": "ada", "name": "Ada L", "status": "graded", "score": "4.25", "max_score": "27.00", "q1": "4.25",
        "q2": "0.00", "late_days": "", "isolation": "A", "message": "",
    }  # fmt: skip


def test_who_could_not_be_graded_has_no_score_and_no_nought(tmp_path, course):
    (broken,) = written(tmp_path, course, result("x", 0, 0, 0, status="not graded"))
    assert [broken[name] for name in ("score", "q1", "q2")] == ["", "", ""]
    assert broken["status"] == "not graded" and broken["message"]


@pytest.mark.parametrize(
    ("seconds", "score", "days"),
    [(None, "27.00", ""), (-60, "27.00", "0"), (1, "24.30", "1"), (86_401, "21.60", "2"), (10**7, "13.50", "116")],
)
def test_lateness_is_in_the_score_and_its_days_beside_it(tmp_path, course, seconds, score, days):
    """10 % of 27 points for each day that was begun, at most half; the questions keep what they earned."""
    course.config.late = Late("2026-11-20T23:59:00+03:30", percent_a_day=10, cap_percent=50)
    (late,) = written(tmp_path, course, result("ada", 300, 250, 2150, late_seconds=seconds))
    assert (late["score"], late["late_days"], late["q2"]) == (score, days, "21.50")


def test_no_cell_of_a_students_is_a_formula(tmp_path, course):
    odd = result("=cmd|' /C calc'!A0", 300, 0, 0, name="@SUM(1)\n\x1b[31m")
    guess = Diagnosis("q1", "q1.numbers.a", (), guess=True)
    (row,) = written(tmp_path, course, replace(marked(odd, 100), diagnoses=(guess,)))
    for path in sorted(tmp_path.glob("*.csv")):
        cells = [cell for line in csv.reader(path.open(encoding="utf-8", newline="")) for cell in line]
        assert cells and not [cell for cell in cells if cell.startswith(("=", "+", "-", "@")) or "\x1b" in cell], path.name
    assert row["name"] == "'@SUM(1)"


def test_partly_graded_names_the_parts_that_did_not_end_and_at_most_five(tmp_path, course):
    parts = tuple(PartResult(f"q1.code.f{n}", 100, 0, Outcome.TIMEOUT) for n in range(6))
    one = replace(result("ada"), status="partly graded", parts=parts)
    (row,) = written(tmp_path, course, one)
    assert "q1.code.f0, q1.code.f1, q1.code.f2, q1.code.f3, q1.code.f4, …" in row["message"]
    assert "q1.code.f5" not in row["message"]
    (row,) = written(tmp_path, course, replace(one, status="graded"))
    assert "q1.code.f0" not in row["message"]


def test_diagnoses_have_a_row_each_and_a_guess_is_called_one(tmp_path, course):
    two = ("q1.f.one", "q1.f.other")
    told = (Diagnosis("q1", "q1.code.f", two), Diagnosis("q1", "q1.numbers.a", (), guess=True))
    written(tmp_path, course, replace(result("ada", 0, 0, 0), diagnoses=told))
    assert rows(tmp_path / "diagnoses.csv") == [
        {"id": "ada", "part": "q1.code.f", "misconceptions": "q1.f.one q1.f.other"},
        {"id": "ada", "part": "q1.numbers.a", "misconceptions": "(a guess)"},
    ]


def test_criteria_are_written_once_a_person_decided_one_and_emptied_when_they_are_gone(tmp_path, course):
    unmarked = result("ada", 300, 0, 0)
    written(tmp_path, course, unmarked)
    assert not (tmp_path / "criteria.csv").exists()
    values = {"en": "Says it.", "fa": "می‌گوید.", "points": "1.50"}
    decided = (
        Message("written.met", {"id": "what", **values}),
        Message("written.not_met", {"id": "why", **values}),
        Message("written.comment", {"comment": "Why?"}),
    )
    *others, essay = marked(unmarked, 150).parts
    by_criteria = replace(unmarked, parts=(*others, replace(essay, messages=decided)))
    written(tmp_path, course, by_criteria, replace(marked(unmarked, 250), id="bo"))
    columns = ("id", "part", "criterion", "met", "points", "comment")
    assert [tuple(row[name] for name in columns) for row in rows(tmp_path / "criteria.csv")] == [
        ("ada", "q2.written.w1", "what", "1", "1.50", "Why?"),
        ("ada", "q2.written.w1", "why", "0", "1.50", "Why?"),
        ("bo", "q2.written.w1", "", "", "2.50", "Why?"),
    ]
    written(tmp_path, course, unmarked)
    assert rows(tmp_path / "criteria.csv") == []
