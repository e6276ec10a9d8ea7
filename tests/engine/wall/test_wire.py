"""The format that crosses the wall: honest values come through as they are, hostile bytes come to nothing."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.wall.shared import wire


def crossed(value, opaque=None):
    prefix, header, *arrays = wire.encode(value, opaque)
    payload = b"".join(arrays)
    assert wire.lengths(prefix, 1 << 30) == (len(header), len(payload))
    return wire.decode(header, payload)


def exactly_same(a, b) -> bool:
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, float):
        return a == b or (math.isnan(a) and math.isnan(b))
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(exactly_same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(exactly_same(a[key], b[key]) for key in a)
    return a == b


texts = st.text(st.characters(exclude_categories=["Cs"]))
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts
arrays = hnp.arrays(st.sampled_from(list(wire.DTYPES.values())), hnp.array_shapes(min_dims=0, min_side=0, max_side=4))
plain = st.recursive(
    scalars | arrays,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(texts, inner),
    max_leaves=12,
)


@given(plain)
def test_plain_data_comes_through_as_it_is(value):
    assert exactly_same(crossed(value), value)


@pytest.mark.parametrize("honest, plain_value", [(np.int64(1216), 1216), (np.float32(0.5), 0.5), (np.bool_(True), True)])
def test_numpy_scalars_become_builtins(honest, plain_value):
    came = crossed(honest)
    assert type(came) is type(plain_value) and came == plain_value


def test_subclasses_come_through_as_their_base():
    class Yes(int):
        def __eq__(self, other):
            return True

        __hash__ = int.__hash__

    came = crossed((Yes(3), [Yes(4)]))
    assert came == (3, [4]) and type(came[0]) is int


def test_an_object_stays_where_it_is_and_only_its_name_crosses():
    came = crossed([object()], lambda value: wire.Opaque(type(value).__name__, 7))
    assert came == [wire.Opaque("object", 7)]


@pytest.mark.parametrize(
    "value",
    [{1: 2}, object(), np.array([object()], dtype=object), np.array(["text"]), {"a": {2: 3}}],
    ids=["int key", "object", "object array", "text array", "inner int key"],
)
def test_what_is_no_plain_data_is_refused(value):
    with pytest.raises(wire.WireError):
        wire.encode(value)


def test_values_that_refer_to_themselves_are_refused():
    loop: list = []
    loop.append(loop)
    with pytest.raises(wire.WireError):
        wire.encode(loop)


def test_a_long_integer_is_named_not_sent():
    assert crossed(10**899) == 10**899
    assert isinstance(crossed(10**100_000), wire.Opaque)


HOSTILE = {
    "not JSON": b"{",
    "not UTF-8": b'"\xff"',
    "nested deep": b"[" * 100_000 + b"]" * 100_000,
    "nested past the cap": b"[" * 40 + b"]" * 40,
    "long integer": b"9" * 5_000,
    "integer past 63 bits": b"9223372036854775808",
    "nan": b"NaN",
    "huge float": b"1e999",
    "two tags": b'{"t": [], "d": []}',
    "no tag": b"{}",
    "unknown tag": b'{"pickle": "gASV"}',
    "key twice": b'{"d": [["a", 1], ["a", 2]]}',
    "key not text": b'{"d": [[1, 2]]}',
    "bad digits": b'{"i": "12x"}',
    "foreign digits": '{"i": "۱۲"}'.encode(),
    "too many digits": b'{"i": "' + b"1" * 2_000 + b'"}',
    "float by name": b'{"f": "1.0"}',
    "unknown dtype": b'{"a": ["object", [1], 0]}',
    "dtype by attribute": b'{"a": ["fromfile", [1], 0]}',
    "negative shape": b'{"a": ["int8", [-1], 0]}',
    "boolean shape": b'{"a": ["int8", [true], 0]}',
    "overflowing shape": b'{"a": ["int64", [1099511627775, 1099511627775, 4], 0]}',
    "beyond the buffer": b'{"a": ["float64", [3], 0]}',
    "offset elsewhere": b'{"a": ["int8", [1], 5]}',
    "33 dimensions": b'{"a": ["int8", [' + b",".join([b"1"] * 33) + b"], 0]}",
}


@pytest.mark.parametrize("header", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_header_is_refused(header):
    with pytest.raises(wire.WireError):
        wire.decode(header, b"\0" * 16)


def test_bytes_that_belong_to_nothing_are_refused():
    with pytest.raises(wire.WireError):
        wire.decode(b"1", b"extra")


def test_a_frame_that_claims_4_gib_is_refused_before_it_is_read():
    with pytest.raises(wire.WireError):
        wire.lengths(wire.PREFIX.pack(10, 1 << 32), 1 << 25)
    with pytest.raises(wire.WireError):
        wire.lengths(wire.PREFIX.pack((1 << 32) - 1, 0), 1 << 25)


@given(st.binary(max_size=200), st.binary(max_size=64))
def test_any_bytes_give_a_value_or_a_refusal(header, payload):
    try:
        wire.decode(header, payload)
    except wire.WireError:
        pass


@given(plain, st.data())
def test_a_damaged_frame_gives_a_value_or_a_refusal(value, data):
    _, header, *arrays = wire.encode(value)
    damaged = bytearray(header)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        wire.decode(bytes(damaged), b"".join(arrays))
    except wire.WireError:
        pass
