"""The page as it is seen: accessible to axe, on a phone, in the dark, in both languages."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.engine.web.served import Member, here, opened, press, saved

pytestmark = pytest.mark.slow

PHONE = {"width": 390, "height": 844}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def violations(page) -> list[str]:
    found = Axe().run(page, options=RULES).response
    assert len(found["passes"]) > 15, "axe has looked"
    return [
        f"{one['id']}: {node['html'][:200]} {node.get('failureSummary', '')}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.thorough)])
@pytest.mark.parametrize("language", ["en", pytest.param("fa", marks=pytest.mark.thorough)])
def test_axe_finds_nothing(browser, course, results, language, scheme):
    with here(course, results, ("Sara", "Ali")) as served, Member(served, "Ali") as ali:
        one = ali.page()["answers"][0]
        ali.save(ali.page(), one, {"what": True, "value": False, "place": True}, comment="Why?")
        with opened(browser, served.links["Sara"], language, color_scheme=scheme) as page:
            press(page, "1", "Shift+Digit2", "x", "g")
            page.wait_for_timeout(400)
            assert violations(page) == []
            press(page, "?")
            assert violations(page) == []
            press(page, "Escape", "f")
            page.wait_for_selector("#ask[open]")
            page.keyboard.type("Look")
            press(page, "Control+Enter")
            page.wait_for_selector("#answer .note")
            assert violations(page) == []
            page.goto(f"{served.address}/{language}/mark/w1?answer={one['id']}")
            press(page, "0", "Enter")
            page.wait_for_timeout(200)
            if page.locator("#ask[open]").count():
                press(page, "1")
            saved(page)
            page.goto(f"{served.address}/{language}/mark/w1?mode=settle")
            page.wait_for_selector("#answer .colleagues")
            assert violations(page) == []
            page.goto(f"{served.address}/{language}/quality")
            assert violations(page) == []
            page.goto(f"{served.address}/{language}/mark/w1?mode=requests")
            page.wait_for_selector("#answer .done")
            assert violations(page) == []


def test_axe_would_find_something(browser, course, results):
    with here(course, results) as served, opened(browser, served.links["Sara"]) as page:
        page.evaluate("() => document.querySelector('.choice').removeAttribute('aria-label')")
        page.evaluate("() => { document.querySelector('.choice').textContent = '' }")
        assert any("button-name" in one for one in violations(page))


@pytest.mark.parametrize("language", ["en", "fa"])
def test_on_a_phone_nothing_is_cut_off_and_a_thumb_is_enough(browser, course, results, language):
    with here(course, results) as served:
        options = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
        with opened(browser, served.links["Sara"], language, **options) as page:
            wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert page.evaluate(wide) == 0
            sizes = page.locator(".choice, .actions button").evaluate_all(
                "all => all.map((one) => Math.min(one.getBoundingClientRect().width, one.getBoundingClientRect().height))"
            )
            assert min(sizes) >= 34
            for choice in page.locator(".choice.met").all():
                choice.tap()
            page.locator("#save").tap()
            page.wait_for_timeout(100)
            if page.locator("#ask[open]").count():
                page.locator("#ask button.main").tap()
            saved(page)
            page.goto(f"{served.address}/{language}/quality")
            assert page.evaluate(wide) == 0


def test_dark_mode_is_dark(browser, course, results):
    def brightness(page) -> float:
        colour = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
        return sum(map(int, colour.removeprefix("rgb(").removesuffix(")").split(",")[:3])) / 3

    with here(course, results) as served:
        with opened(browser, served.links["Sara"], color_scheme="light") as page:
            assert brightness(page) > 230
        with opened(browser, served.links["Sara"], color_scheme="dark") as page:
            assert brightness(page) < 40


def test_an_answer_is_no_wider_than_seventy_characters_and_has_its_own_direction(browser, course, results):
    with (
        here(course, results) as served,
        opened(browser, served.links["Sara"], viewport={"width": 1900, "height": 900}) as page,
    ):
        seen = {}
        for answer in served.desk.answers["q1.written.w1"]:
            page.goto(f"{served.address}/en/mark/w1?answer={answer.id}")
            page.wait_for_selector("#answer .head")
            one = page.locator("#answer .text > div > p")
            if one.count():
                seen[answer.student] = one.evaluate("(one) => getComputedStyle(one).direction")
            size = "(one) => one.getBoundingClientRect().width / parseFloat(getComputedStyle(one).fontSize)"
            assert page.locator("#answer .text").evaluate(size) < 45
        assert seen["ada"] == "ltr" and seen["eli"] == "rtl"
