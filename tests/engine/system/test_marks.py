"""A person's points for written answers: the table out, the table in, and what they do to every later grade."""

import base64
import csv
import json
import shutil
import time

import nbformat
import pytest

from autograder.cli import main
from autograder.course.course import Course
from autograder.course.rubric import load
from autograder.gradebook import ledger
from autograder.gradebook.marking_file import FILE, Decision, MarkingFile, Reading
from autograder.model import MOST_WRITTEN
from autograder.web import answers
from tests.engine.toy_course import TOY, copied

PART = "q1.written.w1"


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The toy course with a class of three and its first grades."""
    folder = tmp_path_factory.mktemp("graded")
    config = copied(folder)
    for name in ("ada", "bo", "cleo"):
        shutil.copytree(TOY / "submission", folder / "class" / name)
    (folder / "class" / "cleo" / "written.md").write_text("## w1\n\n=1+1\n- and more\n", "utf-8")
    with pytest.raises(SystemExit) as ended:
        main.main(["grade", str(folder / "class"), "--out", str(folder / "out"), "--config", str(config)])
    assert ended.value.code == 0
    return folder


@pytest.fixture
def place(graded, tmp_path, capsys):
    """``place(command, …)`` runs a command of the toy course on its class; status, output and errors come back."""
    shutil.copytree(graded, tmp_path, dirs_exist_ok=True)
    config = tmp_path / "toy" / "grader_config.yml"

    def run(command, *more):
        where = [tmp_path / "class", "--out", tmp_path / "out"] if command == "grade" else ["--from", tmp_path / "out"]
        words = [command, *where, "--config", config, *more]
        with pytest.raises(SystemExit) as ended:
            main.main(list(map(str, words)))
        return ended.value.code, *capsys.readouterr()

    run.folder, run.table = tmp_path, tmp_path / "marks.csv"
    return run


def entered(path, **points):
    """Enter points, and a comment for who gets less than all, as a spreadsheet does."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["id"] in points:
            row["points"], row["comment"] = points[row["id"]], "" if points[row["id"]] == "20" else "-- why?"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return rows


def score(place, id):
    found = json.loads((place.folder / "out" / "submissions" / id / "results.json").read_text("utf-8"))
    part = next(test for test in found["tests"] if test["name"] == PART)
    return found["score"], part.get("score"), part["output"]


def first(place):
    place("grade")
    status, told, _ = place("marks", "--out", place.table)
    assert status == 0 and "3 written answers" in told
    return score(place, "ada")[0]


def test_the_table_has_each_answer_once_and_no_cell_is_a_formula(place):
    first(place)
    rows = entered(place.table)
    assert [row["id"] for row in rows] == ["ada", "bo", "cleo"] and {row["part"] for row in rows} == {PART}
    assert rows[0]["text"] == "The smallest piece of an image." and rows[0]["max"] == "20.00" and rows[0]["points"] == ""
    assert rows[2]["text"] == "'=1+1\n'- and more"  # a line counts as a row where cells are parted otherwise


def test_a_long_answer_is_kept_whole_up_to_a_bound(place):
    for name, text in (("ada", "long " * 2_000), ("bo", "longer " * 20_000)):
        (place.folder / "class" / name / "written.md").write_text(f"## w1\n\n{text}\n", "utf-8")
    place("grade")
    kept = {result.id: result.written["w1"] for result in ledger.latest(place.folder / "out")[0]}
    assert kept["ada"] == ("long " * 2_000).strip()
    assert len(kept["bo"]) == MOST_WRITTEN and kept["bo"].endswith("…")
    place("marks", "--out", place.table)
    assert max(len(row["text"]) for row in entered(place.table)) <= 32_000


def test_points_count_and_the_comment_is_told_in_both_languages(place):
    without = first(place)
    entered(place.table, ada="20", bo="12.5", cleo="0")
    status, told, _ = place("grade", "--marks", place.table)
    assert status == 0 and "Points changed for 2: ada" in told and "await a person" not in told
    assert score(place, "ada")[:2] == (without + 20, 20) and score(place, "cleo")[:2] == (without, 0)
    points, part, said = score(place, "bo")
    assert (points, part) == (without + 12.5, 12.5)
    assert "partly right" in said and "The marker: -- why?" in said and "مصحح" in said
    history = json.loads(place("history", "bo", "--json")[1])
    assert history[1]["changes"][0]["why"] == ["its marks"]


def test_marks_hold_until_somebody_says_otherwise(place):
    without = first(place)
    entered(place.table, ada="20", bo="12.5")
    place("grade", "--marks", place.table)
    for more in ([], ["--fresh"]):
        status, told, _ = place("grade", *more)
        assert status == 0 and "Points changed" not in told and "1 written answer awaits" in told
        assert score(place, "bo")[1] == 12.5
    place("marks", "--out", place.table, "--overwrite")
    assert [row["points"] for row in entered(place.table)] == ["20.00", "12.50", ""]
    entered(place.table, ada="", bo="13")
    place("grade", "--marks", place.table)
    assert score(place, "ada")[:2] == (without, None) and score(place, "bo")[1] == 13


def test_marks_of_another_hand_in_are_not_taken_over_and_that_is_told(place):
    without = first(place)
    entered(place.table, ada="20", bo="12.5")
    place("grade", "--marks", place.table)
    (place.folder / "class" / "ada" / "written.md").write_text("## w1\n\nSomething else.\n", "utf-8")
    _, told, errors = place("grade")
    assert "ada: some of their written answers have changed since they were marked and await marking again" in errors
    assert score(place, "ada")[:2] == (without, None) and score(place, "bo")[1] == 12.5


def test_what_would_change_is_shown_before_it_is_published(place):
    without = first(place)
    entered(place.table, ada="20")
    _, told, _ = place("grade", "--marks", place.table, "--diff")
    assert f"{PART}: – → 20.00 (+20.00)" in told and f"{PART}: 1 up, 0 down" in told
    assert score(place, "ada")[:2] == (without, None)


@pytest.mark.parametrize(
    "line, told",
    [
        ("ada,q1.written.w1,20.5", "'20.5' is not a valid number of points"),
        ("ada,q1.written.w1,-1", "'-1' is not a valid number of points"),
        ("ada,q1.written.w1,1e1", "'1e1' is not a valid number of points"),
        ("ada,q1.written.w9,1", "'q1.written.w9' is not a written part"),
        ("ada,q1.code.area,1", "'q1.code.area' is not a written part"),
        ("ada,q1.written.w1,1\nada,q1.written.w1,2", "marked differently in two rows"),
        (",q1.written.w1,1", "a cell is missing"),
    ],
)
def test_a_table_that_cannot_be_meant_is_refused_with_its_line(place, line, told):
    place.table.write_text(f"id,part,points\n{line}\n", "utf-8")
    grades = (place.folder / "out" / "grades.csv").read_bytes()
    status, _, errors = place("grade", "--marks", place.table)
    assert status == 2 and told in errors and f"marks.csv:{2 + line.count(chr(10))}" in errors
    assert (place.folder / "out" / "grades.csv").read_bytes() == grades


def test_a_table_is_not_written_over_one_that_points_may_stand_in(place):
    first(place)
    before = place.table.read_bytes()
    status, _, errors = place("marks", "--out", place.table)
    assert status == 2 and "--overwrite" in errors and place.table.read_bytes() == before


def test_an_id_that_nobody_has_is_told(place):
    place.table.write_text("id,part,points\ncléo b,q1.written.w1,3\nada,q1.written.w1,3\n", "utf-8")
    _, _, errors = place("grade", "--marks", place.table)
    assert "cléo_b: a time, an extension or a mark is given, but no submission has this id" in errors
    assert score(place, "ada")[1] == 3


def test_the_class_s_numbers_hold_a_written_part_once_nobody_s_text_waits(place):
    """A student without a text has nothing to be marked: that holds up nobody."""
    (place.folder / "class" / "cleo" / "written.md").unlink()
    first_table = place("grade") and place("marks", "--out", place.table)[1]
    assert "3 written answers, 1 of them without a text" in first_table
    for points, possible in (({"ada": "20"}, "80.00"), ({"ada": "20", "bo": "5"}, "100.00")):
        entered(place.table, **points)
        place("grade", "--marks", place.table)
        place("export", "--to", "otter", "--out", place.folder / "otter.csv")
        assert f"points-per-question,{possible}" in (place.folder / "otter.csv").read_text()
        _, told, errors = place("report", "--out", place.folder / "report.html")
        page = (place.folder / "report.html").read_text("utf-8")
        assert (f"with {possible} points marked" in page) and ("await marking" in page) == (possible == "80.00")


def test_a_mark_belongs_to_the_text_not_to_the_bytes_of_the_hand_in_or_its_name(place):
    without = first(place)
    entered(place.table, ada="20", bo="12.5", cleo="5")
    place("grade", "--marks", place.table)
    folder = place.folder / "class"
    with (folder / "ada" / "q1_box.py").open("a", encoding="utf-8") as file:
        file.write("\n# only a comment\n")
    (folder / "cleo").rename(folder / "cleo_2")
    (folder / "bo" / "written.md").write_text("## w1\n\nAnother text.\n", "utf-8")
    _, _, errors = place("grade")
    assert score(place, "ada")[:2] == (without + 20, 20) and score(place, "cleo_2")[1] == 5
    assert (
        score(place, "bo")[1] is None and "bo: some of their written answers have changed since they were marked" in errors
    )
    (folder / "bo" / "written.md").write_text("## w1\n\nThe smallest piece of an image.\n", "utf-8")
    place("grade")
    assert score(place, "bo")[1] == 12.5, "it is the text again that was marked"


def test_no_update_is_lost(place):
    first(place)
    shutil.copy(place.table, place.folder / "other.csv")
    entered(place.table, ada="20", bo="12.5")
    entered(place.folder / "other.csv", ada="20", bo="13")
    status, _, errors = place("grade", "--marks", place.table, "--marks", place.folder / "other.csv")
    assert (
        status == 2 and "q1.written.w1 of bo is marked differently in two rows" in errors and "Nothing was entered" in errors
    )
    assert score(place, "ada")[1] is None, "no half of it was entered"
    entered(place.folder / "other.csv", ada="20", cleo="7")
    entered(place.folder / "other.csv", bo="")
    status, _, _ = place("grade", "--marks", place.table, "--marks", place.folder / "other.csv")
    assert status == 0 and [score(place, id)[1] for id in ("ada", "bo", "cleo")] == [20, 12.5, 7]
    entered(place.folder / "other.csv", bo="1")  # made before bo was marked
    status, _, errors = place("grade", "--marks", place.folder / "other.csv")
    assert status == 2 and "of bo was marked meanwhile: 12.50 by" in errors and "marks.csv:3" in errors
    assert score(place, "bo")[1] == 12.5
    entered(place.table, bo="14")  # the table that the mark came from may go on
    assert place("grade", "--marks", place.table)[0] == 0 and score(place, "bo")[1] == 14
    assert place("grade", "--marks", place.table)[0] == 0, "the same table once more changes nothing"
    found = [mark for grade in json.loads(place("history", "BO", "--json")[1]) for mark in grade["marks"]]
    assert [(mark["points"], mark["from"].rpartition("/")[2]) for mark in found] == [
        (12.5, "marks.csv:3"),
        (14, "marks.csv:3"),
    ]
    assert all(mark["who"] and mark["at"].startswith("20") for mark in found)
    assert "14.00 by" in place("history", "bo")[1]


def test_an_empty_answer_counts_as_0_once_its_part_is_marked_so_that_denominators_agree(place):
    (place.folder / "class" / "cleo" / "written.md").unlink()
    place("grade")
    place("marks", "--out", place.table)
    entered(place.table, ada="20", bo="5")
    _, told, _ = place("grade", "--marks", place.table, "--json")
    assert {one["id"]: one["max_score"] for one in json.loads(told)["submissions"]} == dict.fromkeys(
        ["ada", "bo", "cleo"], 100
    )
    entered(place.table, cleo="3")
    place("grade", "--marks", place.table)
    assert score(place, "cleo")[1] == 3, "a person may find a text elsewhere"


def test_whose_work_needs_a_person_and_a_request_that_is_answered(place):
    place("grade")
    (place.folder / "class" / "bo" / "regrade.md").write_text("## w1 what\n\nI do say it.\n", "utf-8")
    (place.folder / "requests.csv").write_text("id,part,criterion,request\nADA,w1,,Please read it.\n", "utf-8")
    place("grade", "--requests", place.folder / "requests.csv")
    found = json.loads(place("todo", "--json")[1])
    assert [(one["kind"], one["id"]) for one in found] == [
        ("request", "ada"),
        ("request", "bo"),
        ("unmarked", "ada"),
        ("unmarked", "bo"),
        ("unmarked", "cleo"),
    ]
    assert found[1]["criterion"] == "what" and found[1]["words"] == "I do say it."
    place("marks", "--out", place.table)
    entered(place.table, ada="20", bo="20", cleo="0")
    place("grade", "--marks", place.table)
    assert "Nothing needs a person." in place("todo")[1]
    (asked,) = (
        row for grade in json.loads(place("history", "bo", "--json")[1]) for row in grade["marks"] if "request" in row
    )
    assert asked["request"] == "I do say it." and asked["answered"]
    place("report", "--out", place.folder / "report.html")


@pytest.mark.thorough
def test_a_mark_of_an_answer_with_a_picture_holds_and_falls_with_the_picture(place):
    """The marking page ties a reading to the text and its pictures, and so does the next grade."""

    def hand_in(picture: bytes) -> None:
        cell = nbformat.v4.new_markdown_cell("## w1\n\nSee the picture.\n\n![p](attachment:p.png)", id="w1")
        cell["attachments"] = {"p.png": {"image/png": base64.b64encode(b"\x89PNG\r\n\x1a\n" + picture).decode()}}
        (place.folder / "class" / "dara").mkdir(exist_ok=True)
        book = nbformat.v4.new_notebook(cells=[cell, nbformat.v4.new_code_cell("answers = {'q1.area': 221}")])
        nbformat.write(book, place.folder / "class" / "dara" / "hw3.ipynb")

    hand_in(b"one")
    place("grade")
    course = Course.load(place.folder / "toy" / "grader_config.yml")
    written = [part for part in course.parts if part.kind == "written"]
    (answer,) = [
        one
        for one in answers.of_class(ledger.latest(place.folder / "out")[0], written, "seed")[PART]
        if one.student == "dara"
    ]
    assert len(answer.pictures) == 1
    rubric = load(course)[PART]
    met = {one.id: Decision(True, one.sentence) for one in rubric.criteria}
    reading = Reading("dara", PART, answer.hash, rubric.hash, "sara", time.time(), 5.0, met, save="s1")
    with MarkingFile(place.folder / "out" / FILE) as file:
        file.add([reading], [(answer.hash, answer.text)])
    assert place("grade")[0] == 0 and score(place, "dara")[1] == 20
    assert place("grade")[0] == 0 and score(place, "dara")[1] == 20
    hand_in(b"another")
    assert place("grade")[0] == 0 and score(place, "dara")[1] is None
