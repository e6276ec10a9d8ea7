"""An author's vocabulary for wrong answers: a table of mistakes for each asked function, most of them a formula.

A table is data. One string is the wrong answer's definition and the arithmetic that is shown; what a formula
cannot express is a decorated function or class.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from autograder.course.formula import Formula
from autograder.course.formula import formula as read
from autograder.course.variants import parameters_of
from autograder.model import Text


@dataclass(frozen=True)
class Misconception:
    """A wrong implementation of an asked function, and the hint that leads a student away from it."""

    replaces: str  # the asked function's name
    name: str
    wrong: Callable[..., Any]
    hint: Text
    source: str
    arithmetic: Callable[..., list[str]] | None = None  # same arguments -> the arithmetic of each number of the wrong answer
    unchecked: Callable[..., Any] | None = None  # the same mistake without refusing impossible input
    careless: bool = False  # whether this is the mistake of refusing nothing
    akin: str = ""  # another entry's name: whoever makes this mistake makes that one too
    varies: bool = False  # whether what it gives depends on the student's variant


def mistakes(
    of: Callable[..., Any],
    *,
    per: str | None = None,
    parts: Callable[..., Iterable[tuple[str, Mapping[str, Any]]]] | None = None,
    pieces: Mapping[str, str] = MappingProxyType({}),
    sheet: Mapping[str, str] = MappingProxyType({}),
    **letters: str,
) -> Mistakes:
    """The table of wrong answers to an asked function or class, ``of``; one file holds one table.

    ``letters`` name what formulas are made of, in order, each by a formula over the arguments and the letters before it
    (``e="dilation·(kernel_size − 1) + 1"``); ``right`` is the right answer. With ``per="axis"`` a formula is worked out along
    height and width. For a sum over parts, ``pieces`` holds the right formula of each kind of part, and ``parts`` takes the
    arguments and yields ``(kind, letters)``, part after part. ``sheet`` names what is taken from the sheet by mistake, each by a
    formula over the parameters of the question's variant.
    """
    if per not in (None, "axis"):
        raise ValueError(f"per={per!r}: a formula is worked out per axis, or once")
    if (parts is None) != (not pieces):
        raise ValueError("a sum has parts and the pieces that they are kinds of")
    return Mistakes(of, per == "axis", parts, dict(pieces), letters, dict(sheet))


class Mistakes:
    """Entries in the order in which they are written. Each has a hint, ``en`` and ``fa``: a sentence that leads and gives
    nothing away; ``source`` says where the idea was met. An entry refuses what the right function refuses."""

    def __init__(
        self,
        of: Callable[..., Any],
        paired: bool,
        parts: Any,
        pieces: dict[str, str],
        letters: dict[str, str],
        sheet: dict[str, str],
    ):
        self.of = of
        self.entries: list[Misconception] = []
        self._paired, self._parts, self._pieces, self._letters, self._sheet = paired, parts, pieces, letters, sheet
        self._signature = inspect.signature(of)

    def __call__(
        self,
        name: str,
        formula: str = "",
        source: str = "",
        *,
        en: str,
        fa: str,
        refuses: bool = True,
        akin: str = "",
        parts: Callable[..., Iterable[tuple[str, Mapping[str, Any]]]] | None = None,
        **pieces: str,
    ) -> Misconception:
        """Add a wrong answer: a ``formula`` (``a , b`` gives a pair), ``pieces`` that replace the right ones of the same names,
        or other ``parts``.

        ``refuses=False`` is for one who answers where the layer is impossible.
        """
        if bool(formula) == bool(pieces or parts) or not pieces.keys() <= self._pieces.keys():
            raise ValueError(f"{name} takes one formula, or some of the pieces {sorted(self._pieces)}")
        worked_out = self._row(formula) if formula else self._summed(parts or self._parts, {**self._pieces, **pieces})

        def unchecked(*args: Any, **kwargs: Any) -> Any:
            return value(worked_out(self._bound(args, kwargs).arguments, None))

        def wrong(*args: Any, **kwargs: Any) -> Any:
            return value(worked_out(self._bound(args, kwargs).arguments, self.of(*args, **kwargs)))

        def value(rows: list[_Sum]) -> Any:
            values = [sum(one.value(names) for one, names in terms) for terms in rows]
            return tuple(values) if self._paired or " , " in formula else values[0]

        def arithmetic(*args: Any, **kwargs: Any) -> list[str]:
            rows = worked_out(self._bound(args, kwargs).arguments, self.of(*args, **kwargs) if refuses else None)
            return [added(one.shown(names) for one, names in terms) for terms in rows]

        without_right = "right" not in read_all(formula, pieces)  # what is made of the right answer needs one
        varies = bool(read_all(formula, pieces) & self._sheet.keys())
        more = {
            "arithmetic": arithmetic,
            "unchecked": unchecked if without_right else None,
            "careless": not refuses,
            "akin": akin,
        }
        more["varies"] = varies
        return self._add(name, wrong if refuses else unchecked, Text(en, fa), source, **more)

    def instead(self, name: str, source: str = "", *, en: str, fa: str, **arguments: Any) -> Misconception:
        """The right function called with other arguments, each a formula, a function of the original value, or a value."""

        def wrong(*args: Any, **kwargs: Any) -> Any:
            right, bound = self.of(*args, **kwargs), self._bound(args, kwargs)
            names = self._named(bound.arguments, right)
            for argument, other in arguments.items():
                if isinstance(other, str):
                    bound.arguments[argument] = read(other).value(names)
                else:
                    bound.arguments[argument] = other(bound.arguments[argument]) if callable(other) else other
            return self.of(*bound.args, **bound.kwargs)

        return self._add(name, wrong, Text(en, fa), source)

    def variant(self, name: str, base: type, source: str = "", *, en: str, fa: str, **changes: Any) -> Misconception:
        """A class that is ``base`` with some of its attributes changed.

        ``unregistered=True`` says that it keeps weights which no module registers: nobody can load those, so of what it answers
        only shapes are compared with a student's.
        """
        return self._add(name, type(name, (base,), changes), Text(en, fa), source)

    def by(self, name: str, wrong: Callable[..., Any], source: str = "", *, en: str, fa: str) -> Misconception:
        """A function that was made elsewhere, with the asked one's signature."""
        return self._add(name, wrong, Text(en, fa), source)

    def mistake(self, *, en: str, fa: str, source: str = "", arithmetic: Callable[..., list[str]] | None = None):
        """Decorates what a formula cannot express: a function or class with the asked one's signature, under the entry's name.

        ``arithmetic`` takes the same arguments and gives the arithmetic of each number of the wrong answer, if it can be told.
        """
        return lambda wrong: self._add(wrong.__name__, wrong, Text(en, fa), source, arithmetic=arithmetic)

    def _add(self, name: str, wrong: Any, hint: Text, source: str, **more: Any) -> Misconception:
        if not isinstance(wrong, type):
            wrong.__name__, wrong.__signature__ = name, self._signature
        self.entries.append(Misconception(self.of.__name__, name, wrong, hint, source, **more))
        return self.entries[-1]

    def _bound(self, args: tuple, kwargs: dict) -> inspect.BoundArguments:
        bound = self._signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return bound

    def _named(self, arguments: Mapping[str, Any], right: Any) -> dict[str, Any]:
        names = {**arguments, "right": right}
        if self._sheet:
            names |= {letter: read(text).value(parameters_of(self.of)) for letter, text in self._sheet.items()}
        for letter, text in self._letters.items():
            names[letter] = read(text).value(names)
        return names

    def _row(self, formula: str) -> Callable[[Mapping[str, Any], Any], list[_Sum]]:
        whole = [read(text) for text in formula.split(" , ")]

        def worked_out(arguments: Mapping[str, Any], right: Any) -> list[_Sum]:
            if self._paired and len(whole) == 1:
                return [[(whole[0], self._named(_along(axis, arguments), right))] for axis in (0, 1)]
            return [
                [(one, {**arguments, "right": right} if self._paired else self._named(arguments, right))] for one in whole
            ]

        return worked_out

    def _summed(self, parts: Any, pieces: Mapping[str, str]) -> Callable[[Mapping[str, Any], Any], list[_Sum]]:
        formulas = {kind: read(text) for kind, text in pieces.items()}

        def worked_out(arguments: Mapping[str, Any], right: Any) -> list[_Sum]:
            terms = list(parts(**arguments))
            axes = (0, 1) if self._paired else (None,)
            return [[(formulas[kind], _along(axis, letters)) for kind, letters in terms] for axis in axes]

        return worked_out


_Sum = list[tuple[Formula, Mapping[str, Any]]]  # each term's formula, with the values of its names


def read_all(formula: str, pieces: Mapping[str, str]) -> set[str]:
    """The names that a formula, or pieces, are made of."""
    texts = [*(formula.split(" , ") if formula else ()), *pieces.values()]
    return set().union(*(read(text).names for text in texts))


def _along(axis: int | None, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same values along one axis, 0 for height: pairs give one of the two, anything else is the same along both."""
    if axis is None:
        return values
    pairs = {name for name, value in values.items() if isinstance(value, (tuple, list)) and len(value) == 2}
    return {name: value[axis] if name in pairs else value for name, value in values.items()}


def added(texts: Iterable[str]) -> str:
    """Arithmetic of several terms as one sum, a sum among them in brackets."""
    kept = [text for text in texts if text != "0"] or ["0"]
    if len(kept) == 1:
        return kept[0]
    return " + ".join(f"({text})" if re.search(" [+−] ", _BRACKETS.sub("", text)) else text for text in kept)


_BRACKETS = re.compile(r"[(⌈][^()⌈⌉]*[)⌉]")
