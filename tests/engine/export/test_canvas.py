"""Canvas: one column of the gradebook's own export is filled, every other byte stays."""

import pytest

from autograder import export
from autograder.errors import ConvgradeError
from autograder.marking.lateness import Late
from tests.engine.export.made import changed, result

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
        (b"Name,Grade\n", "not a Canvas gradebook"),
        (b"Student,ID\n\xff", "UTF-8"),
        (b'Student,ID\n"a', "quote never ends"),
    ],
)
def test_what_is_no_gradebook_is_refused(tmp_path, course, data, said):
    (tmp_path / "x.csv").write_bytes(data)
    with pytest.raises(ConvgradeError, match=said):
        export.run("canvas", [], course, tmp_path / "o.csv", like=tmp_path / "x.csv")


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


@pytest.mark.parametrize("known_by", [("u001", "Somebody else"), ("x", "u001"), ("u001", "")], ids=["id", "name", "no name"])
def test_the_column_that_identity_names_may_hold_ids_or_names(tmp_path, course, canvas, known_by):
    id, name = known_by
    given = [result(id, 300, 0, 0, name=name)]
    said = export.run("canvas", given, course, tmp_path / "o.csv", like=canvas, identity="sis user id")
    ((_, new),) = changed(CANVAS, (tmp_path / "o.csv").read_bytes())
    assert new[0] == "Lovelace, Ada" and new[6] == "3.00" and "not found" not in "\n".join(said)
