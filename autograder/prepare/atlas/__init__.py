"""The atlas of wrong answers: every known mistake with the value it gives and who gave it, and what nothing explains yet.

Answers are explained anew from the gradebook by the catalogue as it is now; no student's code is run for it and no process is
started. So a new entry shows at once whose answers it explains.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import jinja2
from markupsafe import Markup

from autograder.course import handout
from autograder.course.answer_key import AnswerKey
from autograder.course.course import Course
from autograder.course.mistakes import Mistakes
from autograder.diagnosis.explain import Explainer
from autograder.marking.recorder import Recorder
from autograder.model import LANGUAGES, Outcome, Result, Text
from autograder.prepare.atlas.ways import Ways
from autograder.report import look
from autograder.text import line
from autograder.words import phrase

MOST = 40  # groups of a number that nothing explains
MOST_WAYS = 5  # students' own arithmetic of a group
STUB = """# {file}
{table}("name_this_mistake", "…",  # {call} is {right}; this mistake gives {value}
    en="A question that leads to the idea and gives nothing away?",
    fa="پرسشی که به ایده می‌رساند و پاسخ را لو نمی‌دهد؟")"""


@dataclass(frozen=True)
class Known:
    """A wrong value that mistakes of the catalogue give, and how many gave it."""

    value: str
    ids: tuple[str, ...]
    hints: tuple[Text, ...]
    count: int


@dataclass(frozen=True)
class Unexplained:
    """A wrong value that nothing explains; ``ways``: the students' own arithmetic, where they gave it."""

    value: str
    count: int
    ways: tuple[str, ...]
    stub: str


@dataclass(frozen=True)
class OfNumber:
    """One number of one variant. ``answers`` were given, ``right`` of them the right one."""

    key: str
    variant: int
    value: str
    answers: int
    right: int
    known: tuple[Known, ...]
    unexplained: tuple[Unexplained, ...]


@dataclass(frozen=True)
class OfFunction:
    """One asked function or class: its mistakes, in how many submissions each was seen, and how many failed unexplained."""

    name: str
    known: tuple[Known, ...]
    unexplained: int


@dataclass(frozen=True)
class Atlas:
    numbers: tuple[OfNumber, ...]
    functions: tuple[OfFunction, ...]
    submissions: int


def atlas(results: Iterable[Result], course: Course, ways: Ways | None = None) -> Atlas:
    """What a class answered, explained by today's catalogue. Runs no student code."""
    key = AnswerKey(course)
    made = _Making(course, key, Explainer(course, key), ways or {})
    count = 0
    for result in results:
        count += 1
        made.take(result)
    return Atlas(tuple(made.of_numbers()), tuple(made.of_functions()), count)


class _Making:
    def __init__(self, course: Course, key: AnswerKey, explainer: Explainer, ways: Ways):
        self.course, self.key, self.explainer, self.ways = course, key, explainer, ways
        self.holders: dict[tuple[str, int], dict[str, list[str]]] = {}  # key and variant -> value -> who
        self.seen: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()

    def take(self, result: Result) -> None:
        variant = 1 if result.variant is None else result.variant
        explained = {one.part for one in result.diagnoses if one.misconceptions}
        for part in result.parts:
            if part.kind == "numbers" and variant and part.came and part.outcome is not Outcome.UNREAD:
                self.holders.setdefault((part.part.key, variant), {}).setdefault(part.came, []).append(result.id)
            elif part.kind == "code" and part.id not in explained:
                self.failed[part.id] += part.outcome in (Outcome.FAILED, Outcome.ERROR)
        self.seen.update({id for one in result.diagnoses for id in one.misconceptions})

    def of_numbers(self) -> Iterator[OfNumber]:
        variants = sorted({variant for _, variant in self.holders}) or [1]
        for key in self.key.numbers:
            yield from (self._number(key, variant) for variant in variants if variant <= self.course.pooled)

    def _number(self, key: str, variant: int) -> OfNumber:
        right, numbers = self.key.of(variant).values[key], self.explainer.numbers_of(variant)
        single: dict[str, list] = {}
        for value, (entry,) in numbers.single(key):
            single.setdefault(_shown(value), []).append(entry)
        by_value: dict[str, list[str]] = {}
        for answer, who in self.holders.get((key, variant), {}).items():
            by_value.setdefault(_plain(answer), []).extend(who)
        known = [
            Known(value, tuple(entry.id for entry in entries), _hints(entries), len(by_value.get(value, ())))
            for value, entries in single.items()
        ]
        others = {value: who for value, who in by_value.items() if value not in single and value != _shown(right)}
        unexplained = []
        for value, who in others.items():
            pairs = numbers.explaining(key, read) if (read := _read(value)) is not None else []
            for pair in pairs:
                known.append(Known(value, pair.ids, _hints(pair.entries), len(who)))
            if not pairs:
                own = tuple(dict.fromkeys(self.ways[id, key] for id in who if (id, key) in self.ways))
                unexplained.append(Unexplained(value, len(who), own[:MOST_WAYS], self._stub(key, variant, value)))
        known.sort(key=lambda one: (-one.count, one.ids))
        unexplained.sort(key=lambda one: (-one.count, one.value))
        answers = sum(map(len, by_value.values()))
        right_ones = len(by_value.get(_shown(right), ()))
        return OfNumber(key, variant, _shown(right), answers, right_ones, tuple(known), tuple(unexplained[:MOST]))

    def of_functions(self) -> Iterator[OfFunction]:
        catalogue: dict[str, list] = {}
        for entry in self.explainer.catalogue.entries:
            catalogue.setdefault(entry.part, []).append(entry)
        for part, entries in catalogue.items():
            known = [Known("", (entry.id,), _hints([entry]), self.seen[entry.id]) for entry in entries]
            known.sort(key=lambda one: (-one.count, one.ids))
            yield OfFunction(part, tuple(known), self.failed[part])

    def _stub(self, key: str, variant: int, value: str) -> str:
        """A new entry for what gave this value, in the file of the function that the number asks last."""
        recorder = Recorder(self.key.right)
        self.key.of(variant).numbers[key].recipe(recorder)
        call = recorder.calls[-1]
        arguments = ", ".join([*map(repr, call.args), *(f"{name}={one!r}" for name, one in call.kwargs.items())])
        file = f"solutions/{call.stem}_misconceptions/{call.name}.py"
        question = next(question for question in self.course.questions if question.stem == call.stem)
        table = next(iter(_tables(self.course, question.stem, call.name)), "mistakes(…)")
        return STUB.format(file=file, table=table, call=f"{call.name}({arguments})", right=_shown(call.value), value=value)


def _tables(course: Course, stem: str, name: str) -> Iterator[str]:
    if (course.root / "solutions" / f"{stem}_misconceptions" / f"{name}.py").is_file():
        module = course.module(f"solutions.{stem}_misconceptions.{name}")
        yield from (variable for variable, value in vars(module).items() if isinstance(value, Mistakes))


def _hints(entries: Iterable[Any]) -> tuple[Text, ...]:
    return tuple(entry.misconception.hint for entry in entries)


def _shown(value: Any) -> str:
    """A value in the form in which answers are compared: 416.0 is 416, a tuple is a list."""
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_shown, value))}]"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _read(answer: str) -> Any:
    """A kept answer; None if it is not a number or a row of numbers, or was cut."""
    try:
        value = json.loads(answer)
    except (ValueError, RecursionError):
        return None
    row = value if isinstance(value, list) else [value]
    return value if all(type(one) in (int, float) for one in row) else None


def _plain(answer: str) -> str:
    value = _read(answer)
    return line(answer) if value is None else _shown(value)


# ---- the page


def render(atlas: Atlas, course: Course) -> bytes:
    """The page in both languages; it opens offline and has no script. The same atlas gives the same bytes."""
    titles = handout.titles(course)
    pages = [
        {
            "language": language,
            "direction": "rtl" if language == "fa" else "ltr",
            "say": partial(phrase, language),
            "in": lambda text, language=language: getattr(text, language),
            "title": course.config.title_in(language),
            "titles": {id: getattr(title, language) for id, title in titles.items()},
        }
        for language in LANGUAGES
    ]
    styles = Markup("\n".join([look.fonts("Vazirmatn"), look.css()]))
    several = len({one.variant for one in atlas.numbers}) > 1
    page = _templates().get_template("page.html.j2").render(atlas=atlas, pages=pages, look=styles, several=several)
    return page.encode("utf-8", "replace")


@cache
def _templates() -> jinja2.Environment:
    return look.environment("autograder.prepare.atlas")
