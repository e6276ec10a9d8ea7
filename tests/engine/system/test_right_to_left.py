"""What must stand from left to right does, read back from Chromium's own layout: on every page, notebook and docstring."""

import ast
import html
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from autograder.course.course import Course
from autograder.model import Call, Check, Fingerprint, Message, Outcome, PartResult, Result, Text
from autograder.report.class_page import class_report
from autograder.report.submission_files import render
from autograder.words import say
from tests.engine import browser
from tests.engine.made_class import made

ROOT = Path(__file__).resolve().parents[3]
TEMPLATE = ROOT / "student_template"
ORDERED = "code, .n, .katex, span[dir=ltr], .route"
STRINGS = [
    "(3, 128, 128)",
    "(1, 10, 10)",
    "module.parameters()",
    ".venv",
    '{"kind": "conv"',
    "torch.cat([skip, up], dim=1)",
    "1.96/√(n − 3)",
]


@pytest.fixture(scope="module")
def course():
    return Course.load(ROOT / "grader_config.yml")


@pytest.fixture(scope="module")
def page():
    with browser.opened(viewport={"width": 1000, "height": 900}) as one:
        yield one


def shown(page, path, *, strings=STRINGS, language=None, least=1):
    """The page at two widths, with everything in order; returns nothing and fails with what is not."""
    page.goto(path.as_uri())
    if language:
        page.evaluate(f"document.getElementById('show-{language}').checked = true")
    for width in (1000, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert browser.out_of_order(page, ORDERED, strings) == [], width
    assert sum(browser.count(page, string) for string in strings) >= least


def written(tmp_path, name, body):
    path = tmp_path / name
    path.write_text(f"<!doctype html><meta charset=utf-8><body>{body}", "utf-8")
    return path


def test_the_check_sees_what_is_reversed(page, tmp_path):
    """What the other tests rely on: the very faults that they are about are found."""
    faults = '<p dir="rtl">شکل (3, 128, 128) است و <code>f(1)</code></p><p dir="rtl">پوشهٔ .venv</p><p dir="rtl">تابع module.parameters() است</p>'
    page.goto(written(tmp_path, "bad.html", faults).as_uri())
    found = browser.out_of_order(page, "", STRINGS)
    assert len(found) == 3, found
    right = '<p dir="rtl">شکل <span dir="ltr">(3, 128, 128)</span> و <code dir="ltr">.venv</code> و <bdi>module.parameters()</bdi></p>'
    page.goto(written(tmp_path, "good.html", right).as_uri())
    assert browser.out_of_order(page, "code", STRINGS) == []


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_handout(page, language):
    shown(page, ROOT / f"assignment/handout.{language}.html", least=6)


def github(text):
    """Markdown as GitHub shows it: its HTML kept, ``dir`` among it, in a page that reads from the left."""
    return MarkdownIt("commonmark", {"html": True}).enable("table").render(text)


@pytest.mark.parametrize(
    "name", ["README.fa.md", "written.md", *(path.name for path in sorted(TEMPLATE.glob("handout/*.fa.md")))]
)
def test_markdown_on_github(page, tmp_path, name):
    path = next(TEMPLATE.rglob(name))
    shown(page, written(tmp_path, "readme.html", github(path.read_text("utf-8"))), least=0)
    if name == "README.fa.md":
        assert browser.count(page, ".venv") >= 2


@pytest.mark.parametrize("path", ["student_template/hw3.ipynb", "assignment/hw3.ipynb"])
def test_the_notebook(page, tmp_path, path):
    """As Jupyter shows it: its own renderer of Markdown and code cells."""
    from nbconvert import HTMLExporter

    body, _ = HTMLExporter(template_name="basic").from_filename(str(ROOT / path))
    at = written(tmp_path, "notebook.html", body)
    page.goto(at.as_uri())
    in_words = ".rendered_html code, .jp-RenderedHTMLCommon code, .text_cell code, [dir=rtl] code, [dir=rtl] span"
    assert browser.out_of_order(page, in_words, ["(3, 128, 128)", "module.parameters()", '{"kind": "conv"']) == []
    assert browser.count(page, "(3, 128, 128)") >= 2 and browser.count(page, "module.parameters()") >= 2


@pytest.mark.parametrize("direction", ["ltr", "auto"])
def test_docstrings(page, tmp_path, direction):
    """As help() and a tooltip show them: plain text, read from the left or as each line begins."""
    pieces, lines = set(), []
    for path in sorted(TEMPLATE.glob("q*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef)) and (told := ast.get_docstring(node)):
                lines += [line for line in told.splitlines() if re.search("[\u0600-\u06ff]", line)]
    for line in lines:
        assert line.startswith("\u200f"), line
        pieces |= set(re.findall(r"``([^`]+)``|([0-9]+×[0-9]+)", line))
    wanted = sorted({one or other for one, other in pieces})
    assert len(lines) > 60 and "(batch, 3, 128, 128)" in wanted and "5×5" in wanted
    body = "".join(f'<p dir="{direction}">{html.escape(line)}</p>' for line in lines)
    page.goto(written(tmp_path, "docstrings.html", body).as_uri())
    assert browser.out_of_order(page, "", wanted) == []


HARD = [
    "[1, 2, 3]",
    "(3, 128, 128)",
    ".venv/lib",
    "−5",
    "-5",
    "f(a, b)[0]",
    "x = {1: 2}",
    "q2.stack_output_shape",
    "../a",
]


SPOKEN = {"text": "'(' was never closed", "reason": "'[' was never closed"}  # what Python itself says


@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_sentence_of_the_engine(page, tmp_path, language):
    """Each sentence with hard values in every place, alone in a paragraph of the language."""
    from autograder.words import sentences

    body = []
    for at, (key, sentence) in enumerate(sentences(language).items()):
        reason = {"because": "check.error"} if "{because}" in sentence else {}  # the key of another sentence
        places = re.findall(r"\{(\w+)\}", sentence + sentences(language)[reason.get("because", key)])
        values = {
            name: name if name in ("en", "fa") else SPOKEN.get(name, HARD[(at + number) % len(HARD)])
            for number, name in enumerate(places)
        } | reason
        body.append(f"<p>{html.escape(say(Message(key, values), language))}</p>")
    direction = "rtl" if language == "fa" else "ltr"
    page.goto(
        written(tmp_path, "sentences.html", f'<div dir="{direction}" lang="{language}">{"".join(body)}</div>').as_uri()
    )
    assert browser.out_of_order(page, "", [*HARD, *SPOKEN.values()]) == []


@pytest.fixture(scope="module")
def feedback(course, tmp_path_factory):
    """Everything that feedback can hold: values that are hard to order, a criterion, a text, a number that follows."""
    number, code = (
        Text("shape (3, 128, 128)", "شکل \u200e(3, 128, 128)\u200e"),
        Message("check.error", {"type": "TypeError", "text": "f(a, b)[0]", "where": "q2_convnet.py:3"}),
    )
    parts = []
    for part in course.parts:
        if part.kind == "written":
            messages = (
                Message("written.met", {"id": "a", "en": "Says (3, 128, 128).", "fa": "می‌گوید.", "points": "1"}),
                Message("written.not_met", {"id": "b", "en": "Says why.", "fa": "دلیل می‌آورد.", "points": "1"}),
                Message("written.comment", {"comment": "خوب است: (3, 128, 128)"}),
            )
            parts.append(PartResult(part.id, part.cents, part.cents // 2, Outcome.FAILED, messages=messages))
        elif part.kind == "code":
            check = Check(
                "c", part.id, Outcome.FAILED, number, code, Call("q2.f", "(3, 128, 128), 5", "[1, 2, 3]"), "(4, 5)"
            )
            parts.append(PartResult(part.id, part.cents, 0, Outcome.ERROR, checks=(check,), messages=(code,)))
        else:
            parts.append(PartResult(part.id, part.cents, 0, Outcome.FAILED, "[3, 128, 128]"))
    own = {name: "متن من با (3, 128, 128)\nand English." for name in course.written}
    result = Result(
        "a-1",
        "سارا محمدی",
        "graded",
        tuple(parts),
        Fingerprint("s", "h", "o", "c", "e"),
        "A",
        written=own,
        handed_in="2026-11-20T23:10:05+03:30",
        files=("q1_equivalence.py", ".ipynb"),
    )
    path = tmp_path_factory.mktemp("feedback") / "feedback.html"
    path.write_bytes(render(result, course)["feedback.html"])
    return path


@pytest.mark.parametrize("language", ["en", "fa"])
def test_feedback(page, feedback, language):
    shown(page, feedback, strings=["[3, 128, 128]", "f(a, b)[0]", "q2_convnet.py:3", ".ipynb"], language=language, least=10)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_class_report(page, course, tmp_path, language):
    path = tmp_path / "class.html"
    path.write_bytes(class_report.render(made(course), course))
    shown(page, path, strings=["±0.26", "(1.96/√(n − 3))"], language=language, least=1)
