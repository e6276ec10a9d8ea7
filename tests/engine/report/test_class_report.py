"""The class report: its facts on small classes by hand, and the page opened in a browser."""

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from autograder.course.course import Course
from autograder.model import Outcome
from autograder.report.class_page import class_report, counting
from tests.engine import browser
from tests.engine.made_class import made

ROOT = Path(__file__).resolve().parents[3]
SAME = (ROOT / "solutions" / "q3_unet.py").read_text("utf-8")


@pytest.fixture(scope="module")
def course():
    return Course.load(ROOT / "grader_config.yml")


@pytest.fixture(scope="module")
def results(course):
    return made(course)


@pytest.fixture(scope="module")
def page(course, results, tmp_path_factory):
    sources = {"s001": {"q3_unet.py": SAME}, "s002": {"q3_unet.py": SAME.replace("levels", "stufen") + "\n# mine\n"}}
    path = tmp_path_factory.mktemp("report") / "class.html"
    path.write_bytes(class_report.render(results, course, sources=sources))
    return path


@pytest.fixture(scope="module")
def found(course, results):
    return counting.facts(results, course)


# ---- facts of a class of sixty


def test_who_is_counted(found):
    assert (found.all, found.counted, found.empty) == (60, 58, 1)
    assert [result.id for result in found.not_read] == ["s-broken"]
    assert len(found.cents) == 58 and found.most == 7600


def test_numbers_that_wait_for_their_variant_are_no_mistakes(course, results, found):
    whole = {part.id: part.facility for part in found.parts}
    first = results[0]
    parts = tuple(
        replace(part, cents=None, outcome=Outcome.AWAITING) if part.kind == "numbers" else part for part in first.parts
    )
    waits = replace(first, id="waits", parts=parts, status="partly graded")
    with_it = counting.facts([*results, waits], course)
    assert (with_it.all, with_it.counted, with_it.empty, with_it.withheld) == (61, 58, 1, 1)
    assert {part.id: part.facility for part in with_it.parts} == whole
    page = class_report.render([*results, waits], course).decode()
    assert "it is not known which variant was given, so that numbers wait: 1." in page and "variant not known" in page


def test_facility_and_rates_are_those_of_the_results(found, results):
    counted = [result for result in results if result.id not in ("s-broken", "s-empty")]
    for part in found.parts:
        theirs = [one for result in counted for one in result.parts if one.id == part.id]
        assert part.facility == pytest.approx(np.mean([one.cents / one.max_cents for one in theirs]))
        assert part.not_attempted == np.mean([one.outcome is Outcome.NOT_ATTEMPTED for one in theirs])
        assert part.timeout == np.mean([any(check.outcome is Outcome.TIMEOUT for check in one.checks) for one in theirs])
        assert sum(part.shares.values()) == pytest.approx(1)
    assert not any(".written." in part.id for part in found.parts)
    assert any(part.timeout for part in found.parts) and any(part.not_attempted for part in found.parts)


def test_the_part_that_goes_with_nothing_is_pointed_at(found):
    assert "q1.code.linear_parameters" in {part.id for part in found.parts if part.look}
    assert sum(part.look for part in found.parts) < 6


def test_misconceptions_are_counted_by_submission_most_frequent_first(found, results):
    counts = [one.count for one in found.misconceptions]
    assert counts == sorted(counts, reverse=True) and counts[0] > 5
    for one in found.misconceptions:
        who = {r.id for r in results for d in r.diagnoses if not d.guess and one.ids[0] in d.misconceptions}
        assert one.count == len(who) and 0 <= one.shared <= one.count
        assert one.hints and all(hint.en and hint.fa for hint in one.hints)
    ids = [id for one in found.misconceptions for id in one.ids]
    assert len(ids) == len(set(ids))


def test_wrong_numbers_nobody_explains_are_grouped_by_value(found, results):
    explained = {(r.id, d.part) for r in results for d in r.diagnoses if not d.guess}
    counts: dict = {}
    for result in results:
        for part in result.parts:
            if ".numbers." in part.id and part.outcome is Outcome.FAILED and (result.id, part.id) not in explained:
                counts[part.id, part.came] = counts.get((part.id, part.came), 0) + 1
    assert {(one.part, one.value): one.count for one in found.wrong_numbers} == counts
    listed = [one.count for one in found.wrong_numbers]
    assert listed == sorted(listed, reverse=True)
    assert any(one.guess for one in found.wrong_numbers)


def test_pairs_with_the_same_unusual_numbers_are_found_and_no_others(found):
    assert {group.ids for group in found.alike_numbers} == {("s004", "s011"), ("s020", "s033")}


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_a_tiny_class_has_a_report_too(course, count):
    results = made(course, 40)[:count]
    page = class_report.render(results, course).decode()
    assert "nan" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL).lower()
    assert page == class_report.render(reversed(results), course).decode(), "the order of results does not matter"


def test_everybody_alike_gives_no_alpha_but_a_report(course, results):
    page = class_report.render([results[0]] * 3, course).decode()
    assert "too few" in page


# ---- the page


class Elements(HTMLParser):
    """Every element with its attributes and the languages and directions it stands in."""

    VOID = ("meta", "input", "br")

    def __init__(self, html: str):
        super().__init__()
        self.stack, self.all, self.texts = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.all.append((tag, dict(attrs), list(self.stack)))
        if tag not in self.VOID:
            self.stack.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data):
        self.texts.append((data, list(self.stack)))

    def direction(self, stack) -> str:
        return next((attrs["dir"] for _, attrs in reversed(stack) if attrs.get("dir") in ("ltr", "rtl")), "ltr")


def test_both_languages_are_in_one_page_with_a_switch_that_needs_no_script(page):
    elements = Elements(page.read_text("utf-8"))
    sections = [attrs for tag, attrs, _ in elements.all if tag == "section"]
    assert [(one["lang"], one["dir"]) for one in sections] == [("en", "ltr"), ("fa", "rtl")]
    assert [attrs["id"] for tag, attrs, _ in elements.all if attrs.get("name") == "language"] == ["show-en", "show-fa"]
    assert not [tag for tag, _, _ in elements.all if tag in ("script", "link", "img", "iframe", "object", "form")]
    assert not [key for _, attrs, _ in elements.all for key in attrs if key.startswith("on")]


def test_every_figure_has_a_text_alternative_and_runs_left_to_right(page):
    elements = Elements(page.read_text("utf-8"))
    ids = [attrs["id"] for _, attrs, _ in elements.all if "id" in attrs]
    assert len(ids) == len(set(ids))
    pictures = [
        attrs for tag, attrs, stack in elements.all if tag == "svg" and ("aria-hidden", "true") not in stack[-1][1].items()
    ]
    assert len(pictures) > 60
    for attrs in pictures:
        assert attrs["role"] == "img" and attrs["dir"] == "ltr"
        assert set(attrs["aria-labelledby"].split()) <= set(ids)
    for data, stack in elements.texts:
        if stack and stack[-1][0] in ("title", "desc") and any(tag == "svg" for tag, _ in stack):
            assert data.strip()


def test_persian_words_stand_right_to_left(page):
    elements = Elements(page.read_text("utf-8"))
    for data, stack in elements.texts:
        tags = [tag for tag, _ in stack]
        if re.search("[\u0600-\u06ff]{3}", data) and not {"svg", "bdi", "label", "legend", "head"} & set(tags):
            assert elements.direction(stack) == "rtl", data


def test_the_lead_accounts_for_everybody(page):
    """58 counted, one that attempted nothing and one without a grade are the 60."""
    text = page.read_text("utf-8")
    assert "58 of 60" in text and "nothing was attempted: 1." in text and "listed at the end: 1." in text
    assert "در پایان فهرست شده‌اند: ۱." in text.translate(dict.fromkeys(map(ord, "\u200e\u200f\u2066\u2068\u2069")))


def test_nothing_of_a_students_is_markup(page):
    text = page.read_text("utf-8")
    assert "کاوه &lt;script&gt;" in text and "&lt;b&gt;hw3&lt;/b&gt;.zip" in text
    assert "<script" not in text and "<b>hw3" not in text


def test_alike_work_is_told_as_facts(page):
    text = page.read_text("utf-8")
    assert "facts, not findings" in text and "نه نتیجه‌گیری" in text
    for word in ("cheat", "plagiar", "suspicio", "copied", "تقلب"):
        assert word not in text.lower()
    assert "q3_unet.py: UNet" in text


def test_the_same_class_gives_the_same_bytes(course, results):
    assert class_report.render(results, course) == class_report.render(list(reversed(results)), course)


# ---- in a browser


@pytest.mark.slow
def test_it_opens_without_an_error_and_asks_for_nothing(page):
    assert browser.console(page) == []
    assert browser.requests(page) == []
    seen = browser.dom(page)
    assert seen.count("<section") == 2 and "</html>" in seen


@pytest.mark.slow
def test_the_browser_would_have_told(tmp_path):
    """What the test above relies on: an error and a request do show."""
    path = tmp_path / "bad.html"
    path.write_text("<img src='http://nowhere.invalid/x.png'><script>nothing.at.all()</script>")
    assert any("nothing is not defined" in line for line in browser.console(path))
    assert browser.requests(path) == ["http://nowhere.invalid/x.png"]


MEASURE = """<script>
addEventListener("load", () => {
  const told = {};
  for (const language of ["en", "fa"]) {
    document.getElementById("show-" + language).checked = true;
    const page = document.querySelector(`.page[lang=${language}]`), word = document.createRange();
    const heading = page.querySelector("h2").firstChild; word.selectNodeContents(heading);
    const at = word.getBoundingClientRect(), edges = page.getBoundingClientRect();
    const bars = [...page.querySelectorAll("figure .bar")].map(bar => bar.getBoundingClientRect().left);
    told[language] = {
      wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      direction: getComputedStyle(page.querySelector("p")).direction,
      headingLeft: at.left - edges.left, headingRight: edges.right - at.right,
      barsRise: bars.every((left, n) => !n || left >= bars[n - 1] - 0.1),
      svg: getComputedStyle(page.querySelector("svg")).direction,
      code: getComputedStyle(page.querySelector("code")).direction,
      shown: [...document.querySelectorAll(".page")].filter(one => one.getClientRects().length).map(one => one.lang),
    };
  }
  // Shaped letters join: a Persian word is narrower than its letters set apart.
  const span = document.createElement("span"); document.body.append(span);
  const width = text => { span.textContent = text; return span.getBoundingClientRect().width; };
  told.joined = width("ببب") < width("ب\\u200cب\\u200cب");
  document.body.innerHTML = `<pre id="told">${JSON.stringify(told)}</pre>`;
});
</script>"""


@pytest.fixture(scope="module", params=[1100, 390])
def measured(request, page):
    """The page as laid out at a desk's and at a phone's width, measured by a script put in for that alone."""
    import html
    import json

    text = page.read_text("utf-8")
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text).replace("</body>", f"{MEASURE}</body>")
    inner = page.with_name("measured.html")
    inner.write_text(text, "utf-8")
    outer = page.with_name("outer.html")
    source = html.escape(text, quote=True)
    outer.write_text(
        f'<iframe id="f" srcdoc="{source}" style="border:0;width:{request.param}px;height:900px"></iframe>'
        "<script>f.onload = () => setTimeout(() => {"
        "document.body.innerHTML = f.contentDocument.getElementById('told').outerHTML; }, 50)</script>",
        "utf-8",
    )
    seen = browser.dom(outer)
    return json.loads(html.unescape(re.search(r'<pre id="told">(.*?)</pre>', seen, re.DOTALL)[1]))


@pytest.mark.slow
def test_persian_reads_from_the_right_and_figures_from_the_left(measured):
    assert measured["en"]["direction"] == "ltr" and measured["fa"]["direction"] == "rtl"
    assert measured["en"]["headingLeft"] < 2 < measured["en"]["headingRight"]
    assert measured["fa"]["headingRight"] < 2 < measured["fa"]["headingLeft"]
    for language in ("en", "fa"):
        assert measured[language]["barsRise"] and measured[language]["svg"] == measured[language]["code"] == "ltr"
    assert measured["joined"], "Persian letters are not joined: no font on this machine shapes them"


@pytest.mark.slow
def test_the_switch_shows_one_language(measured):
    assert measured["en"]["shown"] == ["en"] and measured["fa"]["shown"] == ["fa"]


@pytest.mark.slow
def test_nothing_is_wider_than_the_screen(measured):
    assert measured["en"]["wide"] <= 0 and measured["fa"]["wide"] <= 0


@pytest.mark.thorough
@pytest.mark.slow
def test_it_can_be_looked_at_and_printed(page):
    for width in (1100, 390):
        assert browser.screenshot(page, width, 1500).stat().st_size > 20_000, "an empty picture"
    assert browser.pdf(page).stat().st_size > 20_000
