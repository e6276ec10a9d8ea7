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

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import ceil, floor, isqrt
from typing import Any

MOST_BITS = 4_096  # of a value; a power beyond is refused before it is worked out

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+)|(?P<name>[A-Za-z_][A-Za-z0-9_]*[₁₂₃]?)|'(?P<text>[^']*)'|(?P<sign>[+−·/^()⌈⌉⌊⌋√,=≠<≤>≥]))"
)
_TESTS = {"=": operator.eq, "≠": operator.ne, "<": operator.lt, "≤": operator.le, ">": operator.gt, "≥": operator.ge}
_ROUNDED = {"⌈": ("⌉", ceil), "⌊": ("⌋", floor)}
_WORDS = {"if", "else", "none", "max", "min"}

Names = Mapping[str, Any]


@dataclass(frozen=True)
class Formula:
    """A formula that has been read. ``names`` are those that it needs a value for."""

    text: str
    names: frozenset[str]
    _tree: Node

    def value(self, names: Names) -> Any:
        """What it comes to. Raises ValueError for a result beyond all sense, ZeroDivisionError for a division by 0."""
        return self._tree.value(names, False)

    def shown(self, names: Names) -> str:
        """The arithmetic with the numbers filled in, which ``worth`` reads again."""
        return "0" if _dropped(self._tree, names) else self._tree.shown(names)


@cache
def formula(text: str) -> Formula:
    """Read a formula. Raises ValueError where the text is none."""
    reader = _Reader(text)
    tree = reader.choice()
    if reader.next:
        raise ValueError(f"not expected at {reader.next[1]!r}: {text}")
    return Formula(text, frozenset(reader.names), tree)


def worth(text: str) -> int:
    """What arithmetic without names comes to. Raises ValueError where the text is none."""
    return formula(text).value({})


class Node:
    """A piece of a formula."""

    def value(self, names: Names, exact: bool) -> Any:
        raise NotImplementedError

    def shown(self, names: Names) -> str:
        raise NotImplementedError


@dataclass(frozen=True)
class _Constant(Node):
    constant: Any

    def value(self, names: Names, exact: bool) -> Any:
        return self.constant

    def shown(self, names: Names) -> str:
        return str(self.constant)


@dataclass(frozen=True)
class _Name(Node):
    name: str
    place: int | None = None  # of a row, from 0

    def value(self, names: Names, exact: bool) -> Any:
        value = names[self.name]
        return value if self.place is None or not isinstance(value, (tuple, list)) else value[self.place]

    def shown(self, names: Names) -> str:
        value = self.value(names, False)
        return f"(−{-value})" if isinstance(value, int) and value < 0 else str(int(value) if value is True else value)


@dataclass(frozen=True)
class _Sum(Node):
    terms: tuple[tuple[str, Node], ...]

    def value(self, names: Names, exact: bool) -> Any:
        return _bounded(sum(_signed(sign, term.value(names, exact)) for sign, term in self.terms))

    def shown(self, names: Names) -> str:
        kept = [(sign, term.shown(names)) for sign, term in self.terms if not _dropped(term, names)]
        first, *rest = kept or [("+", "0")]
        return ("−" if first[0] == "−" else "") + first[1] + "".join(f" {sign} {text}" for sign, text in rest)


@dataclass(frozen=True)
class _Product(Node):
    factors: tuple[tuple[str, Node], ...]

    def value(self, names: Names, exact: bool) -> Any:
        whole = 1
        for sign, factor in self.factors:
            other = factor.value(names, exact)
            if sign == "/":
                whole = Fraction(whole) / other if exact else whole // other
                continue
            whole = _bounded(whole * other)
        return whole

    def shown(self, names: Names) -> str:
        kept = [one for one in self.factors if not (_is_truth(one[1], names) and one[0] == "·")] or self.factors[:1]
        return "".join(f"{sign if place else ''}{factor.shown(names)}" for place, (sign, factor) in enumerate(kept))


@dataclass(frozen=True)
class _Negative(Node):
    inner: Node

    def value(self, names: Names, exact: bool) -> Any:
        return -self.inner.value(names, exact)

    def shown(self, names: Names) -> str:
        return f"−{self.inner.shown(names)}"


@dataclass(frozen=True)
class _Power(Node):
    base: Node
    exponent: Node

    def value(self, names: Names, exact: bool) -> Any:
        base, exponent = self.base.value(names, exact), self.exponent.value(names, exact)
        if not 0 <= exponent <= MOST_BITS or base.bit_length() * exponent > MOST_BITS:
            raise ValueError(f"{base}^{exponent} is no size of anything")
        return base**exponent

    def shown(self, names: Names) -> str:
        exponent = self.exponent
        return f"{self.base.shown(names)}^{_simple(exponent, names)}"


@dataclass(frozen=True)
class _Around(Node):
    """Brackets, a root, rounding or the largest of several: ``opened`` and ``closed`` stand round what is inside."""

    opened: str
    closed: str
    inner: tuple[Node, ...]
    made: Callable[..., Any]
    exact: bool = False

    def value(self, names: Names, exact: bool) -> Any:
        return self.made(*(one.value(names, exact or self.exact) for one in self.inner))

    def shown(self, names: Names) -> str:
        return f"{self.opened}{', '.join(one.shown(names) for one in self.inner)}{self.closed}"


@dataclass(frozen=True)
class _Choice(Node):
    """Only the branch that is taken is shown."""

    test: Node
    then: Node
    otherwise: Node

    def value(self, names: Names, exact: bool) -> Any:
        return self.taken(names).value(names, exact)

    def shown(self, names: Names) -> str:
        return self.taken(names).shown(names)

    def taken(self, names: Names) -> Node:
        return self.then if self.test.value(names, True) else self.otherwise


@dataclass(frozen=True)
class _Test(Node):
    sign: str
    left: Node
    right: Node

    def value(self, names: Names, exact: bool) -> bool:
        return _TESTS[self.sign](self.left.value(names, exact), self.right.value(names, exact))


def _same(value: Any) -> Any:
    return value


def _signed(sign: str, value: Any) -> Any:
    return value if sign == "+" else -value


def _bounded(value: Any) -> Any:
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        raise ValueError("a result beyond all sense")
    return value


def _is_truth(node: Node, names: Names) -> bool:
    return isinstance(node, _Name) and isinstance(node.value(names, False), bool)


def _dropped(node: Node, names: Names) -> bool:
    """Whether a term is multiplied by a truth value that is false."""
    factors = [factor for _, factor in node.factors] if isinstance(node, _Product) else [node]
    return any(_is_truth(factor, names) and not factor.value(names, False) for factor in factors)


def _simple(node: Node, names: Names) -> str:
    """An exponent: worked out where it is more than a number, so that the power stays readable."""
    return node.shown(names) if isinstance(node, (_Name, _Constant)) else str(node.value(names, False))


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

    def took(self, *signs: str) -> str | None:
        """The sign that comes next, taken, where it is one of these."""
        if self.next and self.next[0] == "sign" and self.next[1] in signs:
            return self.tokens.pop(0)[1]
        return None

    def expect(self, sign: str) -> None:
        if self.took(sign) is None:
            raise ValueError(f"{sign!r} is missing: {self.text}")

    def choice(self) -> Node:
        then = self.sum()
        if not self.took("if"):
            return then
        test = self.sum()
        if sign := self.took(*_TESTS):
            test = _Test(sign, test, self.sum())
        self.expect("else")
        return _Choice(test, then, self.choice())

    def sum(self) -> Node:
        terms = [("+", self.term())]
        while sign := self.took("+", "−"):
            terms.append((sign, self.term()))
        return _Sum(tuple(terms)) if len(terms) > 1 else terms[0][1]

    def term(self) -> Node:
        factors = [("·", self.factor())]
        while sign := self.took("·", "/"):
            factors.append((sign, self.factor()))
        return _Product(tuple(factors)) if len(factors) > 1 else factors[0][1]

    def factor(self) -> Node:
        if self.took("−"):
            return _Negative(self.factor())
        base = self.atom()
        return _Power(base, self.factor()) if self.took("^") else base

    def atom(self) -> Node:
        if opened := self.took(*_ROUNDED):
            closed, rounded = _ROUNDED[opened]
            return self.around(opened, closed, rounded, exact=True)
        if self.took("("):
            return self.around("(", ")", _same)
        if self.took("√"):
            return _Around("√", "", (self.atom(),), isqrt)
        if word := self.took("max", "min"):
            self.expect("(")
            return self.around(f"{word}(", ")", {"max": max, "min": min}[word])
        if self.took("none"):
            return _Constant(None)
        kind, word = self.tokens.pop(0) if self.tokens else ("", "")
        if kind == "number":
            return _Constant(int(word))
        if kind == "text":
            return _Constant(word)
        if kind == "name":
            place = "₁₂₃".find(word[-1])
            name = word if place < 0 else word[:-1]
            self.names.add(name)
            return _Name(name, None if place < 0 else place)
        raise ValueError(f"a number or a name is missing before {word!r}: {self.text}")

    def around(self, opened: str, closed: str, made: Callable[..., Any], *, exact: bool = False) -> Node:
        inner = [self.choice()]
        while "(" in opened and len(opened) > 1 and self.took(","):
            inner.append(self.choice())
        self.expect(closed.strip())
        return _Around(opened, closed, tuple(inner), made, exact)
