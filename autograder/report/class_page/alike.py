"""Work that is alike, as facts: the same unusual wrong numbers, the same source but for names and layout.

Nothing here says why. Two people may have worked together as they were told to, or read the same page. Members of one group
are not compared with each other. Time and memory are linear in the class: pairs are formed only of what few have in common,
within a budget; what many have is one group without pairs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations
from math import log2

from autograder.model import Outcome, PartResult, Result
from autograder.report.class_page.source_units import units
from autograder.report.class_page.sources import NOTEBOOK
from autograder.text import line, shorten

UNUSUAL = 0.1  # what more than this share of the class has in common proves nothing
LEAST_BITS = 8.0  # how rare the shared numbers must be together, each counting log2(class / those who gave it)
LEAST_TOKENS = 60  # shorter functions come out alike by themselves
LONG_TOKENS = 100  # as long as this they do not, however many have the same
PAIRED = 20  # what more than this many have is reported as one group, without pairs
BUDGET = 200_000  # how often a pair is met, over all that pairs share; the rarest things come first
CROWDS = 60  # things that many have, the weightiest first
SAME_CROWD = 0.5  # two things are reported together if this share of those who have either have both


@dataclass(frozen=True)
class Shared:
    """One thing that several have in common, and how many of the class have it."""

    what: str  # a part's id, or "q3_unet.py: UNet"
    value: str  # the number given, or how many tokens the source is long
    count: int


@dataclass(frozen=True)
class Alike:
    """Submissions with ``shared`` in common: all of it where they are few, most of it where they are ``many``."""

    ids: tuple[str, ...]
    shared: tuple[Shared, ...]
    weight: float  # only orders the list
    many: bool = False


def unexplained(result: Result) -> list[PartResult]:
    """The numbers of a sheet that are wrong, and that neither a misconception nor an earlier answer explains."""
    explained = {diagnosis.part for diagnosis in result.diagnoses if not diagnosis.guess}
    return [
        part
        for part in result.parts
        if part.kind == "numbers"
        and part.outcome not in (Outcome.PASSED, Outcome.NOT_ATTEMPTED, Outcome.UNREAD, Outcome.AWAITING)
        and part.came
        and part.id not in explained
        and not any(message.key == "follow.credit" for message in part.messages)
    ]


def value(part: PartResult) -> str:
    """A student's number in one form: 416.0 is 416, spaces do not count, and nothing in it is a control character."""
    text = re.sub(r"(?<![\w.])(\d+)\.0*(?![\w.])", r"\1", line(part.came))
    return shorten(re.sub(r"\s*,\s*", ", ", text), 60)


def group_mates(result: Result) -> str:
    """The group that a submission was handed in by, as the learning platform names it; empty where it names none."""
    group = next((message.values for message in result.messages if message.key == "intake.group"), None)
    return "" if group is None else f"{group.get('folder')}\0{group.get('names')}"


def from_numbers(
    holders: Mapping[tuple[str, str], list[str]], count: int, mates: Mapping[str, str] | None = None
) -> list[Alike]:
    """Groups with at least two unusual wrong numbers in common that nothing explains, the rarest first.

    ``holders`` is (part, value) -> the ids of those who gave it, in a class of ``count``; ``mates`` id -> group.
    """
    holders = {key: ids for key, ids in holders.items() if len(ids) <= max(2, UNUSUAL * count)}
    things = {key: Shared(*key, len(ids)) for key, ids in holders.items()}
    weights = {key: log2(count / len(ids)) for key, ids in holders.items()}
    groups = [*_few(holders, things, weights, count, mates or {}), *_many(holders, things, weights, count)]
    return [group for group in groups if len(group.shared) > 1 and group.weight >= LEAST_BITS]


def sources(
    texts: Mapping[str, Mapping[str, str]] | Iterable[tuple[str, Mapping[str, str]]],
    stubs: Mapping[str, str],
    mates: Mapping[str, str] | None = None,
) -> list[Alike]:
    """Groups whose functions or classes are the same but for comments, layout, names and texts, the longest first.

    ``texts`` is id -> file's name -> Python source, a notebook's cells as one, whole or one submission after the other;
    ``stubs`` the handed-out sources, of which nothing counts; ``mates`` id -> group.
    """
    handed_out = {_digest(unit) for source in stubs.values() for unit in units(source).values()}
    holders: dict[bytes, list[str]] = {}
    things: dict[bytes, tuple[str, int]] = {}
    count = 0
    for count, (id, files) in enumerate(texts.items() if isinstance(texts, Mapping) else texts, 1):  # noqa: B007
        own: set[bytes] = set()
        for file, source in files.items():
            for name, tokens in units(source).items():
                if len(tokens) < LEAST_TOKENS:
                    continue
                key = _digest(tokens)
                if key in handed_out or key in own:
                    continue
                own.add(key)
                holders.setdefault(key, []).append(id)
                if key not in things or things[key][0].startswith(NOTEBOOK):  # a file's name says more
                    things[key] = f"{file}: {name}", len(tokens)
    shared = {key: Shared(name, str(length), len(holders[key])) for key, (name, length) in things.items()}
    weights = {key: float(length) for key, (_, length) in things.items()}
    long = {key: ids for key, ids in holders.items() if weights[key] >= LONG_TOKENS}
    return [*_few(holders, shared, weights, count, mates or {}), *_many(long, shared, weights, count)]


def _digest(tokens: Iterable[str]) -> bytes:
    return blake2b("\0".join(tokens).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _most(count: int) -> int:
    """How many of a class of ``count`` are still few."""
    return max(2, min(PAIRED, int(UNUSUAL * count)))


def _few(holders: Mapping, things: Mapping, weights: Mapping, count: int, mates: Mapping[str, str]) -> list[Alike]:
    """Pairs by what they share, then all who share the very same things; what another group says already is dropped."""
    pairs: dict[tuple[str, str], list] = {}
    left = BUDGET
    for key in sorted((key for key in holders if 2 <= len(holders[key]) <= _most(count)), key=lambda key: len(holders[key])):
        left -= len(holders[key]) * (len(holders[key]) - 1) // 2
        if left < 0:
            break
        for one, other in combinations(sorted(holders[key]), 2):
            if not (mates.get(one) and mates[one] == mates.get(other)):
                pairs.setdefault((one, other), []).append(key)
    by_shared: dict[frozenset, set[str]] = {}
    for pair, keys in pairs.items():
        by_shared.setdefault(frozenset(keys), set()).update(pair)
    # Whatever contains a set contains each of its keys: only the sets with its rarest key are looked at.
    by_key: dict = {}
    for shared in by_shared:
        for key in shared:
            by_key.setdefault(key, []).append(shared)
    kept = [
        (ids, keys)
        for keys, ids in by_shared.items()
        if not any(keys < more and ids <= by_shared[more] for more in min((by_key[key] for key in keys), key=len))
    ]
    return sorted((_alike(ids, keys, things, weights) for ids, keys in kept), key=_order)


def _many(holders: Mapping, things: Mapping, weights: Mapping, count: int) -> list[Alike]:
    """What more than few have: the things that nearly the same people have are one group of them."""
    had = [key for key, ids in holders.items() if len(ids) > _most(count)]
    had.sort(key=lambda key: (-weights[key] * len(holders[key]), things[key].what, things[key].value))
    crowds: list[tuple[set[str], list]] = []
    for key in had[:CROWDS]:
        ids = set(holders[key])
        for others, keys in crowds:
            both = len(ids & others)
            if both >= SAME_CROWD * (len(ids) + len(others) - both):
                keys.append(key)
                break
        else:
            crowds.append((ids, [key]))
    return sorted((_alike(ids, keys, things, weights, many=True) for ids, keys in crowds), key=_order)


def _alike(ids: Iterable[str], keys: Iterable, things: Mapping, weights: Mapping, many: bool = False) -> Alike:
    keys = list(keys)
    shared = tuple(sorted((things[key] for key in keys), key=lambda one: (one.count, one.what, one.value)))
    return Alike(tuple(sorted(ids)), shared, sum(weights[key] for key in keys), many)


def _order(group: Alike) -> tuple[float, tuple[str, ...]]:
    return -group.weight, group.ids
