"""The pieces of a formula: each can be worked out, and shown with the numbers filled in."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Any

MOST_BITS = 4_096  # of a value; a power beyond is refused before it is worked out
TESTS = {"=": operator.eq, "≠": operator.ne, "<": operator.lt, "≤": operator.le, ">": operator.gt, "≥": operator.ge}

Names = Mapping[str, Any]


class Node:
    """A piece of a formula."""

    def value(self, names: Names, exact: bool) -> Any:
        """What it comes to. ``exact``: a division is not rounded down, since something around it rounds."""
        raise NotImplementedError

    def shown(self, names: Names) -> str:
        """What it says with the numbers filled in."""
        raise NotImplementedError


@dataclass(frozen=True)
class Constant(Node):
    constant: Any

    def value(self, names: Names, exact: bool) -> Any:
        return self.constant

    def shown(self, names: Names) -> str:
        return _written(self.constant)


@dataclass(frozen=True)
class Name(Node):
    name: str
    place: int | None = None  # of a row, from 0

    def value(self, names: Names, exact: bool) -> Any:
        value = names[self.name]
        return value if self.place is None or not isinstance(value, (tuple, list)) else value[self.place]

    def shown(self, names: Names) -> str:
        return _written(self.value(names, False))


@dataclass(frozen=True)
class Sum(Node):
    terms: tuple[tuple[str, Node], ...]

    def value(self, names: Names, exact: bool) -> Any:
        return _bounded(sum(_signed(sign, term.value(names, exact)) for sign, term in self.terms))

    def shown(self, names: Names) -> str:
        kept = [(sign, term.shown(names)) for sign, term in self.terms if not dropped(term, names)]
        first, *rest = kept or [("+", "0")]
        return ("−" if first[0] == "−" else "") + first[1] + "".join(f" {sign} {text}" for sign, text in rest)


@dataclass(frozen=True)
class Product(Node):
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
class Negative(Node):
    inner: Node

    def value(self, names: Names, exact: bool) -> Any:
        return -self.inner.value(names, exact)

    def shown(self, names: Names) -> str:
        return f"−{self.inner.shown(names)}"


@dataclass(frozen=True)
class Power(Node):
    base: Node
    exponent: Node

    def value(self, names: Names, exact: bool) -> Any:
        base, exponent = self.base.value(names, exact), whole(self.exponent.value(names, exact))
        if not isinstance(base, (int, Fraction)):
            raise ValueError(f"{base!r} has no power")
        if not 0 <= exponent <= MOST_BITS or _bits(base) * exponent > MOST_BITS:
            raise ValueError(f"{base}^{exponent} is out of range")
        return base**exponent

    def shown(self, names: Names) -> str:
        exponent = self.exponent
        return f"{self.base.shown(names)}^{_simple(exponent, names)}"


@dataclass(frozen=True)
class Around(Node):
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
class Conditional(Node):
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
class Comparison(Node):
    sign: str
    left: Node
    right: Node

    def value(self, names: Names, exact: bool) -> bool:
        return TESTS[self.sign](self.left.value(names, exact), self.right.value(names, exact))


def _signed(sign: str, value: Any) -> Any:
    return value if sign == "+" else -value


def _bounded(value: Any) -> Any:
    if isinstance(value, (int, Fraction)) and _bits(value) > MOST_BITS:
        raise ValueError("the result is too large")
    return value


def _bits(value: int | Fraction) -> int:
    return max(value.numerator.bit_length(), value.denominator.bit_length() - 1)


def whole(value: Any) -> int:
    """A whole number. Raises ValueError for anything else."""
    if not isinstance(value, (int, Fraction)) or value.denominator != 1:
        raise ValueError(f"{value} is not a whole number")
    return int(value)


def root(value: Any) -> int:
    """The integer root. Raises ValueError for anything but a whole number of 0 or more."""
    return isqrt(whole(value))


def _written(value: Any) -> str:
    """A value as the grammar has it."""
    if value is None:
        return "none"
    if isinstance(value, str):
        return f"'{value}'"
    if isinstance(value, int):
        return f"(−{-value})" if value < 0 else str(int(value))
    return str(value)


def _is_truth(node: Node, names: Names) -> bool:
    return isinstance(node, Name) and isinstance(node.value(names, False), bool)


def dropped(node: Node, names: Names) -> bool:
    """Whether a term is multiplied by a truth value that is false."""
    factors = [factor for _, factor in node.factors] if isinstance(node, Product) else [node]
    return any(_is_truth(factor, names) and not factor.value(names, False) for factor in factors)


def _simple(node: Node, names: Names) -> str:
    """An exponent: worked out where it is more than a number, so that the power stays readable."""
    return node.shown(names) if isinstance(node, (Name, Constant)) else _written(node.value(names, False))
