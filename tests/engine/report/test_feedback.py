"""A student's feedback: one page and one Markdown file in both languages, and nothing of the student's is markup."""

import re

import pytest

from autograder.model import Message
from autograder.report import feedback
from autograder.report.view import views
from tests.engine.report.small import FAILED, course_in, result

HOSTILE = "<script>alert(1)</script>` [a](http://b.example)"
NOTE = Message("intake.truncated", {"file": "<b>hw3</b>_*.zip"})


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return course_in(tmp_path_factory.mktemp("course"))


def made(kind, one, course):
    return kind(one, views(one, course)).decode()


@pytest.fixture(scope="module")
def hostile(course):
    one = result({"q1.numbers.area": {**FAILED, "came": HOSTILE}}, name=HOSTILE, messages=(NOTE,), written={"w1": HOSTILE})
    return {kind: made(kind, one, course) for kind in (feedback.html, feedback.markdown)}


def test_a_page_holds_both_languages_each_in_its_direction(hostile):
    page = hostile[feedback.html]
    both = [one for one in re.findall(r"<section[^>]*>", page) if "lang=" in one]
    assert [re.search(r'lang="(\w+)"', one)[1] for one in both] == ["en", "fa"]
    assert [re.search(r'dir="(\w+)"', one)[1] for one in both] == ["ltr", "rtl"]


def test_a_page_asks_for_nothing_and_runs_nothing(hostile):
    page = hostile[feedback.html]
    assert not re.search(r"<(script|link|img|iframe|object|form)\b|\son\w+=|url\(|@import", page)
    assert "default-src 'none'" in page


def test_what_a_student_wrote_is_escaped_in_the_page(hostile):
    page = hostile[feedback.html]
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 4 and "<b>hw3" not in page, "answer, name and text, twice"


def test_in_markdown_it_is_code_or_escaped(hostile):
    text = hostile[feedback.markdown]
    for line in text.splitlines():
        if "script" in line:
            assert re.search("`` ?<script>.*``", line), "code between more backticks than it has"
    assert "<b>hw3" not in text and text.count('<div dir="') == 2


def test_numbers_have_the_digits_of_their_language(course):
    text = made(feedback.markdown, result({"q1.code.area": {**FAILED, "cents": 1234}}), course)
    english, persian = text.split('<div dir="rtl"')
    assert "12.34 / 20.00" in english and "۱۲٫۳۴ / ۲۰٫۰۰" in persian


def test_code_in_a_statement_runs_from_left_to_right():
    assert feedback._statement("Mind `x + 1`.") == '<p>Mind <code dir="ltr">x + 1</code>.</p>\n'
    assert "<td>1</td>" in feedback._statement("|a|\n|-|\n|1|\n")


def test_the_same_result_gives_the_same_bytes(course):
    one = result()
    assert made(feedback.html, one, course) == made(feedback.html, one, course)
