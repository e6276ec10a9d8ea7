"""``results.json``: what Gradescope reads, as far as the course lets it be known."""

import json

import pytest
from msgspec.structs import replace

from autograder.model import Call, Check, Diagnosis, Mark, Message, Outcome, Text
from autograder.report import results_json
from autograder.words import say
from tests.engine.report.small import CENTS, FAILED, course_in, result

CHECKS = (
    Check("test_b", "q1.code.area", Outcome.FAILED, Text("sizes below 1", "اندازهٔ کم"), Message("check.wrong_value"),
          Call("q1_box.area", "0, 3", "0"), "ValueError"),
    Check("test_a", "q1.code.area", Outcome.PASSED, Text("many sizes", "اندازه‌ها")),
)  # fmt: skip
SOME = {"q1.code.area": {"cents": 1000, "outcome": Outcome.FAILED, "checks": CHECKS}}


@pytest.fixture(scope="module")
def courses(tmp_path_factory):
    folder = tmp_path_factory.mktemp("courses")
    return {level: course_in(folder / level, level) for level in ("verdict", "hint", "full")}


def read(one, course):
    return json.loads(results_json.results(one, course))


def named(one, course):
    return {test["name"]: test for test in read(one, course)["tests"]}


def test_the_score_is_that_of_its_tests_and_a_written_part_that_waits_has_none(courses):
    whole = read(result(SOME), courses["hint"])
    scores = {test["name"]: (test.get("score"), test.get("max_score"), test.get("status")) for test in whole["tests"]}
    assert whole["score"] == sum(score or 0 for score, _, _ in scores.values()) == 70
    assert scores["q1.code.area"] == (10, 20, "failed") and scores["q1.numbers.area"] == (10, 10, "passed")
    assert scores["q1.written.w1"] == (None, None, None) and list(scores) == list(CENTS)
    extra = whole["extra_data"]
    assert (extra["max_score"], extra["awaiting"], extra["status"]) == (80, 20, "graded")
    assert next(test for test in whole["tests"] if test["name"] == "q1.written.w1")["extra_data"]["max_score"] == 20


def test_lateness_is_taken_off_the_score_and_not_off_its_tests(tmp_path):
    late = "late: {deadline: 2026-11-20T12:00:00+00:00, percent_a_day: 10}"
    whole = read(result(late_seconds=60), course_in(tmp_path, more=late))
    assert whole["score"] == 72 and sum(test.get("score", 0) for test in whole["tests"]) == 80


@pytest.mark.parametrize("seconds, told", [(0.0, 10), (9.99, 10), (10.0, 10), (10.01, 20), (95.0, 100)])
def test_a_running_time_is_told_in_steps(courses, seconds, told):
    assert read(result(seconds=seconds), courses["hint"])["execution_time"] == told


def test_the_same_result_gives_the_same_bytes_that_end_a_line(courses):
    one, other = (results_json.results(result(SOME), courses["hint"]) for _ in range(2))
    assert one == other and one.endswith(b"}\n")


def test_at_verdict_it_is_told_how_many_checks_passed_and_not_which(courses):
    extra = named(result(SOME), courses["verdict"])["q1.code.area"]["extra_data"]
    assert extra["checks"] == [{"outcome": "failed"}, {"outcome": "passed"}]
    turned = {"q1.code.area": {**SOME["q1.code.area"], "checks": CHECKS[::-1]}}
    assert named(result(turned), courses["verdict"])["q1.code.area"]["extra_data"] == extra, "their order tells nothing"
    assert "sizes below 1" not in results_json.results(result(SOME), courses["verdict"]).decode()


def test_at_hint_a_check_has_its_label_and_at_full_its_call(courses):
    shown = {
        level: named(result(SOME), courses[level])["q1.code.area"]["extra_data"]["checks"][0] for level in ("hint", "full")
    }
    assert (shown["hint"]["en"], shown["hint"]["fa"]) == ("sizes below 1", "اندازهٔ کم") and "call" not in shown["hint"]
    assert shown["hint"]["message"] == say(Message("check.wrong_value"), "en")
    assert shown["full"]["call"] == {"target": "q1_box.area", "arguments": "0, 3", "came": "0"}
    assert shown["full"]["expected"] == "ValueError"


def test_diagnoses_are_told_above_verdict(courses):
    told = Diagnosis("q1", "q1.numbers.area", ("sides_added",), (Text("Think.", "بیندیش."),), "13 + 17")
    some = result({"q1.numbers.area": FAILED}, diagnoses=(told,))
    row = {"question": "q1", "test": "q1.numbers.area", "misconceptions": ["sides_added"]}
    assert read(some, courses["hint"])["extra_data"]["diagnoses"] == [row]
    assert read(some, courses["verdict"])["extra_data"]["diagnoses"] == []
    assert "13 + 17" in named(some, courses["hint"])["q1.numbers.area"]["output"]
    assert "13 + 17" not in results_json.results(some, courses["verdict"]).decode()


def test_words_are_in_both_languages_english_first(courses):
    whole = read(result(SOME), courses["hint"])
    for text in (whole["output"], *(test["output"] for test in whole["tests"])):
        first, second = text.split("\n\n")[0], text.split("\n\n")[-1]
        assert not any("\u0600" <= one <= "\u06ff" for one in first) and any("\u0600" <= one <= "\u06ff" for one in second)


def test_what_a_student_wrote_is_text_and_no_markup(courses):
    wrong = {"q1.numbers.area": {**FAILED, "came": "`<script>`\n# [a](b)"}}
    note = Message("intake.truncated", {"file": "<img src=x>*.zip"})
    whole = read(result(wrong, messages=(note,)), courses["hint"])
    assert r"\<img src=x\>\*.zip" in whole["output"]
    output = next(test for test in whole["tests"] if test["name"] == "q1.numbers.area")["output"]
    assert "\n#" not in output and "`` " in output, "a fence longer than any within it"


def test_a_markers_criteria_are_listed_with_their_points_in_the_languages_digits(courses):
    met = {"id": "what", "en": "Says what.", "fa": "می‌گوید.", "points": "5.00"}
    marked = {"cents": 500, "outcome": Outcome.FAILED, "mark": Mark("ada", "q1.written.w1", 500, criteria={"what": True})}
    marked["messages"] = (Message("written.met", met), Message("written.not_met", {**met, "id": "why", "en": "Says why."}))
    test = named(result({"q1.written.w1": marked}), courses["hint"])["q1.written.w1"]
    assert test["score"] == 5 and test["extra_data"]["criteria"] == {"what": True}
    assert "- ✓ Says what. (5.00)" in test["output"].replace("\\", "")
    assert "- ✗ Says why. (5.00)" in test["output"].replace("\\", "") and "(۵٫۰۰)" in test["output"]


def test_what_several_parts_share_is_said_with_each(courses):
    wrong = Message("check.raised_at", {"kind": "KeyError", "where": "q1_box.py, line 2"})
    ids = ("q1.code.area", "q1.code.volume")
    found = named(result({id: {**FAILED, "messages": (wrong,)} for id in ids}), courses["hint"])
    assert all("KeyError" in found[id]["output"] for id in ids) and "KeyError" not in found["q1.code.Scale"]["output"]


def test_what_it_was_graded_by_is_named(courses):
    one = result(SOME)
    hashes = read(replace(one, isolation="B"), courses["hint"])["extra_data"]
    assert hashes["isolation"] == "B" and hashes["hashes"]["engine"] == one.fingerprint.engine
