"""Gradescope's ``results.json``: one entry of ``tests`` a part, its checks in ``extra_data``."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from autograder import __version__
from autograder.course.course import Course
from autograder.marking import lateness
from autograder.model import LANGUAGES, Language, Outcome, PartResult, Result
from autograder.report.part_view import SAME, PartView
from autograder.report.view import View, view
from autograder.text import code, markdown
from autograder.words import digits, say

# Rounded up: the same submission gives the same bytes, and a running time tells nothing of what is hidden.
TIME_STEP = 10


def results(result: Result, course: Course, views: Mapping[Language, View] | None = None) -> bytes:
    """The file as Gradescope reads it. Written parts carry no score, so they do not lower the automatic total."""
    views = views or {language: view(result, course, language) for language in LANGUAGES}
    outputs = {language: dict(_outputs(one)) for language, one in views.items()}
    output = "\n\n".join(_summary(views[language]) for language in LANGUAGES)
    whole = {
        "score": lateness.final_cents(result, lateness.of(course)) / 100,
        "execution_time": TIME_STEP * max(1, math.ceil(result.seconds / TIME_STEP)),
        "output": output,
        "output_format": "md",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_test(part, outputs, course) for part in result.parts],
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


def _summary(seen) -> str:
    """The same as the page says, in the same order: facts, score, what waits, how many of each, notes."""
    lines = [*(markdown(fact) for fact in seen.facts), f"**{markdown(seen.score_line)}**"]
    if seen.awaiting_line:
        lines.append(markdown(seen.awaiting_line))
    lines.append(
        " · ".join(f"{sign} {markdown(word)}: {digits(count, seen.language)}" for _, sign, count, word in seen.counts)
    )
    return "\n\n".join(lines) + "".join(f"\n- {markdown(note)}" for note in seen.notes)


def _test(part: PartResult, outputs: Mapping[Language, Mapping[str, str]], course: Course) -> dict[str, Any]:
    test: dict[str, Any] = {"name": part.id, "number": part.id}
    if part.cents is not None:
        test |= {"score": part.cents / 100, "max_score": part.max_cents / 100}
        test["status"] = "passed" if part.outcome is Outcome.PASSED else "failed"
    extra: dict[str, Any] = {"outcome": part.outcome.value, "checks": _checks(part, course.config.feedback)}
    if part.mark is not None:
        extra["criteria"] = part.mark.criteria
    if part.cents is None:
        extra["max_score"] = part.max_cents / 100
    return test | {
        "output": "\n\n".join(outputs[language][part.id] for language in LANGUAGES),
        "output_format": "md",
        "visibility": "visible",
        "tags": [part.question, part.kind],
        "extra_data": extra,
    }


def _outputs(seen: View) -> Iterator[tuple[str, str]]:
    """Each part's id with its words, in the page's order; what several parts share is said with each, since Gradescope shows
    one at a time."""
    for question in seen.questions:
        shared: dict[str, list[str]] = {}
        for reason, parts in question.together:
            for part in parts:
                shared.setdefault(part.id, []).append(reason)
        for part in question.parts:
            yield part.id, _part(part, tuple(shared.get(part.id, ())), seen.words["came"], seen.words["hint"], seen.language)


@lru_cache(maxsize=SAME)
def _part(part: PartView, shared: tuple[str, ...], answer: str, hinted: str, language: Language) -> str:
    lines = [f"{part.sign} **{markdown(part.outcome_text)}**"]
    if part.answer:
        lines.append(f"- {markdown(answer)}: {code(part.answer)}")
    if part.checks:
        lines.append(f"- {markdown(part.checks)}")
    lines += [f"- {markdown(reason)}" for reason in (*shared, *part.reasons)]
    if part.alone:
        lines.append(f"- {markdown(part.alone)}")
    for route, hint in part.hints:
        own = f"{code(route)} " if route else ""
        lines.append(f"- *{markdown(hinted)}:* {own}{markdown(hint)}")
    lines += [
        f"- {'✓' if one.met else '✗'} {markdown(one.sentence)} ({digits(one.points, language)})" for one in part.criteria
    ]
    return "\n".join(lines)


def _checks(part: PartResult, level: str) -> list[dict[str, Any]]:
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
