"""One part of a result in one language: its outcome in a word, why it is not right, what its marker decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Generic, TypeVar

import msgspec

from autograder import text as safe_text
from autograder.course import handout
from autograder.course.config import Shown
from autograder.model import Check, Language, Message, Outcome, PartResult, points
from autograder.report import disclosure
from autograder.report.lost_points import Alone
from autograder.text import line
from autograder.words import phrase, say

Contents = TypeVar("Contents", bound=msgspec.Struct)
UNTOUCHED = (Outcome.NOT_ATTEMPTED, Outcome.UNREAD)
CRITERIA = ("written.met", "written.not_met")
OWN_WORDS = "title student hidden notes asked came hint own only summary own_text criteria_of".split()
SAME = 4096  # parts that are remembered as they are written: most of a class's are somebody else's too

# How a part ended, as a reader sees it at a glance: its colour, its sign.
SIGNS = {"right": "✓", "partly": "◐", "wrong": "✗", "none": "–", "wait": "…"}


@dataclass(frozen=True)
class CriterionView:
    """One criterion of a marker's rubric, and whether the answer meets it."""

    sentence: str
    met: bool
    points: str


# Compared by identity, which is quick: the cache that makes it gives one object for the same contents.
@dataclass(frozen=True, eq=False)
class PartView:
    """One part: its statement, the student's answer, its outcome, why it is not right, and what to think about."""

    language: Language
    id: str
    anchor: str  # the part's place on the page
    state: str  # a key of SIGNS
    kind: str
    title: str
    statement: str
    answer: str
    outcome: Outcome
    outcome_text: str
    score: str
    max_score: str
    checks: str  # "3 of 5 checks passed", for code
    reasons: tuple[str, ...]
    hints: tuple[tuple[str, str], ...]  # the student's own arithmetic where it is known, and the hint
    alone: str  # what the total would be had only this been right, where others follow from it
    own: str  # the student's own text, where a person marks it
    criteria: tuple[CriterionView, ...]

    @property
    def sign(self) -> str:
        return SIGNS[self.state]


class Known(Generic[Contents]):
    """A struct as a key of a cache, equal to every one with the same contents. Messages hold dicts, so they have no hash."""

    def __init__(self, contents: Contents):
        self.contents, self._encoded = contents, msgspec.msgpack.encode(contents)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Known) and self._encoded == other._encoded

    def __hash__(self) -> int:
        return hash(self._encoded)


@lru_cache(maxsize=SAME)
def part_view(
    known: Known[PartResult],
    statement: str,
    hints: tuple[tuple[str, str], ...],
    alone: Alone | None,
    own: str,
    level: Shown,
    language: Language,
) -> PartView:
    """A part put into words: once for all parts with the same contents, statement and hints."""
    part = known.contents
    following = ", ".join(alone.following) if alone else ""
    passed = sum(check.outcome is Outcome.PASSED for check in part.checks)
    counted = part.kind == "code" and len(part.checks) > 1 and part.outcome not in UNTOUCHED
    return PartView(
        language,
        part.id,
        f"{language}-{part.id.replace('.', '-')}",
        _state(part),
        part.kind,
        part.name,
        handout.shown(statement, language),
        line(part.came),
        part.outcome,
        phrase(language, f"outcome.{_ended(part)}"),
        "" if part.cents is None else points(part.cents),
        points(part.max_cents),
        phrase(language, "page.checks", passed=passed, all=len(part.checks)) if counted else "",
        tuple(reasons(part, level, language)),
        hints,
        phrase(language, "page.alone", score=points(alone.cents), keys=following) if alone else "",
        safe_text.clean(own),
        tuple(_criteria(part, language)),
    )


def _criteria(part: PartResult, language: Language) -> Iterator[CriterionView]:
    """What a marker decided, criterion by criterion: messages ``written.met`` and ``written.not_met`` with the criterion's
    ``id``, its sentence in each language and its ``points``."""
    for message in part.messages:
        if message.key in CRITERIA:
            text = line(str(message.values[language]))
            yield CriterionView(text, message.key == "written.met", line(str(message.values["points"])))


def _state(part: PartResult) -> str:
    """A key of SIGNS."""
    if part.outcome is Outcome.NOT_ATTEMPTED or any(message.key == "written.missing" for message in part.messages):
        return "none"
    if part.outcome is Outcome.AWAITING:
        return "wait"
    if part.outcome is Outcome.PASSED or (part.cents == part.max_cents and part.max_cents):
        return "right"
    return "partly" if part.cents else "wrong"


def _ended(part: PartResult) -> str:
    """The outcome's key in ``words``. Partly passed code is neither right nor wrong, and neither is writing that earned some points."""
    if any(message.key == "written.missing" for message in part.messages):
        return "no_text"
    if part.outcome is Outcome.FAILED and part.cents:
        return "follows" if part.kind == "numbers" else "partly"
    return part.outcome.value


def reasons(part: PartResult, level: Shown, language: Language) -> list[str]:
    """Why a part is not right, one sentence each, the same sentence once."""
    kind = part.kind
    left_out = ["written.missing", "check.wrong_value", *CRITERIA]  # the outcome says so, or another place does
    left_out += ("check.failed",) if level != "verdict" and kind == "code" else ()
    messages = (disclosure.message(one, level) for one in part.messages if one.key not in left_out)
    sentences = dict.fromkeys(sentence(one, language) for one in messages if one is not None)
    if level != "verdict" and part.outcome not in UNTOUCHED:
        for check in part.checks:
            if check.outcome is Outcome.PASSED:
                continue
            if kind == "code" and getattr(check.label, language):
                sentences[_check(check, level, language)] = None
            if kind == "numbers" and level == "full" and check.expected:
                sentences[phrase(language, "page.expected", expected=line(check.expected))] = None
    return list(sentences)


def _check(check: Check, level: str, language: Language) -> str:
    label = getattr(check.label, language)
    right, cases = check.cases or (0, 0)
    if right:
        text = phrase(language, "page.check_partly", label=label, right=right, cases=cases)
    else:
        text = phrase(language, "page.check_failed", label=label)
    if level == "full" and check.call is not None:
        call = check.call
        values = {"target": call.target, "arguments": call.arguments, "came": call.came}
        text += f". {sentence(Message('page.call', values), language)}"
        if check.expected:
            text += f" {phrase(language, 'page.expected', expected=line(check.expected))}"
    return text


def sentence(message: Message, language: Language) -> str:
    """A sentence with its values cleaned: what sets a direction in it is ours, never a student's."""
    values = {name: line(value) if isinstance(value, str) else value for name, value in message.values.items()}
    return say(Message(message.key, values), language)


@cache
def own_words(language: Language) -> dict[str, str]:
    """The words that every page has in common."""
    words = {word: phrase(language, f"page.{word}") for word in OWN_WORDS}
    words |= {kind: phrase(language, f"kind.{kind}") for kind in ("numbers", "code", "written")}
    return words | {f"state.{state}": phrase(language, f"state.{state}") for state in SIGNS}
