"""A file's functions and classes as tokens, so that equal ones are found whatever their names, layout and comments are.

The file is a student's: nothing is run or parsed, it may be no Python at all, and the time is linear in its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from keyword import iskeyword

from autograder.text import shorten

MAX_SOURCE = 200_000  # characters of a file that are looked at

# Every alternative that begins a text also ends one (at its closing quote, its line or the end of the file), and `*+` gives
# nothing back: no character is looked at twice, however the quotes and backslashes stand.
_TOKEN = re.compile(
    r"""(?P<skip>\#[^\n]*|\\\n|[ \t\r\f]++)
    |(?P<text>[rRbBuUfF]{0,2}(?:'''(?:[^'\\]|\\.|'(?!''))*+(?:'''|\\?\Z)|\"\"\"(?:[^"\\]|\\.|"(?!""))*+(?:\"\"\"|\\?\Z)
        |'(?:\\.|[^'\\\n])*+(?:'|(?=\n)|\\?\Z)|"(?:\\.|[^"\\\n])*+(?:"|(?=\n)|\\?\Z)))
    |(?P<number>\d[\w.]*)|(?P<name>\w+)|(?P<line>\n)|(?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)


def units(source: str) -> dict[str, tuple[str, ...]]:
    """Each function and class at the top of a file as its tokens: names numbered in order of appearance, texts all alike."""
    by_name: dict[str, list[re.Match]] = {}
    unit: list[re.Match] | None = None
    edge, head = True, ""  # edge: the token stands at the left edge; head: the def or class whose name comes next
    for token in _TOKEN.finditer(source[:MAX_SOURCE]):
        kind, text = token.lastgroup, token.group()
        if edge and kind in ("name", "text", "number", "sign") and text not in ")]}":
            head = text if text in ("def", "class", "async") else ""
            unit = [] if head else None
        if unit is not None and head and kind == "name" and not iskeyword(text):
            by_name[shorten(text, 60)], head = unit, ""
        if unit is not None:
            unit.append(token)
        edge = kind == "line"
    return {name: tuple(_normal(tokens)) for name, tokens in by_name.items()}


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
