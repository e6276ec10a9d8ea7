"""The process that reads hand-ins for the coordinator: it answers as reading here would, and outlives what a hand-in does to it."""

import os
import signal
import socket

import pytest

from autograder.runner import reader_process
from autograder.runner.messages import Read
from autograder.runner.reader import Reader
from tests.engine.runner.here import HASHES, Here, hand_in, outcome


@pytest.fixture
def reader(course):
    with Reader(course, HASHES) as one:
        yield one


def test_it_answers_as_reading_here_would(reader, course):
    assert reader.read(hand_in()) == Here(course).read(hand_in())
    assert reader.record(hand_in(), (outcome(),)) == Here(course).record(hand_in(), (outcome(),))


@pytest.mark.parametrize("trouble", ["time", "memory", "error"])
def test_a_hand_in_that_hits_a_limit_is_not_known_and_the_next_is_read(reader, course, monkeypatch, trouble):
    read, want = reader_process.read, Here(course).read(hand_in())

    def slow(wanted, *args):
        while wanted.submission.id == "eve" and trouble == "time":
            pass
        hoard = [bytes(1 << 20)] if wanted.submission.id == "eve" and trouble == "memory" else []
        while hoard:
            hoard.append(bytes(1 << 20))
        assert wanted.submission.id != "eve"
        return read(wanted, *args)

    monkeypatch.setattr(reader_process, "read", slow)
    monkeypatch.setattr(reader_process, "SECONDS", 1)
    assert reader.read(hand_in("eve")) is None
    assert reader.read(hand_in("bob")) == want


def test_a_reader_that_is_killed_is_replaced(reader, course):
    want = reader.read(hand_in())
    os.kill(reader.pid, signal.SIGKILL)
    assert reader.read(hand_in()) is None, "its worker will read it"
    assert reader.read(hand_in()) == want


def test_it_holds_nothing_that_the_coordinator_has_open(course, tmp_path, monkeypatch):
    """A hand-in that took its reader over would find neither the gradebook nor the workers' sockets there."""

    def open_files(wanted, *_):
        links = [os.path.join("/proc/self/fd", name) for name in os.listdir("/proc/self/fd")]
        return Read(texts={name: os.readlink(name) for name in links if os.path.exists(name)})

    monkeypatch.setattr(reader_process, "read", open_files)
    with open(tmp_path / "gradebook.sqlite", "w"), socket.socketpair()[0] as workers, Reader(course, HASHES) as reader:
        ours = os.readlink(f"/proc/self/fd/{workers.fileno()}")
        held = {*reader.read(hand_in()).texts.values()}
    assert held and not [name for name in held if "gradebook" in name or name == ours]
