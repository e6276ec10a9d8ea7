"""One table of systems: each is asked through the same function, and says what it needs."""

import csv
from pathlib import Path

import pytest

from autograder import export
from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.model import Message, Outcome, PartResult, Result
from autograder.report.submission_files import render
from tests.engine.export.made import PRINT, contested, result
from tests.engine.toy_course import TOY


def test_a_system_that_needs_its_own_file_says_so(tmp_path, course):
    with pytest.raises(ConvgradeError, match="--like"):
        export.run("moodle", [], course, tmp_path / "o.csv")
    with pytest.raises(ConvgradeError, match="gradescope"):
        export.run("blackboard", [], course, tmp_path / "o.csv")


def test_gradescope_and_plain_csv_are_what_grading_itself_writes(tmp_path):
    toy = Course.load(TOY / "grader_config.yml")
    parts = tuple(PartResult(part.id, part.cents, part.cents, Outcome.PASSED) for part in toy.parts)
    broken = tuple(PartResult(part.id, part.cents, 0, Outcome.ERROR) for part in toy.parts)
    trouble = (Message("intake.truncated", {"file": "hw3.zip"}),)
    results = [
        Result("ada", "Ada", "graded", parts, PRINT, "A"),
        Result("bo", "", "unreadable", broken, PRINT, "A", messages=trouble),
        Result("cleo", "", "not graded", broken, PRINT, "A"),
    ]
    said = export.run("gradescope", results, toy, tmp_path / "g")
    assert any("could not be read" in line and "bo" in line for line in said)
    for one in results[:2]:
        assert (tmp_path / "g" / one.id / "results.json").read_bytes() == render(one, toy)["results.json"]
    assert not (tmp_path / "g" / "cleo").exists(), "who has no grade is handed over none"
    export.run("csv", results, toy, tmp_path / "c")  # a file in a folder that is made
    assert [row["id"] for row in csv.DictReader((tmp_path / "c").open(encoding="utf-8"))] == ["ada", "bo", "cleo"]


def test_a_folder_gets_each_systems_own_file_name(tmp_path, course):
    """Asked for a folder, a system that takes one file gets it under the name it goes by there."""
    for kind, name in (("csv", "grades.csv"), ("otter", "final_grades.csv"), ("junit", "junit.xml")):
        export.run(kind, [result("ada", 300, 0, 0)], course, tmp_path)
        assert (tmp_path / name).is_file()
    like = tmp_path / "theirs.csv"
    like.write_text("Identifier,Grade,Maximum Grade,Can be changed\nParticipant 1,,27.00,Yes\n")
    (tmp_path / "out").mkdir()
    export.run("moodle", [result("1", 300, 0, 0)], course, tmp_path / "out", like=like)
    assert "Participant 1,3.00" in (tmp_path / "out" / "theirs.csv").read_text()


@pytest.mark.parametrize("kind", [kind for kind in export.KINDS if kind != "gradescope"])
def test_no_grade_of_hand_ins_that_claim_one_student_is_exported(tmp_path, course, kind):
    like = tmp_path / "theirs.csv"
    canvas = f'Student,ID,"{course.config.title} (7)"\nAda,ada-2,\nAda,ada-3,\nBo,bo,\n'
    moodle = "Identifier,Username,Grade,Maximum Grade,Can be changed\n"
    moodle += "".join(f"Participant {n},{id},,27.00,Yes\n" for n, id in enumerate(("ada-2", "ada-3", "bo")))
    like.write_text(canvas if kind == "canvas" else moodle, "utf-8")
    given = [*(contested(result(id, 300, 177, 0), "ada") for id in ("ada-2", "ada-3")), result("bo", 300, 0, 0)]
    (tmp_path / "out").mkdir()
    said = export.run(kind, given, course, tmp_path / "out", like=like if kind in export.FILLED else None)
    assert "ada-2, ada-3: several hand-ins claim one student and were left out" in "\n".join(said)
    told = "".join(path.read_text("utf-8") for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert "bo" in told and "477" not in told and "4.77" not in told


@pytest.mark.parametrize("option", [{"like": Path("theirs.csv")}, {"into": "x"}, {"identity": "x"}, {"overwrite": True}])
def test_an_option_that_a_system_has_no_use_for_is_refused(tmp_path, course, option):
    with pytest.raises(ConvgradeError, match="csv has no use for --"):
        export.run("csv", [result("1", 300, 0, 0)], course, tmp_path / "grades.csv", **option)
    assert not (tmp_path / "grades.csv").exists()


def test_a_file_with_nobody_of_the_class_is_refused_and_not_written(tmp_path, course):
    like = tmp_path / "theirs.csv"
    like.write_text(
        "Identifier,Full name,Grade,Maximum Grade,Grade can be changed\nParticipant 7,Eve,,100.00,Yes\n", "utf-8"
    )
    with pytest.raises(ConvgradeError, match="is that of a submission here"):
        export.run("moodle", [result("1", 300, 0, 0, name="Ada")], course, tmp_path / "out.csv", like=like)
    assert not (tmp_path / "out.csv").exists()
