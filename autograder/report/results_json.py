"""Gradescope's ``results.json``: one entry of ``tests`` a part, its checks in ``extra_data``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

from autograder import __version__
from autograder.course.config import Shown
from autograder.course.course import Course
from autograder.marking import lateness
from autograder.model import Language, Outcome, PartResult, Result
from autograder.report.part_view import SAME, PartView, own_words
from autograder.report.question_view import SAME_QUESTIONS, QuestionView
from autograder.report.view import View, views
from autograder.text import code, markdown
from autograder.words import digits, say

# Rounded up: the same submission gives the same bytes, and a running time tells nothing of what is hidden.
TIME_STEP = 10


def results(result: Result, course: Course, seen: Mapping[Language, View] | None = None) -> bytes:
    """The file as Gradescope reads it. Written parts carry no score, so they do not lower the automatic total."""
    seen = seen or views(result, course)
    tests: dict[str, msgspec.Raw] = {}
    for question in zip(*(one.questions for one in seen.values()), strict=True):
        tests |= _tests(question, course.config.feedback)
    output = "\n\n".join(map(_summary, seen.values()))
    whole = {
        "score": lateness.final_cents(result, course.config.late) / 100,
        "execution_time": TIME_STEP * max(1, math.ceil(result.seconds / TIME_STEP)),
        "output": output,
        "output_format": "md",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [tests[part.id] for part in result.parts],
        "extra_data": {
            "engine": __version__,
            "status": result.status,
            "hashes": msgspec.structs.asdict(result.fingerprint),
            "isolation": result.isolation,
            "max_score": result.max_cents / 100,
            "awaiting": result.awaiting_cents / 100,
            "messages": [msgspec.structs.asdict(message) for message in result.messages],
            "diagnoses": [
                {"question": one.question, "test": one.part, "misconceptions": list(one.misconceptions)}
                for one in (result.diagnoses if course.config.feedback != "verdict" else ())
            ],
        },
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=1) + b"\n"


def _summary(seen: View) -> str:
    """The same as the page says, in the same order: facts, score, what waits, how many of each, notes."""
    lines = [*(markdown(fact) for fact in seen.facts), f"**{markdown(seen.score_line)}**"]
    if seen.awaiting_line:
        lines.append(markdown(seen.awaiting_line))
    lines.append(
        " · ".join(f"{sign} {markdown(word)}: {digits(count, seen.language)}" for _, sign, count, word in seen.counts)
    )
    return "\n\n".join(lines) + "".join(f"\n- {markdown(note)}" for note in seen.notes)


@lru_cache(maxsize=SAME_QUESTIONS)
def _tests(question: tuple[QuestionView, ...], level: Shown) -> dict[str, msgspec.Raw]:
    """The entry of each part of a question, which is given in every language, as JSON by the part's id."""
    outputs = [_outputs(one) for one in question]
    tests = {}
    for part in question[0].results:
        test = _test(part, "\n\n".join(output[part.id] for output in outputs), level)
        tests[part.id] = msgspec.Raw(msgspec.json.encode(test))
    return tests


def _test(part: PartResult, output: str, level: Shown) -> dict[str, Any]:
    test: dict[str, Any] = {"name": part.id, "number": part.id}
    if part.cents is not None:
        test |= {"score": part.cents / 100, "max_score": part.max_cents / 100}
        test["status"] = "passed" if part.outcome is Outcome.PASSED else "failed"
    extra: dict[str, Any] = {"outcome": part.outcome.value, "checks": _checks(part, level)}
    if part.mark is not None:
        extra["criteria"] = part.mark.criteria
    if part.cents is None:
        extra["max_score"] = part.max_cents / 100
    return test | {
        "output": output,
        "output_format": "md",
        "visibility": "visible",
        "tags": [part.question, part.kind],
        "extra_data": extra,
    }


def _outputs(question: QuestionView) -> dict[str, str]:
    """Each part's words by its id; what several parts share is said with each, since Gradescope shows one at a time."""
    shared: dict[str, list[str]] = {}
    for reason, parts in question.together:
        for part in parts:
            shared.setdefault(part.id, []).append(reason)
    return {part.id: _part(part, tuple(shared.get(part.id, ()))) for part in question.parts}


@lru_cache(maxsize=SAME)
def _part(part: PartView, shared: tuple[str, ...]) -> str:
    words = own_words(part.language)
    lines = [f"{part.sign} **{markdown(part.outcome_text)}**"]
    if part.answer:
        lines.append(f"- {markdown(words['came'])}: {code(part.answer)}")
    if part.checks:
        lines.append(f"- {markdown(part.checks)}")
    lines += [f"- {markdown(reason)}" for reason in (*shared, *part.reasons)]
    if part.alone:
        lines.append(f"- {markdown(part.alone)}")
    for route, hint in part.hints:
        own = f"{code(route)} " if route else ""
        lines.append(f"- *{markdown(words['hint'])}:* {own}{markdown(hint)}")
    for one in part.criteria:
        lines.append(f"- {'✓' if one.met else '✗'} {markdown(one.sentence)} ({digits(one.points, part.language)})")
    return "\n".join(lines)


def _checks(part: PartResult, level: Shown) -> list[dict[str, Any]]:
    """The single checks as far as the course lets them be known; a verdict tells how many, not which."""
    if level == "verdict":
        outcomes = sorted(check.outcome.value for check in part.checks)
        return [{"outcome": outcome} for outcome in outcomes]
    checks = []
    for check in part.checks:
        shown: dict[str, Any] = {"outcome": check.outcome.value, "en": check.label.en, "fa": check.label.fa}
        if check.message is not None:
            shown["message"] = say(check.message, "en")
        if level == "full" and check.call is not None:
            shown |= {"call": msgspec.structs.asdict(check.call), "expected": check.expected}
        checks.append(shown)
    return checks
