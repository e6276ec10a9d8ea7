"""Feedback given back: each file to its own student and nobody else, in the names that each system reads."""

import email
import email.policy
import re
import zipfile
from pathlib import Path

import pytest
from msgspec.structs import replace

from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.export import give_back
from autograder.gradebook.roster import Roster
from autograder.model import LANGUAGES, Fingerprint, Mark, Message, Outcome, PartResult, Result, points
from autograder.prepare.typeset import pdf
from autograder.report import view
from tests.engine.export.made import contested
from tests.engine.toy_course import TOY


@pytest.fixture(scope="module")
def course():
    return Course.load(TOY / "grader_config.yml")


def result(course, id, name="", status="graded"):
    """A result whose every sentence can be told from everybody else's."""
    secret = f"secret-of-{id}"
    mark = Mark(id, "q1.written.w1", 500, comment=secret, who="the-marker", source="marks.csv:2")
    comment = (Message("written.comment", {"comment": secret}),)
    parts = [
        PartResult(part.id, part.cents, 500, Outcome.FAILED, mark=mark, messages=comment)
        if part.kind == "written"
        else PartResult(part.id, part.cents, 0, Outcome.NOT_ATTEMPTED)
        for part in course.parts
    ]
    return Result(id, name, status, tuple(parts), Fingerprint("", "", "", "", ""), "A")


CLASS = [("7", "Ada Lee"), ("12", "Ada Lee"), ("120", "a_12_assignsubmission_file_"), ("31", "سارا کریمی"), ("32", "../x/y")]


def given(course, to, out, people=CLASS, languages=LANGUAGES, **more):
    results = [result(course, id, name) for id, name in people]
    return give_back.run(to, results, course, out, languages, **more)


def whose(page: bytes) -> set[str]:
    """Whose secrets stand in a page."""
    return set(re.findall(r"secret-of-([^<\s\u200e]+)", page.decode()))


def moodles(name: str, numbers: set[str]) -> str | None:
    """Whose file it is, as Moodle reads a name: ``mod/assign/feedback/file/importziplib.php``."""
    for step in name.split("/"):
        pieces = step.split("_", 4)
        if len(pieces) >= 4 and pieces[1].isdecimal() and pieces[1] in numbers and pieces[2] == "assignsubmission":
            return pieces[1]
    return None


def test_moodle_gives_each_file_to_its_own_participant_whatever_the_names(course, tmp_path):
    given(course, "moodle", tmp_path / "f.zip")
    numbers = {id for id, _ in CLASS}
    with zipfile.ZipFile(tmp_path / "f.zip") as archive:
        names = archive.namelist()
        assert [moodles(name, numbers) for name in names] == sorted(numbers)
        assert all(whose(archive.read(name)) == {moodles(name, numbers)} for name in names)
        assert all(not name.startswith("/") and ".." not in name.split("/") for name in names)


def test_moodle_refuses_an_id_that_is_no_participants_number(course, tmp_path):
    with pytest.raises(ConvgradeError, match="not a participant's number"):
        given(course, "moodle", tmp_path / "f.zip", [("ada", "")])


def test_canvas_takes_the_names_of_its_own_download(course, tmp_path):
    names = ["leeada_LATE_7_501_q1.py", "leeada_7_502_q1-1.py", "leeada_12_777_a_b_1.zip", "karimi_31_9_x.ipynb"]
    with zipfile.ZipFile(tmp_path / "download.zip", "w") as archive:
        for name in names:
            archive.writestr(name, "")
    said = given(course, "canvas", tmp_path / "f.zip", like=tmp_path / "download.zip")
    with zipfile.ZipFile(tmp_path / "f.zip") as archive:
        found = {name: whose(archive.read(name)) for name in archive.namelist()}
    assert found == {
        "leeada_7_502_feedback.html": {"7"},
        "leeada_12_777_feedback.html": {"12"},
        "karimi_31_9_feedback.html": {"31"},
    }
    assert "120" in said[0] and "32" in said[0]
    with pytest.raises(ConvgradeError, match="its own download"):
        given(course, "canvas", tmp_path / "g.zip")


def test_a_folder_a_student_also_where_ids_collide(course, tmp_path):
    people = [("Ada", "A"), ("ada", "B"), ("a/b", "C"), ("a:b", "D"), ("..", "E")]
    given(course, "folder", tmp_path / "out", people, languages=("fa",))
    pages = sorted((tmp_path / "out").rglob("*"))
    files = [page for page in pages if page.is_file()]
    assert len(files) == len(people) and all(file.parent.parent == tmp_path / "out" for file in files)
    assert sorted(next(iter(whose(file.read_bytes()))) for file in files) == sorted(id for id, _ in people)
    assert all(len(whose(file.read_bytes())) == 1 for file in files)


def test_a_page_of_one_language_holds_no_other(course, tmp_path):
    given(course, "folder", tmp_path / "fa", [("7", "")], languages=("fa",))
    given(course, "folder", tmp_path / "en", [("7", "")], languages=("en",))
    fa, en = ((tmp_path / name / "7/feedback.html").read_text("utf-8") for name in ("fa", "en"))
    assert 'dir="rtl"' in fa and 'lang="en"' not in fa.split("<body>")[1]
    assert 'dir="rtl"' not in en.split("<body>")[1]


@pytest.mark.slow
def test_a_pdf_is_the_page_of_its_own_student_printed(course, tmp_path):
    given(course, "folder", tmp_path / "html", CLASS[:2], ("fa",))
    given(course, "folder", tmp_path / "pdf", CLASS[:2], ("fa",), printed=pdf.printed)
    for id, _ in CLASS[:2]:
        assert [one.name for one in (tmp_path / "pdf" / id).iterdir()] == ["feedback.pdf"]
        page, printed = (tmp_path / form / id / f"feedback.{form}" for form in ("html", "pdf"))
        assert pdf.fits(printed.read_bytes(), page.read_bytes())
    with pytest.raises(ConvgradeError, match="in one language"):
        given(course, "folder", tmp_path / "both", printed=pdf.printed)


def test_a_page_that_cannot_be_printed_is_given_as_html_and_named(course, tmp_path):
    def printed(page: bytes) -> bytes:
        if whose(page) == {"12"}:
            raise ConvgradeError("Chromium was still printing")
        return b"%PDF"

    said = given(course, "folder", tmp_path / "out", CLASS[:2], ("en",), printed=printed)
    assert [one.relative_to(tmp_path / "out").as_posix() for one in sorted((tmp_path / "out").rglob("feedback.*"))] == [
        "12/feedback.html",
        "7/feedback.pdf",
    ]
    assert "12: the page could not be printed (Chromium was still printing)" in said[-1]
    with pytest.raises(ConvgradeError, match="still printing"):  # not one of them can be
        given(course, "folder", tmp_path / "out", [("12", "")], ("en",), printed=printed)


@pytest.mark.parametrize("to, file", [("folder", "7/feedback.html"), ("email-drafts", "7.eml")])
def test_what_an_earlier_run_left_is_not_among_the_new_files(course, tmp_path, to, file):
    (tmp_path / "a.csv").write_text("id,email\n7,ada@example.org\n31,sara@example.org\n", "utf-8")
    given(course, to, tmp_path / "out", addresses=tmp_path / "a.csv")
    given(course, to, tmp_path / "out", addresses=tmp_path / "a.csv")  # the same files again are no trouble
    with pytest.raises(ConvgradeError, match="not from this run") as refused:
        given(course, to, tmp_path / "out", [CLASS[3]], addresses=tmp_path / "a.csv")
    assert refused.value.where == str(tmp_path / "out" / ("12/feedback.html" if to == "folder" else file))


@pytest.mark.parametrize("name", [".DS_Store", "7/.DS_Store", "Thumbs.db", "7/~$feedback.html"])
def test_what_a_file_manager_leaves_in_the_folder_is_no_file_of_an_earlier_run(course, tmp_path, name):
    given(course, "folder", tmp_path / "out")
    (tmp_path / "out" / name).write_bytes(b"")
    given(course, "folder", tmp_path / "out")
    (tmp_path / "out" / "7/feedback.pdf").write_bytes(b"")
    with pytest.raises(ConvgradeError, match="not from this run"):
        given(course, "folder", tmp_path / "out")


def test_without_any_address_no_draft_is_an_error(course, tmp_path):
    with pytest.raises(ConvgradeError, match="nobody's address is known"):
        given(course, "email-drafts", tmp_path / "out")


def test_a_draft_a_student_whose_address_is_known(course, tmp_path):
    (tmp_path / "a.csv").write_text("id,email\n7,ada@example.org\n31,sara@example.org\n", "utf-8")
    said = given(course, "email-drafts", tmp_path / "out", addresses=tmp_path / "a.csv")
    drafts = {
        file.stem: email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        for file in (tmp_path / "out").iterdir()
    }
    assert {id: draft["To"] for id, draft in drafts.items()} == {"7": "ada@example.org", "31": "sara@example.org"}
    for id, draft in drafts.items():
        (page,) = draft.iter_attachments()
        assert whose(page.get_content().encode()) == {id} and draft["X-Unsent"] == "1" and not draft["Bcc"]
    assert "120, 32" in said[0] or "12, 120, 32" in said[0]


def test_an_address_may_stand_beside_a_name_and_one_of_nobody_is_said(course, tmp_path):
    text = "id;email\nسارا كريمي;sara@example.org\n13;bob@example.org\n"
    (tmp_path / "a.csv").write_text(text, "utf-8")
    said = given(course, "email-drafts", tmp_path / "out", addresses=tmp_path / "a.csv", whose=Roster(CLASS).id)
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["31.eml"]
    assert "a.csv has an address for 13, who handed nothing in here" in said[-1]
    (tmp_path / "a.csv").write_text("id,email\nAda Lee,ada@example.org\n", "utf-8")
    with pytest.raises(ConvgradeError, match="may be any of these"):  # two people have that name
        given(course, "email-drafts", tmp_path / "out", addresses=tmp_path / "a.csv", whose=Roster(CLASS).id)


def test_a_score_with_nothing_open_is_not_called_so_far(course):
    done = result(course, "7")
    assert view.score_line(done, course, "en") == f"5.00 of {points(done.max_cents)} points"
    parts = tuple(replace(part, cents=None, outcome=Outcome.AWAITING) if part.mark else part for part in done.parts)
    assert view.score_line(replace(done, parts=parts), course, "en").endswith("points marked so far")


@pytest.mark.parametrize("address", ["ada", "a@b", "a@x.org\nBcc: eve@x.org", "a@x.org, eve@x.org"])
def test_an_address_that_is_none_is_refused(course, tmp_path, address):
    (tmp_path / "a.csv").write_text(f'id,email\n7,"{address}"\n', "utf-8")
    with pytest.raises(ConvgradeError, match="is not an e-mail address"):
        given(course, "email-drafts", tmp_path / "out", addresses=tmp_path / "a.csv")


def test_nothing_of_the_marker_or_of_the_machinery_is_in_a_page(course, tmp_path):
    given(course, "folder", tmp_path / "out")
    for file in (tmp_path / "out").rglob("*.html"):
        page = file.read_text("utf-8")
        assert "the-marker" not in page and "marks.csv" not in page and str(Path.cwd()) not in page


def test_who_has_no_grade_gets_no_file(course, tmp_path):
    results = [result(course, "7"), replace(result(course, "12"), status="not graded")]
    said = give_back.run("folder", results, course, tmp_path / "out", LANGUAGES)
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["7"] and "12" in said[0]


def test_hand_ins_that_claim_one_student_are_given_no_file_and_are_named(course, tmp_path):
    results = [result(course, "7"), *(contested(result(course, id), "ada") for id in ("ada-2", "ada-3"))]
    said = give_back.run("folder", results, course, tmp_path / "out", LANGUAGES)
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["7"]
    assert len(said) == 1 and "ada-2, ada-3: several hand-ins claim one student" in said[0]


def test_the_same_results_give_the_same_bytes(course, tmp_path):
    for to, name in (("moodle", "x.zip"), ("email-drafts", "d")):
        people = [("7", "A")] if to == "moodle" else [("a@x.org", "A")]
        given(course, to, tmp_path / "1" / name, people)
        given(course, to, tmp_path / "2" / name, people)
    assert (tmp_path / "1/x.zip").read_bytes() == (tmp_path / "2/x.zip").read_bytes()
    (one,), (other,) = (list((tmp_path / n / "d").iterdir()) for n in ("1", "2"))
    assert one.read_bytes() == other.read_bytes()
