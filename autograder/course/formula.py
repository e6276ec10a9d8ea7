"""Arithmetic as it is written on paper, ``(s + 2·p − e)/t + 1``: read, worked out, and shown with the numbers filled in.

One string is both the definition of a wrong answer and the arithmetic that a student is shown. The grammar is fixed and the
text is parsed here; nothing is handed to Python.

    choice  = sum ["if" test "else" choice]
    test    = sum [("=" | "≠" | "<" | "≤" | ">" | "≥") sum]
    sum     = term {("+" | "−") term}
    term    = factor {("·" | "/") factor}
    factor  = "−" factor | atom ["^" factor]
    atom    = integer | name ["₁" | "₂" | "₃"] | "'" text "'" | "none" | "(" choice ")" | "√" atom
            | "⌈" choice "⌉" | "⌊" choice "⌋" | ("max" | "min") "(" choice {"," choice} ")"

``/`` rounds down, as sizes are rounded, but is exact between ``⌈ ⌉`` and ``⌊ ⌋``. ``√`` is the integer root. A truth value
keeps or drops the term in which it is a factor: ``o·i + b·o`` shows ``16·3 + 16`` with a bias and ``16·3`` without.
``x₁`` is the first of a row, or ``x`` itself where it is one number: an int stands for both sides of a square.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import ceil, floor
from typing import Any

from autograder.course.formula_tree import (
    TESTS,
    Around,
    Comparison,
    Conditional,
    Constant,
    Name,
    Names,
    Negative,
    Node,
    Power,
    Product,
    Sum,
    dropped,
    root,
)

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+)|(?P<name>[A-Za-z_][A-Za-z0-9_]*[₁₂₃]?)|'(?P<text>[^']*)'|(?P<sign>[+−·/^()⌈⌉⌊⌋√,=≠<≤>≥]))"
)
_ROUNDED = {"⌈": ("⌉", ceil), "⌊": ("⌋", floor)}
_WORDS = {"if", "else", "none", "max", "min"}
# What working out a formula may raise: a missing name, a value of another kind, a division by 0, a result that is too large.
UNFIT = (ArithmeticError, LookupError, TypeError, ValueError)


@dataclass(frozen=True)
class Formula:
    """A formula that has been read. ``names`` are those that it needs a value for."""

    text: str
    names: frozenset[str]
    _tree: Node

    def value(self, names: Names) -> Any:
        """The formula's value. Raises ValueError for a result that is too large, ZeroDivisionError for a division by 0."""
        return self._tree.value(names, False)

    def shown(self, names: Names) -> str:
        """The arithmetic with the numbers filled in, which ``evaluate`` reads again."""
        return "0" if dropped(self._tree, names) else self._tree.shown(names)


@cache
def formula(text: str) -> Formula:
    """Read a formula. Raises ValueError for a text outside the grammar."""
    reader = _Reader(text)
    tree = reader.choice()
    if reader.next:
        raise ValueError(f"not expected at {reader.next[1]!r}: {text}")
    return Formula(text, frozenset(reader.names), tree)


def evaluate(text: str) -> int:
    """The value of arithmetic without names. Raises ValueError for a text outside the grammar."""
    return formula(text).value({})


def _same(value: Any) -> Any:
    return value


class _Reader:
    """Recursive descent, a method a rule of the grammar."""

    def __init__(self, text: str):
        self.text = text
        self.names: set[str] = set()
        self.tokens: list[tuple[str, str]] = []  # kind and word
        place, end = 0, len(text.rstrip())
        while place < end:
            match = _TOKEN.match(text, place)
            if not match:
                raise ValueError(f"not expected at {text[place:]!r}: {text}")
            kind, word = next((kind, word) for kind, word in match.groupdict().items() if word is not None)
            self.tokens.append(("sign" if kind == "name" and word in _WORDS else kind, word))
            place = match.end()

    @property
    def next(self) -> tuple[str, str] | None:
        return self.tokens[0] if self.tokens else None

    def accept(self, *signs: str) -> str | None:
        """The sign that comes next, taken, where it is one of these."""
        if self.next and self.next[0] == "sign" and self.next[1] in signs:
            return self.tokens.pop(0)[1]
        return None

    def expect(self, sign: str) -> None:
        if self.accept(sign) is None:
            raise ValueError(f"{sign!r} is missing: {self.text}")

    def choice(self) -> Node:
        then = self.sum()
        if not self.accept("if"):
            return then
        test = self.sum()
        if sign := self.accept(*TESTS):
            test = Comparison(sign, test, self.sum())
        self.expect("else")
        return Conditional(test, then, self.choice())

    def sum(self) -> Node:
        terms = [("+", self.term())]
        while sign := self.accept("+", "−"):
            terms.append((sign, self.term()))
        return Sum(tuple(terms)) if len(terms) > 1 else terms[0][1]

    def term(self) -> Node:
        factors = [("·", self.factor())]
        while sign := self.accept("·", "/"):
            factors.append((sign, self.factor()))
        return Product(tuple(factors)) if len(factors) > 1 else factors[0][1]

    def factor(self) -> Node:
        if self.accept("−"):
            return Negative(self.factor())
        base = self.atom()
        return Power(base, self.factor()) if self.accept("^") else base

    def atom(self) -> Node:
        if opened := self.accept(*_ROUNDED):
            closed, rounded = _ROUNDED[opened]
            return self.around(opened, closed, rounded, exact=True)
        if self.accept("("):
            return self.around("(", ")", _same)
        if self.accept("√"):
            return Around("√", "", (self.atom(),), root)
        if word := self.accept("max", "min"):
            self.expect("(")
            return self.around(f"{word}(", ")", {"max": max, "min": min}[word])
        if self.accept("none"):
            return Constant(None)
        kind, word = self.tokens.pop(0) if self.tokens else ("", "")
        if kind == "number":
            return Constant(int(word))
        if kind == "text":
            return Constant(word)
        if kind == "name":
            place = "₁₂₃".find(word[-1])
            name = word if place < 0 else word[:-1]
            self.names.add(name)
            return Name(name, None if place < 0 else place)
        raise ValueError(f"a number or a name is missing before {word!r}: {self.text}")

    def around(self, opened: str, closed: str, made: Callable[..., Any], *, exact: bool = False) -> Node:
        inner = [self.choice()]
        while "(" in opened and len(opened) > 1 and self.accept(","):
            inner.append(self.choice())
        self.expect(closed.strip())
        return Around(opened, closed, tuple(inner), made, exact)
