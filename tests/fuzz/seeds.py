"""The committed seeds of each target, and inputs made of them without a guide."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.fuzz.mutate import MOST, mutated

# Bytes of an input: tomllib is slow, and of a recipe a few hundred make as many entries as there may be.
LONGEST = {
    "sheet": 1 << 13,
    "packed": 1 << 10,
    "download": 1 << 12,
    "folder": 1 << 10,
    "feedback": 1 << 10,
    "report": 1 << 11,
}
CORPUS = Path(__file__).parent / "corpus"


def seeds(target: str) -> list[bytes]:
    """Every file of a target's corpus, in order of names."""
    return [path.read_bytes() for path in sorted((CORPUS / target).iterdir())]


def longest(target: str) -> int:
    return LONGEST.get(target, MOST)


def inputs_of(target: str, count: int, seed: int) -> Iterator[bytes]:
    """The seeds as they are, then changed ones, ``count`` in all; a change may start from an earlier one."""
    corpus = seeds(target)
    yield from corpus[:count]
    random = Random(seed)
    pool = [*corpus, *corpus]  # without a guide, any change may lead on: the second half fills with them
    for _ in range(count - len(corpus)):
        data = mutated(random.choice(pool), corpus, random, longest(target))
        if random.random() < 0.1:
            pool[random.randrange(len(corpus), len(pool))] = data
        yield data
