"""One look: each page, in each language, light and dark, on a phone and on paper, without a fault that axe-core knows."""

import msgspec
import pytest

from autograder.course.course import Course
from autograder.model import LANGUAGES, Message, Outcome
from autograder.report import look
from autograder.report.class_page import class_report
from autograder.report.submission_files import render
from tests.engine import browser
from tests.engine.made_class import made
from tests.engine.toy_course import REPOSITORY as ROOT


def criteria(number, place):
    """What a person decided of four criteria, by another pattern for each answer."""
    for one in range(4):
        told = {"id": f"c{one}", "en": f"Says point {'abcd'[one]}.", "fa": f"نکتهٔ {'abcd'[one]} را می‌گوید.", "points": "1"}
        yield Message("written.met" if (number + one * place) % 3 else "written.not_met", told)


def marked(result, number):
    """The result with its writing marked, criterion by criterion."""
    parts = [
        msgspec.structs.replace(part, cents=200, outcome=Outcome.FAILED, messages=tuple(criteria(number, place)))
        if part.kind == "written"
        else part
        for place, part in enumerate(result.parts)
    ]
    own = {part.name: "My text.\nمتن من." for part in parts if part.kind == "written"}
    return msgspec.structs.replace(
        result, parts=tuple(parts), written=own, handed_in="2026-11-20T20:00:00+03:30", files=("a.py",)
    )


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    course = Course.load(ROOT / "grader_config.yml")
    folder = tmp_path_factory.mktemp("pages")
    results = [marked(result, number) for number, result in enumerate(made(course))]
    (folder / "feedback.html").write_bytes(render(results[3], course)["feedback.html"])
    (folder / "class.html").write_bytes(class_report.render(results, course))
    (folder / "none.html").write_bytes(class_report.render([], course))
    for language in LANGUAGES:
        (folder / f"handout.{language}.html").write_bytes((ROOT / f"assignment/handout.{language}.html").read_bytes())
    return folder


@pytest.fixture(scope="module")
def new_page():
    with browser.launched() as new_page:
        yield new_page


def languages(name):
    return [name.split(".")[1]] if name.startswith("handout") else list(LANGUAGES)


NAMES = ["feedback.html", "class.html", "none.html", "handout.en.html", "handout.fa.html"]


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.thorough)])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_that_axe_finds(pages, new_page, name, scheme):
    with new_page(color_scheme=scheme, viewport={"width": 1000, "height": 900}) as page:
        page.goto((pages / name).as_uri())
        for language in languages(name):
            if not name.startswith("handout"):
                page.evaluate(f"document.getElementById('show-{language}').checked = true")
            assert browser.violations(page) == [], language
            ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
            dark = sum(map(int, ground[4:-1].split(","))) < 200
            assert dark == (scheme == "dark"), ground


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_wider_than_a_phone(pages, new_page, name):
    with new_page(viewport={"width": 390, "height": 800}) as page:
        page.goto((pages / name).as_uri())
        for language in languages(name):
            if not name.startswith("handout"):
                page.evaluate(f"document.getElementById('show-{language}').checked = true")
            wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert page.evaluate(wide) <= 0


@pytest.mark.slow
def test_axe_sees_what_is_wrong(tmp_path, new_page):
    """What the tests above rely on."""
    bad = '<html lang="en"><title>x</title><main><h1>A</h1><p style="color:#aaa;background:#fff">pale</p><img src="data:,"></main>'
    path = tmp_path / "bad.html"
    path.write_text(bad)
    with new_page() as page:
        page.goto(path.as_uri())
        assert {one.split(":")[0] for one in browser.violations(page)} >= {"color-contrast", "image-alt"}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["feedback.html", "class.html"])
def test_one_language_is_printed_and_no_heading_ends_a_page(pages, name):
    """Printed from the page as it is opened: English, and no page that is half empty but the last."""
    import pymupdf

    printed = pymupdf.open(browser.pdf(pages / name))
    text = "".join(sheet.get_text() for sheet in printed)
    assert "Question 1" in text and "پرسش" not in text
    for sheet in printed:
        blocks = [box for box in sheet.get_text("blocks") if box[4].strip() and box[3] < sheet.rect.height - 40]
        lowest = max(blocks, key=lambda box: box[3])
        assert not lowest[4].strip().startswith("Question "), (sheet.number, lowest[4])
        if sheet.number < len(printed) - 1:
            assert lowest[3] > 0.55 * sheet.rect.height, f"page {sheet.number + 1} is half empty"


@pytest.mark.slow
def test_only_what_is_not_right_needs_no_script(pages, new_page):
    with new_page() as page:
        page.goto((pages / "feedback.html").as_uri())
        right, shown = page.locator("#en .part.right"), page.locator("#en .part:visible")
        before = shown.count()
        assert right.count() > 3 and before > right.count()
        page.locator("#en-only").check()
        assert shown.count() == before - right.count()


@pytest.mark.slow
def test_every_part_of_the_strip_leads_to_its_part(pages, new_page):
    with new_page() as page:
        page.goto((pages / "feedback.html").as_uri())
        links = page.eval_on_selector_all("#en .chip[href]", "all => all.map(one => one.getAttribute('href').slice(1))")
        assert len(links) == page.locator("#en .part").count() == len(set(links))
        assert all(page.locator(f"#{link}").count() == 1 for link in links)


@pytest.mark.slow
def test_students_stand_in_the_order_that_is_chosen(pages, new_page):
    with new_page() as page:
        page.goto((pages / "class.html").as_uri())
        rows = """() => [...document.querySelectorAll('#en .students .row:not(.head)')]
            .map(row => [row.getBoundingClientRect().top, row.children[0].innerText, row.children[2].innerText])
            .sort((one, other) => one[0] - other[0])"""
        assert [one[1] for one in page.evaluate(rows)] == sorted(one[1] for one in page.evaluate(rows))
        page.locator("#en .by-high").check()
        scores = [float(one[2]) for one in page.evaluate(rows) if one[2] != "–"]
        assert scores == sorted(scores, reverse=True) and len(scores) > 50


def test_each_page_begins_with_the_same_tokens(pages):
    for name in NAMES:
        text = (pages / name).read_text("utf-8")
        assert look.css().strip() in text and "#fff;" not in text.split(look.css().strip())[1].split("</style>")[0]


@pytest.mark.slow
def test_every_shape_of_a_figure_is_printed(pages, new_page):
    with new_page() as page:
        page.goto((pages / "class.html").as_uri())
        page.emulate_media(media="print")
        shapes = page.locator(".page:lang(en) figure svg :is(circle, rect, line)")
        widths = shapes.evaluate_all(
            "all => all.map((one) => one.getBoundingClientRect().width + one.getBoundingClientRect().height)"
        )
        assert len(widths) > 50 and min(widths) > 0


@pytest.mark.slow
def test_a_number_that_stands_alone_on_a_persian_page_has_persian_digits(pages, new_page):
    with new_page() as page:
        for name, where in (("feedback.html", ".total .n, .legend .n"), ("class.html", ".tiles b .n")):
            page.goto((pages / name).as_uri())
            told = "".join(page.locator(f".page:lang(fa) :is({where})").all_text_contents())
            assert told and not set(told) & set("0123456789"), told
