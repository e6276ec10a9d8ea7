"""What differs from student to student: a pool of parameters for each question, ``assignment/<stem>.variants.yml``.

The file names the parameters, each with the values that a search may draw or a formula over those before it, and lists the
variants; the first one is the homework as it was before there were any::

    parameters:
      side: [6, 8, 10, 12, 14]
      pixels: side·side
    variants:
      - {side: 10}
      - {side: 12}
    withdrawn: {2: "Its drawing was wrong."}

A question without such a file is the same for everybody. ``sheet`` is what one student is given: the parameters by question.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

from autograder.course.formula import UNFIT, Formula, formula
from autograder.course.formula_tree import whole
from autograder.course.yaml_file import Lines, read_yaml
from autograder.errors import ConvgradeError
from autograder.model import Language
from autograder.text import PERSIAN_DIGITS

FILE = "assignment/{stem}.variants.yml"
SECTIONS = ("parameters", "variants", "withdrawn")
MOST = 64  # variants of a pool
_PLACE = re.compile(r"\{\{\s*(.+?)\s*\}\}")
_CODE = re.compile(r"(`+[^`]+`+)")
_IN_PYTHON = re.compile(r"\bsheet\.([a-z]\w*)")
_OUR_IMPORT = "\nfrom autograder.course.variants import sheet\n"


class Parameters(Mapping):
    """The parameters of one question in one variant: ``sheet.side``, ``sheet["side"]``."""

    def __init__(self, values: Mapping[str, int], variant: int = 1):
        self._values, self.variant = dict(values), variant

    def __getattr__(self, name: str) -> int:
        if name.startswith("_") or name not in self._values:
            raise AttributeError(f"no parameter is called {name}")
        return self._values[name]

    def __getitem__(self, name: str) -> int:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"variant {self.variant}: {self._values}"


SheetParameters = Mapping[str, Parameters]  # a variant's parameters by the stem of the question
sheet = Parameters({})  # a public test writes ``sheet.side``; a release writes the value in its place


@dataclass(frozen=True)
class Pool:
    """The variants of one question, in their order; empty where the question is the same for everybody."""

    path: Path
    drawn: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # parameter -> the values that a search may draw
    derived: Mapping[str, Formula] = field(default_factory=dict)
    rows: tuple[Mapping[str, int], ...] = ()
    withdrawn: Mapping[int, str] = field(default_factory=dict)  # variant -> why nobody is given it any more

    def parameters(self, variant: int) -> Parameters:
        """The parameters of a variant, counted from 1. Raises IndexError where there is no such variant."""
        if not self.rows:
            return Parameters({}, variant)
        if not 1 <= variant <= len(self.rows):
            raise IndexError(variant)
        return self.completed(self.rows[variant - 1], variant)

    def others(self, chance: random.Random) -> Iterator[Parameters]:
        """What may be drawn and no variant has, in random order, without the combinations that a derived formula does not fit."""
        rows = [dict(zip(self.drawn, values, strict=True)) for values in product(*self.drawn.values())]
        rows = [row for row in rows if row not in self.rows]
        chance.shuffle(rows)
        for row in rows:
            try:
                parameters = self.completed(row)
            except ValueError:
                continue
            yield parameters

    def completed(self, row: Mapping[str, int], variant: int = 1) -> Parameters:
        """A row with what follows from it. Raises ValueError for a formula that gives no whole number."""
        values: dict[str, int] = dict(row)
        for name, one in self.derived.items():
            try:
                values[name] = whole(one.value(values))
            except UNFIT as error:
                raise ValueError(f"{name} = {one.text}: {error}") from None
        return Parameters(values, variant)


@lru_cache(maxsize=64)
def pool(root: Path, stem: str) -> Pool:
    """The pool of a question. Raises ConvgradeError with file and line for one that cannot be used."""
    path = root / FILE.format(stem=stem)
    if not path.is_file():
        return Pool(path)
    raw, lines = read_yaml(path, "the variants cannot be read", "Write it as the other questions' are, or remove it.")
    return _Reading(lines).pool(raw)


class _Reading:
    """A pool's file, checked while it is read."""

    def __init__(self, lines: Lines):
        self.path, self.wrong = lines.path, lines.wrong

    def pool(self, raw: Any) -> Pool:
        if not isinstance(raw, dict) or not raw.keys() <= set(SECTIONS) or not isinstance(raw.get("parameters"), dict):
            raise self.wrong((), "the variants have another form", f"Write these sections: {', '.join(SECTIONS)}.")
        drawn: dict[str, tuple[int, ...]] = {}
        derived: dict[str, Formula] = {}
        for name, entry in raw["parameters"].items():
            at = ("parameters", name)
            if isinstance(entry, list) and entry and all(type(value) is int and value > 0 for value in entry):
                drawn[name] = tuple(entry)
            elif isinstance(entry, str):
                derived[name] = self.derived(entry, {*drawn, *derived}, at)
            else:
                raise self.wrong(
                    at, f"{name} is not a parameter", "Give a list of whole numbers, or a formula over those before."
                )
        rows = self.rows(raw.get("variants"), set(drawn))
        made = Pool(self.path, drawn, derived, rows, self.withdrawn(raw.get("withdrawn") or {}, len(rows)))
        for index, row in enumerate(rows):
            try:
                made.completed(row)
            except ValueError as error:
                todo = "Change the variant or the formula."
                raise self.wrong(("variants", index), f"variant {index + 1} has no {error}", todo) from None
        return made

    def derived(self, text: str, before: set[str], at: tuple) -> Formula:
        try:
            read = formula(text)
        except ValueError as error:
            raise self.wrong(at, f"not a formula: {error}", "Write it as (kernel − 1)/2, with · for a product.") from None
        if not read.names <= before:
            unknown = ", ".join(sorted(read.names - before))
            raise self.wrong(at, f"{unknown} is not a parameter above this one", "Name one that stands above.")
        return read

    def rows(self, raw: Any, names: set[str]) -> tuple[Mapping[str, int], ...]:
        if not isinstance(raw, list) or not 1 <= len(raw) <= MOST:
            raise self.wrong(("variants",), f"the pool holds no variant, or more than {MOST}", "List at least one.")
        for index, row in enumerate(raw):
            at = ("variants", index)
            if not isinstance(row, dict) or row.keys() != names or not all(type(one) is int for one in row.values()):
                todo = f"Give each of these a whole number: {', '.join(sorted(names))}."
                raise self.wrong(at, f"variant {index + 1} has other parameters", todo)
            if row in raw[:index]:
                raise self.wrong(at, f"variant {index + 1} is variant {raw.index(row) + 1} again", "Change a number.")
        return tuple(raw)

    def withdrawn(self, raw: Any, count: int) -> Mapping[int, str]:
        reasons = {}
        for number, why in raw.items() if isinstance(raw, dict) else [("", "")]:
            if not str(number).isdecimal() or not 2 <= int(number) <= count or not str(why or "").strip():
                todo = f"Write `number: why`, the number from 2 to {count}. Variant 1 is the homework itself and stays."
                raise self.wrong(("withdrawn", number), f"{number!r} cannot be withdrawn", todo)
            reasons[int(number)] = str(why)
        return reasons


# ---- the sheet that is on the desk


_on_desk: ContextVar[SheetParameters | None] = ContextVar("the sheet on the desk", default=None)


@contextmanager
def on_desk(sheet: SheetParameters) -> Iterator[None]:
    """Use ``sheet`` inside the block: whatever asks for a question's parameters, such as a known mistake, gets those."""
    token = _on_desk.set(sheet)
    try:
        yield
    finally:
        _on_desk.reset(token)


def current() -> int:
    """The variant of the sheet on the desk; 1 if there is none."""
    sheet = _on_desk.get()
    return next((one.variant for one in sheet.values()), 1) if sheet else 1


def parameters_of(function: Callable[..., Any]) -> Parameters:
    """The parameters of the question that a function of the solutions or of its numbers belongs to: the desk's, else variant 1's."""
    stem = function.__module__.rpartition(".")[2].removesuffix("_numbers")
    sheet = _on_desk.get()
    if sheet is not None and stem in sheet:
        return sheet[stem]
    return pool(Path(sys.modules[function.__module__].__file__ or "").parents[1], stem).parameters(1)


# ---- texts with places for parameters


def filled(text: str, parameters: Parameters, language: Language, where: str = "") -> str:
    """Markdown with each ``{{ formula }}`` replaced by its value: in Persian digits outside code where the text is Persian.

    Raises ConvgradeError for a formula that cannot be worked out from the parameters. Without parameters the text stays.
    """
    if not parameters:
        return text
    pieces = _CODE.split(text)
    return "".join(_filled(piece, parameters, language == "fa" and at % 2 == 0, where) for at, piece in enumerate(pieces))


def _filled(piece: str, parameters: Parameters, in_persian: bool, where: str) -> str:
    def value(place: re.Match[str]) -> str:
        try:
            number = str(formula(place[1]).value(parameters))
        except UNFIT as error:
            known = ", ".join(parameters)
            todo = f"Write a formula over these parameters: {known}."
            raise ConvgradeError(
                f"{place[0]} is not a formula over the parameters: {error}", where=where, todo=todo
            ) from None
        return number.translate(PERSIAN_DIGITS) if in_persian else number

    return _PLACE.sub(value, piece)


def in_python(source: str, parameters: Parameters) -> str:
    """A public test with the values in place of ``sheet.side``. Raises AttributeError for an unknown parameter."""
    return _IN_PYTHON.sub(lambda place: str(getattr(parameters, place[1])), source.replace(_OUR_IMPORT, "", 1))
