"""A result as a reader in one language sees it: sentences, in order, nothing beyond what the course lets be known."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from autograder.course import handout
from autograder.course.course import Course
from autograder.marking import lateness
from autograder.model import LANGUAGES, Language, Message, PartResult, Result, points
from autograder.report.lost_points import had_it_been_right
from autograder.report.part_view import SIGNS, Known, own_words, sentence
from autograder.report.question_view import QuestionResult, QuestionView, question_view
from autograder.text import line
from autograder.words import phrase


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
    isolation: str

    @property
    def words(self) -> dict[str, str]:
        """The page's own words."""
        return own_words(self.language)

    @cached_property
    def counts(self) -> tuple[tuple[str, str, int, str], ...]:
        """How many parts ended in each way: state, sign, how many, the words for it."""
        states = [part.state for question in self.questions for part in question.parts]
        return tuple((one, SIGNS[one], states.count(one), self.words[f"state.{one}"]) for one in SIGNS if one in states)


def views(result: Result, course: Course, languages: Collection[Language] = LANGUAGES) -> dict[Language, View]:
    """``result`` in these languages, at the course's feedback level."""
    questions = _by_question(result, course)
    return {language: _view(result, course, language, questions) for language in languages}


def _by_question(result: Result, course: Course) -> dict[str, Known[QuestionResult]]:
    """By question, what decides how it is shown."""
    tells = course.config.feedback != "verdict"
    alone = had_it_been_right(result, course) if tells else {}
    diagnoses = result.diagnoses if tells else ()
    parts: dict[str, list[PartResult]] = {}
    for part in result.parts:
        parts.setdefault(part.question, []).append(part)
    questions = {}
    for question in course.questions:
        ours = parts.get(question.id, [])
        ids = {part.id for part in ours}
        questions[question.id] = Known(
            QuestionResult(
                tuple(ours),
                tuple(one for one in diagnoses if one.part in ids),
                {id: one for id, one in alone.items() if id in ids},
                {
                    part.name: result.written[part.name]
                    for part in ours
                    if part.kind == "written" and part.name in result.written
                },
            )
        )
    return questions


def _view(result: Result, course: Course, language: Language, known: dict[str, Known[QuestionResult]]) -> View:
    statements, titles = handout.statements(course, result.variant or 1), handout.titles(course)
    questions = (
        question_view(
            id,
            its,
            titles[id],
            tuple(statements[part.id] for part in its.contents.parts),
            course.config.feedback,
            language,
        )
        for id, its in known.items()
    )
    return View(
        language,
        "rtl" if language == "fa" else "ltr",
        result.id,
        line(result.name),
        course.config.title_in(language),
        tuple(_facts(result, language)),
        "" if result.status == "not graded" else points(lateness.final_cents(result, course.config.late)),
        points(result.max_cents),
        score_line(result, course, language),
        awaiting_line(result, course, language),
        tuple(sentence(message, language) for message in result.messages if not _of_time(message)),
        tuple(questions),
        phrase(language, "page.isolation", tier=result.isolation, engine=result.fingerprint.engine[:12]),
    )


def score_line(result: Result, course: Course, language: Language) -> str:
    """The score, less what lateness takes off. While an answer awaits a person it is what is known so far, and says so."""
    if result.status == "not graded":
        return phrase(language, "page.no_grade")
    key = "page.score" if result.awaiting_cents else "page.final_score"
    score = lateness.final_cents(result, course.config.late)
    return phrase(language, key, score=points(score), max=points(result.max_cents))


def awaiting_line(result: Result, course: Course, language: Language) -> str:
    """What is still open, and between which scores that leaves the whole; empty where nothing waits.

    Where no text was found there is nothing to mark, unless a person finds one.
    """
    return "" if result.status == "not graded" else " ".join(_awaiting(result, course, language))


def _awaiting(result: Result, course: Course, language: Language) -> Iterator[str]:
    withheld, waiting = result.withheld_cents, result.awaiting_cents - result.withheld_cents
    if withheld:
        yield phrase(language, "page.withheld", points=points(withheld))
    if not waiting:
        return
    open = sum(part.max_cents for part in result.parts if part.kind == "written" and part.name in result.written)
    if not open:
        yield phrase(language, "page.no_writing", points=points(waiting))
        return
    policy = course.config.late
    low, high = (points(lateness.final_cents(result, policy, result.cents + more)) for more in (0, open + withheld))
    most = points(result.max_cents + waiting + withheld)
    yield phrase(language, "page.awaiting", points=points(waiting), low=low, high=high, max=most)


def _facts(result: Result, language: Language) -> Iterator[str]:
    """When it was handed in, what that takes off, and which files were read, where that is known."""
    if result.handed_in:
        when = line(result.handed_in)
        yield phrase(language, "page.handed_in", when=when[:16].replace("T", " ") + when[19:])
    yield from (sentence(message, language) for message in result.messages if _of_time(message))
    if result.files:
        yield phrase(language, "page.files", files=", ".join(line(name) for name in result.files))


def _of_time(message: Message) -> bool:
    """Whether it says what lateness takes off, which stands beside the score."""
    return message.key.startswith("late.")
