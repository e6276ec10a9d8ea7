"""A CSV in the form of otter-grader's ``final_grades.csv``: a column a question, the points of each in the first row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from autograder import files
from autograder.course.course import Course
from autograder.export.fill import score_messages, scored
from autograder.marking import lateness, written_marks
from autograder.model import Message, Result, points
from autograder.text import cell

POSSIBLE = "points-per-question"  # otter's word for the first row
COMPLETED = "Completed"


def export(results: Iterable[Result], course: Course, out: Path) -> list[Message]:
    """Write the scores to ``out``. Totals have what lateness takes off; questions do not. Percent is a share of 1."""
    results = sorted(results, key=lambda result: result.id)
    messages, graded = score_messages(results), scored(results)
    questions = [question.id for question in course.questions]
    open_parts = {part.id for part in course.parts if part.kind == "written" and not written_marks.counted(part.id, graded)}
    most = {
        id: sum(part.cents for part in course.parts if part.question == id and part.id not in open_parts) for id in questions
    }
    whole, policy = sum(most.values()), course.config.late
    ends = ["total_points_earned", "percent_correct", "grading_status"]
    rows = [["file", *questions, *ends], [POSSIBLE, *map(points, most.values()), points(whole), "1.0", "--"]]
    for result in graded:
        each = [sum(part.cents or 0 for part in result.of(id) if part.id not in open_parts) for id in questions]
        final = lateness.final_cents(result, policy, sum(each))
        status = COMPLETED if result.status == "graded" else result.status
        rows.append([cell(result.id), *map(points, each), points(final), f"{final / whole if whole else 0:.4f}", status])
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    files.write(out, text.getvalue().encode())
    return messages
