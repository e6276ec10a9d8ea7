"""What a class came to, as numbers and lists without a language: the class report says it in both. ``counting`` makes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from autograder.model import PartId, Result, Text
from autograder.report.class_page import alike
from autograder.report.class_page.by_variant import ByVariant
from autograder.report.class_page.ideas import Misconceived

SHARES = ("right", "partly", "wrong", "broke", "not_attempted")  # what became of a part, each submission once
LOW_ITEM_REST = 0.1


@dataclass(frozen=True)
class PartFacts:
    """One automatic part. Rates are shares of the submissions counted; NaN where there is nothing to tell."""

    id: str
    most: int
    facility: float
    item_rest: float
    alpha_without: float
    not_attempted: float
    timeout: float
    shares: dict[str, float]
    look: bool  # it hardly goes with the rest: its wording or its key deserves a look

    @property
    def kind(self) -> str:
        return PartId(self.id).kind

    @property
    def name(self) -> str:
        return PartId(self.id).name


@dataclass(frozen=True)
class QuestionFacts:
    id: str
    facility: float
    parts: tuple[PartFacts, ...]


@dataclass(frozen=True)
class WrongNumber:
    """A wrong number that nothing explains: a misconception that has still to be written, or a slip."""

    part: str
    value: str
    count: int
    guess: Text | None


@dataclass(frozen=True)
class CriterionFacts:
    """One criterion of a rubric: in how many of the answers that were read it is met."""

    id: str
    sentence: Text
    met: int
    read: int

    @property
    def facility(self) -> float:
        return self.met / self.read if self.read else float("nan")


@dataclass(frozen=True)
class Student:
    """A submission's row in the table of students. Points in hundredths, by question id."""

    id: str
    name: str
    status: str
    cents: int
    questions: dict[str, int]
    awaiting: int  # texts that a person has still to mark
    late: bool
    counted: bool  # whether it is in the statistics
    withheld: bool  # whether numbers wait until it is known which variant was given


@dataclass(frozen=True)
class ClassFacts:
    all: int
    counted: int
    empty: int  # read, but nothing attempted
    withheld: int  # read, but numbers wait until it is known which variant was given
    not_read: tuple[Result, ...]
    late: int
    late_known: int
    awaiting: int  # submissions with writing that a person has still to mark
    most: int  # hundredths of a point marked
    cents: np.ndarray  # of the submissions counted
    quartiles: tuple[float, float, float]
    alpha: float
    alpha_interval: tuple[float, float]
    by_chance: float
    questions: tuple[QuestionFacts, ...]
    criteria: Mapping[str, tuple[CriterionFacts, ...]]  # by written part's id
    misconceptions: tuple[Misconceived, ...]
    wrong_numbers: tuple[WrongNumber, ...]
    alike_numbers: tuple[alike.Alike, ...]
    alike_sources: tuple[alike.Alike, ...] | None  # None: no sources were given
    students: tuple[Student, ...]
    names: dict[str, str]
    by_variant: ByVariant

    @property
    def parts(self) -> tuple[PartFacts, ...]:
        return tuple(part for question in self.questions for part in question.parts)

    @property
    def shares(self) -> np.ndarray:
        return self.cents / self.most if self.most else np.zeros(len(self.cents))
