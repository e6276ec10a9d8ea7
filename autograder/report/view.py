"""A result as a reader in one language sees it: sentences, in order, nothing beyond what the course lets be known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from autograder.course import handout
from autograder.course.course import Course
from autograder.marking import lateness
from autograder.model import Language, Message, Outcome, Result, points
from autograder.report.lost_points import had_it_been_right
from autograder.report.part_view import SIGNS, Known, PartView, part_view, phrase, sentence
from autograder.text import line

OWN_WORDS = "title student hidden notes asked came hint own only summary own_text criteria_of".split()
MOST_HINTS = 2  # more ideas than that at once lead nowhere


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
    words: dict[str, str]  # the page's own words

    @property
    def counts(self) -> tuple[tuple[str, str, int, str], ...]:
        """How many parts ended in each way: state, sign, how many, the words for it."""
        states = [part.state for question in self.questions for part in question.parts]
        return tuple((one, SIGNS[one], states.count(one), self.words[f"state.{one}"]) for one in SIGNS if one in states)


def view(result: Result, course: Course, language: Language) -> View:
    """``result`` in one language, at the course's feedback level."""
    statements, titles = handout.statements(course, result.variant or 1), handout.titles(course)
    hints = {} if course.config.feedback == "verdict" else _hints(result, language)
    alone = had_it_been_right(result, course) if course.config.feedback != "verdict" else {}
    questions = []
    for question in course.questions:
        ours = result.of(question.id)
        automatic = [part for part in ours if part.outcome is not Outcome.AWAITING]
        parts, together = _once(
            tuple(
                part_view(
                    Known(part),
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
    isolation = phrase("page.isolation", language, tier=result.isolation, engine=result.fingerprint.engine[:12])
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
        tuple(sentence(message, language) for message in result.messages if not _of_time(message)),
        tuple(questions),
        {**_own_words(language), "isolation": isolation},
    )


@cache
def _own_words(language: Language) -> dict[str, str]:
    words = {word: phrase(f"page.{word}", language) for word in OWN_WORDS}
    words |= {kind: phrase(f"kind.{kind}", language) for kind in ("numbers", "code", "written")}
    return words | {f"state.{state}": phrase(f"state.{state}", language) for state in SIGNS}


def score_line(result: Result, course: Course, language: Language) -> str:
    """The score, less what lateness takes off. While an answer awaits a person it is what is known so far, and says so."""
    if result.status == "not graded":
        return phrase("page.no_grade", language)
    key = "page.score" if result.awaiting_cents else "page.final_score"
    score = lateness.final_cents(result, lateness.of(course))
    return phrase(key, language, score=points(score), max=points(result.max_cents))


def awaiting_line(result: Result, course: Course, language: Language) -> str:
    """What is still open, and between which scores that leaves the whole; empty where nothing waits.

    Where no text was found there is nothing to mark, unless a person finds one.
    """
    return "" if result.status == "not graded" else " ".join(_awaiting(result, course, language))


def _awaiting(result: Result, course: Course, language: Language) -> Iterator[str]:
    withheld, waiting = result.withheld_cents, result.awaiting_cents - result.withheld_cents
    if withheld:
        yield phrase("page.withheld", language, points=points(withheld))
    if not waiting:
        return
    open = sum(part.max_cents for part in result.parts if part.kind == "written" and part.name in result.written)
    if not open:
        yield phrase("page.no_writing", language, points=points(waiting))
        return
    policy = lateness.of(course)
    low, high = (points(lateness.final_cents(result, policy, result.cents + more)) for more in (0, open + withheld))
    most = points(result.max_cents + waiting + withheld)
    yield phrase("page.awaiting", language, points=points(waiting), low=low, high=high, max=most)


def _facts(result: Result, language: Language) -> Iterator[str]:
    """When it was handed in, what that takes off, and which files were read, where that is known."""
    if result.handed_in:
        when = line(result.handed_in)
        yield phrase("page.handed_in", language, when=when[:16].replace("T", " ") + when[19:])
    yield from (sentence(message, language) for message in result.messages if _of_time(message))
    if result.files:
        yield phrase("page.files", language, files=", ".join(line(name) for name in result.files))


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


def _hints(result: Result, language: Language) -> dict[str, tuple[tuple[str, str], ...]]:
    """By part, a few thoughts with the arithmetic that they are about: those first that have one."""
    hints: dict[str, dict[tuple[str, str], None]] = {}
    for diagnosis in sorted(result.diagnoses, key=lambda one: not one.route):
        text = " ".join(getattr(hint, language) for hint in diagnosis.hints)
        hints.setdefault(diagnosis.part, {})[line(diagnosis.route), text] = None
    return {part: tuple(hints_of_part)[:MOST_HINTS] for part, hints_of_part in hints.items()}
