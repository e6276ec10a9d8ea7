"""Are the reasons that students are given true? A class is drawn from the catalogue; its reasons are compared with its mistakes.

Each simulated student makes one known mistake, two, or one known and one unknown; code and sheet follow from them. The
share of the reasons that are true is the precision, the share of the mistakes that are recognised is the recall.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from autograder.course.answer_key import AnswerKey
from autograder.course.course import Course
from autograder.course.reference import Reference
from autograder.diagnosis.catalogue import Catalogue, Entry, Group, together
from autograder.diagnosis.explain import Explainer
from autograder.marking.answers import Answers
from autograder.marking.recorder import Recorder
from autograder.marking.suites import Suites, collected
from autograder.model import Outcome, PartResult

PRECISION, RECALL = 0.98, 0.9  # least
STUDENTS = 120
SINGLY, IN_PAIRS = 0.5, 0.3  # shares of the class; the others have a mistake of their own as well


@dataclass
class Measured:
    """The reasons that a drawn class was given. ``untrue`` and ``missed`` list the wrong and the missing ones, with the mistakes made."""

    students: int = 0
    reasons: int = 0
    true: int = 0
    made: int = 0
    recognised: int = 0
    untrue: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.true / self.reasons if self.reasons else 1.0

    @property
    def recall(self) -> float:
        return self.recognised / self.made if self.made else 1.0

    @property
    def good(self) -> bool:
        return self.precision >= PRECISION and self.recall >= RECALL


def measure(course: Course, students: int = STUDENTS, seed: int = 0) -> Measured:
    """Draw a class of ``students`` and explain its mistakes."""
    measured = Measured(students)

    def run(suites: Suites) -> None:
        key = AnswerKey(course)
        explainer = Explainer(course, key)
        drawn = random.Random(seed)
        for _ in range(students):
            _one(course, suites, key, explainer, drawn, measured)

    collected(course, run)
    return measured


def _one(
    course: Course, suites: Suites, key: AnswerKey, explainer: Explainer, drawn: random.Random, measured: Measured
) -> None:
    group, own = _drawn(explainer.catalogue, drawn)
    replaced = dict(together(group) or {})
    for stem, name in own:
        replaced[stem, name] = _own_way(getattr(getattr(key.right, stem), name))
    student = key.right.replacing(replaced)
    answers = Answers(sheet(key, student))
    suites = suites.only(*(part.id for part in course.parts if course.question(part.question).stem in _stems(key, replaced)))
    recorder = Recorder(student)
    wrong: dict[str, None] = {}
    for check in suites.ask(recorder, answers):
        if check.outcome is not Outcome.PASSED:
            wrong[check.part] = None
    parts = [PartResult(part.id, part.cents, 0, Outcome.FAILED) for part in course.parts if part.id in wrong]
    reasons = {id for one in explainer.explained(parts, answers, recorder, suites) for id in one.misconceptions}
    made = {entry.id for entry in group}
    measured.reasons, measured.true = measured.reasons + len(reasons), measured.true + len(reasons & made)
    measured.made, measured.recognised = measured.made + len(made), measured.recognised + len(reasons & made)
    what = " + ".join([*sorted(made), *(f"an own mistake in {name}" for _, name in own)])
    measured.untrue += [f"{what}: {id}" for id in sorted(reasons - made)]
    measured.missed += [f"{what}: {id}" for id in sorted(made - reasons)]


def _drawn(catalogue: Catalogue, drawn: random.Random) -> tuple[Group, list[tuple[str, str]]]:
    """One mistake or two, and the functions in which something else is wrong."""
    kind = drawn.random()
    entry = drawn.choice(catalogue.entries)
    if kind < SINGLY:
        return (entry,), []
    if kind < SINGLY + IN_PAIRS:
        while True:
            other = drawn.choice(catalogue.entries)
            if other is not entry and _seen_apart(entry, other) and together((entry, other)) is not None:
                return (entry, other), []
    elsewhere = sorted({other.key for other in catalogue.entries if not other.is_class and other.key != entry.key})
    return (entry,), [drawn.choice(elsewhere)]


def _seen_apart(entry: Entry, other: Entry) -> bool:
    """Whether two mistakes leave traces of their own: in different functions, or in one that then refuses nothing."""
    return entry.key != other.key or entry.is_class or entry.misconception.careless or other.misconception.careless


def _own_way(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that is wrong as nobody else is."""

    def wrong(*args: Any, **kwargs: Any) -> Any:
        return _changed(function(*args, **kwargs))

    return wrong


def _changed(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_changed, value))
    return 3 * value + 7


def sheet(key: AnswerKey, student: Reference) -> dict[str, Any]:
    """The sheet of one who works every number out with their own functions."""
    values = {}
    for name, number in key.numbers.items():
        try:
            value = number.recipe(student)
        except Exception:
            continue  # their own mistake makes the question impossible: they leave it blank
        values[name] = list(value) if isinstance(value, tuple) else value
    return values


def _stems(key: AnswerKey, replaced: dict[tuple[str, str], Any]) -> set[str]:
    """The questions in which a mistake may show: those of the functions, and of the numbers that ask them."""
    stems = {stem for stem, _ in replaced}
    for name, number in key.numbers.items():
        recorder = Recorder(key.right)
        number.recipe(recorder)
        if stems & {call.stem for call in recorder.calls}:
            stems |= {stem for stem in key.right.stems if stem.startswith(f"{name.split('.')[0]}_")}
    return stems


def as_text(measured: Measured) -> str:
    """The figures, and what was untrue or missed, for a person."""
    lines = [f"untrue: {one}" for one in measured.untrue] + [f"missed: {one}" for one in measured.missed]
    lines.append(
        f"{measured.students} students: precision {measured.precision:.3f} ({measured.true} of {measured.reasons} reasons are true), "
        f"recall {measured.recall:.3f} ({measured.recognised} of {measured.made} mistakes are recognised)"
    )
    return "\n".join(lines)
