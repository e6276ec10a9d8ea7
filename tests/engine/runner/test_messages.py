"""What the coordinator and its workers say to each other arrives whole, in order, and of its type."""

import socket
import threading

import msgspec
import pytest

from autograder.model import Fingerprint, QuestionOutcome, Submission
from autograder.runner.messages import Done, Failed, Ready, Reply, Task, receive, send


@pytest.fixture
def ends():
    one, other = socket.socketpair()
    with one, other:
        yield one, other


TASK = Task(
    Submission("ada", files={"q1.py": b"\x00\xff"}), Fingerprint("s", "h", "o", "c", "e"), {"q1": QuestionOutcome("q1", "A")}
)


@pytest.mark.parametrize(
    "message, kind",
    [
        (TASK, Task),
        (Ready({"q1.code.f": "test_q1.py:3"}), Reply),
        (Failed("why", "where", "todo", fatal=True), Reply),
        (Done(msgspec.Raw(msgspec.msgpack.encode({"a": 1}))), Reply),
    ],
)
def test_a_message_arrives_as_it_was_sent(ends, message, kind):
    send(ends[0], message)
    arrived = receive(ends[1], kind)
    assert type(arrived) is type(message) and msgspec.msgpack.encode(arrived) == msgspec.msgpack.encode(message)


def test_messages_arrive_one_by_one_in_order(ends):
    for why in ("first", "", "third"):
        send(ends[0], Failed(why))
    assert [receive(ends[1], Reply).why for _ in range(3)] == ["first", "", "third"]


def test_what_is_encoded_already_is_passed_on_as_it_is(ends):
    send(ends[0], msgspec.Raw(msgspec.msgpack.encode(Failed("why"))))
    assert receive(ends[1], Reply) == Failed("why")


def test_a_message_that_comes_in_pieces_is_put_together(ends):
    large = Task(Submission("ada", files={"a": bytes(range(256)) * 12_000}), TASK.fingerprint)  # 3 MB, beyond any buffer
    sender = threading.Thread(target=send, args=(ends[0], large))
    sender.start()
    assert receive(ends[1], Task) == large
    sender.join(10)


@pytest.mark.parametrize("cut", [0, 3, 8, 12])
def test_the_end_of_the_other_side_is_an_end_wherever_it_comes(ends, cut):
    data = msgspec.msgpack.encode(Failed("why"))
    ends[0].sendall((len(data).to_bytes(8, "big") + data)[:cut])
    ends[0].close()
    with pytest.raises(EOFError):
        receive(ends[1], Reply)


def test_a_message_of_another_kind_is_refused(ends):
    send(ends[0], Ready({}))
    with pytest.raises(msgspec.ValidationError):
        receive(ends[1], Task)


def test_whoever_sends_to_nobody_is_told(ends):
    ends[1].close()
    with pytest.raises(OSError):
        send(ends[0], TASK)
