"""The table that marks are entered in: a row an answer, a column a criterion, and what cannot be meant."""

import csv
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from autograder.course.rubric import Criterion, Rubric
from autograder.errors import ConvgradeError
from autograder.marking import marks_table
from autograder.marking.written_marks import EMPTY, text_hash
from autograder.model import Fingerprint, Mark, Outcome, Part, PartResult, Result, Text
from autograder.text import clean

PART = "q1.written.w1"
RUBRICS = {PART: Rubric(PART, (Criterion("a", 300, Text("A.", "الف.")), Criterion("b", 100, Text("B.", "ب."))))}
COURSE = SimpleNamespace(parts=(Part(PART, 400), Part("q1.code.f", 100)))
WAITS = PartResult(PART, 400, None, Outcome.AWAITING)


def result(id, text="", status="graded", name=""):
    written = {"w1": text} if text else {}
    hashes = {name: text_hash(its) for name, its in written.items()}
    print_ = Fingerprint("", "", "", "", "")
    return Result(id, name, status, (WAITS,), print_, "A", written=written, texts=hashes)


def written(tmp_path, results, marks=()):
    counts = marks_table.write(tmp_path / "m.csv", results, marks, RUBRICS)
    with (tmp_path / "m.csv").open(encoding="utf-8-sig", newline="") as file:
        return counts, list(csv.DictReader(file))


def entered(tmp_path, text):
    (tmp_path / "m.csv").write_text(text, "utf-8")
    return marks_table.read(tmp_path / "m.csv", COURSE, RUBRICS)


def test_each_answer_has_a_row_also_an_empty_one_but_none_that_nobody_has_read(tmp_path):
    not_opened = replace(result("dan", status="partly graded"), opened=False)  # the marker was ended before it was read
    results = [result("ada", "=1+1"), result("bo"), result("cy", status="unreadable"), not_opened]
    counts, rows = written(tmp_path, results)
    assert counts == (2, 1) and [row["id"] for row in rows] == ["ada", "bo"]
    assert rows[0]["text"] == "'=1+1" and rows[1]["text"] == "" and rows[1]["made_from"] == f"{EMPTY}#0"


def test_what_was_given_comes_back_as_it_was_with_the_mark_that_it_is(tmp_path):
    mark = Mark("ada", PART, 300, text_hash("t"), "Good.", {"a": True, "b": False}, when=1.0, number=7)
    _, rows = written(tmp_path, [result("ada", "t")], [mark])
    assert (rows[0]["points"], rows[0]["comment"], rows[0]["w1.a"], rows[0]["w1.b"]) == ("3.00", "Good.", "1", "0")
    (row,) = marks_table.read(tmp_path / "m.csv", COURSE, RUBRICS)
    assert (row.who, row.after, row.mark.cents, row.mark.criteria) == ("ada", 7, 300, {"a": True, "b": False})
    assert row.mark.text_hash == text_hash("t") and row.mark.source.endswith("m.csv:2")


@given(comment=st.text(st.sampled_from("a ;\n\t|\"',=-+@\u200c\x1b\r")) | st.text())
@example(comment="First line.\n- second line")
@example(comment="right; -1 for the bias")
@example(comment="'Softmax' is meant")
@example(comment="x" * (marks_table.MOST_COMMENT + 1))
def test_a_comment_is_read_as_the_one_that_was_written(tmp_path_factory, comment):
    path = tmp_path_factory.mktemp("marks")
    mark = Mark("ada", PART, 300, text_hash("t"), comment, when=1.0, number=7)
    written(path, [result("ada", "t")], [mark])
    (row,) = marks_table.read(path / "m.csv", COURSE, RUBRICS)
    assert row.mark.comment == marks_table.read_back(comment)
    if len(comment) <= marks_table.MOST_COMMENT:
        assert row.mark.comment == clean(comment).strip()


def test_criteria_give_the_points(tmp_path):
    (row,) = entered(tmp_path, f"id,part,points,w1.a,w1.b,marker\nada,{PART},,x,no,Sara\n")
    assert (row.mark.cents, row.mark.who, row.after, row.mark.text_hash) == (300, "Sara", None, "")
    assert row.mark.rubric_hash == RUBRICS[PART].hash


@pytest.mark.parametrize(
    ("head", "cells", "told"),
    [
        ("w1.a,w1.b", "1,", "others are not"),
        ("w1.a,w1.b", "1,maybe", "neither"),
        ("points,w1.a,w1.b", "2,1,0", "the criteria come to 3.00"),
        ("points", "4.5", "not a valid number of points"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused_with_its_place(tmp_path, head, cells, told):
    head, cells = (head, cells) if head.startswith("points") else (f"points,{head}", f",{cells}")
    with pytest.raises(ConvgradeError, match=told) as error:
        entered(tmp_path, f"id,part,{head}\nada,{PART},{cells}\n")
    assert error.value.where.endswith("m.csv:2") and error.value.todo


def test_a_part_may_be_called_by_its_short_name(tmp_path):
    (row,) = entered(tmp_path, "id;part;points\nada;w1;3,5\n")
    assert (row.mark.part, row.mark.cents) == (PART, 350)


def test_a_table_that_is_not_there_is_not_called_unreadable(tmp_path):
    with pytest.raises(ConvgradeError, match="there is no such file") as told:
        marks_table.read(tmp_path / "slip.csv", COURSE, RUBRICS)
    assert "slip.csv" in str(told.value) and "Errno" not in str(told.value) and "CSV file" not in str(told.value)


def test_a_criterion_in_the_row_of_another_answer_is_refused(tmp_path):
    course = SimpleNamespace(parts=(*COURSE.parts, Part("q1.written.w2", 100)))
    rubrics = {**RUBRICS, "q1.written.w2": Rubric("q1.written.w2", (Criterion("c", 100, Text("C.", "پ.")),))}
    (tmp_path / "m.csv").write_text("id,part,points,w1.a,w1.b,w2.c\nada,w2,,1,,\n", "utf-8")
    with pytest.raises(ConvgradeError, match="does not belong to w2"):
        marks_table.read(tmp_path / "m.csv", course, rubrics)
