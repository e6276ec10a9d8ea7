"""What is said to a submission's process, and what comes of a far side that lies, falls silent or ends."""

import signal

import numpy as np
import pytest

from autograder.model import LANGUAGES, Limits, Outcome
from autograder.wall.conversation import TIMEOUTS_A_TARGET, Conversation, as_bytes
from autograder.wall.failures import Crashed, StudentRaised, TimedOut, WallBroken
from autograder.words import say
from tests.engine.wall.far_side import FarSide, frame, ok

SOURCES = {"q1": "def f(x):\n    return x\n"}
PLACES = {"q1.py": SOURCES["q1"]}


@pytest.fixture
def opened():
    """A conversation with a far side that says this, of a submission of two questions."""
    conversations = []

    def one(said=None, status=0):
        far = FarSide(said, status)
        conversation = Conversation(far.client, Limits(submission_seconds=60), PLACES, (), 2)
        conversation._start(SOURCES, ["q1"])
        conversation.far = far
        conversations.append(conversation)
        return conversation

    yield one
    for conversation in conversations:
        conversation._end()
        conversation.far.close()


def call(conversation, seconds=20.0):
    return conversation._request("call", ["q1", "f", [1]], "q1.f", seconds)


def failed(kind, conversation, **more):
    with pytest.raises(kind) as caught:
        call(conversation, **more)
    assert all(say(caught.value.message, language) for language in LANGUAGES)
    return caught.value


def test_requests_are_numbered_and_answered_with_a_value(opened):
    numbers = []

    def said(number, operation, arguments):
        numbers.append((number, operation))
        return frame([number, "ok", arguments[2][0] + 1])

    conversation = opened(said)
    assert [call(conversation), call(conversation)] == [2, 2] and numbers == [(2, "call"), (3, "call")]
    assert conversation.running.child == 1 and conversation.steady


def test_a_fresh_process_is_given_its_sources_and_has_to_answer(opened):
    given = []
    side = FarSide()
    side.sources = lambda number, operation, arguments: given.append(arguments) or frame([number, "ok", None])
    conversation = Conversation(side.client, Limits(), PLACES, (), 1)
    conversation._start(SOURCES, ["q1"])
    ((files, stems),) = given
    assert bytes(files["q1"]).decode() == SOURCES["q1"] and stems == ["q1"]
    conversation._end()
    side.sources = ok("no", "unsendable")
    with pytest.raises(WallBroken):
        conversation._start(SOURCES, ["q1"])
    conversation._end()
    side.close()


def test_what_the_code_raised_is_that_builtin_type_and_nothing_of_its_own(opened):
    report = {"type": "ValueError", "name": "ValueError", "text": "x", "lines": [["q1.py", 2]]}
    conversation = opened(ok(report, "raised"))
    failure = failed(ValueError, conversation)
    assert failure.message.key == "check.error" and failure.message.values["where"] == "q1.py, line 2"
    assert conversation.process is not None, "who raises goes on"


@pytest.mark.parametrize(
    "said",
    [
        lambda number, *_: frame([number + 1, "ok", 5]),
        lambda number, *_: frame([True, "ok", 5]),
        lambda number, *_: frame([number, "made up", 5]),
        lambda number, *_: frame([number, "ok"]),
        lambda number, *_: frame("ok"),
        lambda number, *_: [b"\xff" * 100],
        lambda number, *_: [b"\x00\x00\x00\x04" + b"\xff" * 8],
    ],
)
def test_an_answer_that_no_honest_process_gives_ends_it(opened, said):
    conversation = opened(said)
    assert failed(StudentRaised, conversation).message.key == "check.reply"
    assert conversation.process is None and conversation.far.operations() == ["open", "end"]
    with pytest.raises(RuntimeError):
        call(conversation)


def test_what_cannot_be_sent_back_is_told_and_the_process_goes_on(opened):
    conversation = opened(ok("a generator " + "x" * 500, "unsendable"))
    message = failed(StudentRaised, conversation).message
    assert message.key == "check.reply" and len(message.values["reason"]) == 200 and conversation.process is not None


@pytest.mark.parametrize(
    "status, kind, key, outcome",
    [
        (128 + signal.SIGSEGV, Crashed, "check.crashed", Outcome.CRASHED),
        (128 + signal.SIGKILL, Crashed, "check.ended", Outcome.CRASHED),
        (128 + signal.SIGXCPU, TimedOut, "check.timeout", Outcome.TIMEOUT),
        (128 + 100, Crashed, "check.crashed", Outcome.CRASHED),
        (0, Crashed, "check.ended", Outcome.CRASHED),
        (3, Crashed, "check.ended", Outcome.CRASHED),
    ],
)
def test_a_process_that_ends_says_how(opened, status, kind, key, outcome):
    conversation = opened(lambda *_: None, status)
    failure = failed(kind, conversation)
    assert (failure.message.key, failure.outcome) == (key, outcome) and not conversation.steady
    if status == 128 + signal.SIGSEGV:
        assert failure.message.values["reason"] == "SIGSEGV"


def test_who_does_not_answer_in_time_is_ended_and_soon_not_asked_any_more(opened):
    conversation = opened(lambda *_: [])
    for _ in range(TIMEOUTS_A_TARGET):
        conversation._in_time("q1.f")
        assert failed(TimedOut, conversation, seconds=0.02).message.key == "check.timeout"
        assert conversation.process is None and not conversation.steady
        conversation._start(SOURCES, ["q1"])
    with pytest.raises(TimedOut) as caught:
        conversation._in_time("q1.f")
    assert caught.value.message.key == "check.timeout_skipped"
    conversation._in_time("q1.g")


def test_questions_share_the_time_and_what_one_uses_up_no_other_lacks(opened):
    conversation = opened()
    assert conversation.share == 30 and 0 < conversation._left() <= 30
    conversation.earlier += 31
    with pytest.raises(TimedOut) as caught:
        conversation._in_time("q1.f")
    assert caught.value.message.key == "result.time_up" and not conversation.steady
    conversation._begin()
    assert conversation.steady and conversation._left() > 0


def test_a_process_that_saw_a_hidden_input_is_not_asked_with_public_ones(opened):
    conversation = opened(ok(1))
    with conversation.public():
        call(conversation)
        conversation._clean()
        assert conversation.process is not None, "it has seen public inputs alone"
    call(conversation)
    conversation._clean()
    assert conversation.process is not None
    with conversation.public():
        conversation._clean()
    assert conversation.process is None and conversation.hides


def test_a_value_that_has_no_form_on_the_wire_is_not_sent(opened):
    conversation = opened()
    with pytest.raises(StudentRaised):
        conversation._request("call", [object()], "q1.f", 5.0)
    assert conversation.process is not None


@pytest.mark.parametrize("source", ["", "x = 1\n", "# متن\n", "lone \udcff"])
def test_a_source_is_bytes_that_may_be_sent(source):
    found = as_bytes(source)
    assert found.dtype == np.uint8 and bytes(found) == source.encode("utf-8", "replace")
