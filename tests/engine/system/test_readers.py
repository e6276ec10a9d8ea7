"""What leaves the engine is safe for whoever reads it, says only what the course allows, and says it in both languages."""

import csv
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec.structs import replace

from autograder import text as safe_text
from autograder.course.course import Course
from autograder.export import grades_csv
from autograder.marking.lateness import Late
from autograder.model import Call, Check, Diagnosis, Fingerprint, Message, Outcome, PartResult, Result, Text
from autograder.report import results_json
from autograder.report.disclosure import SPOKEN
from autograder.report.part_view import reasons
from autograder.report.submission_files import render
from autograder.words import say, sentences

ROOT = Path(__file__).resolve().parents[3]
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(A1)",
    "\t=1",
    "＝1+1",
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "::error file=x::pwned",
    "\u202egnp.exe",
    "[click](javascript:alert(1))",
    "![x](http://evil.example/x.png)",
    "`code` ``` fence",
    "{{ 7 * 7 }}{% for %}",
    "<!-- -->",
    "a\nb\r\n| c | d |",
    "\0nul",
]


@pytest.fixture(scope="module")
def course():
    return Course.load(ROOT / "grader_config.yml")


def result(course, text="x", **changes):
    """A result in which everything a student can choose says ``text``."""
    check = Check("test_hidden_name", "q2.code.ConvNet", Outcome.FAILED, Text("a label", "برچسب"), Message("check.failed"),
                  Call("q2_convnet.ConvNet", text, text), f"assert {text}")  # fmt: skip
    parts = []
    for part in course.parts:
        if part.kind == "written":
            parts.append(PartResult(part.id, part.cents, None, Outcome.AWAITING))
        elif part.kind == "numbers":
            parts.append(PartResult(part.id, part.cents, 0, Outcome.FAILED, text))
        else:
            message = Message("check.error", {"type": "ValueError", "text": text, "where": text})
            parts.append(PartResult(part.id, part.cents, 0, Outcome.ERROR, checks=(check,), messages=(message,)))
    fingerprint = Fingerprint("s" * 64, "t" * 64, "u" * 64, "c" * 64, "e" * 64)
    note = Message("intake.ignored", {"file": text})
    whole = Result("id", text, "graded", tuple(parts), fingerprint, "A", messages=(note,), seconds=3.2)
    return replace(whole, **changes)


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = set()

    def handle_starttag(self, tag, attributes):
        self.seen.add(tag)
        for name, value in attributes:
            assert not name.startswith("on") and name not in ("src", "srcdoc")
            assert name != "href" or value.startswith("#")


@pytest.mark.parametrize("text", HOSTILE)
def test_the_page_holds_no_markup_of_a_students(course, text):
    page = render(result(course, text), course)["feedback.html"].decode()
    tags = Tags()
    tags.feed(page)
    assert not tags.seen & {"script", "img", "iframe", "object", "form", "base"}
    assert "\x1b" not in page and "\0" not in page and "\u202e" not in page
    assert "default-src 'none'" in page


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_stays_text(course, text):
    files = render(result(course, text), course)
    outputs = [test["output"] for test in json.loads(files["results.json"])["tests"]]
    for source in (files["feedback.md"].decode(), *outputs):
        html = MarkdownIt("commonmark", {"html": True}).enable("table").render(source)
        tags = Tags()
        tags.feed(html)
        assert not tags.seen & {"script", "img", "a", "table", "pre"}, source


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_begins_a_formula(course, text, tmp_path):
    grades_csv.write(tmp_path / "grades.csv", [result(course, text)], course)
    rows = list(csv.reader((tmp_path / "grades.csv").open(encoding="utf-8", newline="")))
    assert len(rows) == 2 and len(rows[0]) == len(rows[1])
    assert not [cell for cell in rows[1] if re.match(r"\s*[=+\-@＝＋－＠]", cell)]


@given(st.text(max_size=60))
def test_cleaned_text_cannot_steer_a_terminal(text):
    cleaned = safe_text.clean(text)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", cleaned)


@given(st.text(max_size=60))
def test_an_annotation_is_one_line(text):
    assert "\n" not in safe_text.annotation(text) and "," not in safe_text.annotation_property(text)


def test_a_level_shows_no_more_than_it_says(course):
    secret = result(course, "SECRET-INPUT")
    parts = tuple(replace(part, came="", messages=()) for part in secret.parts)
    secret = replace(secret, parts=parts, name="", messages=())
    shown = {}
    for level in ("verdict", "hint", "full"):
        config = replace(course.config, feedback=level)
        other = Course(course.root, course.config_path, config, course.questions)
        shown[level] = b"".join(render(secret, other).values()).decode()
    assert "SECRET-INPUT" in shown["full"]
    assert "SECRET-INPUT" not in shown["hint"] and "a label" in shown["hint"]
    assert "SECRET-INPUT" not in shown["verdict"] and "a label" not in shown["verdict"]
    assert not any("test_hidden_name" in text for text in shown.values())


def test_a_verdict_gives_no_words_of_the_students_code_back(course):
    """It was asked with the hidden inputs, so it could put them there."""
    values = {"type": "CARRIED", "text": "CARRIED", "where": "CARRIED", "own": "CARRIED", "says": "1", "reason": "CARRIED"}
    values |= {"target": "f", "count": 1, "name": "Net", "file": "q1.py", "line": 1, "column": 1, "cell": 1, "seconds": 1}
    named = re.findall(r"{(\w+)}", "".join(sentences("en")[key] for key in SPOKEN))
    values = dict.fromkeys(named, "CARRIED") | values
    told = tuple(Message(key, values) for key in SPOKEN)
    checks = tuple(Check(str(n), "q1.code.f", Outcome.ERROR, message=one) for n, one in enumerate(told))
    part = PartResult("q1.code.linear_parameters", 100, 0, Outcome.ERROR, checks=checks, messages=told)
    whole = replace(result(course), parts=(part,), messages=())
    for level, shown in (("verdict", False), ("full", True)):
        other = Course(course.root, course.config_path, replace(course.config, feedback=level), course.questions)
        assert (b"CARRIED" in b"".join(render(whole, other).values())) is shown


def test_a_verdict_leads_nowhere_and_full_says_what_was_expected(course):
    secret = result(course, "x")
    found = Diagnosis("q1", secret.parts[0].id, ("q1.volume.idea",), (Text("A LEAD", "A LEAD"),), "24 = A ROUTE")
    trace = Message("trace.wrong", {"example": "here", "way": "A WAY", "where": "there"})
    sums = Message("follow.does_not_add_up", {"sum": "1 + 2", "is": 3, "says": 4})
    check = Check("test_x", secret.parts[0].id, Outcome.FAILED, expected="THE VALUE")
    number = replace(secret.parts[0], outcome=Outcome.FAILED, cents=0, messages=(trace, sums), checks=(check,))
    assert number.id.split(".")[1] == "numbers"
    secret = replace(secret, parts=(number, *secret.parts[1:]), diagnoses=(found,))
    shown = {}
    for level in ("verdict", "hint", "full"):
        other = Course(course.root, course.config_path, replace(course.config, feedback=level), course.questions)
        shown[level] = b"".join(render(secret, other).values()).decode()
    leads = ("A LEAD", "A ROUTE", "A WAY", "q1.volume.idea")
    assert not any(lead in shown["verdict"] for lead in leads) and "1 + 2 is 3, but the sheet says 4" in shown[
        "verdict"
    ].replace("\\", "")
    assert all(lead in shown["hint"] and lead in shown["full"] for lead in leads)
    assert "THE VALUE" in shown["full"] and "THE VALUE" not in shown["hint"] + shown["verdict"]


def test_a_formula_in_a_persian_sentence_keeps_its_direction(course):
    sums = Message("follow.does_not_add_up", {"sum": "1 + 2", "is": 3, "says": "\u2066evil"})
    part = replace(result(course).parts[0], messages=(sums,))
    (told,) = reasons(part, "hint", "fa")
    assert told.startswith("\u200e1 + 2\u200e ") and "\u2066" not in told


def test_results_json_is_gradescopes(course):
    import jsonschema

    visibility = {"enum": ["visible", "hidden", "after_due_date", "after_published"]}
    formats = {"enum": ["text", "simple_format", "html", "md", "ansi"]}
    test = {
        "type": "object",
        "additionalProperties": False,
        "required": ["name", "number", "output", "output_format", "visibility", "tags", "extra_data"],
        "properties": {
            "name": {"type": "string"}, "number": {"type": "string"}, "output": {"type": "string"},
            "score": {"type": "number"}, "max_score": {"type": "number"}, "status": {"enum": ["passed", "failed"]},
            "output_format": formats, "visibility": visibility, "extra_data": {"type": "object"},
            "tags": {"type": "array", "items": {"type": "string"}},
        },
    }  # fmt: skip
    whole = {
        "type": "object",
        "additionalProperties": False,
        "required": ["score", "execution_time", "output", "output_format", "visibility", "stdout_visibility", "tests", "extra_data"],
        "properties": {
            "score": {"type": "number"}, "execution_time": {"type": "integer"}, "output": {"type": "string"},
            "output_format": formats, "visibility": visibility, "stdout_visibility": visibility,
            "tests": {"type": "array", "items": test}, "extra_data": {"type": "object"},
        },
    }  # fmt: skip
    found = json.loads(results_json.results(result(course), course))
    jsonschema.validate(found, whole)
    assert found["execution_time"] == 10
    assert found["score"] == round(sum(test.get("score", 0) for test in found["tests"]), 2)
    assert {"engine", "hashes", "isolation", "diagnoses"} <= found["extra_data"].keys()


def test_the_same_result_gives_the_same_bytes(course):
    assert render(result(course), course) == render(result(course, seconds=7.9), course)


def test_persian_is_set_right_to_left_block_by_block(course):
    page = render(result(course), course)["feedback.html"].decode()
    assert '<section class="page" id="fa" lang="fa" dir="rtl"' in page
    assert '<html lang="en">' in page


def test_a_sum_and_a_tensor_keep_their_order_within_persian():
    values = {"sum": "1216 + 40970", "is": 42186, "penalty": 20}
    told = {language: say(Message("follow.credit", values), language) for language in ("en", "fa")}
    assert "(1216 + 40970 = 42186)" in told["en"]
    assert "(\u200e1216 + 40970\u200e = 42186)" in told["fa"]
    shape = say(Message("cross.code", {"own": "[16, 8, 8]", "says": "سه"}), "fa")
    assert "\u200e[16, 8, 8]\u200e" in shape and "\u200eسه" not in shape
    assert all("\u200e±" in sentences("fa")[key] for key in ("report.small", "report.large"))


def written(course, *names, late_seconds=None):
    """Everything right but 10 points of a number, and these texts written."""
    whole = result(course, written=dict.fromkeys(names, "text"), late_seconds=late_seconds, messages=())
    parts = [
        part if part.cents is None else PartResult(part.id, part.max_cents, part.max_cents, Outcome.PASSED)
        for part in whole.parts
    ]
    return replace(whole, parts=tuple(parts))


def test_a_score_line_tells_what_is_still_open_and_never_that_all_is_well(course):
    """76 points are known and 24 wait for a person, who can add at most those of the texts that are there."""
    everything = tuple(course.written)
    cases = [
        (written(course, *everything), "between 76.00 and 100.00 of 100.00", "از ۷۶٫۰۰ تا ۱۰۰٫۰۰ از ۱۰۰٫۰۰"),
        (written(course, "w1", "w2"), "between 76.00 and 84.00 of 100.00", "از ۷۶٫۰۰ تا ۸۴٫۰۰"),
        (written(course), "No text was found for the 24.00 points of written answers", "متنی پیدا نشد"),
    ]
    for whole, english, persian in cases:
        files = {name: data.decode() for name, data in render(whole, course).items()}
        for text in (*files.values(), json.loads(files["results.json"])["output"]):
            assert english in text and persian in text and "76.00 of 76.00 points marked so far" in text
            assert not re.search(r"all (tests|parts|checks)? ?(have )?passed|full marks|perfect", text, re.IGNORECASE)
    policy = Late("2026-11-20T23:59:00Z", percent_a_day=10)
    other = Course(course.root, course.config_path, replace(course.config, late=policy), course.questions)
    told = json.loads(render(written(course, *everything, late_seconds=60), other)["results.json"])["output"]
    assert "68.40 of 76.00" in told and "between 68.40 and 90.00 of 100.00" in told


def test_code_of_which_some_checks_pass_is_partly_right(course):
    part = next(part for part in course.parts if part.id == "q2.code.ConvNet")
    checks = (Check("a", part.id, Outcome.PASSED), Check("b", part.id, Outcome.FAILED))
    for cents, english in ((200, "**partly right**"), (0, "**wrong**")):
        mine = PartResult(part.id, part.cents, cents, Outcome.FAILED, checks=checks)
        whole = result(course)
        whole = replace(whole, parts=tuple(mine if one.id == part.id else one for one in whole.parts))
        told = {one["number"]: one for one in json.loads(results_json.results(whole, course))["tests"]}
        assert told[part.id]["output"].lstrip("◐✗ ").startswith(english) and told[part.id]["status"] == "failed"


def test_both_languages_have_every_sentence_with_the_same_places():
    english, persian = sentences("en"), sentences("fa")
    assert english.keys() == persian.keys()
    for key in english:
        places = [set(re.findall(r"\{(\w+)\}", words[key])) for words in (english, persian)]
        assert places[0] - {"en"} == places[1] - {"fa"}, key  # a sentence inside a sentence comes in each language
        assert not set(persian[key]) & set("كي"), f"{key}: an Arabic kaf or yeh"


def test_every_sentence_that_is_asked_for_is_there():
    said = set()
    for path in (ROOT / "autograder").rglob("*.py"):
        said |= set(re.findall(r'(?:Message\(|phrase\([\w"]+, |append\(\()\s*"([a-z]+\.[a-z_]+)"', path.read_text("utf-8")))
    assert len(said) > 40 and said <= sentences("en").keys(), said - sentences("en").keys()
