"""The typeset handout: one page and one PDF a language, from the Markdown and nothing else."""

import re
from datetime import date
from pathlib import Path

import pymupdf
import pytest

from autograder.course.course import Course
from autograder.course.drawing import Drawing
from autograder.errors import ConvgradeError
from autograder.model import LANGUAGES
from autograder.prepare import release
from autograder.prepare.typeset import dates, formulas, page, pdf
from tests.engine import browser

ROOT = Path(__file__).resolve().parents[3]
ASSIGNMENT = ROOT / "assignment"


@pytest.fixture(scope="module")
def course():
    return Course.load(ROOT / "grader_config.yml")


@pytest.fixture(scope="module")
def pages(course):
    return {language: page.html(course, language) for language in LANGUAGES}


@pytest.fixture(scope="module")
def prints():
    return {language: pymupdf.open(ASSIGNMENT / f"handout.{language}.pdf") for language in LANGUAGES}


def words(html):
    return re.sub(r"<[^>]+>", "", re.sub(r"<(style|desc)\b.*?</\1>", "", html, flags=re.DOTALL))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_stands_there_once_with_its_points(course, pages, language):
    items = re.findall(
        r'<li class="item".*?<h4><code[^>]*>(.*?)</code></h4><span class="worth">(.*?)</span>', pages[language]
    )
    assert len(items) == len(course.parts)
    by_name = {(part.part.key if part.kind == "numbers" else part.name): part.cents for part in course.parts}
    plain = str.maketrans("۰۱۲۳۴۵۶۷۸۹٫", "0123456789.")
    for key, worth in items:
        asked = [part.cents for part in course.parts if key in (part.name, part.part.key)]
        assert round(100 * float(worth.translate(plain).split()[0])) in asked, (key, worth)
    assert sum(round(100 * float(worth.translate(plain).split()[0])) for _, worth in items) == 10_000 and by_name


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_asks_for_nothing_and_runs_nothing(pages, language, tmp_path):
    path = tmp_path / "handout.html"
    path.write_text(pages[language], "utf-8")
    assert "<script" not in pages[language] and not re.search(r'(src|href)="(?!#)(?!https://)', pages[language])
    assert browser.requests(path) == [] and browser.console(path) == []


def test_formulas_are_typeset_and_read_from_the_left(pages):
    for html in pages.values():
        assert html.count('class="katex"') >= 4 and "<math" in html and "$" not in words(html)
        assert "KaTeX_Math" in html and "KaTeX_AMS-Regular" not in html
    assert formulas.css("<p>no formula</p>") == ""


def test_a_formula_that_cannot_be_read_is_named():
    with pytest.raises(ConvgradeError) as told:
        formulas.html(r"\frac{1")
    assert r"\frac{1" in str(told.value) and "at r (" not in str(told.value)


def test_every_network_is_drawn_in_the_language_of_the_page_and_shows_no_answer(course, pages):
    from autograder.course.reference import Reference

    answers = {key: number.recipe(Reference(course)) for key, number in course.numbers().items()}
    for language in LANGUAGES:
        assert pages[language].count("<figure") >= 3
        for question in course.questions:
            for drawing in course.drawings(question, language):
                said = re.sub(r"<[^>]+>", " ", str(drawing.svg("x"))).translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))
                assert (max(said) > "\u0600") == (language == "fa")
                for key, value in answers.items():
                    shown = str(value) if isinstance(value, int) else ", ".join(map(str, value))
                    if value != 256 and key.startswith(f"{question.id}."):  # 256 is also the side of an image
                        assert not re.search(rf"(?<!\d){re.escape(shown)}(?!\d)", said), (key, drawing.caption)


def test_a_question_without_a_drawing_has_none(course):
    assert course.drawings(course.questions[0], "en") == []


def test_a_drawing_escapes_its_words():
    drawing = Drawing(10, 10, "<b>", "&")
    drawing.words(1, 1, "<script>")
    assert "<script>" not in drawing.svg("x") and "<b>" not in drawing.svg("x")


def test_the_due_date_is_told_in_each_language():
    assert dates.in_words("2026-11-20T23:59:00+03:30", "en") == "Friday, 20 November 2026, 23:59 (UTC+03:30)"
    assert dates.in_words("2026-11-20T23:59:00+03:30", "fa") == "جمعه ۲۹ آبان ۱۴۰۵، ساعت ۲۳:۵۹"


@pytest.mark.parametrize(
    ("day", "solar"),
    [
        ((2026, 3, 21), (1405, 1, 1)),
        ((2025, 3, 20), (1403, 12, 30)),
        ((2024, 3, 20), (1403, 1, 1)),
        ((1979, 2, 11), (1357, 11, 22)),
        ((2026, 9, 22), (1405, 6, 31)),
        ((2026, 9, 23), (1405, 7, 1)),
    ],
)
def test_the_solar_calendar(day, solar):
    assert dates.solar(date(*day)) == solar


# ---- on paper


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
