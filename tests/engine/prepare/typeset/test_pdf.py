"""The handout on paper: printed from its page, and said to fit it only where it does."""

import hashlib
from pathlib import Path

import pymupdf
import pytest

from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.model import LANGUAGES
from autograder.prepare import release
from autograder.prepare.typeset import pdf

ROOT = Path(__file__).resolve().parents[4]
ASSIGNMENT = ROOT / "assignment"


@pytest.fixture(scope="module")
def prints():
    return {language: pymupdf.open(ASSIGNMENT / f"handout.{language}.pdf") for language in LANGUAGES}


def test_a_print_fits_exactly_its_page_and_only_as_it_was_printed():
    sha = [hashlib.sha256(data).hexdigest() for data in (b"<p>page", b"%PDF print")]
    printed = b"%PDF print" + f"\n% printed from {sha[0]} as {sha[1]}\n".encode()
    assert pdf.fits(printed, b"<p>page")
    for other, of in (
        (printed, b"<p>page "),
        (printed.replace(b"print\n", b"Print\n"), b"<p>page"),
        (printed + b"x", b"<p>page"),
        (b"%PDF print", b"<p>page"),
        (b"", b""),
    ):
        assert not pdf.fits(other, of)


def test_without_chromium_printing_says_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    assert pdf.browser() is None
    with pytest.raises(ConvgradeError, match="no Chromium") as caught:
        pdf.printed(b"<p>x")
    assert "chromium" in caught.value.todo


def test_what_is_committed_fits_the_text(course, pages):
    for language in LANGUAGES:
        html = pages[language].encode()
        assert (ASSIGNMENT / f"handout.{language}.html").read_bytes() == html, "run `make release`"
        for folder in (ASSIGNMENT, ROOT / "student_template/handout"):
            assert pdf.fits((folder / f"handout.{language}.pdf").read_bytes(), html), "run `make release`"


@pytest.mark.slow
@pytest.mark.thorough
def test_the_same_page_is_printed_to_the_same_bytes(pages):
    once, again = (pdf.printed(pages["fa"].encode()) for _ in range(2))
    assert once == again and pdf.fits(once, pages["fa"].encode())
    assert not pdf.fits(once, pages["en"].encode()) and not pdf.fits(once.replace(b"obj", b"Obj", 1), pages["fa"].encode())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_is_tagged_has_an_outline_and_keeps_its_text(prints, language):
    printed = prints[language]
    assert "MarkInfo" in printed.xref_object(printed.pdf_catalog()) and "StructTreeRoot" in printed.xref_object(
        printed.pdf_catalog()
    )
    assert len(printed.get_toc()) > 15
    text = "".join(sheet.get_text() for sheet in printed)
    assert "q2.receptive_field" in text.replace("\n", "")
    if language == "fa":
        assert text.count("\u200c") > 100, "the half-spaces are gone"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_heading_stands_alone_at_the_foot_of_a_page(prints, language):
    """Below the last heading of every page stands at least a line of what it is the heading of."""
    headings = [title for _, title, _ in prints[language].get_toc()]
    for sheet in prints[language]:
        lines = [(box[3], "".join(box[4].split())) for box in sheet.get_text("blocks") if box[3] < sheet.rect.height - 50]
        last = max(lines)[1] if lines else ""
        assert last not in {"".join(title.split()) for title in headings}, (sheet.number, last)


@pytest.mark.slow
def test_without_chromium_the_pdf_is_left_and_release_says_so(course, tmp_path, monkeypatch):
    import shutil

    from click.testing import CliRunner

    from autograder.cli.main import main

    for name in ("solutions", "tests", "constraints.txt"):
        (tmp_path / name).symlink_to(ROOT / name)
    for name in ("assignment", "student_template"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"), symlinks=False)
    shutil.copy(ROOT / "grader_config.yml", tmp_path)
    text = (tmp_path / "assignment/q1_equivalence.en.md").read_text("utf-8")
    (tmp_path / "assignment/q1_equivalence.en.md").write_text(text.replace("greyscale image", "grey image"), "utf-8")
    before = (tmp_path / "assignment/handout.en.pdf").read_bytes()
    monkeypatch.setattr(pdf, "browser", lambda: None)
    imported = Course.module  # one process holds one course's modules
    monkeypatch.setattr(Course, "module", lambda self, name: imported(course, name))
    config = ["--config", str(tmp_path / "grader_config.yml")]
    told = CliRunner().invoke(main, ["release", *config])
    assert told.exit_code == 0, told.output
    assert "handout.en.pdf is left as it is: there is no Chromium" in told.output and "handout.fa.pdf" not in told.output
    assert (tmp_path / "assignment/handout.en.pdf").read_bytes() == before
    checked = CliRunner().invoke(main, ["release", "--check", *config])
    assert checked.exit_code == 1 and "handout.en.pdf does not fit" in checked.output


@pytest.mark.slow
def test_release_writes_what_it_checks(course):
    made = release.released(course)
    assert {f"assignment/handout.{language}.{kind}" for language in LANGUAGES for kind in ("html", "pdf")} <= made.keys()


@pytest.mark.slow
def test_marks_piled_upon_one_letter_do_not_hold_up_the_printer(monkeypatch):
    """Uncut, this page takes Chromium more than twenty seconds, and all other students wait for their feedback."""
    monkeypatch.setattr(pdf, "SECONDS", 15)
    page = f"<!doctype html><meta charset=utf-8><p>Zoe{chr(0x308)} a{chr(0x301) * 120_000}b"
    with pymupdf.open(stream=pdf.printed(page.encode())) as printed:
        assert "Zo" in printed[0].get_text()


@pytest.mark.slow
def test_a_page_that_is_too_hard_to_print_is_an_error_with_a_way_out(monkeypatch):
    monkeypatch.setattr(pdf, "SECONDS", 0.01)
    with pytest.raises(ConvgradeError, match="still printing"):
        pdf.printed(b"<!doctype html><p>x")
