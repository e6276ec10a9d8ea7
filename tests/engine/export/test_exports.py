"""Each export against a file in the other system's exact form: one column is filled, every other byte stays."""

import csv
import io
import json
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree as xml

import pytest

from autograder import export
from autograder.errors import ConvgradeError
from autograder.export import classroom50, csv_bytes
from autograder.marking.lateness import Late
from autograder.model import Check, Fingerprint, Message, Outcome, Part, PartResult, Result, Text

PRINT = Fingerprint("s", "h", "o", "c", "e")
PARTS = (Part("q1.numbers.a", 300), Part("q1.code.f", 250), Part("q2.code.g", 2150), Part("q2.written.w1", 400))


class Course(SimpleNamespace):
    """What the exports ask of a course, without one on disk."""


@pytest.fixture
def course():
    config = SimpleNamespace(title="Homework 3: deep convolutional networks", feedback="hint", late=None)
    return Course(config=config, questions=(SimpleNamespace(id="q1"), SimpleNamespace(id="q2")), parts=PARTS)


def result(id, *cents, status="graded", late_seconds=None, name=""):
    """A submission with these hundredths on the three automatic parts."""
    fates = [
        Outcome.PASSED if got == part.cents else Outcome.TIMEOUT if part.id == "q2.code.g" else Outcome.FAILED
        for got, part in zip(cents, PARTS, strict=False)
    ]
    check = (Check("c", "q2.code.g", Outcome.TIMEOUT, Text("a deep <one>", "ژرف")),)
    parts = [
        PartResult(part.id, part.cents, got, fate, checks=check if part.id == "q2.code.g" and got != part.cents else ())
        for part, got, fate in zip(PARTS, cents, fates, strict=False)
    ]
    parts.append(PartResult("q2.written.w1", 400, None, Outcome.AWAITING))
    trouble = (Message("intake.empty"),) if status != "graded" else ()
    known = {"late_seconds": late_seconds, "messages": trouble, "written": {"w1": "An essay."}}
    return Result(id, name, status, tuple(parts), PRINT, "A", **known)


def changed(before: bytes, after: bytes) -> list[tuple[list[str], list[str]]]:
    """The rows that differ, parsed; and a proof that no other byte does."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    assert len(old) == len(new)
    pairs = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    return [tuple(next(csv.reader([line.decode()])) for line in pair) for pair in pairs]


# ---- Canvas

CANVAS = (
    "﻿Student,ID,SIS User ID,SIS Login ID,Section,Homework 2 (7401),"
    '"Homework 3: deep convolutional networks (7402)",Current Score,Final Score\r\n'
    ",,,,,,Manual Posting,,\r\n"
    "    Points Possible,,,,,10.00,76.00,(read only),(read only)\r\n"
    '"Lovelace, Ada",101,u001,ada,"HW, Section 1",9.50,,95.0,95.0\r\n'
    '"محمدی، سارا",102,u002,sara@example.org,"HW, Section 1",,12.00,,\r\n'
    '"Müller, Zoë ""Z""",103,u003,zoe,"HW, Section 1",,EX,,\r\n'
    '"李, 小龍",104,u004,bruce,"HW, Section 1",,N/A,,\r\n'
    '"Late, Larry",105,u005,larry,"HW, Section 1",,"1.00",,\r\n'
    '"Twice, Tom",106,u006,tom,"HW, Section 1",,,,\r\n'
    '"Student, Test",999,,f00ba4,"HW, Section 1",,,,\r\n'
).encode()


@pytest.fixture
def canvas(tmp_path):
    path = tmp_path / "grades-export.csv"
    path.write_bytes(CANVAS)
    return path


def test_canvas_fills_one_column_and_keeps_every_other_byte(tmp_path, course, canvas):
    course.config.late = Late("2026-11-20T23:59:00+03:30", percent_a_day=10)
    results = [
        result("101", 300, 250, 2150),
        result("U002", 300, 0, 0),
        result("zoe", 300, 250, 0),
        result("104", 0, 0, 0),
        result("larry", 300, 250, 2150, late_seconds=90_000),
        result("u006", 1, 0, 0),
        result("tom", 2, 0, 0),
        result("nobody=1", 1, 0, 0),
        result("103b", 0, 0, 0, status="not graded"),
    ]
    said = export.run("canvas", results, course, tmp_path / "filled.csv", like=canvas, overwrite=True)
    found = {new[1]: (old, new) for old, new in changed(CANVAS, (tmp_path / "filled.csv").read_bytes())}
    assert set(found) == {"101", "102", "105"}
    assert found["101"][1] == ["Lovelace, Ada", "101", "u001", "ada", "HW, Section 1", "9.50", "27.00", "95.0", "95.0"]
    assert found["102"][1][6] == "3.00" and found["105"][1][6] == "21.60", "two days late at 10% a day"
    for old, new in found.values():
        assert [*old[:6], *old[7:]] == [*new[:6], *new[7:]]
    told = "\n".join(said)
    assert "nobody=1" in told and "not found" in told
    assert (
        'Müller, Zoë "Z": grades-export.csv has EX, which was kept' in told and "李, 小龍: grades-export.csv has N/A" in told
    )
    assert "tom, u006" in told and "Twice, Tom" in told
    assert "103b: not graded" in told
    assert "76.00 points possible" in told and "27.00" in told, "the greatest grade differs, and nothing is scaled"
    assert "Scores written" in told and ": 3." in told


def test_canvas_bytes_are_the_exports_with_only_the_cells_replaced(tmp_path, course, canvas):
    export.run("canvas", [result("101", 300, 250, 2150)], course, tmp_path / "out.csv", like=canvas)
    expected = CANVAS.replace(b'Section 1",9.50,,95.0', b'Section 1",9.50,27.00,95.0')
    assert (tmp_path / "out.csv").read_bytes() == expected != CANVAS


def test_canvas_of_nobody_is_the_same_file(tmp_path, course, canvas):
    export.run("canvas", [], course, tmp_path / "out.csv", like=canvas)
    assert (tmp_path / "out.csv").read_bytes() == CANVAS


@pytest.mark.parametrize("into", ["7401", "Homework 2", "homework 2 (7401)"])
def test_canvas_column_may_be_named(tmp_path, course, canvas, into):
    export.run("canvas", [result("102", 300, 0, 0)], course, tmp_path / "out.csv", like=canvas, into=into)
    ((_, new),) = changed(CANVAS, (tmp_path / "out.csv").read_bytes())
    assert new[5] == "3.00" and new[6] == "12.00"


def test_canvas_never_makes_a_new_assignment(tmp_path, course, canvas):
    course.config.title = "Something else"
    with pytest.raises(ConvgradeError, match=r"--column.*Homework 2 \(7401\); Homework 3"):
        export.run("canvas", [result("101", 1, 0, 0)], course, tmp_path / "out.csv", like=canvas)
    assert not (tmp_path / "out.csv").exists()


def test_canvas_without_a_row_on_posting_and_with_semicolons(tmp_path, course):
    path = tmp_path / "x.csv"
    path.write_text("Student;ID;Section;Homework 2 (1)\n    Points Possible;;;27\nA, B;7;S;\n")
    said = export.run("canvas", [result("7", 300, 250, 2150)], course, tmp_path / "o.csv", like=path, into="1")
    assert (
        tmp_path / "o.csv"
    ).read_text() == "Student;ID;Section;Homework 2 (1)\n    Points Possible;;;27\nA, B;7;S;27.00\n"
    assert not any("possible" in line for line in said)


def test_an_id_that_fits_two_rows_is_left_out(tmp_path, course, canvas):
    canvas.write_bytes(CANVAS.replace(b"u002", b"u001"))
    said = export.run("canvas", [result("u001", 1, 0, 0)], course, tmp_path / "o.csv", like=canvas)
    assert (tmp_path / "o.csv").read_bytes() == canvas.read_bytes() and "more than one row" in "\n".join(said)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"Name,Grade\n", "no gradebook"),
        (b"Student,ID\n\xff", "UTF-8"),
        (b'Student,ID\n"a', "quote never ends"),
    ],
)
def test_what_is_no_gradebook_is_refused(tmp_path, course, data, said):
    (tmp_path / "x.csv").write_bytes(data)
    with pytest.raises(ConvgradeError, match=said):
        export.run("canvas", [], course, tmp_path / "o.csv", like=tmp_path / "x.csv")


# ---- Moodle: the same worksheet in three languages

ENGLISH = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    '"Last modified (submission)","Last modified (grade)","Feedback comments"\n'
    'Participant 1001,Ada Lovelace,ada@example.org,"Submitted for grading - ",,100.00,Yes,'
    '"Friday, 20 November 2026, 8:00 PM",-,\n'
    'Participant 1002,"Zoë Müller",zoe@example.org,"Submitted for grading - ",55.00,100.00,Yes,-,-,'
    '"<p>two\nlines, ""quoted""</p>"\n'
)
PERSIAN = (
    "\ufeffشناسه,نام کامل,نشانی پست الکترونیکی,وضعیت,نمره,حداکثر نمره,نمره می‌تواند تغییر کند,آخرین تغییر (نمره)\r\n"
    "شرکت‌کنندهٔ 1001,سارا محمدی,sara@example.org,تحویل شده,,100.00,بله,-\r\n"
    "شرکت‌کنندهٔ 1002,علی رضایی,ali@example.org,تحویل نشده,,100.00,بله,-\r\n"
)
GERMAN_BLIND = (  # blind marking: no names; marking workflow; a decimal comma
    'ID,Status,Bewertung,Bestwertung,"Status des Bewertungsworkflows","Bewertung kann geändert werden",'
    '"Zuletzt geändert (Bewertung)"\n'
    'Teilnehmer/in1001,"Zur Bewertung abgegeben","55,50","100,00","Nicht bewertet",Ja,-\n'
    'Teilnehmer/in1002,"Zur Bewertung abgegeben",,"100,00","Nicht bewertet",Ja,-\n'
)


@pytest.mark.parametrize(
    ("sheet", "old", "new"),
    [
        (ENGLISH, '"Submitted for grading - ",,100.00', '"Submitted for grading - ",27.00,100.00'),
        (PERSIAN, "تحویل شده,,100.00", "تحویل شده,27.00,100.00"),
        (GERMAN_BLIND, '"55,50","100,00"', '"27,00","100,00"'),
    ],
    ids=["English", "Persian", "German, blind"],
)
def test_moodle_finds_the_grade_without_knowing_the_language(tmp_path, course, sheet, old, new):
    path = tmp_path / "Grades.csv"
    path.write_bytes(sheet.encode())
    given = [result("1001", 300, 250, 2150), result("77", 0, 0, 0)]
    said = export.run("moodle", given, course, tmp_path / "o.csv", like=path, overwrite=True)
    assert (tmp_path / "o.csv").read_bytes() == sheet.replace(old, new, 1).encode()
    told = "\n".join(said)
    assert "77: not found in Grades.csv" in told
    assert "Rows of Grades.csv without a submission here, kept unchanged: 1." in told
    assert "100" in told and "27.00" in told


@pytest.mark.parametrize("id", ["1002", "ali@example.org", "علی رضایی"])
def test_moodle_knows_a_student_by_number_address_or_name(tmp_path, course, id):
    path = tmp_path / "Grades.csv"
    path.write_bytes(PERSIAN.encode())
    export.run("moodle", [result(id, 0, 250, 0)], course, tmp_path / "o.csv", like=path)
    assert "تحویل نشده,2.50,100.00" in (tmp_path / "o.csv").read_text("utf-8")


def test_moodle_takes_a_row_that_ends_before_its_group_for_one_without(tmp_path, course):
    path = tmp_path / "Grades.csv"
    path.write_text(
        "Identifier,Grade,Maximum Grade,Grade can be changed,Group\nParticipant 1,,100.00,Yes,Team\nParticipant 2,,100.00,Yes\n"
    )
    given = [result("2", 300, 0, 0), result("9", 0, 250, 0, name="Team")]
    export.run("moodle", given, course, tmp_path / "o.csv", like=path)
    filled = (tmp_path / "o.csv").read_text()
    assert "Participant 1,2.50,100.00,Yes,Team\nParticipant 2,3.00,100.00,Yes\n" in filled


def test_moodle_asks_where_it_is_not_clear(tmp_path, course):
    path = tmp_path / "Grades.csv"
    path.write_text("Identifier,Grade,Scale,Can be changed\nParticipant 1,Good,Good Bad,Yes\n")
    with pytest.raises(ConvgradeError, match="--column"):
        export.run("moodle", [], course, tmp_path / "o.csv", like=path)
    export.run("moodle", [result("1", 300, 0, 0)], course, tmp_path / "o.csv", like=path, into="grade", overwrite=True)
    assert "Participant 1,3.00,Good Bad" in (tmp_path / "o.csv").read_text()
    path.write_text("name,grade\nAda,\n")
    with pytest.raises(ConvgradeError, match="no grading worksheet"):
        export.run("moodle", [], course, tmp_path / "o.csv", like=path)


def test_a_system_that_needs_its_own_file_says_so(tmp_path, course):
    with pytest.raises(ConvgradeError, match="--like"):
        export.run("moodle", [], course, tmp_path / "o.csv")
    with pytest.raises(ConvgradeError, match="gradescope"):
        export.run("blackboard", [], course, tmp_path / "o.csv")


# ---- bytes of a CSV


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_cells_agree_with_the_csv_module(tmp_path, end, last):
    text = f'a,"b, ""c""",d{end}1,"two{end}lines",{end},,x' + (end if last else "")
    (tmp_path / "x.csv").write_bytes(text.encode())
    sheet = csv_bytes.read(tmp_path / "x.csv")
    assert [[cell.text for cell in row] for row in sheet.rows] == list(csv.reader(io.StringIO(text, newline="")))
    assert sheet.replaced({}) == text.encode()
    assert (
        sheet.replaced({sheet.rows[1][2]: "9", sheet.rows[0][0]: "A"})
        == text.replace("a,", "A,", 1).replace(f'lines",{end}', f'lines",9{end}').encode()
    )


# ---- what is written anew


def test_junit_has_a_suite_a_submission_and_a_case_a_part(tmp_path, course):
    odd = result("سارا \x1b[31m\ufffe", 300, 0, 0, name="<Sara & co>")
    said = export.run("junit", [odd, result("ada", 300, 250, 2150)], course, tmp_path / "junit.xml")
    root = xml.parse(tmp_path / "junit.xml").getroot()
    assert (root.tag, root.get("tests"), root.get("failures"), root.get("errors"), root.get("skipped")) == (
        "testsuites", "8", "1", "1", "2"
    )  # fmt: skip
    ada, sara = root.findall("testsuite")
    assert (ada.get("name"), ada.get("failures"), ada.get("errors"), ada.get("skipped")) == ("ada", "0", "0", "1")
    assert sara.get("name") == "سارا \ufffd"
    assert sara.find("properties/property[@name='student']").get("value") == "<Sara & co>"
    cases = {case.get("name"): case for case in sara.findall("testcase")}
    assert list(cases) == [part.id for part in PARTS]

    def told(name, key):
        return cases[name].find(f"properties/property[@name='{key}']").get("value")

    assert (told("q1.numbers.a", "points"), told("q1.numbers.a", "max_points")) == ("3.00", "3.00")
    assert cases["q1.numbers.a"].get("classname") == "q1.numbers"
    assert cases["q2.code.g"].find("error").get("type") == "timeout"
    assert "a deep <one>" in cases["q2.code.g"].find("error").text
    assert cases["q2.written.w1"].find("skipped") is not None
    assert any("Written answers" in line for line in said)


def test_otter_csv_reads_as_otter_writes_it(tmp_path, course):
    results = [result("b", 300, 250, 0), result("=cmd", 300, 250, 2150), result("x", 0, 0, 0, status="unreadable")]
    export.run("otter", results, course, tmp_path)
    rows = list(csv.reader((tmp_path / "final_grades.csv").open(encoding="utf-8", newline="")))
    assert rows[0] == ["file", "q1", "q2", "total_points_earned", "percent_correct", "grading_status"]
    assert rows[1] == ["points-per-question", "5.50", "21.50", "27.00", "1.0", "--"]
    assert rows[2] == ["'=cmd", "5.50", "21.50", "27.00", "1.0000", "Completed"]
    assert rows[3] == ["b", "5.50", "0.00", "5.50", "0.2037", "Completed"]
    assert rows[4][3:] == ["0.00", "0.0000", "unreadable"]


def test_otters_own_reader_takes_it():
    from otter.grade import utils

    assert utils.POINTS_POSSIBLE_LABEL == "points-per-question"
    keys = ("TOTAL_POINTS", "PERCENT_CORRECT", "GRADING_STATUS", "FILE")
    found = {getattr(utils, f"SCORES_DICT_{key}_KEY") for key in keys}
    assert found == {"total_points_earned", "percent_correct", "grading_status", "file"}


def test_classroom50_has_whole_numbers_and_exactly_its_keys(tmp_path, course):
    ada, broken = result("ada", 300, 125, 0, late_seconds=10**6), result("broken", 0, 0, 0, status="not graded")
    said = export.run("classroom50", [ada, broken], course, tmp_path / "out")
    told = json.loads((tmp_path / "out/ada/result.json").read_text("utf-8"))
    assert list(told) == [
        *("schema", "assignment", "usernames", "submission", "commit", "datetime", "score", "max-score", "tests"),
    ]
    assert (told["schema"], told["usernames"]) == ("classroom50/result/v1", ["ada"])
    assert (told["score"], told["max-score"]) == (425, 2700) and type(told["score"]) is int
    assert told["tests"][1] == {"test-name": "q1.code.f", "passed": False, "score": 125, "max-score": 250}
    assert all(type(test[key]) is int for test in told["tests"] for key in ("score", "max-score"))
    assert sum(test["score"] for test in told["tests"]) == told["score"], "nothing is taken off for lateness"
    assert not (tmp_path / "out/broken").exists() and any("hundredths" in line for line in said)


def test_classroom50_takes_what_its_runner_says(tmp_path, course):
    environment = {
        "ASSIGNMENT": "hw3", "CLASSROOM": "dl", "OWNER": "ada-l", "SUBMISSION_TAG": "submit/1",
        "COMMIT_URL": "https://github.com/x/commit/1", "RELEASE_URL": "https://github.com/x/releases/1",
        "SUBMITTED_AT": "2026-11-20T20:00:00Z",
    }  # fmt: skip
    classroom50.export([result("ada", 300, 0, 0)], course, tmp_path / "result.json", environment=environment)
    told = json.loads((tmp_path / "result.json").read_text())
    assert (told["assignment"], told["usernames"], told["submission"]) == ("hw3", ["ada-l"], "submit/1")
    assert (told["classroom"], told["commit"], told["review"]) == (
        "dl",
        environment["COMMIT_URL"],
        environment["COMMIT_URL"],
    )
    assert told["datetime"] == "2026-11-20T20:00:00Z"


def test_one_result_json_is_for_one_result_that_has_a_grade(tmp_path, course):
    with pytest.raises(ConvgradeError, match="do not go into one"):
        export.run("classroom50", [result("a", 0, 0, 0), result("b", 0, 0, 0)], course, tmp_path / "result.json")
    with pytest.raises(ConvgradeError, match="no grade"):
        export.run("classroom50", [result("a", 0, 0, 0, status="not graded")], course, tmp_path / "result.json")


@pytest.mark.parametrize("id", ["../x", "a/b", "..", ""])
def test_an_id_that_is_a_path_leads_nowhere(tmp_path, course, id):
    with pytest.raises(ConvgradeError, match="folder's name"):
        export.run("classroom50", [result(id, 0, 0, 0)], course, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_gradescope_and_plain_csv_are_what_grading_itself_writes(tmp_path):
    from autograder.course.course import Course as Real
    from autograder.report.submission_files import render
    from tests.engine.made_class import made

    real = Real.load(Path(__file__).resolve().parents[3] / "grader_config.yml")
    results = made(real, 3)
    said = export.run("gradescope", results, real, tmp_path / "g")
    assert any("could not be read" in line for line in said)
    for one in results:
        assert (tmp_path / "g" / one.id / "results.json").read_bytes() == render(one, real)["results.json"]
    export.run("csv", results, real, tmp_path / "c" / "grades.csv")
    rows = list(csv.DictReader((tmp_path / "c" / "grades.csv").open(encoding="utf-8")))
    assert sorted(row["id"] for row in rows) == sorted(one.id for one in results)


@pytest.mark.parametrize("overwrite", [False, True])
def test_another_number_in_the_column_is_named_and_replaced_only_when_told_to(tmp_path, course, overwrite):
    like = tmp_path / "sheet.csv"
    title = f"{course.config.title} (7)"
    like.write_text(f'Student,ID,"{title}"\nAda,ada,9.5\nBo,bo,12.00\nCleo,cleo,\n', "utf-8")
    given = [result("ada", 300, 200, 700), result("bo", 300, 200, 700), result("cleo", 300, 200, 700)]
    said = export.run("canvas", given, course, tmp_path / "filled.csv", like=like, overwrite=overwrite)
    rows = [line.split(",")[-1] for line in (tmp_path / "filled.csv").read_text("utf-8").splitlines()[1:]]
    assert rows == ["12.00" if overwrite else "9.5", "12.00", "12.00"]
    told = [one for one in said if "9.5" in one]
    assert len(told) == 1 and "12.00" in told[0] and "Bo" not in " ".join(said)
