"""Wrong numbers that are right in another variant: somebody else's sheet may have been at hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from autograder.course.answer_key import AnswerKey
from autograder.course.course import Course
from autograder.marking.compare import same
from autograder.model import Check, Outcome, PartId


def elsewhere(
    question: str, checks: Iterable[Check], values: Mapping[str, Any], key: AnswerKey, course: Course
) -> dict[str, tuple[int, ...]]:
    """By key, the other variants for which a wrong number of this question is right."""
    if course.config.variants == 1 or course.question(question) not in course.varying:
        return {}
    wrong = [
        PartId(check.part).key
        for check in checks
        if check.outcome is Outcome.FAILED and PartId(check.part).kind == "numbers"
    ]
    matches = {}
    for name in wrong:
        others = (number for number in range(1, course.pooled + 1) if number != key.variant)
        right = tuple(number for number in others if name in values and same(values[name], key.of(number).values[name]))
        if right:
            matches[name] = right
    return matches
