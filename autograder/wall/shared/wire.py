"""The format that crosses the wall: plain data as JSON with tags, arrays as raw buffers behind it. No pickle.

A frame is ``header length (4 bytes) · payload length (8 bytes) · header · payload``, big endian. The header is one JSON
value, with blanks behind it that let the payload begin at a multiple of 16. Null, booleans, strings, finite floats and integers
below 2**63 stand for themselves, a JSON list is a list, and an object has exactly one key, its tag::

    {"t": [...]}  tuple        {"d": [[key, value], ...]}  dict with str keys       {"i": "-123"}  long integer
    {"f": "nan"}  nan, inf     {"a": [dtype, [shape], offset]}  array in the payload
    {"o": [type name, handle or null]}  an object that is no plain data: only its type's name, and a number to ask for it

Both sides encode; the trusted side trusts nothing of what it decodes: sizes, depth, integer length, dtypes and the fit of
shape to buffer are checked before anything is built, and what is built has exactly builtin types (or ``numpy.ndarray``).
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

MAX_HEADER = 1 << 20
MAX_DEPTH = 32
MAX_ITEMS = 100_000
MAX_DIGITS = 1_000
MAX_DIMENSIONS = 8
ALIGNED = 16
SMALL = 1 << 16  # bytes that are worth a copy to be sent in one piece
PREFIX = struct.Struct(">IQ")
DTYPES = {
    name: np.dtype(name)
    for name in (
        "bool",
        "int8",
        "int16",
        "int32",
        "int64",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
        "float16",
        "float32",
        "float64",
        "complex64",
        "complex128",
    )
}
NAMES = {dtype: name for name, dtype in DTYPES.items()}


# What a module may be asked: the methods of ``handle.ModuleHandle``, whose file imports torch.
METHODS = (
    *("__call__", "forward", "train", "eval", "double", "shapes", "parameters", "buffers", "load", "gradients"),
    "order_of_use",
)

Piece = bytes | memoryview


class WireError(Exception):
    """Bytes that are not a frame, or a value that does not fit into one."""


@dataclass(frozen=True)
class Opaque:
    """An object that stayed on the other side: its type's name and, where it can be asked for things, its handle."""

    type: str
    handle: int | None = None


def encode(value: Any, opaque: Callable[[Any], Opaque] | None = None) -> list[Piece]:
    """The frame of a value, as pieces to be written in order. ``opaque`` replaces an object that is not plain data.

    An array's piece is its own memory, which must not change before it is written.
    """
    arrays: list[memoryview] = []
    header = msgspec.json.encode(_Encoder(arrays, opaque).plain(value, 0))
    if len(header) > MAX_HEADER - ALIGNED:
        raise WireError("the value is too large")
    if arrays:
        header += b" " * (-(PREFIX.size + len(header)) % ALIGNED)
    return [PREFIX.pack(len(header), sum(map(len, arrays))), header, *arrays]


def packed(pieces: Sequence[Piece]) -> list[Piece]:
    """The same bytes in as few pieces as are worth a copy: each is a system call, and wakes the other side."""
    whole: list[Piece] = []
    small: list[Piece] = []
    for piece in pieces:
        if len(piece) >= SMALL:
            whole += [b"".join(small), piece] if small else [piece]
            small = []
        else:
            small.append(piece)
    return [*whole, b"".join(small)] if small else whole


class _Encoder:
    def __init__(self, arrays: list[memoryview], opaque: Callable[[Any], Opaque] | None):
        self.arrays, self.opaque, self.offset, self.items = arrays, opaque, 0, 0

    def plain(self, value: Any, depth: int) -> Any:
        self.items += 1
        if depth > MAX_DEPTH or self.items > MAX_ITEMS:
            raise WireError("the value is nested too deeply or has too many items")
        if value is None or type(value) is bool:
            return value
        if type(value) is int and -(2**63) <= value < 2**63:  # most values are
            return value
        if isinstance(value, Opaque):
            return {"o": [value.type[:200], value.handle]}
        if isinstance(value, (int, np.integer)):
            return self.integer(int.__index__(value) if isinstance(value, int) else int(value))
        if isinstance(value, (float, np.floating)):
            number = float.__float__(value) if isinstance(value, float) else float(value)
            return number if math.isfinite(number) else {"f": repr(number)}
        if isinstance(value, np.bool_):
            return bool(value)
        if isinstance(value, str):
            return str.encode(value, "utf-8", "replace").decode()
        if isinstance(value, list):
            return [self.plain(item, depth + 1) for item in list.__iter__(value)]
        if isinstance(value, tuple):
            return {"t": [self.plain(item, depth + 1) for item in tuple.__iter__(value)]}
        if isinstance(value, dict) and all(type(key) is str for key in dict.__iter__(value)):
            return {"d": [[key, self.plain(item, depth + 1)] for key, item in dict.items(value)]}
        if isinstance(value, np.ndarray) and value.dtype in NAMES and value.ndim <= MAX_DIMENSIONS:
            return self.array(np.ascontiguousarray(np.asarray(value)).reshape(value.shape))
        if self.opaque is None:
            raise WireError(f"a {type(value).__name__} is no plain data")
        return self.plain(self.opaque(value), depth)

    def integer(self, value: int) -> Any:
        if -(2**63) <= value < 2**63:
            return value
        if value.bit_length() > 3 * MAX_DIGITS:
            return {"o": ["int of more than 900 digits", None]}
        return {"i": str(value)}

    def array(self, value: np.ndarray) -> Any:
        data = value.reshape(-1).view(np.uint8).data  # no copy
        offset, self.offset = self.offset, self.offset + len(data)
        self.arrays.append(data)
        return {"a": [NAMES[value.dtype], list(value.shape), offset]}


def lengths(prefix: bytes, max_payload: int) -> tuple[int, int]:
    """Header and payload length that a frame's first twelve bytes announce. Raises WireError over the caps."""
    header, payload = PREFIX.unpack(prefix)
    if header > MAX_HEADER or payload > max_payload:
        raise WireError(f"a reply of {header + payload} bytes is too large")
    return header, payload


def decode(header: Piece, payload: Piece) -> Any:
    """The value of a frame. Raises WireError for anything that ``encode`` would not have written."""
    try:
        raw = msgspec.json.decode(header)
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        raise WireError(f"not a frame: {error}") from None
    decoder = _Decoder(payload)
    value = decoder.value(raw, 0)
    if decoder.offset != len(payload):
        raise WireError("bytes that belong to no array")
    return value


class _Decoder:
    def __init__(self, payload: Piece):
        self.payload, self.offset, self.items = payload, 0, 0

    def value(self, raw: Any, depth: int) -> Any:
        self.items += 1
        if depth > MAX_DEPTH or self.items > MAX_ITEMS:
            raise WireError("nested too deeply or too many items")
        if raw is None or type(raw) in (bool, str):
            return raw
        if type(raw) is int:
            if -(2**63) <= raw < 2**63:
                return raw
            raise WireError("an integer too long to stand for itself")
        if type(raw) is float:
            if math.isfinite(raw):
                return raw
            raise WireError("a float that is not finite")
        if type(raw) is list:
            return [self.value(item, depth + 1) for item in raw]
        if type(raw) is dict and len(raw) == 1:
            ((tag, inner),) = raw.items()
            return self.tagged(tag, inner, depth)
        raise WireError("an object without exactly one tag")

    def tagged(self, tag: str, inner: Any, depth: int) -> Any:
        match tag, inner:
            case "t", list():
                return tuple(self.value(item, depth + 1) for item in inner)
            case "d", list():
                pairs = [self.pair(item, depth + 1) for item in inner]
                if len(dict(pairs)) != len(pairs):
                    raise WireError("a key given twice")
                return dict(pairs)
            case "i", str() if len(inner) <= MAX_DIGITS and inner.removeprefix("-").isascii():
                if inner.removeprefix("-").isdigit():
                    return int(inner)
            case "f", "nan" | "inf" | "-inf":
                return float(inner)
            case "a", [str(name), list(shape), int(offset)] if name in DTYPES and type(offset) is int:
                return self.array(DTYPES[name], shape, offset)
            case "o", [str(name), None] if len(name) <= 200:
                return Opaque(name)
            case "o", [str(name), int(handle)] if len(name) <= 200 and type(handle) is int and 0 <= handle < 2**63:
                return Opaque(name, handle)
        raise WireError(f"no such value: {tag[:20]!r}")

    def pair(self, raw: Any, depth: int) -> tuple[str, Any]:
        if type(raw) is not list or len(raw) != 2 or type(raw[0]) is not str:
            raise WireError("a dict item that is no pair")
        return raw[0], self.value(raw[1], depth)

    def array(self, dtype: np.dtype, shape: list, offset: int) -> np.ndarray:
        if len(shape) > MAX_DIMENSIONS or not all(type(size) is int and 0 <= size < 2**40 for size in shape):
            raise WireError("an array of impossible shape")
        count = math.prod(shape)
        size = count * dtype.itemsize
        if offset != self.offset or size > len(self.payload) - offset:
            raise WireError("an array that does not fit its buffer")
        self.offset += size
        array = np.frombuffer(self.payload, dtype, count, offset).reshape(shape)
        return array if array.flags.behaved else array.copy()
