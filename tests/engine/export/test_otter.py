"""The CSV that otter-grader's readers take."""

import csv

from autograder import export
from autograder.course.policy import Late
from tests.engine.export.made import marked, result


def test_otter_csv_reads_as_otter_writes_it(tmp_path, course):
    results = [result("b", 300, 250, 0), result("=cmd", 300, 250, 2150), result("x", 0, 0, 0, status="unreadable")]
    export.run("otter", results, course, tmp_path)
    rows = list(csv.reader((tmp_path / "final_grades.csv").open(encoding="utf-8", newline="")))
    assert rows[0] == ["file", "q1", "q2", "total_points_earned", "percent_correct", "grading_status"]
    assert rows[1] == ["points-per-question", "5.50", "21.50", "27.00", "1.0", "--"]
    assert rows[2] == ["'=cmd", "5.50", "21.50", "27.00", "1.0000", "Completed"]
    assert rows[3] == ["b", "5.50", "0.00", "5.50", "0.2037", "Completed"]
    assert rows[4][3:] == ["0.00", "0.0000", "unreadable"]


def test_a_written_part_counts_once_every_text_of_it_is_marked(tmp_path, course):
    """Until then neither its points nor its maximum are in the class's numbers."""

    def percents(*results):
        export.run("otter", results, course, tmp_path)
        rows = list(csv.reader((tmp_path / "final_grades.csv").open(encoding="utf-8", newline="")))
        return rows[1][3], [row[4] for row in rows[2:]]

    ada, bo = result("ada", 300, 250, 2150), result("bo", 300, 250, 2150)
    assert percents(marked(ada, 200), bo) == ("27.00", ["1.0000", "1.0000"])
    assert percents(marked(ada, 200), marked(bo, 400)) == ("31.00", ["0.9355", "1.0000"])  # 29 and 31 of 31 points


def test_lateness_is_taken_off_the_total_and_never_off_a_question(tmp_path, course):
    course.config.late = Late("2026-11-20T23:59:00+03:30", percent_a_day=10)
    export.run("otter", [result("ada", 300, 250, 2150, late_seconds=90_000)], course, tmp_path)
    rows = list(csv.reader((tmp_path / "final_grades.csv").open(encoding="utf-8", newline="")))
    assert rows[2] == ["ada", "5.50", "21.50", "21.60", "0.8000", "Completed"], "two days were begun"
