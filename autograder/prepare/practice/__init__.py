"""A sheet to practise on, made from the mistakes that a student showed, or the most frequent ones of a class.

For each mistake three new questions, with parameters of no variant, on which that mistake gives a value that no other known
mistake gives; before them one worked example with that mistake in it, to find the wrong line in (erroneous examples: McLaren,
Adams & Mayer, "Delayed learning effects with erroneous examples", IJAIED 25, 2015); the answers at the end.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from typing import Any

import jinja2
from markupsafe import Markup

from autograder.course import handout
from autograder.course.course import Course
from autograder.course.question import Question
from autograder.course.variants import Parameters
from autograder.diagnosis.catalogue import Entry
from autograder.marking.compare import same
from autograder.marking.recorder import Recorder
from autograder.model import LANGUAGES, Language, PartId, Result, Text
from autograder.prepare.typeset.page import markdown
from autograder.prepare.vetted import UNANSWERED, Figures, Vetting
from autograder.report import look
from autograder.text import line
from autograder.words import phrase

QUESTIONS = 3  # of a mistake
MISTAKES = 4  # of a sheet
TRIES = 60  # sets of parameters that are looked at for one mistake


@dataclass(frozen=True)
class Exercise:
    """One question with new parameters: its right value, and the one that the mistake gives."""

    parameters: Parameters
    right: Any
    wrong: Any


@dataclass(frozen=True)
class Example:
    """A worked example with the mistake in it: its lines, and which one is wrong, counted from 1."""

    exercise: Exercise
    lines: tuple[str, ...]
    wrong_line: int
    corrected: str  # what should stand there


@dataclass(frozen=True)
class Topic:
    """What there is to practise about one mistake, on one number of the sheet."""

    question: Question
    key: str
    id: str
    hint: Text
    example: Example
    exercises: tuple[Exercise, ...]


class Practice:
    """What can be practised in a course. Everything is decided by the course and a seed."""

    def __init__(self, course: Course):
        self.course, self.vetting = course, Vetting(course)
        self.entries = {entry.id: entry for entry in self.vetting.catalogue.entries}
        self._figures: dict[tuple, Figures] = {}

    def topics(self, shown: Sequence[tuple[str, str]], seed: str) -> list[Topic]:
        """What to practise for mistakes, each with the part that it was shown in; those that no number can show are left out."""
        topics: dict[str, Topic] = {}
        for id, part in shown:
            if id in self.entries and id not in topics and len(topics) < MISTAKES:
                topic = self.topic(self.entries[id], PartId(part), seed)
                if topic is not None:
                    topics[id] = topic
        return list(topics.values())

    def topic(self, entry: Entry, part: PartId | None, seed: str) -> Topic | None:
        """New questions on the number that the mistake was shown in, else on the first one that shows it."""
        for question in self.course.varying:
            keys = [key for key in self.vetting.key.numbers if key.startswith(f"{question.id}.")]
            for key in sorted(keys, key=lambda key: part is None or part.kind != "numbers" or key != part.key):
                if (part is None or part.kind != "numbers" or part.key not in self.vetting.key.numbers) or key == part.key:
                    exercises = self._exercises(question, key, entry, seed)
                    if exercises is not None:
                        *those, worked = exercises
                        example = self._example(question, key, entry, worked)
                        return Topic(question, key, entry.id, entry.misconception.hint, example, tuple(those))
        return None if part is None or part.kind != "numbers" else self.topic(entry, None, seed)

    def figures(self, question: Question, key: str, parameters: Parameters) -> Figures:
        """The number for these parameters, worked out once."""
        at = (key, tuple(parameters.items()))
        if at not in self._figures:
            self._figures[at] = self.vetting.figures(question, parameters, [key])[key]
        return self._figures[at]

    def _exercises(self, question: Question, key: str, entry: Entry, seed: str) -> list[Exercise] | None:
        """As many as are asked and one to show, all with other parameters; None where there are not as many."""
        pool = self.course.pool(question)
        if entry.id not in self.figures(question, key, pool.parameters(1)).wrong:
            return None
        exercises: list[Exercise] = []
        for parameters in islice(pool.others(random.Random(f"{key} {seed}")), TRIES):
            try:
                one = self.figures(question, key, parameters)
            except UNANSWERED:
                continue
            new = all(not same(one.value, other.right) for other in exercises)
            if new and entry.id in one.own:
                exercises.append(Exercise(parameters, one.value, one.wrong[entry.id]))
            if len(exercises) == QUESTIONS + 1:
                return exercises
        return None

    def _example(self, question: Question, key: str, entry: Entry, worked: Exercise) -> Example:
        """The calls of the recipe as a chain of lines, with the mistake in them; the first line that it changes is the wrong one."""
        number = self.vetting.on(question, worked.parameters)[key]
        right, wrong = Recorder(self.vetting.key.right), Recorder(self.vetting.catalogue.reference((entry,)))
        number.recipe(right)
        number.recipe(wrong)
        lines = [_assignments(worked.parameters)]
        at, corrected = 0, ""
        for should, call in zip(right.calls, wrong.calls, strict=False):
            if not at and not same(should.value, call.value):
                at, corrected = len(lines) + 1, _line(entry, should, arithmetic=False)
                lines.append(_line(entry, call, arithmetic=call.name == entry.key[1]))
            else:
                lines.append(_line(entry, call, arithmetic=False))
        lines.append(f"{key} = {_value(worked.wrong)}")
        return Example(worked, tuple(lines), at or len(lines), corrected or f"{key} = {_value(worked.right)}")


def _assignments(parameters: Parameters) -> str:
    return ", ".join(f"{name} = {value}" for name, value in parameters.items())


def _line(entry: Entry, call: Any, *, arithmetic: bool) -> str:
    arguments = ", ".join([*map(_value, call.args), *(f"{name}={_value(one)}" for name, one in call.kwargs.items())])
    formula = entry.misconception.arithmetic if arithmetic else None
    between = f" = {' , '.join(formula(*call.args, **call.kwargs))}" if formula is not None else ""
    return f"{call.name}({arguments}){between} = {_value(call.value)}"


def _value(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        kind, others = value.get("kind"), {name: one for name, one in value.items() if name != "kind"}
        return f"{kind}({', '.join(f'{name}={_value(one)}' for name, one in others.items())})"
    return line(str(value))


# ---- whose mistakes


def of_student(result: Result) -> list[tuple[str, str]]:
    """The mistakes that a student showed, each with its part; those of the numbers first."""
    shown = [(id, one.part) for one in result.diagnoses if not one.guess for id in one.misconceptions]
    return sorted(shown, key=lambda one: PartId(one[1]).kind != "numbers")


def of_class(results: Iterable[Result]) -> list[tuple[str, str]]:
    """The mistakes that most of a class showed, the most frequent first, each with the part that showed it most often."""
    often: dict[str, Counter[str]] = {}
    who: Counter[str] = Counter()
    for result in results:
        for id, part in dict.fromkeys(of_student(result)):
            often.setdefault(id, Counter())[part] += 1
        who.update({id for id, _ in of_student(result)})
    return [
        (id, min(often[id], key=lambda part: (-often[id][part], part)))
        for id, _ in sorted(who.items(), key=lambda one: (-one[1], one[0]))
    ]


def untrue(practice: Practice, seed: str = "") -> Iterator[str]:
    """What is wrong with what could be practised in the course: a mistake without a value of its own where it should have one."""
    for entry in practice.entries.values():
        topic = None if entry.is_class else practice.topic(entry, None, seed)
        if topic is None:
            continue
        for exercise in (*topic.exercises, topic.example.exercise):
            one = practice.vetting.figures(topic.question, exercise.parameters, [topic.key])[topic.key]
            sharing = sorted(id for id, value in one.wrong.items() if same(value, exercise.wrong))
            if same(one.value, exercise.wrong) or sharing != [entry.id]:
                yield f"{entry.id} has no value of its own on {topic.key} with {_assignments(exercise.parameters)}"


# ---- the page


def render(topics: Sequence[Topic], course: Course, who: str) -> bytes:
    """The sheet in both languages, to open offline and to print. The same topics give the same bytes."""
    pages = [_page(topics, course, who, language) for language in LANGUAGES]
    styles = Markup("\n".join([look.fonts("Vazirmatn"), look.css()]))
    return _templates().get_template("page.html.j2").render(pages=pages, look=styles).encode("utf-8", "replace")


def _page(topics: Sequence[Topic], course: Course, who: str, language: Language) -> dict[str, Any]:
    return {
        "language": language,
        "direction": "rtl" if language == "fa" else "ltr",
        "say": partial(phrase, language),
        "title": course.config.title_in(language),
        "who": line(who),
        "topics": [
            {
                "topic": topic,
                "hint": getattr(topic.hint, language),
                "shown": _question_text(topic, topic.example.exercise.parameters, language),
                "questions": [_question_text(topic, one.parameters, language) for one in topic.exercises],
                "answers": [_value(one.right) for one in topic.exercises],
            }
            for topic in topics
        ],
    }


def _question_text(topic: Topic, parameters: Parameters, language: Language) -> Markup:
    text = handout.read_with(topic.question, language, parameters)
    return markdown(f"{text.introduction}\n\n**{_statement(text, topic.key)}**", language)


def _statement(text: handout.Handout, key: str) -> str:
    return " ".join(text.statements[key].split())


@cache
def _templates() -> jinja2.Environment:
    return look.environment("autograder.prepare.practice")
