"""Counts a class for its report, one result after the other.

The statistics are over submissions that were read and attempted something: an empty hand-in says nothing about a part, and
many of them would make any set of parts look consistent. A part that was left out of such a submission counts as no points.
A submission whose numbers wait until its variant is known is not counted either: they would look like mistakes.
Only what counts of each result is kept, so that a class of ten thousand fits anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from autograder.course.course import Course
from autograder.marking import lateness, written_marks
from autograder.model import Outcome, PartId, PartResult, Result, Text
from autograder.report.class_page import alike, statistics
from autograder.report.class_page.by_variant import ByVariant
from autograder.report.class_page.class_facts import (
    LOW_ITEM_REST,
    SHARES,
    ClassFacts,
    CriterionFacts,
    PartFacts,
    QuestionFacts,
    Student,
    WrongNumber,
)
from autograder.report.class_page.ideas import Ideas
from autograder.report.part_view import CRITERIA

NOT_ATTEMPTED = SHARES.index("not_attempted")
BROKE = (Outcome.TIMEOUT, Outcome.CRASHED)
TELLING = (0.05, 0.9)  # facilities between which an item-rest correlation says something of a part
ENOUGH_TO_POINT = 10  # submissions below which no part is pointed at


@dataclass
class _Counted:
    """What is kept of the submissions that count, while they go by."""

    ids: list[str]  # of the course's parts
    cents: list[np.ndarray] = field(default_factory=list)
    fates: list[np.ndarray] = field(default_factory=list)  # indices in SHARES
    timeouts: np.ndarray = field(init=False)
    marked: set[str] = field(default_factory=set)  # written parts that a person has marked somewhere
    waits: set[str] = field(default_factory=set)  # and those with a text that still waits
    ideas: Ideas = field(init=False)
    wrong: dict[tuple[str, str], list[str]] = field(default_factory=dict)  # part and value -> who gave it
    guesses: dict[tuple[str, str], Text] = field(default_factory=dict)
    criteria: dict[str, dict[str, CriterionFacts]] = field(default_factory=dict)  # by written part, by criterion

    def __post_init__(self) -> None:
        self.timeouts = np.zeros(len(self.ids), int)
        self.ideas = Ideas(self.ids)

    def take(self, result: Result) -> None:
        by_id = {part.id: part for part in result.parts}
        column = [by_id.get(id) for id in self.ids]
        self.cents.append(np.array([0 if part is None or part.cents is None else part.cents for part in column], np.int32))
        self.fates.append(np.array([SHARES.index(_fate(part)) for part in column], np.int8))
        self.timeouts += [part is not None and _timed_out(part) for part in column]
        for part in result.parts:
            if part.kind == "written":
                if part.cents is not None:
                    self.marked.add(part.id)
                    self._criteria(part)
                elif part.name in result.written:
                    self.waits.add(part.id)
        self.ideas.take(result, len(self.cents))
        hints = {one.part: one.hints[0] for one in result.diagnoses if one.guess and one.hints}
        for part in alike.unexplained(result):
            if part.part.key in result.elsewhere:
                continue  # it is right for another variant, and said there
            key = (part.id, alike.value(part))
            self.wrong.setdefault(key, []).append(result.id)
            if part.id in hints:
                self.guesses.setdefault(key, hints[part.id])

    def _criteria(self, part: PartResult) -> None:
        """What a person's mark says of each criterion: messages ``written.met`` and ``written.not_met``."""
        for message in part.messages:
            if message.key in CRITERIA:
                id, met = str(message.values["id"]), message.key == "written.met"
                sentence = Text(str(message.values["en"]), str(message.values["fa"]))
                so_far = self.criteria.setdefault(part.id, {}).get(id, CriterionFacts(id, sentence, 0, 0))
                self.criteria[part.id][id] = CriterionFacts(id, so_far.sentence, so_far.met + met, so_far.read + 1)


def facts(
    results: Iterable[Result],
    course: Course,
    sources: Mapping[str, Mapping[str, str]] | Iterable[tuple[str, Mapping[str, str]]] | None = None,
) -> ClassFacts:
    """Everything the class report tells. ``sources`` is id -> file's name -> Python source, for work that is alike.

    The order of the results changes nothing.
    """
    counted, by_variant = _Counted([part.id for part in course.parts]), ByVariant()
    policy = course.config.late
    students, not_read, mates, late, empty, withheld, awaiting = [], [], {}, [], 0, 0, 0
    for result in results:
        if result.late_seconds is not None:
            late.append(result.late_seconds)
        mates[result.id] = alike.group_mates(result)
        fit = result.status in ("graded", "partly graded")
        attempted = any(part.outcome not in (Outcome.NOT_ATTEMPTED, Outcome.UNREAD) for part in result.automatic)
        waits = bool(result.withheld_cents)
        counts = fit and attempted and not waits
        waiting = written_marks.waiting(result) if fit else 0
        empty, withheld = empty + (fit and not attempted and not waits), withheld + (fit and waits)
        awaiting += waiting > 0
        if not fit:
            not_read.append(replace(result, parts=(), diagnoses=(), written={}))
        by_variant.take(result)
        if counts:
            counted.take(result)
        students.append(_student(result, counts, waits, waiting, policy))
    kept = [
        at
        for at, id in enumerate(counted.ids)
        if PartId(id).kind != "written" or (id in counted.marked and id not in counted.waits)
    ]
    rows = [student.id for student in students if student.counted]
    order = sorted(range(len(rows)), key=rows.__getitem__)
    scores = np.array([counted.cents[at][kept] for at in order], float).reshape(len(rows), len(kept))
    fates = np.array([counted.fates[at][kept] for at in order], np.int8).reshape(len(rows), len(kept))
    most = np.array([course.parts[at].cents for at in kept], float)
    parts = _parts([counted.ids[at] for at in kept], most, scores, fates, counted.timeouts[kept])
    whole = scores.sum(axis=1)
    return ClassFacts(
        all=len(students),
        counted=len(rows),
        empty=empty,
        withheld=withheld,
        not_read=tuple(sorted(not_read, key=lambda result: result.id)),
        late=sum(seconds > 0 for seconds in late),
        late_known=len(late),
        awaiting=awaiting,
        most=int(most.sum()),
        cents=whole,
        quartiles=statistics.quartiles(whole),
        alpha=statistics.alpha(scores),
        alpha_interval=statistics.alpha_interval(scores),
        by_chance=statistics.chance_correlation(len(rows)),
        questions=_questions(course, parts),
        criteria={id: tuple(counted.criteria[id].values()) for id in counted.ids if id in counted.criteria},
        misconceptions=counted.ideas.ranked(),
        wrong_numbers=_wrong_numbers(counted),
        alike_numbers=tuple(alike.from_numbers(counted.wrong, len(rows), mates)),
        alike_sources=None if sources is None else tuple(alike.sources(sources, _stubs(course), mates)),
        students=tuple(sorted(students, key=lambda student: student.id)),
        names={student.id: student.name for student in students if student.name},
        by_variant=by_variant,
    )


def _student(result: Result, counts: bool, withheld: bool, waiting: int, policy) -> Student:
    by_question: dict[str, int] = {}
    for part in result.parts:
        by_question[part.question] = by_question.get(part.question, 0) + (part.cents or 0)
    late = bool(result.late_seconds and result.late_seconds > 0)
    cents = lateness.final_cents(result, policy) if result.status != "not graded" else 0
    return Student(result.id, result.name, result.status, cents, by_question, waiting, late, counts, withheld)


def _parts(ids: list[str], most: np.ndarray, scores: np.ndarray, fates: np.ndarray, timeouts: np.ndarray) -> list[PartFacts]:
    facility = statistics.facility(scores, most)
    item_rest = statistics.item_rest(scores)
    without = statistics.alpha_if_deleted(scores)
    count = len(scores)
    # Flag a part that correlates with the rest less than at least half of the parts do, beyond chance. A part that nearly
    # everybody or nobody gets right cannot correlate with anything.
    usual = float(np.nanmedian(item_rest)) if np.isfinite(item_rest).any() else float("nan")
    rows = []
    for at, id in enumerate(ids):
        shares = np.bincount(fates[:, at], minlength=len(SHARES)) / max(1, count)
        highest = statistics.correlation_at_most(float(item_rest[at]), count, len(ids))
        rows.append(
            PartFacts(
                id=id,
                most=int(most[at]),
                facility=float(facility[at]),
                item_rest=float(item_rest[at]),
                alpha_without=float(without[at]),
                not_attempted=float(shares[NOT_ATTEMPTED]),
                timeout=float(timeouts[at]) / max(1, count),
                shares=dict(zip(SHARES, shares.tolist(), strict=True)),
                look=count >= ENOUGH_TO_POINT
                and bool(TELLING[0] < facility[at] < TELLING[1] and item_rest[at] < LOW_ITEM_REST and highest < usual),
            )
        )
    return rows


def _fate(part: PartResult | None) -> str:
    """A written part that nobody will mark, since there is nothing, is one that was not attempted."""
    if part is None or part.outcome in (Outcome.NOT_ATTEMPTED, Outcome.UNREAD, Outcome.AWAITING):
        return "not_attempted"
    if part.cents == part.max_cents:
        return "right"
    if part.outcome in BROKE:
        return "broke"
    return "partly" if part.cents else "wrong"


def _timed_out(part: PartResult) -> bool:
    return part.outcome is Outcome.TIMEOUT or any(check.outcome is Outcome.TIMEOUT for check in part.checks)


def _questions(course: Course, parts: list[PartFacts]) -> tuple[QuestionFacts, ...]:
    rows = []
    for question in course.questions:
        ours = tuple(part for part in parts if PartId(part.id).question == question.id)
        most = sum(part.most for part in ours)
        facility = sum(part.facility * part.most for part in ours if part.most) / most if most else float("nan")
        rows.append(QuestionFacts(question.id, facility, ours))
    return tuple(rows)


def _wrong_numbers(counted: _Counted) -> tuple[WrongNumber, ...]:
    rows = [WrongNumber(*key, len(ids), counted.guesses.get(key)) for key, ids in counted.wrong.items()]
    return tuple(sorted(rows, key=lambda one: (-one.count, one.part, one.value)))


def _stubs(course: Course) -> dict[str, str]:
    """What was handed out, by stem; nothing where the template has not been released."""
    paths: dict[str, Path] = {question.stem: question.path("stub") for question in course.questions}
    return {stem: path.read_text(encoding="utf-8") for stem, path in paths.items() if path.is_file()}
