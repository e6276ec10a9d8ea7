"""The class report: one page in both languages that opens offline, on a phone and on paper; no script, no request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from math import isnan
from typing import Protocol

import jinja2
from markupsafe import Markup

from autograder.course import handout
from autograder.course.course import Course
from autograder.model import LANGUAGES, Language, Message, Result, points
from autograder.report import look
from autograder.report.class_page import figures, statistics
from autograder.report.class_page.class_facts import LOW_ITEM_REST, SHARES, ClassFacts, PartFacts
from autograder.report.class_page.counting import facts
from autograder.text import line
from autograder.words import digits, phrase, say

SMALL = 100  # submissions below which the page says that n is small
LISTED = 25  # rows of a list; the page says how many more there are
NAMED = 6  # names of a group that are shown at once; more of them open on a click
MOST_NAMED = 300
ONCE = 10  # rows of wrong numbers that are shown even where each was given only once


class Todo(Protocol):
    """What needs a person: ``gradebook.todo.Todo``. ``rank`` orders the kinds."""

    @property
    def kind(self) -> str: ...
    @property
    def rank(self) -> int: ...
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def message(self) -> Message: ...


def render(
    results: Iterable[Result],
    course: Course,
    *,
    sources: Mapping[str, Mapping[str, str]] | Iterable[tuple[str, Mapping[str, str]]] | None = None,
    todo: Sequence[Todo] = (),
    atlas: str = "",
) -> bytes:
    """The report on a class. ``sources`` (id -> file's name -> Python source) lets the same source be found; None leaves that out.
    ``todo`` is whose work needs a person: it comes first. ``atlas`` is where the atlas of wrong answers lies, beside this page.

    The same results give the same bytes. Everything of the students' is escaped.
    """
    stats = facts(results, course, sources)
    titles = handout.titles(course)
    pages = [_page(stats, titles, course, language) for language in LANGUAGES]
    template = _templates().get_template("class_report.html.j2")
    often = sum(one.count > 1 for one in stats.wrong_numbers)
    lists = {"listed": LISTED, "wrong_listed": min(LISTED, max(often, ONCE))}
    styles = Markup("\n".join([look.fonts("Vazirmatn"), look.css()]))
    orders = _orders(stats)
    page = template.render(
        facts=stats, pages=pages, course=course, shares=SHARES, look=styles, orders=orders, todo=todo, atlas=atlas, **lists
    )
    return page.encode("utf-8", "replace")


def _orders(stats: ClassFacts) -> dict[str, dict[str, int]]:
    """The place of each student's row in each order that the table can be read in, by id."""
    by = {
        "id": sorted(stats.students, key=lambda one: one.id),
        "name": sorted(stats.students, key=lambda one: (one.name == "", one.name.casefold(), one.id)),
        "low": sorted(stats.students, key=lambda one: (one.cents, one.id)),
        "high": sorted(stats.students, key=lambda one: (-one.cents, one.id)),
    }
    return {order: {student.id: place for place, student in enumerate(rows)} for order, rows in by.items()}


def _page(stats: ClassFacts, titles: Mapping, course: Course, language: Language) -> dict:
    """What the template needs in one language: its words, its figures, its way of writing."""
    word = partial(phrase, language)
    return {
        "language": language,
        "direction": "rtl" if language == "fa" else "ltr",
        "say": word,
        "sentence": lambda message: say(message, language),
        "in": lambda text: getattr(text, language),
        "titles": {id: getattr(title, language) for id, title in titles.items()},
        "note": _alpha_note(stats, word),
        "title": course.config.title_in(language),
        "scores": _scores(stats, word, language),
        "scatter": _scatter(stats, word, language),
        "bar": lambda part: _bar(part, word, language),
    }


def _alpha_note(stats: ClassFacts, word: Callable) -> str:
    low, high = stats.alpha_interval
    if isnan(stats.alpha) or isnan(low):
        return word("report.no_alpha", n=stats.counted)
    key = "report.small" if stats.counted < SMALL else "report.large"
    return word(key, n=stats.counted, r=_number(stats.by_chance), low=_number(low), high=_number(high))


def _scores(stats: ClassFacts, word: Callable, language: Language) -> Markup:
    low, middle, high = stats.quartiles
    in_full = word(
        "report.scores.described",
        counts=", ".join(str(count) for count in statistics.histogram(stats.shares)),
        **{name: _points(value) for name, value in (("low", low), ("median", middle), ("high", high))},
    )
    axis = word("report.scores.x", max=points(stats.most))
    caption = figures.Caption(f"{language}-scores", word("report.scores.title"), in_full, x=axis)
    share = tuple(value / stats.most if stats.most else float("nan") for value in stats.quartiles)
    return figures.scores(stats.shares, share, caption)


def _scatter(stats: ClassFacts, word: Callable, language: Language) -> Markup:
    known = [part for part in stats.parts if not isnan(part.facility)]
    by_facility = sorted(known, key=lambda part: part.facility)
    names = {
        "hardest": ", ".join(part.id for part in by_facility[:3]),
        "easiest": ", ".join(part.id for part in by_facility[-3:]),
        "marked": ", ".join(part.id for part in known if part.look),
    }
    described = word(
        "report.parts.described", **{key: named or word("report.parts.nothing") for key, named in names.items()}
    )
    axes = {"x": word("report.parts.x"), "y": word("report.parts.y")}
    caption = figures.Caption(f"{language}-parts", word("report.parts.title"), described, **axes)
    dots = [figures.Point(part.facility, part.item_rest, part.kind, part.id, part.look) for part in known]
    return figures.scatter(dots, stats.by_chance, caption)


def _bar(part: PartFacts, word: Callable, language: Language) -> Markup:
    described = ", ".join(f"{word(f'report.share.{name}')} {_percent(share)}" for name, share in part.shares.items())
    caption = figures.Caption(f"{language}-{part.id.replace('.', '-')}", word("report.bar", part=part.id), described)
    return figures.stacked(part.shares, caption)


def _number(value: float) -> str:
    """Two decimals with a true minus; a dash where there is nothing to tell."""
    return "–" if isnan(value) else f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")


def _percent(value: float) -> str:
    return "–" if isnan(value) else f"{100 * value:.0f}%"


def _points(cents: float) -> str:
    """Points with one decimal, since a mean or a quartile is not a score."""
    return "–" if isnan(cents) else f"{cents / 100:.1f}"


@cache
def _templates() -> jinja2.Environment:
    environment = look.environment("autograder.report.class_page")
    environment.filters |= {
        "digits": digits,
        "number": _number,
        "percent": _percent,
        "tenths": _points,
        "points": points,
        "line": line,
    }
    environment.globals |= {"low_item_rest": LOW_ITEM_REST, "named": NAMED, "most_named": MOST_NAMED}
    return environment
