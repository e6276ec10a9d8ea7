"""What a class came to, as numbers and lists without a language: the class report says it in both.

The statistics are over submissions that were read and attempted something: an empty hand-in says nothing about a part, and
many of them would make any set of parts look consistent. A part that was left out of such a submission counts as no points.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from autograder.course.course import Course
from autograder.marking import written_marks
from autograder.model import Outcome, PartId, PartResult, Result, Text
from autograder.report.class_page import alike, statistics

SHARES = ("right", "partly", "wrong", "broke", "not_attempted")  # what became of a part, each submission once
BROKE = (Outcome.TIMEOUT, Outcome.CRASHED)
LOW_ITEM_REST = 0.1
ENOUGH_TO_POINT = 10  # submissions below which no part is pointed at


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
class Misconceived:
    """Misconceptions that explain the very same answers of the class, in how many submissions, and where.

    Of those submissions, ``shared`` many have answers that something else explains as well.
    """

    ids: tuple[str, ...]
    hints: tuple[Text, ...]
    count: int
    shared: int
    parts: tuple[str, ...]


@dataclass(frozen=True)
class WrongNumber:
    """A wrong number that nothing explains: a misconception that has still to be written, or a slip."""

    part: str
    value: str
    count: int
    guess: Text | None


@dataclass(frozen=True)
class ClassFacts:
    all: int
    counted: int
    empty: int  # read, but nothing attempted
    not_read: tuple[Result, ...]
    late: int
    late_known: int
    awaiting: int  # submissions with writing that a person has still to mark
    most: int  # hundredths of a point marked
    cents: np.ndarray  # of the submissions counted
    histogram: np.ndarray
    quartiles: tuple[float, float, float]
    alpha: float
    alpha_interval: tuple[float, float]
    by_chance: float
    questions: tuple[QuestionFacts, ...]
    misconceptions: tuple[Misconceived, ...]
    wrong_numbers: tuple[WrongNumber, ...]
    alike_numbers: tuple[alike.Alike, ...]
    alike_sources: tuple[alike.Alike, ...] | None  # None: no sources were given
    names: dict[str, str]

    @property
    def parts(self) -> tuple[PartFacts, ...]:
        return tuple(part for question in self.questions for part in question.parts)

    @property
    def shares(self) -> np.ndarray:
        return self.cents / self.most if self.most else np.zeros(len(self.cents))


def facts(results: Iterable[Result], course: Course, sources: Mapping[str, Mapping[str, str]] | None = None) -> ClassFacts:
    """Everything the class report tells. ``sources`` is id -> file's name -> Python source, for work that is alike."""
    results = sorted(results, key=lambda result: result.id)
    read = [result for result in results if result.status in ("graded", "partly graded")]
    counted = [result for result in read if any(part.outcome is not Outcome.NOT_ATTEMPTED for part in result.automatic)]
    ids = [part.id for part in course.parts if _counted(part.id, counted)]
    by_id = [{part.id: _without_text(part) for part in result.parts} for result in counted]
    table = [[row.get(id) for id in ids] for row in by_id]
    scores = np.array([[_points(part) for part in row] for row in table], float).reshape(len(counted), len(ids))
    most = np.array([part.cents for part in course.parts if part.id in ids], float)
    parts = _parts(ids, most, scores, table)
    whole = scores.sum(axis=1)
    late = [result.late_seconds for result in results if result.late_seconds is not None]
    return ClassFacts(
        all=len(results),
        counted=len(counted),
        empty=len(read) - len(counted),
        not_read=tuple(result for result in results if result.status not in ("graded", "partly graded")),
        late=sum(seconds > 0 for seconds in late),
        late_known=len(late),
        awaiting=sum(written_marks.waiting(result) > 0 for result in read),
        most=int(most.sum()),
        cents=whole,
        histogram=statistics.histogram(whole / most.sum() if most.sum() else whole),
        quartiles=statistics.quartiles(whole),
        alpha=statistics.alpha(scores),
        alpha_interval=statistics.alpha_interval(scores),
        by_chance=statistics.chance_correlation(len(counted)),
        questions=_questions(course, parts),
        misconceptions=_misconceptions(counted),
        wrong_numbers=_wrong_numbers(counted),
        alike_numbers=tuple(alike.numbers(counted)),
        alike_sources=None if sources is None else tuple(alike.sources(sources, _stubs(course))),
        names={result.id: result.name for result in results},
    )


def _counted(id: str, results: list[Result]) -> bool:
    """Whether a part is in the numbers: a written one is not while a person has to mark it."""
    return PartId(id).kind != "written" or written_marks.counted(id, results)


def _without_text(part: PartResult) -> PartResult:
    """A written part that nobody will mark, since there is nothing, is one that was not attempted."""
    return replace(part, outcome=Outcome.NOT_ATTEMPTED) if part.outcome is Outcome.AWAITING else part


def _points(part: PartResult | None) -> int:
    return 0 if part is None or part.cents is None else part.cents


def _parts(ids: list[str], most: np.ndarray, scores: np.ndarray, table: list[list[PartResult | None]]) -> list[PartFacts]:
    facility = statistics.facility(scores, most)
    item_rest = statistics.item_rest(scores)
    without = statistics.alpha_if_deleted(scores)
    count = max(1, len(table))
    found = []
    for at, id in enumerate(ids):
        column = [row[at] for row in table]
        fates = [_fate(part) for part in column]
        timeouts = sum(part is not None and _timed_out(part) for part in column)
        found.append(
            PartFacts(
                id=id,
                most=int(most[at]),
                facility=float(facility[at]),
                item_rest=float(item_rest[at]),
                alpha_without=float(without[at]),
                not_attempted=fates.count("not_attempted") / count,
                timeout=timeouts / count,
                shares={fate: fates.count(fate) / count for fate in SHARES},
                look=len(table) >= ENOUGH_TO_POINT and bool(item_rest[at] < LOW_ITEM_REST),
            )
        )
    return found


def _fate(part: PartResult | None) -> str:
    if part is None or part.outcome is Outcome.NOT_ATTEMPTED:
        return "not_attempted"
    if part.cents == part.max_cents:
        return "right"
    if part.outcome in BROKE:
        return "broke"
    return "partly" if part.cents else "wrong"


def _timed_out(part: PartResult) -> bool:
    return part.outcome is Outcome.TIMEOUT or any(check.outcome is Outcome.TIMEOUT for check in part.checks)


def _questions(course: Course, parts: list[PartFacts]) -> tuple[QuestionFacts, ...]:
    found = []
    for question in course.questions:
        ours = tuple(part for part in parts if part.id.startswith(f"{question.id}."))
        most = sum(part.most for part in ours)
        facility = sum(part.facility * part.most for part in ours if part.most) / most if most else float("nan")
        found.append(QuestionFacts(question.id, facility, ours))
    return tuple(found)


def _misconceptions(results: list[Result]) -> tuple[Misconceived, ...]:
    """Most frequent first. A submission counts once, in however many parts it shows the same idea."""
    where: dict[str, set[tuple[str, str]]] = {}  # id -> (submission, part)
    ideas: dict[tuple[str, str], set[str]] = {}  # (submission, part) -> every id that explains it
    hints: dict[str, Text] = {}
    for result in results:
        for diagnosis in result.diagnoses:
            for id, hint in zip(diagnosis.misconceptions, diagnosis.hints, strict=False):
                where.setdefault(id, set()).add((result.id, diagnosis.part))
                ideas.setdefault((result.id, diagnosis.part), set()).add(id)
                hints.setdefault(id, hint)
    together: dict[frozenset, list[str]] = {}
    for id in sorted(where):
        together.setdefault(frozenset(where[id]), []).append(id)
    found = []
    for places, ids in together.items():
        who = {submission for submission, _ in places}
        sure = {place[0] for place in places if ideas[place] <= set(ids)}
        parts = tuple(sorted({part for _, part in places}))
        told = tuple(dict.fromkeys(hints[id] for id in ids))
        found.append(Misconceived(tuple(ids), told, len(who), len(who - sure), parts))
    return tuple(sorted(found, key=lambda one: (-one.count, one.shared, one.ids)))


def _wrong_numbers(results: list[Result]) -> tuple[WrongNumber, ...]:
    counts: dict[tuple[str, str], int] = {}
    guesses: dict[tuple[str, str], Text] = {}
    for result in results:
        told = {one.part: one.hints[0] for one in result.diagnoses if one.guess and one.hints}
        for part in alike.unexplained(result):
            key = (part.id, alike.value(part))
            counts[key] = counts.get(key, 0) + 1
            if part.id in told:
                guesses.setdefault(key, told[part.id])
    found = [WrongNumber(*key, count, guesses.get(key)) for key, count in counts.items()]
    return tuple(sorted(found, key=lambda one: (-one.count, one.part, one.value)))


def _stubs(course: Course) -> dict[str, str]:
    """What was handed out, by stem; nothing where the template has not been released."""
    paths: dict[str, Path] = {question.stem: question.path("stub") for question in course.questions}
    return {stem: path.read_text(encoding="utf-8") for stem, path in paths.items() if path.is_file()}
