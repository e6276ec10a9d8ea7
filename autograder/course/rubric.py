"""``assignment/<stem>.rubric.yml``: the criteria by which a person marks the written parts, and a sample answer.

A criterion is met or not met. Its id names it for good: readings refer to it, so its points and its sentence may change later.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.course.course import Course
from autograder.course.question import Question
from autograder.course.yaml_file import Lines, read_yaml
from autograder.errors import ConvgradeError
from autograder.model import LANGUAGES, Part, Struct, Text, points

MOST_CRITERIA = 9  # one for each key from 1 to 9
_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Criterion(Struct):
    """One thing that an answer says or does not say, and the points for saying it, in hundredths."""

    id: str
    cents: int
    text: Text

    @property
    def sentence(self) -> str:
        """A hash of the sentences: a reading keeps it, so that an edited criterion shows which answers to read again."""
        return _hash(self.text.en, self.text.fa)


class Rubric(Struct):
    """How one written part is marked."""

    part: str
    criteria: tuple[Criterion, ...]
    sample: Text = Text()

    @property
    def hash(self) -> str:
        """Changes with any id, any points and any sentence of the criteria; the sample does not count."""
        return _hash(*(f"{one.id} {one.cents} {one.sentence}" for one in self.criteria))

    @property
    def max_cents(self) -> int:
        return sum(one.cents for one in self.criteria)

    def cents(self, met: Mapping[str, bool]) -> int:
        """The points of an answer that meets these criteria."""
        return sum(one.cents for one in self.criteria if met.get(one.id))


def _hash(*texts: str) -> str:
    return hashlib.blake2b("\0".join(texts).encode(), digest_size=8).hexdigest()


def paths(course: Course) -> list[Path]:
    """The rubric files that the course's written parts need."""
    ids = {part.question for part in course.parts if part.kind == "written"}
    return [question.path("rubric") for question in course.questions if question.id in ids]


def load(course: Course) -> dict[str, Rubric]:
    """The rubric of every written part, by part id.

    Raises ConvgradeError with file and line for a missing part, an unusable criterion, or points that do not add up.
    """
    return _loaded(course.questions, course.parts)


def _loaded(questions: Iterable[Question], parts: Sequence[Part]) -> dict[str, Rubric]:
    rubrics: dict[str, Rubric] = {}
    for question in questions:
        ours = [part for part in parts if part.question == question.id and part.kind == "written"]
        if ours:
            path = question.path("rubric")
            raw, lines = read_yaml(path, "the rubric cannot be read", "Write it; the other questions' show how.")
            rubrics |= {part.id: _rubric(part, raw, lines) for part in ours}
    return {part.id: rubrics[part.id] for part in parts if part.id in rubrics}


def known(course: Course) -> dict[str, Rubric]:
    """The rubrics, or none if they cannot be used: ``convgrade mark`` and ``doctor`` say why."""
    return _known(course.questions, course.parts)


@lru_cache(maxsize=4)
def _known(questions: tuple[Question, ...], parts: tuple[Part, ...]) -> dict[str, Rubric]:
    try:
        return _loaded(questions, parts)
    except ConvgradeError:
        return {}


def _rubric(part: Part, raw: Any, lines: Lines) -> Rubric:
    own = raw.get(part.name) if isinstance(raw, dict) else None
    at = (part.name, "criteria")
    if not isinstance(own, dict) or not isinstance(own.get("criteria"), list) or not own["criteria"]:
        raise lines.wrong(at, f"{part.name} has no criteria", f"Write `{part.name}:` with a list `criteria:`.")
    if len(own["criteria"]) > MOST_CRITERIA:
        raise lines.wrong(at, f"{part.name} has more than {MOST_CRITERIA} criteria", "Join some of them.")
    criteria: list[Criterion] = []
    for index, one in enumerate(own["criteria"]):
        criterion = _criterion(one, (*at, index), lines)
        if criterion.id in {other.id for other in criteria}:
            raise lines.wrong((*at, index), f"{part.name} has two criteria {criterion.id}", "Give one of them another id.")
        criteria.append(criterion)
    rubric = Rubric(part.id, tuple(criteria), _text(own.get("sample", {}), (part.name, "sample"), lines))
    if rubric.max_cents != part.cents:
        what = f"the criteria of {part.name} add up to {points(rubric.max_cents)} points, and {part.id} has {points(part.cents)}"
        raise lines.wrong(at, what, "Change a criterion's points, or the part's in the config.")
    return rubric


def _criterion(raw: Any, at: tuple, lines: Lines) -> Criterion:
    if not isinstance(raw, dict) or not isinstance(raw.get("id"), str) or not _ID.fullmatch(raw["id"]):
        todo = "Write `id:` with small Latin letters, digits and underscores."
        raise lines.wrong((*at, "id"), "a criterion has no usable id", todo)
    worth = raw.get("points")
    if (
        isinstance(worth, bool)
        or not isinstance(worth, (int, float))
        or not 0 < worth < 10_000
        or Decimal(str(worth)) * 100 % 1
    ):
        raise lines.wrong(
            (*at, "points"), f"criterion {raw['id']} has {worth!r} for points", "Give a multiple of 0.01 above 0."
        )
    text = _text({language: raw.get(language) for language in LANGUAGES}, at, lines)
    for language in LANGUAGES:
        if not getattr(text, language).strip():
            raise lines.wrong(at, f"criterion {raw['id']} has no sentence in {language}", f"Add a line `{language}: …`.")
    return Criterion(raw["id"], int(Decimal(str(worth)) * 100), text)


def _text(raw: Any, at: tuple, lines: Lines) -> Text:
    if not isinstance(raw, dict) or not all(isinstance(raw.get(name, ""), (str, type(None))) for name in LANGUAGES):
        raise lines.wrong(at, "text in two languages is expected here", "Write `en:` and `fa:` with a sentence each.")
    return Text(**{language: (raw.get(language) or "").strip() for language in LANGUAGES})
