"""A result as a reader in one language sees it: sentences, in order, nothing beyond what the course lets be known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

import msgspec

from autograder import text as safe_text
from autograder.course import handout
from autograder.course.config import Shown
from autograder.course.course import Course
from autograder.marking import lateness
from autograder.model import Check, Language, Message, Outcome, PartResult, Result, points
from autograder.report import disclosure
from autograder.report.lost_points import Alone, had_it_been_right
from autograder.text import line
from autograder.words import say

UNTOUCHED = (Outcome.NOT_ATTEMPTED, Outcome.UNREAD)
OWN_WORDS = "title student hidden notes asked came hint own only summary own_text criteria_of".split()
CRITERIA = ("written.met", "written.not_met")
SAME = 4096  # parts that are remembered as they are written: most of a class's are somebody else's too
MOST_HINTS = 2  # more ideas than that at once lead nowhere


# How a part ended, as a reader sees it at a glance: its colour, its sign.
SIGNS = {"right": "✓", "partly": "◐", "wrong": "✗", "none": "–", "wait": "…"}


@dataclass(frozen=True)
class CriterionView:
    """One criterion of a marker's rubric, and whether the answer meets it."""

    sentence: str
    met: bool
    points: str


@dataclass(frozen=True)
class PartView:
    """One part: what was asked, what came, how it ended, why, and what to think about."""

    id: str
    anchor: str  # the part's place on the page, once the language is put before it
    state: str  # a key of SIGNS
    kind: str
    title: str
    asked: str
    came: str
    outcome: Outcome
    outcome_said: str
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


@dataclass(frozen=True)
class QuestionView:
    id: str
    title: str
    score: str
    max_score: str
    parts: tuple[PartView, ...]
    together: tuple[tuple[str, tuple[PartView, ...]], ...]  # what is true of several parts, said once


@dataclass(frozen=True)
class View:
    language: Language
    direction: str
    id: str
    name: str
    homework: str
    facts: tuple[str, ...]  # when it was handed in, what was read
    score: str  # empty where there is no grade
    max_score: str
    score_line: str
    awaiting_line: str
    notes: tuple[str, ...]
    questions: tuple[QuestionView, ...]
    said: dict[str, str]  # the page's own words

    @property
    def counts(self) -> tuple[tuple[str, str, int, str], ...]:
        """How many parts ended in each way: state, sign, how many, the words for it."""
        states = [part.state for question in self.questions for part in question.parts]
        return tuple((one, SIGNS[one], states.count(one), self.said[f"state.{one}"]) for one in SIGNS if one in states)


def view(result: Result, course: Course, language: Language) -> View:
    """``result`` in one language, at the course's feedback level."""
    statements, titles = handout.statements(course, result.variant or 1), handout.titles(course)
    hints = {} if course.config.feedback == "verdict" else _hints(result, language)
    alone = had_it_been_right(result, course) if course.config.feedback != "verdict" else {}
    questions = []
    for question in course.questions:
        ours = [part for part in result.parts if part.id.startswith(f"{question.id}.")]
        automatic = [part for part in ours if part.outcome is not Outcome.AWAITING]
        parts, together = _once(
            tuple(
                _part(
                    _Known(part),
                    getattr(statements[part.id], language),
                    hints.get(part.id, ()),
                    alone.get(part.id),
                    result.written.get(part.name, "") if part.kind == "written" else "",
                    course.config.feedback,
                    language,
                )
                for part in ours
            )
        )
        got, most = sum(part.cents or 0 for part in automatic), sum(part.max_cents for part in automatic)
        title = getattr(titles[question.id], language)
        questions.append(QuestionView(question.id, title, points(got), points(most), parts, together))
    isolation = _say("page.isolation", language, tier=result.isolation, engine=result.fingerprint.engine[:12])
    return View(
        language,
        "rtl" if language == "fa" else "ltr",
        result.id,
        line(result.name),
        course.config.title_in(language),
        tuple(_facts(result, language)),
        "" if result.status == "not graded" else points(lateness.final_cents(result, lateness.of(course))),
        points(result.max_cents),
        score_line(result, course, language),
        awaiting_line(result, course, language),
        tuple(_sentence(message, language) for message in result.messages if not _of_time(message)),
        tuple(questions),
        {**_own_words(language), "isolation": isolation},
    )


@cache
def _own_words(language: Language) -> dict[str, str]:
    words = {word: _say(f"page.{word}", language) for word in OWN_WORDS}
    words |= {kind: _say(f"kind.{kind}", language) for kind in ("numbers", "code", "written")}
    return words | {f"state.{state}": _say(f"state.{state}", language) for state in SIGNS}


def score_line(result: Result, course: Course, language: Language) -> str:
    """The score, less what lateness takes off. While an answer awaits a person it is what is known so far, and says so."""
    if result.status == "not graded":
        return _say("page.no_grade", language)
    key = "page.score" if result.awaiting_cents else "page.final_score"
    score = lateness.final_cents(result, lateness.of(course))
    return _say(key, language, score=points(score), max=points(result.max_cents))


def awaiting_line(result: Result, course: Course, language: Language) -> str:
    """What is still open, and between which scores that leaves the whole; empty where nothing waits.

    Where no text was found there is nothing to mark, unless a person finds one.
    """
    return "" if result.status == "not graded" else " ".join(_awaiting(result, course, language))


def _awaiting(result: Result, course: Course, language: Language) -> Iterator[str]:
    withheld, waiting = result.withheld_cents, result.awaiting_cents - result.withheld_cents
    if withheld:
        yield _say("page.withheld", language, points=points(withheld))
    if not waiting:
        return
    open = sum(part.max_cents for part in result.parts if part.kind == "written" and part.name in result.written)
    if not open:
        yield _say("page.no_writing", language, points=points(waiting))
        return
    policy = lateness.of(course)
    low, high = (points(lateness.final_cents(result, policy, result.cents + more)) for more in (0, open + withheld))
    most = points(result.max_cents + waiting + withheld)
    yield _say("page.awaiting", language, points=points(waiting), low=low, high=high, max=most)


def _facts(result: Result, language: Language) -> Iterator[str]:
    """When it was handed in, what that takes off, and which files were read, where that is known."""
    if result.handed_in:
        when = line(result.handed_in)
        yield _say("page.handed_in", language, when=when[:16].replace("T", " ") + when[19:])
    yield from (_sentence(message, language) for message in result.messages if _of_time(message))
    if result.files:
        yield _say("page.files", language, files=", ".join(line(name) for name in result.files))


def _of_time(message: Message) -> bool:
    """Whether it says what lateness takes off, which stands beside the score."""
    return message.key.startswith("late.")


def _once(parts: tuple[PartView, ...]) -> tuple[tuple[PartView, ...], tuple[tuple[str, tuple[PartView, ...]], ...]]:
    """What several parts of a question say in the same words is taken out of them and said once."""
    those: dict[str, list[str]] = {}
    for part in parts:
        for reason in part.reasons:
            those.setdefault(reason, []).append(part.id)
    repeated = {reason for reason, ids in those.items() if len(ids) > 1}
    left = tuple(
        part
        if repeated.isdisjoint(part.reasons)
        else replace(part, reasons=tuple(one for one in part.reasons if one not in repeated))
        for part in parts
    )
    by_id = {part.id: part for part in left}
    return left, tuple((reason, tuple(by_id[id] for id in ids)) for reason, ids in those.items() if reason in repeated)


class _Known:
    """A part that is equal to every other with the same contents, whose messages alone could not be looked up."""

    def __init__(self, part: PartResult):
        self.part, self._contents = part, msgspec.msgpack.encode(part)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and self._contents == other._contents

    def __hash__(self) -> int:
        return hash(self._contents)


@lru_cache(maxsize=SAME)
def _part(
    known: _Known,
    statement: str,
    hints: tuple[tuple[str, str], ...],
    alone: Alone | None,
    own: str,
    level: Shown,
    language: Language,
) -> PartView:
    part = known.part
    following = ", ".join(alone.following) if alone else ""
    passed = sum(check.outcome is Outcome.PASSED for check in part.checks)
    counted = part.kind == "code" and len(part.checks) > 1 and part.outcome not in UNTOUCHED
    return PartView(
        part.id,
        part.id.replace(".", "-"),
        _state(part),
        part.kind,
        part.name,
        handout.shown(statement, language),
        line(part.came),
        part.outcome,
        _say(f"outcome.{_ended(part)}", language),
        "" if part.cents is None else points(part.cents),
        points(part.max_cents),
        _say("page.checks", language, passed=passed, all=len(part.checks)) if counted else "",
        tuple(reasons(part, level, language)),
        hints,
        _say("page.alone", language, score=points(alone.cents), keys=following) if alone else "",
        safe_text.clean(own),
        tuple(_criteria(part, language)),
    )


def _criteria(part: PartResult, language: Language) -> Iterator[CriterionView]:
    """What a marker decided, criterion by criterion: messages ``written.met`` and ``written.not_met`` with the criterion's
    ``id``, its sentence in each language and its ``points``."""
    for message in part.messages:
        if message.key in CRITERIA:
            sentence = line(str(message.values[language]))
            yield CriterionView(sentence, message.key == "written.met", line(str(message.values["points"])))


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
    """How a part ended, in a word: code of which some checks passed is neither right nor wrong, nor is writing."""
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
    said = dict.fromkeys(_sentence(one, language) for one in messages if one is not None)
    if level != "verdict" and part.outcome not in UNTOUCHED:
        for check in part.checks:
            if check.outcome is Outcome.PASSED:
                continue
            if kind == "code" and getattr(check.label, language):
                said[_check(check, level, language)] = None
            if kind == "numbers" and level == "full" and check.expected:
                said[_say("page.expected", language, expected=line(check.expected))] = None
    return list(said)


def _check(check: Check, level: str, language: Language) -> str:
    label = getattr(check.label, language)
    right, cases = check.cases or (0, 0)
    if right:
        sentence = _say("page.check_partly", language, label=label, right=right, cases=cases)
    else:
        sentence = _say("page.check_failed", language, label=label)
    if level == "full" and check.call is not None:
        call = check.call
        values = {"target": call.target, "arguments": call.arguments, "came": call.came}
        sentence += f". {_sentence(Message('page.call', values), language)}"
        if check.expected:
            sentence += f" {_say('page.expected', language, expected=line(check.expected))}"
    return sentence


def _hints(result: Result, language: Language) -> dict[str, tuple[tuple[str, str], ...]]:
    """By part, a few thoughts with the arithmetic that they are about: those first that have one."""
    hints: dict[str, dict[tuple[str, str], None]] = {}
    for diagnosis in sorted(result.diagnoses, key=lambda one: not one.route):
        sentence = " ".join(getattr(hint, language) for hint in diagnosis.hints)
        hints.setdefault(diagnosis.part, {})[line(diagnosis.route), sentence] = None
    return {part: tuple(said)[:MOST_HINTS] for part, said in hints.items()}


def _sentence(message: Message, language: Language) -> str:
    """A sentence with its values cleaned: what sets a direction in it is ours, never a student's."""
    values = {name: line(value) if isinstance(value, str) else value for name, value in message.values.items()}
    return say(Message(message.key, values), language)


def _say(key: str, language: Language, **values: str | int | float) -> str:
    return say(Message(key, values), language)
