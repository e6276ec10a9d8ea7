"""Inputs out of a corpus: seeds with a few changes each, the same for the same random numbers."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

MOST = 1 << 16  # bytes of an input
NUMBERS = (b"0", b"-1", b"255", b"65536", b"2147483648", b"9223372036854775808", b"1e999", b"9" * 400, b"0x" + b"f" * 5000)
BYTES = (0, 1, 9, 10, 32, 34, 39, 44, 46, 91, 92, 93, 123, 125, 127, 128, 192, 216, 254, 255)


def mutated(seed: bytes, corpus: Sequence[bytes], random: Random, most: int = MOST) -> bytes:
    """A seed with one to eight changes, at most ``most`` bytes long."""
    data = seed
    for _ in range(random.choice((1, 1, 2, 3, 8))):
        data = random.choice(CHANGES)(data, corpus, random)[:most]
    return data


def _slice(data: bytes, random: Random, longest: int) -> tuple[int, int]:
    start = random.randint(0, len(data))
    return start, min(len(data), start + random.randint(1, longest))


def flip(data: bytes, corpus: Sequence[bytes], random: Random) -> bytes:
    start, end = _slice(data, random, 1)
    return data[:start] + bytes(one ^ 1 << random.randrange(8) for one in data[start:end]) + data[end:]


def put(data: bytes, corpus: Sequence[bytes], random: Random) -> bytes:
    start, end = _slice(data, random, random.choice((1, 4)))
    return data[:start] + bytes(random.choice(BYTES) for _ in range(random.randint(0, 4))) + data[end:]


def number(data: bytes, corpus: Sequence[bytes], random: Random) -> bytes:
    digits = [at for at, one in enumerate(data[:4096]) if 48 <= one <= 57]
    if not digits:
        return put(data, corpus, random)
    at = random.choice(digits)
    return data[:at] + random.choice(NUMBERS) + data[at + 1 :]


def drop(data: bytes, corpus: Sequence[bytes], random: Random) -> bytes:
    start, end = _slice(data, random, random.choice((1, 8, 200)))
    return data[:start] + data[end:]


def cut(data: bytes, corpus: Sequence[bytes], random: Random) -> bytes:
    return data[: random.randint(0, len(data))]


def splice(data: bytes, corpus: Sequence[bytes], random: Random) -> bytes:
    other = random.choice(corpus)
    start, end = _slice(other, random, random.choice((8, 64, 4096)))
    at, to = _slice(data, random, random.choice((1, 8, 64)))
    return data[:at] + other[start:end] + data[random.choice((at, to)) :]


def again(data: bytes, corpus: Sequence[bytes], random: Random) -> bytes:
    """A piece many times over: what finds work that grows with the square of its input, and recursion."""
    start, end = _slice(data, random, random.choice((1, 2, 8, 32)))
    piece = data[start:end]
    times = random.choice((2, 10, 300, 3000, MOST))
    return data[:start] + piece * min(times, MOST // (len(piece) or 1)) + data[end:]


CHANGES = (flip, put, put, number, drop, cut, splice, splice, again)
