"""Check that every variant of a question is as sound and as difficult as the first, and search for others that are.

A variant must show each mistake that variant 1 shows, tell at least as many of them apart by a value of their own, and ask for as
many steps on numbers of the same kind. A search proposes; a person reads, and commits what is to be handed out.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, islice, permutations
from types import MappingProxyType
from typing import Any

from autograder.course.answer_key import AnswerKey
from autograder.course.author import Alike, Number
from autograder.course.course import Course
from autograder.course.question import Question
from autograder.course.variants import Parameters
from autograder.diagnosis.by_number import Numbers
from autograder.diagnosis.catalogue import Catalogue
from autograder.diagnosis.near_miss import near_miss
from autograder.marking.compare import same
from autograder.marking.recorder import Recorder

# What a recipe or a witness raises where there is no right answer: a kernel larger than its image, say.
UNANSWERED = (ValueError, ArithmeticError, RuntimeError)
TRIES = 150  # sets of parameters that a search looks at
# Two parameters that happen to fit make a question easier, or another one: which of these hold is compared with variant 1.
RELATIONS = MappingProxyType(
    {
        "{a} = {b}": lambda a, b: a == b,
        "{a} = {b} + 1": lambda a, b: a == b + 1,
        "{a} = 2·{b}": lambda a, b: a == 2 * b,
        "{a} = {b}²": lambda a, b: a == b * b,
    }
)


@dataclass(frozen=True)
class Figures:
    """One number in one variant: its right value, and its value under each known mistake."""

    key: str
    variant: int
    value: Any
    wrong: Mapping[str, Any]  # mistake -> the wrong value that it gives
    steps: int  # calls of asked functions
    witness: Callable[[], Any]  # the PyTorch model measured, which takes longest

    @cached_property
    def own(self) -> frozenset[str]:
        """The mistakes whose value no other mistake gives."""
        many = Counter(repr(value) for value in self.wrong.values())
        return frozenset(id for id, value in self.wrong.items() if many[repr(value)] == 1)

    @property
    def digits(self) -> tuple[int, ...]:
        return tuple(len(str(abs(one))) for one in _row(self.value))

    @property
    def parity(self) -> str:
        return "".join("eo"[one % 2] for one in _row(self.value))


def _row(value: Any) -> tuple[int, ...]:
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)


class Vetting:
    """A course's variants, compared with the first one."""

    def __init__(self, course: Course):
        self.course, self.key = course, AnswerKey(course)
        self.catalogue = Catalogue(course, self.key.right)
        self._first: dict[str, dict[str, Figures]] = {}

    def on(self, question: Question, parameters: Parameters) -> dict[str, Number]:
        """The question's numbers on a sheet with these parameters, by key. The other questions are as in variant 1."""
        sheet = {**self.course.sheet(1), question.stem: parameters}
        module = self.course.module(f"solutions.{question.stem}_numbers")
        return {f"{question.id}.{name}": number.on(sheet, question.stem) for name, number in _numbers(module)}

    def figures(self, question: Question, parameters: Parameters, keys: Collection[str] = ()) -> dict[str, Figures]:
        """What the question's numbers come to with these parameters; of ``keys`` alone, where some are named."""
        numbers = {name: number for name, number in self.on(question, parameters).items() if name in keys or not keys}
        key = self.key.with_numbers(numbers)
        known = Numbers(key, self.catalogue)
        return {name: self._figures(name, parameters.variant, key, known) for name in key.numbers}

    def _figures(self, name: str, variant: int, key: AnswerKey, known: Numbers) -> Figures:
        recorder = Recorder(key.right)
        key.numbers[name].recipe(recorder)
        wrong = {group[0].id: value for value, group in known.single(name)}
        return Figures(name, variant, key.values[name], wrong, len(recorder.calls), key.numbers[name].torch)

    def first(self, question: Question) -> dict[str, Figures]:
        """The figures of variant 1, computed once."""
        if question.id not in self._first:
            self._first[question.id] = self.figures(question, self.course.pool(question).parameters(1))
        return self._first[question.id]

    def trouble(self, question: Question, parameters: Parameters, figures: Mapping[str, Figures]) -> Iterator[str]:
        """What is wrong with a variant; nothing where it can be handed out."""
        yield from self._unequal(question, parameters, figures)
        for key, one in figures.items():
            if not same(measured := one.witness(), one.value):
                yield f"{key}: the witness says {measured}, the recipe {one.value}"

    def _unequal(self, question: Question, parameters: Parameters, figures: Mapping[str, Figures]) -> Iterator[str]:
        """The same without the witness, which takes longest."""
        first, pool = self.first(question), self.course.pool(question)
        for key, one in figures.items():
            yield from _of_number(one, first[key])
        yield from sorted(_slips(figures) - _slips(first))
        yield from _of_parameters(parameters, pool.parameters(1))
        module = self.course.module(f"solutions.{question.stem}_numbers")
        for name, alike in vars(module).items():
            if isinstance(alike, Alike) and alike.of(parameters) != alike.of(pool.parameters(1)):
                yield f"{name} is {alike.of(parameters)}, and {alike.of(pool.parameters(1))} in variant 1"

    def all(self) -> Iterator[tuple[Question, Parameters, dict[str, Figures], list[str]]]:
        """Every variant of every question that varies, with its figures and what is wrong with it."""
        for question in self.course.varying:
            for variant in range(1, len(self.course.pool(question).rows) + 1):
                parameters = self.course.pool(question).parameters(variant)
                try:
                    figures = self.first(question) if variant == 1 else self.figures(question, parameters)
                    trouble = list(self.trouble(question, parameters, figures))
                except UNANSWERED as error:
                    figures, trouble = {}, [f"it has no right answer: {error}"]
                yield question, parameters, figures, trouble

    def search(self, question: Question, count: int, tries: int = TRIES, seed: int = 0) -> list[tuple[Parameters, int]]:
        """Up to ``count`` new variants without fault, those that tell most mistakes apart first, each with how many those are.

        Of equally good ones, those come first whose numbers have been used least.
        """
        pool = self.course.pool(question)
        good: list[tuple[Parameters, int]] = []
        for parameters in islice(pool.others(random.Random(seed)), tries):
            if next(_of_parameters(parameters, pool.parameters(1)), None) is not None:
                continue
            try:
                figures = self.figures(question, parameters)
            except UNANSWERED:
                continue
            if next(self._unequal(question, parameters, figures), None) is None:
                good.append((parameters, sum(len(one.own) for one in figures.values())))
        chosen: list[tuple[Parameters, int]] = []
        used = Counter(item for row in pool.rows for item in row.items())
        while good and len(chosen) < count:
            best = max(good, key=lambda one: (one[1] - 2 * sum(used[item] for item in one[0].items()), repr(one[0])))
            good.remove(best)
            if next(self.trouble(question, best[0], self.figures(question, best[0])), None) is not None:
                continue
            chosen.append(best)
            used.update(best[0].items())
        return chosen


def _numbers(module: Any) -> Iterator[tuple[str, Number]]:
    return ((name, value) for name, value in vars(module).items() if isinstance(value, Number))


def _of_number(one: Figures, first: Figures) -> Iterator[str]:
    hidden = sorted(first.wrong.keys() - one.wrong.keys())
    if hidden:
        yield f"{one.key}: these mistakes give the right value: {', '.join(hidden)}"
    if len(one.own) < len(first.own):
        yield f"{one.key}: {len(one.own)} mistakes have a value of their own, and {len(first.own)} in variant 1"
    if one.steps != first.steps:
        yield f"{one.key}: it takes {one.steps} steps, and {first.steps} in variant 1"
    if len(one.digits) != len(first.digits) or any(abs(a - b) > 1 for a, b in zip(one.digits, first.digits, strict=False)):
        yield f"{one.key}: {one.value} is more than a digit longer or shorter than {first.value}"


def _of_parameters(parameters: Parameters, first: Parameters) -> Iterator[str]:
    for name, value in parameters.items():
        if value < 2 <= first[name]:
            yield f"{name} is {value}, which is special"
        if abs(len(str(value)) - len(str(first[name]))) > 1:
            yield f"{name} is {value}, more than a digit longer or shorter than {first[name]}"
    yield from sorted(_relations(parameters) - _relations(first))


def _relations(parameters: Parameters) -> set[str]:
    return {
        f"{sentence.format(a=a, b=b)} holds, as it does not in variant 1"
        for a, b in permutations(parameters, 2)
        for sentence, holds in RELATIONS.items()
        if holds(parameters[a], parameters[b])
    }


def _slips(figures: Mapping[str, Figures]) -> set[str]:
    """Right values that look like a slip of the pen in another number's right value."""
    return {
        f"the right values of {a} and {b} look like slips of each other"
        for a, b in combinations(figures, 2)
        if near_miss(figures[a].value, figures[b].value) or near_miss(figures[b].value, figures[a].value)
    }


# ---- for a person


def table(course: Course) -> tuple[list[str], list[str]]:
    """The figures of every number and variant as a table, and what is wrong."""
    lines, wrong = [], []
    by_key: dict[str, list[Figures]] = {}
    for question, parameters, figures, trouble in Vetting(course).all():
        wrong += [f"variant {parameters.variant} of {question.id}: {one}" for one in trouble]
        for key, one in figures.items():
            by_key.setdefault(key, []).append(one)
    for key, every in by_key.items():
        least_visible, least_own = (min(len(getattr(one, name)) for one in every) for name in ("wrong", "own"))
        lines.append(
            f"{key}: least over {len(every)} variants: {least_visible} mistakes visible, {least_own} with a value of their own"
        )
        for one in every:
            digits = ".".join(map(str, one.digits))
            lines.append(
                f"  variant {one.variant:2}  visible {len(one.wrong):2}  own {len(one.own):2}  steps {one.steps}  "
                f"digits {digits:7}  parity {one.parity:3}  {one.value}"
            )
    lines += [f"wrong: {one}" for one in wrong] or [f"every variant is as good as the first ({len(by_key)} numbers)"]
    return lines, wrong


def proposed(course: Course, question: Question, count: int, seed: int) -> list[str]:
    """New variants of a question as lines for its file, each with how many mistakes have a value of their own."""
    vetting = Vetting(course)
    before = sum(len(one.own) for one in vetting.first(question).values())
    variants = vetting.search(question, count, seed=seed)
    drawn = course.pool(question).drawn
    lines = [f"# {course.pool(question).path.relative_to(course.root)}: variant 1 tells {before} mistakes apart"]
    for parameters, own in variants:
        lines.append(f"  - {{{', '.join(f'{name}: {parameters[name]}' for name in drawn)}}}  # {own}")
    if len(variants) < count:
        lines.append(f"# {len(variants)} of {count} found: give the parameters more values to draw from")
    return lines
