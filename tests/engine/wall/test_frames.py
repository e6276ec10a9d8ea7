"""Frames out of a stream, wherever it is cut: each whole, none larger than its cap, and nothing lost that came behind."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.wall.shared import wire
from autograder.wall.shared.frames import Incoming

VALUES = [None, "متن", [1, {"a": np.arange(5.0)}], "x" * 70_000, np.zeros((30, 100))]


def stream(*values):
    return b"".join(bytes(piece) for value in values for piece in wire.encode(value))


def reading(data, sizes):
    """``read`` of an Incoming: the bytes in pieces of these sizes, then ConnectionError."""
    left, sizes = memoryview(data), iter(sizes)

    def read(memory):
        nonlocal left
        if not left:
            raise ConnectionError
        size = min(next(sizes, len(memory)), len(memory), len(left))
        memory[:size] = left[:size]
        left = left[size:]
        return size

    return read


def same(one, other):
    if isinstance(one, np.ndarray):
        return np.array_equal(one, other)
    if isinstance(one, list):
        return all(map(same, one, other))
    if isinstance(one, dict):
        return all(same(one[key], other[key]) for key in one)
    return one == other


@settings(max_examples=40)
@given(st.lists(st.integers(1, 40), max_size=30))
def test_frames_come_whole_and_in_order_wherever_the_stream_is_cut(sizes):
    incoming, read = Incoming(1 << 20), reading(stream(*VALUES), sizes)
    assert all(same(value, wire.decode(*incoming.frame(read))) for value in VALUES)
    with pytest.raises(ConnectionError):
        incoming.frame(read)


def test_what_came_behind_a_frame_is_kept_for_the_next_call():
    incoming, read = Incoming(1 << 20), reading(stream("one", "two"), [])
    assert wire.decode(*incoming.frame(read)) == "one" and incoming.early
    assert wire.decode(*incoming.frame(lambda memory: pytest.fail("there is nothing to read"))) == "two"
    assert not incoming.early


def test_a_frame_larger_than_its_cap_is_refused_before_anything_of_it_is_read():
    data = wire.PREFIX.pack(10, 1 << 40)
    with pytest.raises(wire.WireError):
        Incoming(1 << 20).frame(reading(data, []))
    with pytest.raises(wire.WireError):
        Incoming(1 << 20).frame(reading(wire.PREFIX.pack(wire.MAX_HEADER + 1, 0), []))


def test_whoever_admits_a_frame_is_told_its_lengths_first():
    def admit(header, payload):
        raise wire.WireError(f"{payload} is too much")

    with pytest.raises(wire.WireError, match="8000 is too much"):
        Incoming(1 << 20).frame(reading(stream(np.zeros(1000))[: wire.PREFIX.size], []), admit)


def test_a_frame_that_ends_in_the_middle_is_an_end():
    with pytest.raises(ConnectionError):
        Incoming(1 << 20).frame(reading(stream("hello")[:-1], []))


def test_each_payload_has_memory_of_its_own():
    incoming, read = Incoming(1 << 20), reading(stream(np.zeros(4), np.ones(4)), [])
    first, second = (wire.decode(*incoming.frame(read)) for _ in range(2))
    assert first.tolist() == [0.0] * 4 and second.tolist() == [1.0] * 4
