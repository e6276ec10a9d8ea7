"""The handout as one page: every part once, in each language, from the Markdown and nothing else."""

import re
from pathlib import Path

import pytest

from autograder.model import LANGUAGES
from autograder.prepare.typeset import formulas, page
from tests.engine import browser

ROOT = Path(__file__).resolve().parents[4]


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


def test_code_is_read_from_the_left_and_a_short_piece_stays_on_one_line():
    html = page.markdown("`(1, 10)` است\n\n    x = 1\n", "fa")
    assert '<code dir="ltr" class="short">(1, 10)</code>' in html and '<pre dir="ltr"><code>x = 1' in html
    long = page.markdown(f"`{'x' * 41}`", "en")
    assert f'<code dir="ltr">{"x" * 41}</code>' in long


def test_a_wide_table_scrolls_in_a_frame_of_its_own():
    html = page.markdown("| a | b |\n|---|---|\n| 1 | 2 |\n", "en")
    assert html.count('<div class="wide"><table>') == html.count("</table></div>") == 1


def test_a_price_is_no_formula():
    assert "katex" not in page.markdown("It costs 5$ or 6$.", "en") and "katex" in page.markdown("$x$", "en")
