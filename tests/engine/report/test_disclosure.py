"""What of a result leaves at each level: a list of what may, and the four ways round it that are no more."""

from dataclasses import replace

import msgspec
import pytest

from autograder import grade, model
from autograder.course.config import Config
from autograder.course.course import Course
from autograder.marking.hand_in import HandIn
from autograder.marking.numbers import OF_THE_FORM
from autograder.model import Call, Check, Diagnosis, Fingerprint, Message, Outcome, PartResult, Picture, Record, Result
from autograder.report import disclosure
from autograder.report.disclosure import MOST_RESULT, MOST_VALUE, disclosed, message
from autograder.wall.failures import KINDS, FailedRequest, from_report
from autograder.words import sentences
from tests.engine.toy_course import TOY

HIDDEN = "hidden-7361"
SOURCES = {"q.py": "import numpy\ndef f(x):\n    raise ValueError\n", "cell 3": "x = 1\n"}


def told(early: bool = False, **more) -> Message:
    """The message of what a student's code raised, as the trusted side builds it from what came over the wall."""
    raised = {"type": "ValueError", "name": "ValueError", "text": HIDDEN, "lines": [["q.py", 3]], **more}
    return from_report(raised, FailedRequest("q.f", SOURCES, early)).message


LEAKS = {
    "the text of an exception": {},
    "the name of an exception": {"name": f"E{HIDDEN}"},
    "a type that is none": {"type": f"E{HIDDEN}"},
    "the name of a module that is not there": {"type": "ModuleNotFoundError", "module": HIDDEN.replace("-", "_")},
    "the text of a module that is not there": {"type": "ModuleNotFoundError", "module": ""},
    "a syntax error's text": {"type": "SyntaxError", "syntax": {"file": "q.py", "line": 1, "column": 1, "text": HIDDEN}},
    "a syntax error's file": {"type": "SyntaxError", "syntax": {"file": HIDDEN, "line": 7361, "column": 7361, "text": ""}},
    "a syntax error's character": {
        "type": "SyntaxError",
        "syntax": {"file": "q.py", "line": 1, "column": 1, "text": "", "character": "×", "name": HIDDEN},
    },
    "a name that is missing inside": {"missing": "name", "text": f"no {HIDDEN}"},
    "a place of its own making": {"lines": [[f"cell ({HIDDEN})", 1], [f"q.py {HIDDEN}", 2]]},
    "a line that the file has not": {"lines": [["q.py", 7361], ["cell 3", 7361]]},
    "a file that is not there": {"type": "FileNotFoundError"},
    "a thing that is not allowed": {"type": "PermissionError"},
}


@pytest.mark.parametrize("raised", LEAKS.values(), ids=LEAKS.keys())
@pytest.mark.parametrize("level", ["verdict", "hint"])
def test_nothing_that_code_chose_after_a_hidden_input_is_told(raised, level):
    said = message(told(**raised), level)
    assert said is not None and "7361" not in str(said) and HIDDEN.replace("-", "_") not in str(said)
    assert set(said.values) <= set() if level == "verdict" and said.key == "check.raised" else True


def test_the_line_and_the_builtin_type_are_told_at_hint_and_neither_at_verdict():
    assert message(told(), "hint") == Message("check.raised_at", {"kind": "ValueError", "where": "q.py, line 3"})
    assert message(told(), "verdict") == Message("check.raised")
    assert message(told(), "full").values["text"] == HIDDEN


def test_what_was_said_before_a_hidden_input_was_seen_is_told_at_hint():
    assert message(told(early=True), "hint").values["text"] == HIDDEN
    assert message(told(early=True), "verdict") == Message("check.raised")


def test_a_syntax_error_is_told_with_its_line_at_every_level():
    syntax = {"file": "q.py", "line": 2, "column": 5, "text": "invalid syntax"}
    said = told(early=True, type="SyntaxError", syntax=syntax)
    assert message(said, "verdict") == Message("check.syntax_line", {"file": "q.py", "line": 2})
    assert message(said, "hint").values["text"] == "invalid syntax"


def test_a_module_is_told_where_the_file_names_it():
    assert told(type="ModuleNotFoundError", module="numpy").values["module"] == "numpy"
    assert told(type="ModuleNotFoundError", module="nump").key == "check.import_at"


@pytest.mark.parametrize("key", ["check.no_value", "check.reply", "check.crashed"])
def test_a_word_of_the_codes_own_is_told_where_it_is_on_a_list(key):
    said = Message(key, {"target": "q.f", "type": HIDDEN, "reason": HIDDEN})
    assert HIDDEN not in str(message(said, "hint")) and HIDDEN not in str(message(said, "verdict"))
    known = Message(
        key, {"target": "q.f", "type": "set", "reason": "SIGSEGV" if key == "check.crashed" else "more than one answer"}
    )
    assert message(known, "hint") == known


def test_an_engines_own_failure_quotes_nothing():
    said = Message("result.internal", {"reason": HIDDEN})
    assert HIDDEN not in str(message(said, "hint")) and HIDDEN in str(message(said, "full"))


def test_every_sentence_is_either_told_or_has_a_plainer_one():
    """A key that nobody has thought of is not told below ``full``: a list of what may go out, not of what may not."""
    assert message(Message("check.brand_new", {"text": HIDDEN}), "hint") is None
    assert message(Message("check.brand_new", {"text": HIDDEN}), "verdict") is None
    listed = {*disclosure.PLAIN, *disclosure.LEADING, *disclosure.SPOKEN.values(), *disclosure.RAISED, *disclosure.STOPPED}
    assert listed - sentences("en").keys() == set()
    of_a_result = {key for key in sentences("en") if key.split(".")[0] in ("check", "notebook", "cross", "trace")}
    assert {key for key in of_a_result - listed if not key.startswith("check.public.")} == set()


def a_result(**more) -> Result:
    check = Check("c", "q1.code.f", Outcome.ERROR, message=told(), call=Call("q.f", HIDDEN, HIDDEN), expected=HIDDEN)
    part = PartResult("q1.code.f", 100, 0, Outcome.ERROR, checks=(check,), messages=(told(), told()))
    return Result("a", "", "graded", (part,), Fingerprint("", "", "", "", ""), "A", **more)


@pytest.mark.parametrize("level", ["verdict", "hint"])
def test_a_kept_result_holds_no_hidden_input_unless_it_is_shown(level):
    kept = disclosed(a_result(diagnoses=(Diagnosis("q1", "q1.code.f", ("m",)),)), level)
    assert HIDDEN not in str(kept) and disclosed(kept, level) == kept
    assert len(kept.parts[0].messages) == 1
    assert HIDDEN in str(disclosed(a_result(), "full"))


def test_a_value_and_a_result_are_bounded_in_bytes():
    said = message(Message("check.error", {"type": "x", "kind": "ValueError", "text": "‏" * 90_000, "where": ""}), "full")
    assert len(said.values["text"].encode()) <= MOST_VALUE
    many = tuple(Message("check.error", {"text": f"{number}" + "x" * 400}) for number in range(4_000))
    short = disclosed(a_result(messages=many), "full")
    assert [one.key for one in short.messages] == ["result.too_long"] and short.cents == a_result().cents
    assert len(str(short)) < MOST_RESULT


def test_a_large_picture_costs_no_sentence_and_a_long_result_still_says_whose_it_is():
    claimed = Message("intake.same_name", {"claimed": "sara", "file": "SARA", "others": "sara", "id": "sara-2"})
    large = Picture("image/png", b"x" * 900_000)
    kept = disclosed(a_result(messages=(claimed, told()), pictures={"w1": (large,)}), "full")
    assert kept.contested == "sara" and len(kept.messages) == 2 and kept.parts[0].messages
    many = tuple(Message("check.error", {"text": f"{number}" + "x" * 400}) for number in range(4_000))
    short = disclosed(a_result(messages=(*many, claimed)), "full")
    assert short.contested == "sara" and [one.key for one in short.messages] == ["intake.same_name", "result.too_long"]


def test_what_it_rests_on():
    assert "ValueError" in KINDS and "Exception" in KINDS and Config.__struct_fields__


@pytest.mark.parametrize("level", ["verdict", "hint"])
def test_a_record_holds_no_more_than_its_result(level):
    """What is kept to compute grades from again is in the gradebook for as long as they are."""
    secret = HIDDEN
    said = Message("check.error", {"kind": "ValueError", "text": secret, "where": "a.py, line 1"})
    check = Check("a", "q1.code.a", Outcome.ERROR, message=said, call=Call("a.f", secret, secret), expected=secret)
    notes = {"q1.numbers.a": (Message("check.crashed", {"target": "f", "reason": secret}),)}
    record = Record((model.QuestionOutcome("q1", "A", (check,), notes),), "A")
    assert secret.encode() in msgspec.json.encode(disclosure.of_record(record, "full"))
    kept = disclosure.of_record(record, level)
    assert secret.encode() not in msgspec.json.encode(kept) and disclosure.of_record(kept, level) == kept
    assert kept.asked[0].checks[0].outcome is Outcome.ERROR


def test_every_sentence_about_a_notebook_is_let_out_at_some_level():
    """One that stands in no list is left out in silence."""
    said = {key for key in sentences("en") if key.startswith("notebook.")}
    assert said == said & {*disclosure.PLAIN, *disclosure.LEADING, *OF_THE_FORM}


@pytest.mark.parametrize("level", ["verdict", "hint", "full"])
def test_a_record_is_made_with_no_more_than_the_course_lets_be_known(level):
    course = Course.load(TOY / "grader_config.yml")
    course = replace(course, config=msgspec.structs.replace(course.config, feedback=level))
    checks = tuple(Check(part.id, part.id, Outcome.ERROR, message=told(), expected=HIDDEN) for part in course.automatic)
    note = Message("check.crashed", {"target": "f", "reason": HIDDEN})
    outcomes = [model.QuestionOutcome("q1", "A", checks, {"q1.numbers.a": (note,)})]
    record = grade.recorded(HandIn(model.Sources()), {}, outcomes, (note,), course, {})
    assert (HIDDEN.encode() in msgspec.json.encode(record)) is (level == "full")
