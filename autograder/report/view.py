"""A result as a reader in one language sees it: sentences, in order, nothing beyond what the course lets be known."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.course import handout
from autograder.course.course import Course
from autograder.marking import lateness
from autograder.model import Check, Language, Message, Outcome, PartResult, Result, points
from autograder.text import line
from autograder.words import say

# What leads a student beyond the verdict.
MOST_HINTS = 2  # more ideas than that at once lead nowhere
LEADING = ("check.kind", "check.form", "trace.wrong")
# Words and values of the student's own code, which has seen the hidden inputs: it could put them there.
SPOKEN = ("check.error", "check.no_file", "check.refused", "check.reply", "check.no_value", "cross.code", "cross.module")


@dataclass(frozen=True)
class PartView:
    """One part: what was asked, what came, how it ended, why, and what to think about."""

    id: str
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


@dataclass(frozen=True)
class QuestionView:
    title: str
    score: str
    max_score: str
    parts: tuple[PartView, ...]


@dataclass(frozen=True)
class View:
    language: Language
    direction: str
    id: str
    name: str
    score_line: str
    awaiting_line: str
    notes: tuple[str, ...]
    questions: tuple[QuestionView, ...]
    said: dict[str, str]  # the page's own words


def view(result: Result, course: Course, language: Language) -> View:
    """``result`` in one language, at the course's feedback level."""
    statements, titles = handout.statements(course), handout.titles(course)
    hints = {} if course.config.feedback == "verdict" else _hints(result, language)
    questions = []
    for question in course.questions:
        ours = [part for part in result.parts if part.id.startswith(f"{question.id}.")]
        automatic = [part for part in ours if part.outcome is not Outcome.AWAITING]
        parts = tuple(
            _part(part, getattr(statements[part.id], language), hints.get(part.id, ()), course, language) for part in ours
        )
        got, most = sum(part.cents or 0 for part in automatic), sum(part.max_cents for part in automatic)
        questions.append(QuestionView(getattr(titles[question.id], language), points(got), points(most), parts))
    own = ("title student hidden notes asked came hint guess other".split(), "numbers code written".split())
    said = {word: _say(f"page.{word}", language) for word in own[0]} | {w: _say(f"kind.{w}", language) for w in own[1]}
    said["isolation"] = _say("page.isolation", language, tier=result.isolation, engine=result.fingerprint.engine[:12])
    return View(
        language,
        "rtl" if language == "fa" else "ltr",
        result.id,
        line(result.name),
        score_line(result, course, language),
        awaiting_line(result, course, language),
        tuple(_told(message, language) for message in result.messages),
        tuple(questions),
        said,
    )


def score_line(result: Result, course: Course, language: Language) -> str:
    """What is known now, less what lateness takes off; never a total while something is open."""
    if result.status == "not graded":
        return _say("page.no_grade", language)
    return _say(
        "page.score", language, score=points(lateness.final_cents(result, lateness.of(course))), max=points(result.max_cents)
    )


def awaiting_line(result: Result, course: Course, language: Language) -> str:
    """What a person has still to mark, and between which scores that leaves the whole; empty where nothing waits.

    Where no text was found there is nothing to mark, unless a person finds one.
    """
    waiting = result.awaiting_cents
    if not waiting or result.status == "not graded":
        return ""
    open = sum(part.max_cents for part in result.parts if part.name in result.written)
    if not open:
        return _say("page.no_writing", language, points=points(waiting))
    policy = lateness.of(course)
    low, high = (points(lateness.final_cents(result, policy, result.cents + more)) for more in (0, open))
    most = points(result.max_cents + waiting)
    return _say("page.awaiting", language, points=points(waiting), low=low, high=high, max=most)


def _part(part: PartResult, asked: str, hints: tuple[tuple[str, str], ...], course: Course, language: Language) -> PartView:
    passed = sum(check.outcome is Outcome.PASSED for check in part.checks)
    counted = part.kind == "code" and len(part.checks) > 1 and part.outcome is not Outcome.NOT_ATTEMPTED
    return PartView(
        part.id,
        part.kind,
        part.name,
        asked,
        line(part.came),
        part.outcome,
        _say(f"outcome.{_ended(part)}", language),
        "" if part.cents is None else points(part.cents),
        points(part.max_cents),
        _say("page.checks", language, passed=passed, all=len(part.checks)) if counted else "",
        tuple(reasons(part, course.config.feedback, language)),
        hints,
    )


def _ended(part: PartResult) -> str:
    """How a part ended, in a word: code of which some checks passed is neither right nor wrong, nor is writing."""
    if any(message.key == "written.missing" for message in part.messages):
        return "no_text"
    some = part.outcome is Outcome.FAILED and (part.cents or 0) > 0 and part.kind in ("code", "written")
    return "partly" if some else part.outcome.value


def reasons(part: PartResult, level: str, language: Language) -> list[str]:
    """Why a part is not right, one sentence each, the same sentence once."""
    kind = part.kind
    left_out = ["written.missing"]  # the outcome says so
    left_out += (*LEADING, *SPOKEN) if level == "verdict" else ("check.failed",) if kind == "code" else ()
    said = dict.fromkeys(_told(message, language) for message in part.messages if message.key not in left_out)
    if level != "verdict" and part.outcome is not Outcome.NOT_ATTEMPTED:
        for check in part.checks:
            if check.outcome is Outcome.PASSED:
                continue
            if kind == "code" and getattr(check.label, language):
                said[_check(check, level, language)] = None
            if kind == "numbers" and level == "full" and check.expected:
                said[_say("page.expected", language, expected=line(check.expected))] = None
    return list(said)


def _check(check: Check, level: str, language: Language) -> str:
    told = _say("page.check_failed", language, label=getattr(check.label, language))
    if level == "full" and check.call is not None:
        call = check.call
        values = {"target": call.target, "arguments": call.arguments, "came": call.came}
        told += f". {_told(Message('page.call', values), language)}"
        if check.expected:
            told += f" {_say('page.expected', language, expected=line(check.expected))}"
    return told


def _hints(result: Result, language: Language) -> dict[str, tuple[tuple[str, str], ...]]:
    """By part, a few thoughts with the arithmetic that they are about: those first that have one."""
    hints: dict[str, dict[tuple[str, str], None]] = {}
    for diagnosis in sorted(result.diagnoses, key=lambda one: not one.route):
        told = " ".join(getattr(hint, language) for hint in diagnosis.hints)
        hints.setdefault(diagnosis.part, {})[diagnosis.route, told] = None
    return {part: tuple(said)[:MOST_HINTS] for part, said in hints.items()}


def _told(message: Message, language: Language) -> str:
    """A sentence with its values cleaned: what sets a direction in it is ours, never a student's."""
    values = {name: line(value) if isinstance(value, str) else value for name, value in message.values.items()}
    return say(Message(message.key, values), language)


def _say(key: str, language: Language, **values: str | int | float) -> str:
    return say(Message(key, values), language)
