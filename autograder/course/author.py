"""An author's vocabulary besides pytest's: ``number``, ``trace`` and, for hidden tests, ``sheet``.

A recipe takes anything shaped like the fixture ``student`` (``of.q2_convnet.conv2d_parameters(3, 16, 5)``), so the same
line gives the key (from the reference solutions), the known wrong values (from the misconceptions) and the
consistency with a student's own code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from inspect import signature
from types import ModuleType
from typing import Any

from autograder.course.variants import Parameters, SheetParameters, on_desk, parameters_of


@dataclass(frozen=True)
class Number:
    """One key of the answer sheet. Its name is the variable it is assigned to, its question the module's."""

    recipe: Callable[..., Any]  # over the asked functions, and the parameters of a variant
    torch: Callable[..., Any]  # the witness: the PyTorch model, counted or measured, over the parameters
    counted: Callable[..., int | None] | None = None  # the same number, counted in a class that students write, if any

    def on(self, sheet: SheetParameters, stem: str) -> Number:
        """The number of a question on one sheet: what it holds takes no parameters any more."""
        recipe, counted = (_with(one, 1, sheet, stem) for one in (self.recipe, self.counted))
        return Number(recipe, _with(self.torch, 0, sheet, stem), counted)


def _with(function: Callable[..., Any] | None, others: int, sheet: SheetParameters, stem: str) -> Any:
    """A function that takes ``others`` arguments, given the question's parameters where it takes one more."""
    if function is None:
        return None
    more = (sheet.get(stem, Parameters({})),) if len(signature(function).parameters) > others else ()

    def ask(*args: Any) -> Any:
        with on_desk(sheet):
            return function(*args, *more)

    return ask


def number(
    recipe: Callable[..., Any], *, torch: Callable[..., Any], counted: Callable[..., int | None] | None = None
) -> Number:
    """A number of the sheet, as a recipe over the asked functions and, independently, a PyTorch model measured.

    ``counted`` finds it in the student's own modules (``size(of.q2_convnet.ConvNet())``), to be compared with the sheet; None
    where the modules are of another size than this variant asks for. Where a question has variants, each takes their
    parameters as its last argument: ``lambda of, v: of.q1_equivalence.linear_parameters(v.side * v.side, v.classes)``. Left out,
    they are those of the sheet on the desk, else of variant 1.
    """
    return Number(_or_of_desk(recipe, 1), _or_of_desk(torch, 0), counted)


def _or_of_desk(function: Callable[..., Any], others: int) -> Callable[..., Any]:
    """A function whose last argument, the parameters, may be left out."""
    if len(signature(function).parameters) <= others:
        return function

    @wraps(function)
    def ask(*args: Any) -> Any:
        return function(*args) if len(args) > others else function(*args, parameters_of(function))

    return ask


@dataclass(frozen=True)
class Alike:
    """What every variant of a question must have in common with the first one, so that all are equally difficult."""

    of: Callable[[Parameters], Any]


def alike(of: Callable[[Parameters], Any]) -> Alike:
    """Every variant must give what variant 1 gives: ``same_steps = alike(lambda v: v.side % 8)``."""
    return Alike(of)


def size(module: Any) -> int:
    """Number of learnable values that a student's module really sends."""
    return sum(array.size for array in module.parameters().values())


@dataclass(frozen=True)
class Trace:
    """A public example of a function, step by step: what to call each step, and how to ask for it."""

    function: str
    example: str
    steps: tuple[tuple[str, Callable[[Any], Any]], ...]


def trace(function: str, example: str, steps: Iterable[tuple[str, Callable[[Any], Any]]]) -> Trace:
    """An example shown step by step to whoever gets ``function`` wrong, up to the first wrong step.

    ``example`` says what the steps start from. The inputs are shown to students: use none of a hidden test's or the sheet's.
    """
    return Trace(function, example, tuple(steps))


@dataclass(frozen=True)
class Keyed:
    """A number with its key on the sheet, as a hidden test is given it."""

    key: str
    stem: str
    number: Number

    def recipe(self, reference: Any) -> Any:
        """The right value on the sheet of the student who is asked, which the fixture ``reference`` knows."""
        return self.number.on(reference.sheet, self.stem).recipe(reference)


def sheet(module: ModuleType) -> list[Any]:
    """Every number of a ``solutions/<stem>_numbers`` module as parameters of a hidden test, each marked with its part."""
    import pytest

    stem = module.__name__.rpartition(".")[2].removesuffix("_numbers")
    question = stem.split("_")[0]
    return [
        pytest.param(
            Keyed(f"{question}.{name}", stem, value),
            marks=pytest.mark.part(f"{question}.numbers.{name}", en="the value on the sheet", fa="مقدار نوشته‌شده در برگه"),
            id=name,
        )
        for name, value in vars(module).items()
        if isinstance(value, Number)
    ]


class Partly(AssertionError):
    """A hidden test that is marked case by case raises this: ``right`` of its ``cases`` were right.

    The check fails, and earns that share of its weight. Raise it ``from`` the exception that helps a student most.
    """

    def __init__(self, right: int, cases: int):
        super().__init__(f"{right} of {cases} cases are right")
        self.right, self.cases = right, cases


@dataclass(frozen=True)
class Attempt:
    """A function or class to try the hidden suites with: a wrong one must lose marks, a right but unusual one none."""

    replaces: str  # the asked function's or class's name
    name: str
    made: Callable[..., Any]
    right: bool
    loses: frozenset[str] = frozenset()  # names of the tests that it fails, and no other; empty: any


def wrong(replaces: str, *, loses: Iterable[str] = ()) -> Callable[[Callable[..., Any]], Attempt]:
    """Mark a function or class as one that must lose marks: where ``loses`` names tests, in those and in no other."""
    return lambda made: Attempt(replaces, made.__name__, made, False, frozenset(loses))


def right(replaces: str) -> Callable[[Callable[..., Any]], Attempt]:
    """Mark a function or class as right, however unusual: it must earn all marks of its part."""
    return lambda made: Attempt(replaces, made.__name__, made, True)
