"""The trusted end of a channel: whole answers, in time, none unasked, and together no more than a submission may send."""

import os
import socket

import numpy as np
import pytest

from autograder.wall.channel import HEADER_COSTS, Budget, Channel
from autograder.wall.own_time import Allowance, OwnTime
from autograder.wall.shared import wire


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    with theirs:
        channel = Channel(ours, 1 << 20, Budget(1))
        yield channel, theirs
        channel.close()


def allowed(seconds=30.0):
    return Allowance(OwnTime(os.getpid()), seconds)


def answer(theirs, *values):
    theirs.sendall(b"".join(bytes(piece) for value in values for piece in wire.encode(value)))


def test_what_is_sent_arrives_and_what_is_answered_comes_back(ends):
    channel, theirs = ends
    channel.send([wire.encode([1, "call"]), wire.encode("two")], allowed())
    assert theirs.recv(1 << 16) == b"".join(bytes(piece) for value in ([1, "call"], "two") for piece in wire.encode(value))
    answer(theirs, [1, "ok", 5], [2, "ok", 6])
    assert [channel.receive(allowed()) for _ in range(2)] == [[1, "ok", 5], [2, "ok", 6]]


def test_an_answer_before_its_request_is_nobodys(ends):
    channel, theirs = ends
    answer(theirs, [1, "ok", 5])
    with pytest.raises(wire.WireError, match="nobody asked"):
        channel.send([wire.encode("request")], allowed())


def test_a_second_answer_to_one_request_is_noticed_before_the_next(ends):
    channel, theirs = ends
    channel.send([wire.encode("request")], allowed())
    answer(theirs, "first", "second")
    assert channel.receive(allowed()) == "first"
    with pytest.raises(wire.WireError, match="more than one answer"):
        channel.send([wire.encode("request")], allowed())


@pytest.mark.parametrize(
    "does", [lambda channel: channel.send([wire.encode(1)], allowed()), lambda channel: channel.receive(allowed())]
)
def test_the_end_of_the_process_is_an_end(ends, does):
    channel, theirs = ends
    theirs.close()
    with pytest.raises(ConnectionError):
        does(channel)


def test_whoever_does_not_answer_in_time_is_not_waited_for(ends):
    channel, theirs = ends
    theirs.sendall(wire.encode("half")[0])
    with pytest.raises(TimeoutError):
        channel.receive(allowed(0.01))


def test_whoever_does_not_read_is_not_waited_for(ends):
    channel, _ = ends
    with pytest.raises(TimeoutError):
        channel.send([wire.encode(np.zeros(1 << 19))], allowed(0.01))


def test_answers_together_are_bounded_before_they_are_read(ends):
    channel, theirs = ends
    large = np.zeros(700_000, np.uint8)
    answer(theirs, "small")
    assert channel.receive(allowed()) == "small"
    theirs.setblocking(False)
    channel.budget = Budget(1)
    channel.budget.take(0, 600_000)
    theirs.send(bytes(wire.encode(large)[0]))
    with pytest.raises(wire.WireError, match="more than 1 MB"):
        channel.receive(allowed())


def test_a_header_costs_what_it_may_become_in_memory():
    budget = Budget(1)
    budget.take(1000, 48_576)
    assert budget.left == (1 << 20) - 1000 * HEADER_COSTS - 48_576
    budget.take(0, budget.left)
    assert budget.left == 0
    with pytest.raises(wire.WireError):
        budget.take(0, 1)
    with pytest.raises(wire.WireError):
        Budget(1).take((1 << 20) // HEADER_COSTS + 1, 0)
