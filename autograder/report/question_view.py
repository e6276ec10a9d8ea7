"""One question of a result in one language: its parts, and once what is true of several of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from autograder.course.config import Shown
from autograder.model import Diagnosis, Language, Outcome, PartResult, Struct, Text, points
from autograder.report.lost_points import Alone
from autograder.report.part_view import SAME, Known, PartView, part_view
from autograder.text import line

MOST_HINTS = 2  # more ideas than that at once lead nowhere
SAME_QUESTIONS = 512  # that are remembered as they are written: each takes some 20 KB a language


class QuestionResult(Struct):
    """What a result says of one question: all that the question's place on a page depends on, besides the course."""

    parts: tuple[PartResult, ...]
    diagnoses: tuple[Diagnosis, ...]
    alone: dict[str, Alone]  # by part
    written: dict[str, str]  # the student's texts by the part's name


@dataclass(frozen=True, eq=False)  # compared by identity, as a PartView is
class QuestionView:
    language: Language
    id: str
    anchor: str  # its place on the page
    title: str
    score: str
    max_score: str
    parts: tuple[PartView, ...]
    together: tuple[tuple[str, tuple[PartView, ...]], ...]  # what is true of several parts, said once
    results: tuple[PartResult, ...]  # which this is the view of


@lru_cache(maxsize=SAME_QUESTIONS)
def question_view(
    id: str, known: Known[QuestionResult], title: Text, statements: tuple[Text, ...], level: Shown, language: Language
) -> QuestionView:
    """A question put into words, once for all students of whom the same is known; ``statements`` are its parts'."""
    its = known.contents
    hints = _hints(its.diagnoses, language)
    parts, together = _once(
        [
            part_view(
                Known(part),
                getattr(statement, language),
                hints.get(part.id, ()),
                its.alone.get(part.id),
                its.written.get(part.name, "") if part.kind == "written" else "",
                level,
                language,
            )
            for part, statement in zip(its.parts, statements, strict=True)
        ]
    )
    automatic = [part for part in its.parts if part.outcome is not Outcome.AWAITING]
    got, most = sum(part.cents or 0 for part in automatic), sum(part.max_cents for part in automatic)
    return QuestionView(
        language,
        id,
        f"{language}-{id}",
        getattr(title, language),
        points(got),
        points(most),
        parts,
        together,
        its.parts,
    )


def _hints(diagnoses: Sequence[Diagnosis], language: Language) -> dict[str, tuple[tuple[str, str], ...]]:
    """By part, a few thoughts with the arithmetic that they are about: those first that have one."""
    hints: dict[str, dict[tuple[str, str], None]] = {}
    for diagnosis in sorted(diagnoses, key=lambda one: not one.route):
        text = " ".join(getattr(hint, language) for hint in diagnosis.hints)
        hints.setdefault(diagnosis.part, {})[line(diagnosis.route), text] = None
    return {part: tuple(hints_of_part)[:MOST_HINTS] for part, hints_of_part in hints.items()}


def _once(parts: Sequence[PartView]) -> tuple[tuple[PartView, ...], tuple[tuple[str, tuple[PartView, ...]], ...]]:
    """What several parts of a question say in the same words is taken out of them and said once."""
    those: dict[str, list[str]] = {}
    for part in parts:
        for reason in part.reasons:
            those.setdefault(reason, []).append(part.id)
    repeated = frozenset(reason for reason, ids in those.items() if len(ids) > 1)
    left = tuple(part if repeated.isdisjoint(part.reasons) else _without(repeated, part) for part in parts)
    by_id = {part.id: part for part in left}
    return left, tuple((reason, tuple(by_id[id] for id in ids)) for reason, ids in those.items() if reason in repeated)


@lru_cache(maxsize=SAME)
def _without(reasons: frozenset[str], part: PartView) -> PartView:
    return replace(part, reasons=tuple(one for one in part.reasons if one not in reasons))
