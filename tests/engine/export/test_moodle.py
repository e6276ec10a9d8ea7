"""Moodle: the grade column of the site's own worksheet is filled, whatever language its words are in."""

import pytest

from autograder import export
from autograder.errors import ConvgradeError
from tests.engine.export.made import result

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


def test_moodle_gives_a_person_called_as_a_group_their_own_points_alone(tmp_path, course):
    path = tmp_path / "Grades.csv"
    rows = (
        "Participant 1,Section 1,,100.00,Yes,",
        "Participant 2,Sara,,100.00,Yes,Section 1",
        "Participant 3,Ali,,100.00,Yes,Section 1",
    )
    path.write_text("\n".join(["Identifier,Full name,Grade,Maximum Grade,Grade can be changed,Group", *rows, ""]))
    given = [result("1", 0, 250, 0, name="Section 1"), result("2", 300, 0, 0, name="Sara")]
    export.run("moodle", given, course, tmp_path / "o.csv", like=path)
    filled = (tmp_path / "o.csv").read_text()
    assert "Section 1,2.50," in filled and "Sara,3.00," in filled and "Ali,,100.00" in filled


def test_moodle_asks_where_it_is_not_clear(tmp_path, course):
    path = tmp_path / "Grades.csv"
    path.write_text("Identifier,Grade,Scale,Can be changed\nParticipant 1,Good,Good Bad,Yes\n")
    with pytest.raises(ConvgradeError, match="--column"):
        export.run("moodle", [], course, tmp_path / "o.csv", like=path)
    export.run("moodle", [result("1", 300, 0, 0)], course, tmp_path / "o.csv", like=path, into="grade", overwrite=True)
    assert "Participant 1,3.00,Good Bad" in (tmp_path / "o.csv").read_text()
    path.write_text("name,grade\nAda,\n")
    with pytest.raises(ConvgradeError, match="not a Moodle grading worksheet"):
        export.run("moodle", [], course, tmp_path / "o.csv", like=path)


def test_moodle_matches_ids_by_the_column_that_identity_names_also_where_names_are_known(tmp_path, course):
    path = tmp_path / "Grades.csv"
    path.write_bytes(PERSIAN.encode())
    given = [result("ali@example.org", 0, 250, 0, name="Ali R.")]
    export.run("moodle", given, course, tmp_path / "o.csv", like=path, identity="نشانی پست الکترونیکی")
    assert "تحویل نشده,2.50,100.00" in (tmp_path / "o.csv").read_text("utf-8")


def test_moodle_takes_the_numbers_where_identity_names_the_participants_column(tmp_path, course):
    path = tmp_path / "Grades.csv"
    path.write_bytes(ENGLISH.encode())
    given = [result("1001", 0, 250, 0, name="Ada Lovelace")]
    export.run("moodle", given, course, tmp_path / "o.csv", like=path, identity="Identifier")
    assert '"Submitted for grading - ",2.50,100.00' in (tmp_path / "o.csv").read_text("utf-8")
