"""Work that is alike, as facts: the same unusual wrong numbers, the same source but for names and layout.

Nothing here says why. Two people may have worked together as they were told to, or read the same page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from keyword import iskeyword
from math import log2

from autograder.intake.sources import NOTEBOOK
from autograder.model import Outcome, PartResult, Result
from autograder.text import line, shorten

UNUSUAL = 0.1  # what more than this share of the class has in common is no sign of anything
LEAST_BITS = 8.0  # how rare the shared numbers must be together, each counting log2(class / those who gave it)
LEAST_TOKENS = 60  # shorter functions come out alike by themselves
LONG_TOKENS = 100  # as long as this they do not, however many have the same
MAX_SOURCE = 200_000  # characters of a file that are looked at

_TOKEN = re.compile(
    r"""(?P<skip>\#[^\n]*|\\\n|[ \t\r\f])
    |(?P<text>[rRbBuUfF]{0,2}(?:'''(?:\\.|[^\\])*?(?:'''|\Z)|\"\"\"(?:\\.|[^\\])*?(?:\"\"\"|\Z)
        |'(?:\\.|[^'\\\n])*(?:'|(?=\n)|\Z)|"(?:\\.|[^"\\\n])*(?:"|(?=\n)|\Z)))
    |(?P<number>\d[\w.]*)|(?P<name>\w+)|(?P<line>\n)|(?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Shared:
    """One thing that several have in common, and how many of the class have it."""

    what: str  # a part's id, or "q3_unet.py: UNet"
    value: str  # the number given, or how many tokens the source is long
    count: int


@dataclass(frozen=True)
class Alike:
    """Submissions that have all of ``shared`` in common. ``weight`` only orders the list."""

    ids: tuple[str, ...]
    shared: tuple[Shared, ...]
    weight: float


def unexplained(result: Result) -> list[PartResult]:
    """The numbers of a sheet that are wrong, and that neither a misconception nor an earlier answer explains."""
    explained = {diagnosis.part for diagnosis in result.diagnoses if not diagnosis.guess}
    return [
        part
        for part in result.parts
        if part.kind == "numbers"
        and part.outcome not in (Outcome.PASSED, Outcome.NOT_ATTEMPTED, Outcome.AWAITING)
        and part.came
        and part.id not in explained
        and not any(message.key == "follow.credit" for message in part.messages)
    ]


def value(part: PartResult) -> str:
    """A student's number in one form: 416.0 is 416, spaces do not count, and nothing in it is a control character."""
    text = re.sub(r"(?<![\w.])(\d+)\.0*(?![\w.])", r"\1", line(part.came))
    return shorten(re.sub(r"\s*,\s*", ", ", text), 60)


def numbers(results: Iterable[Result]) -> list[Alike]:
    """Groups with at least two unusual wrong numbers in common that nothing explains, the rarest first."""
    given: dict[tuple[str, str], list[str]] = {}
    count = 0
    for result in results:
        count += 1
        for part in unexplained(result):
            given.setdefault((part.id, value(part)), []).append(result.id)
    things = {key: Shared(*key, len(ids)) for key, ids in given.items()}
    weights = {key: log2(count / len(ids)) for key, ids in given.items()}
    return [
        group for group in _groups(given, things, weights, count) if len(group.shared) > 1 and group.weight >= LEAST_BITS
    ]


def sources(texts: Mapping[str, Mapping[str, str]], stubs: Mapping[str, str]) -> list[Alike]:
    """Groups whose functions or classes are the same but for comments, layout, names and texts, the longest first.

    ``texts`` is id -> file's name -> Python source, a notebook's cells as one; ``stubs`` the handed-out sources, of which
    nothing counts. Nothing is run, and nothing is parsed but into words and signs.
    """
    handed_out = {unit for source in stubs.values() for unit in units(source).values()}
    given: dict[tuple[str, ...], list[str]] = {}
    things: dict[tuple[str, ...], str] = {}
    for id, files in texts.items():
        for file, source in files.items():
            for name, tokens in units(source).items():
                if len(tokens) < LEAST_TOKENS or tokens in handed_out or id in given.get(tokens, ()):
                    continue
                given.setdefault(tokens, []).append(id)
                if tokens not in things or things[tokens].startswith(NOTEBOOK):  # a file's name says more
                    things[tokens] = f"{file}: {name}"
    shared = {tokens: Shared(name, str(len(tokens)), len(given[tokens])) for tokens, name in things.items()}
    few = _groups(given, shared, {tokens: float(len(tokens)) for tokens in given}, len(texts))
    return sorted([*few, *_many(given, shared, len(texts))], key=_order)


def _many(given: Mapping[tuple[str, ...], list[str]], shared: Mapping, count: int) -> list[Alike]:
    """What is long and had by more than few: all who have it are one group."""
    together: dict[tuple[str, ...], list[Shared]] = {}
    for tokens, ids in given.items():
        if len(ids) > _most(count) and len(tokens) >= LONG_TOKENS:
            together.setdefault(tuple(sorted(ids)), []).append(shared[tokens])
    return [
        Alike(ids, tuple(sorted(things, key=_by_name)), float(sum(int(one.value) for one in things)))
        for ids, things in together.items()
    ]


def units(source: str) -> dict[str, tuple[str, ...]]:
    """Each function and class at the top of a file as its tokens: names numbered in order of appearance, texts all alike."""
    found: dict[str, list[re.Match]] = {}
    unit: list[re.Match] | None = None
    edge, head = True, ""  # edge: the token stands at the left edge; head: the def or class whose name comes next
    for token in _TOKEN.finditer(source[:MAX_SOURCE]):
        kind, text = token.lastgroup, token.group()
        if edge and kind in ("name", "text", "number", "sign") and text not in ")]}":
            head = text if text in ("def", "class", "async") else ""
            unit = [] if head else None
        if head and kind == "name" and not iskeyword(text):
            found[shorten(text, 60)], head = unit, ""
        if unit is not None:
            unit.append(token)
        edge = kind == "line"
    return {name: tuple(_normal(tokens)) for name, tokens in found.items()}


def _normal(tokens: Iterable[re.Match]) -> Iterator[str]:
    names: dict[str, str] = {}
    begins = False  # a statement begins: a text that stands there is a docstring
    for token in tokens:
        kind, text = token.lastgroup, token.group()
        if kind == "skip" or (kind == "text" and begins):
            continue
        begins = kind == "line"
        if kind == "text":
            yield "text"
        elif kind == "name" and not iskeyword(text):
            yield names.setdefault(text, f"name{len(names)}")
        elif kind != "line":
            yield text


def _most(count: int) -> int:
    """How many of a class of ``count`` are still few."""
    return max(2, int(UNUSUAL * count))


def _order(group: Alike) -> tuple[float, tuple[str, ...]]:
    return -group.weight, group.ids


def _by_name(one: Shared) -> tuple[int, str, str]:
    return one.count, one.what, one.value


def _groups(given: Mapping, things: Mapping, weights: Mapping, count: int) -> list[Alike]:
    """Who shares what: pairs, then all who share the very same things; what another group says already is dropped."""
    most = _most(count)
    pairs: dict[tuple[str, str], list] = {}
    for key, ids in given.items():
        if 2 <= len(ids) <= most:
            for pair in combinations(sorted(ids), 2):
                pairs.setdefault(pair, []).append(key)
    by_shared: dict[frozenset, set[str]] = {}
    for pair, keys in pairs.items():
        by_shared.setdefault(frozenset(keys), set()).update(pair)
    kept = [
        (ids, keys)
        for keys, ids in by_shared.items()
        if not any(keys < others and ids <= them for others, them in by_shared.items())
    ]
    found = [
        Alike(
            tuple(sorted(ids)),
            tuple(sorted((things[key] for key in keys), key=_by_name)),
            sum(weights[key] for key in keys),
        )
        for ids, keys in kept
    ]
    return sorted(found, key=_order)
