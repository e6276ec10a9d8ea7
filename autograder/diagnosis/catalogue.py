"""The catalogue of misconceptions, and what the solutions answer with one of them, or two, in place of what is right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from autograder.course.course import Course
from autograder.course.mistakes import Misconception, Mistakes
from autograder.course.question import Question
from autograder.course.reference import Reference
from autograder.course.variants import current
from autograder.errors import ConvgradeError
from autograder.marking.recorder import Answered
from autograder.model import PartId


@dataclass(frozen=True)
class Entry:
    """A misconception of the course's catalogue, with its id ``q2.conv2d_parameters.input_channels_forgotten``."""

    id: str
    stem: str
    misconception: Misconception

    @property
    def key(self) -> tuple[str, str]:
        """The stem and the name of the function or class that it replaces."""
        return self.stem, self.misconception.replaces

    @property
    def part(self) -> str:
        """The part that the function or class belongs to."""
        question, name, _ = self.id.split(".", 2)
        return PartId.of(question, "code", name)

    @property
    def is_class(self) -> bool:
        return isinstance(self.misconception.wrong, type)


Group = tuple[Entry, ...]  # one mistake, or two that are made together


@dataclass(frozen=True)
class Explanation:
    """The mistakes that explain an answer; ``route`` is the arithmetic that leads to a number, where it can be shown."""

    entries: Group
    route: str = ""

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(entry.id for entry in self.entries)


def catalogue(course: Course) -> list[Entry]:
    """Every entry of the course, function by function as they are asked, in the order in which the entries are written.

    Raises ConvgradeError for a module of misconceptions that is named after nothing asked, or whose table is of something
    else, and for a name that stands twice.
    """
    entries: dict[str, Entry] = {}
    for question in course.questions:
        modules = {path.stem: path for path in question.paths("misconceptions") if not path.stem.startswith("_")}
        for name in sorted(modules, key=lambda name: (*question.code_names, name).index(name)):
            for table in _tables(course, question, name, modules[name]):
                for entry in table.entries:
                    id = f"{question.id}.{name}.{entry.name}"
                    if id in entries:
                        raise ConvgradeError(f"two entries are called {id}", where=str(modules[name]), todo="Rename one.")
                    entries[id] = Entry(id, question.stem, entry)
    return list(entries.values())


def _tables(course: Course, question: Question, name: str, path: Path) -> list[Mistakes]:
    if name not in question.code_names:
        todo = f"Name it after one of: {', '.join(question.code_names)}."
        raise ConvgradeError(f"{question.stem} asks for nothing called {name}", where=str(path), todo=todo)
    module = course.module(f"solutions.{question.stem}_misconceptions.{name}")
    tables = [value for value in vars(module).values() if isinstance(value, Mistakes)]
    for table in tables:
        if table.of.__name__ != name:
            todo = f"Move it to {table.of.__name__}.py."
            raise ConvgradeError(f"this file's table is for {table.of.__name__}", where=str(path), todo=todo)
    return tables


class Catalogue:
    """The entries, and the solutions with mistakes in them.

    A mistake is put into a copy of its question's solution, so that whatever calls the function calls the wrong one: the way
    it spreads through a student's own file. The copy is made once, and mistakes are put in and taken out again.
    """

    def __init__(self, course: Course, right: Reference):
        self.entries = catalogue(course)
        self._right = right
        self._copies: dict[str, ModuleType] = {}
        self._answers: dict[tuple, Any] = {}
        self._references: dict[Group, Reference] = {}
        self._called: dict[str, dict[str, set[str]]] = {}

    def reaching(self, stem: str, name: str) -> list[Entry]:
        """The entries that may change what a function answers: its own, and those of the functions that it calls."""
        return [entry for entry in self.entries if entry.stem == stem and entry.key[1] in self._calls(stem)[name]]

    def used(self, stem: str, name: str) -> set[str]:
        """The functions that a function uses, itself among them."""
        return self._calls(stem)[name]

    def pairs(self, entries: Sequence[Entry]) -> list[Group]:
        """Two mistakes that can be made together: in different functions, or in one whose impossible calls are not refused."""
        return [pair for pair in combinations(entries, 2) if together(pair) is not None]

    @contextmanager
    def mistaken(self, group: Group, calls: list[Answered] | None = None) -> Iterator[Any]:
        """Something shaped like the fixture ``student``, whose functions are the solutions with these mistakes in them.

        Calls of the wrong functions, whoever makes them, are added to ``calls``.
        """
        replaced = together(group) or {}
        if calls is not None:
            replaced = {key: _noted(calls, key, wrong) for key, wrong in replaced.items()}
        before = [(self._copy(stem), name, getattr(self._copy(stem), name)) for stem, name in replaced]
        for (stem, name), wrong in replaced.items():
            setattr(self._copy(stem), name, wrong)
        try:
            yield SimpleNamespace(**{stem: self._copy(stem) for stem in self._right.stems})
        finally:
            for module, name, right in before:
                setattr(module, name, right)

    def answer(self, group: Group, call: Answered) -> Any:
        """What a function answers to a call with these mistakes, or the exception that it ends in; worked out once."""
        varies = current() if any(entry.misconception.varies for entry in group) else 0
        key = (tuple(entry.id for entry in group), call.stem, call.name, arguments(call), varies)
        if key not in self._answers:
            with self.mistaken(group) as of:
                try:
                    self._answers[key] = getattr(getattr(of, call.stem), call.name)(*call.args, **call.kwargs)
                except Exception as error:
                    self._answers[key] = error
        return self._answers[key]

    def answering(self, group: Group) -> Any:
        """Something shaped like the fixture ``student`` that answers with these mistakes.

        Each answer is worked out once, and kept for every group whose mistakes are the same in what the function uses.
        """
        return _Answering(lambda stem, name, args, kwargs: self._answered(group, Answered(stem, name, args, kwargs, None)))

    def _answered(self, group: Group, call: Answered) -> Any:
        used = self._calls(call.stem)[call.name]
        mattering = tuple(entry for entry in group if entry.stem == call.stem and entry.key[1] in used)
        answer = self.answer(mattering, call)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def reference(self, group: Group) -> Reference:
        """A reference with these mistakes in it, classes included; made once per group."""
        if group not in self._references:
            self._references[group] = self._right.replacing(together(group) or {})
        return self._references[group]

    def _calls(self, stem: str) -> dict[str, set[str]]:
        """Each function and class of a solution with the names of those that it uses, itself among them."""
        if stem not in self._called:
            named = {name: _names(value) for name, value in vars(self._copy(stem)).items() if callable(value)}
            reached = {name: {name} | (used & named.keys()) for name, used in named.items()}
            for _ in named:
                reached = {name: set().union(*(reached[one] for one in used)) for name, used in reached.items()}
            self._called[stem] = reached
        return self._called[stem]

    def _copy(self, stem: str) -> ModuleType:
        if stem not in self._copies:
            self._copies[stem] = self._right.copy(stem)
        return self._copies[stem]


class _Answering:
    """Attributes of attributes that can be called: ``of.q2_convnet.conv2d_parameters(3, 16, 5)``."""

    def __init__(self, ask: Callable[[str, str, tuple, dict], Any], stem: str = ""):
        self._ask, self._stem = ask, stem

    def __getattr__(self, name: str) -> Any:
        if not self._stem:
            return _Answering(self._ask, name)
        return lambda *args, **kwargs: self._ask(self._stem, name, args, kwargs)


def arguments(call: Answered) -> Any:
    """What a call was asked with, as something that can be looked up."""
    text = repr((call.args, call.kwargs))  # of numbers, texts, lists and dicts it says everything, and is made quickly
    plain = not any(word in text for word in ("array", "tensor", "<", "..."))
    return text if plain else (frozen(call.args), frozen(call.kwargs))


def frozen(value: Any) -> Any:
    """Plain data as something that can be looked up."""
    if isinstance(value, np.ndarray):
        return value.shape, value.dtype.str, value.tobytes()
    if isinstance(value, dict):
        return tuple((name, frozen(inner)) for name, inner in value.items())
    if isinstance(value, (list, tuple)):
        return type(value).__name__, *map(frozen, value)
    return type(value).__name__, value


def together(group: Group) -> dict[tuple[str, str], Any] | None:
    """The replacement for each function if these mistakes can be made together; None if they cannot."""
    if len(group) < 2:
        return {entry.key: entry.misconception.wrong for entry in group}
    one, other = group
    if one.key != other.key:
        return None if one.is_class or other.is_class else {entry.key: entry.misconception.wrong for entry in group}
    if isinstance(one.misconception.wrong, type) and isinstance(other.misconception.wrong, type):
        both = _both(one.misconception.wrong, other.misconception.wrong)
        return None if both is None else {one.key: both}
    for kept, careless in ((one, other), (other, one)):
        if careless.misconception.careless and kept.misconception.unchecked is not None:
            return {one.key: kept.misconception.unchecked}
    return None


def _noted(calls: list[Answered], key: tuple[str, str], wrong: Callable[..., Any]) -> Callable[..., Any]:
    def ask(*args: Any, **kwargs: Any) -> Any:
        value = wrong(*args, **kwargs)
        calls.append(Answered(*key, args, kwargs, value))
        return value

    return ask


_OWN = {"__module__", "__doc__", "__qualname__", "__firstlineno__", "__static_attributes__", "__dict__", "__weakref__"}


def _both(one: type, other: type) -> type | None:
    """A class with the changes of two, where they change different things."""
    if (vars(one).keys() - _OWN) & (vars(other).keys() - _OWN) or one.__bases__ != other.__bases__:
        return None
    return type(f"{one.__name__}_{other.__name__}", (one, other), {})


def _names(value: Any) -> set[str]:
    """Global names that a function's code, or a class's methods, use."""
    if isinstance(value, type):
        return set().union(*(_names(inner) for inner in vars(value).values() if callable(inner)))
    value = getattr(value, "__wrapped__", value)
    return _in_code(value.__code__) if isinstance(value, FunctionType) else set()


def _in_code(code: Any) -> set[str]:
    return set(code.co_names).union(*(_in_code(one) for one in code.co_consts if hasattr(one, "co_names")))
