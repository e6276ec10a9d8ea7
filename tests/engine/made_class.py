"""A made-up class of a realistic kind: results without grading, from a seed, over the parts and misconceptions of a course.

Each student has a skill; each part a difficulty; a wrong number is most often a known misconception's value, sometimes the
student's own slip. Two pairs share unusual wrong numbers. What comes out are ``Result``s as the gradebook holds them.
"""

from __future__ import annotations

import numpy as np

from autograder.course.answer_key import AnswerKey
from autograder.course.course import Course
from autograder.diagnosis.explain import Explainer
from autograder.model import Check, Diagnosis, Fingerprint, Message, Outcome, PartResult, Result, Text

NAMES = ["Ada Lovelace", "سارا محمدی", "علی رضایی", "Zoë Müller", "李小龍", "نگار کریمی", "Émile Borel", "مریم میرزاخانی"]
PRINT = Fingerprint("s", "h", "o", "c", "e")


_explainers: dict[str, Explainer] = {}


def explainer(course: Course) -> Explainer:
    """One a course: making the catalogue ready takes a while."""
    root = str(course.root)
    if root not in _explainers:
        _explainers[root] = Explainer(course, AnswerKey(course))
    return _explainers[root]


def made(course: Course, count: int = 58, seed: int = 7) -> list[Result]:
    """``count`` results; the same seed gives the same class."""
    random = np.random.default_rng(seed)
    hardness = {part.id: random.normal(-0.5, 0.9) for part in course.parts}
    results = [_one(course, number, random, hardness) for number in range(count)]
    for pair, values in (((4, 11), (1482, 7391)), ((20, 33), (905, 40))):
        for number in pair if max(pair) < count else ():
            results[number] = _with_numbers(results[number], dict(zip(_two_numbers(course), values, strict=True)))
    trouble = Message("intake.truncated", {"file": "<b>hw3</b>.zip"})
    parts = tuple(PartResult(part.id, part.cents, 0, Outcome.ERROR) for part in course.parts)
    broken = Result("s-broken", "کاوه <script>", "unreadable", parts, PRINT, "A", messages=(trouble,))
    empty = tuple(PartResult(part.id, part.cents, 0, Outcome.NOT_ATTEMPTED) for part in course.parts)
    return [*results, broken, Result("s-empty", "", "graded", empty, PRINT, "A")]


def _two_numbers(course: Course) -> list[str]:
    return [part.id for part in course.parts if part.kind == "numbers"][-2:]


def _one(course: Course, number: int, random: np.random.Generator, hardness: dict[str, float]) -> Result:
    skill, gives_up = random.normal(0.6, 1.0), random.random() < 0.12
    parts, diagnoses = [], []
    for part in course.parts:
        if part.kind == "written":
            parts.append(PartResult(part.id, part.cents, None, Outcome.AWAITING))
            continue
        if gives_up and part.question in ("q3", "q4"):
            parts.append(PartResult(part.id, part.cents, 0, Outcome.NOT_ATTEMPTED))
            continue
        loose = part.id == "q1.code.linear_parameters"  # goes with nothing: a part to be pointed at
        chance = 0.5 if loose else 1 / (1 + np.exp(-1.6 * (skill - hardness[part.id])))
        if part.kind == "numbers":
            made_part, told = _number(course, part, random.random() < chance, random)
            diagnoses += told
        else:
            made_part = _code(part, chance, random)
        parts.append(made_part)
    late = int(random.choice([-7200, -60, 5400, 100_000], p=[0.6, 0.25, 0.1, 0.05]))
    id, name = f"s{number:03}", NAMES[number % len(NAMES)] if number % 3 else ""
    return Result(id, name, "graded", tuple(parts), PRINT, "A", late_seconds=late, diagnoses=tuple(diagnoses))


def _number(course: Course, part, right: bool, random: np.random.Generator) -> tuple[PartResult, list[Diagnosis]]:
    key = f"{part.question}.{part.name}"
    if right:
        return PartResult(part.id, part.cents, part.cents, Outcome.PASSED, str(explainer(course).key.values[key])), []
    known = explainer(course).numbers.known(key)
    if known and random.random() < 0.75:
        value, _ = known[int(min(random.geometric(0.4) - 1, len(known) - 1))]
        told = [explanation for other, explanation in known if str(other) == str(value)]
        diagnoses = [
            Diagnosis(part.question, part.id, one.ids, tuple(entry.misconception.hint for entry in one.entries), one.route)
            for one in {one.ids: one for one in told}.values()
        ]
        return PartResult(part.id, part.cents, 0, Outcome.FAILED, str(value)), diagnoses
    slip = random.choice(["12", "64", "999", str(int(random.integers(2, 5000)))], p=[0.3, 0.15, 0.1, 0.45])
    guess = [Diagnosis(part.question, part.id, (), (Text("A guess: off by one somewhere?", "یک حدس: یکی کم؟"),), guess=True)]
    return PartResult(part.id, part.cents, 0, Outcome.FAILED, str(slip)), guess if slip == "64" else []


def _code(part, chance: float, random: np.random.Generator) -> PartResult:
    outcome = random.choice([Outcome.TIMEOUT, Outcome.CRASHED, Outcome.NOT_ATTEMPTED, None], p=[0.03, 0.01, 0.06, 0.9])
    checks = [Outcome.PASSED if random.random() < chance**0.4 else Outcome.FAILED for _ in range(6)]
    if outcome is not None:
        checks = [Outcome(outcome)] * 6
    cents = part.cents * checks.count(Outcome.PASSED) // 6
    worst = max(checks, key=list(Outcome).index)
    told = tuple(Check(f"c{number}", part.id, one) for number, one in enumerate(checks))
    return PartResult(part.id, part.cents, cents, worst, checks=told)


def _with_numbers(result: Result, values: dict[str, int]) -> Result:
    parts = tuple(
        PartResult(part.id, part.max_cents, 0, Outcome.FAILED, str(values[part.id])) if part.id in values else part
        for part in result.parts
    )
    diagnoses = tuple(one for one in result.diagnoses if one.part not in values)
    return Result(result.id, result.name, "graded", parts, PRINT, "A", result.late_seconds, 1.0, diagnoses)
