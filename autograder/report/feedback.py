"""A student's feedback as a page and as Markdown, in both languages of the course, direction set block by block."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

import jinja2
from markdown_it import MarkdownIt
from markupsafe import Markup

from autograder import text as safe_text
from autograder import words
from autograder.model import Language, Result
from autograder.report import look
from autograder.report.part_view import SAME, PartView
from autograder.report.view import View

TEMPLATES = ("feedback.html.j2", "feedback.md.j2")


def html(result: Result, views: Mapping[Language, View]) -> bytes:
    """One self-contained page: no script, no request, everything of the student's escaped."""
    return (
        templates()
        .get_template(TEMPLATES[0])
        .render(views=list(views.values()), result=result, look=Markup(look.css()))
        .encode()
    )


def markdown(result: Result, views: Mapping[Language, View]) -> bytes:
    """The same as Markdown, one language after the other."""
    return templates().get_template(TEMPLATES[1]).render(views=list(views.values()), result=result).encode()


@cache
def templates() -> jinja2.Environment:
    """The environment that both templates are compiled in, once a process."""
    in_html_alone = jinja2.select_autoescape(enabled_extensions=("html.j2",), default=False)
    environment = look.environment("autograder.report", autoescape=in_html_alone)
    environment.filters |= {
        "statement": _statement,
        "digits": words.digits,
        "md": safe_text.markdown,
        "mdcode": safe_text.code,
        "article": lambda part, view: Markup(_part("part.html.j2", part, view.language, view.direction, _words(part, view))),
        "chip": _chip,
        "item": lambda part, view: _part("part.md.j2", part, view.language, view.direction, _words(part, view)),
    }
    return environment


WORDS = ("came", "hint", "own_text", "criteria_of")


def _words(part: PartView, view: View) -> tuple[str, ...]:
    return view.words[part.kind], *(view.words[word] for word in WORDS)


@lru_cache(maxsize=SAME)
def _part(template: str, part: PartView, language: Language, direction: str, own_words: tuple[str, ...]) -> str:
    """One part of the page in one language, with the page's own words that it needs."""
    words = dict(zip((part.kind, *WORDS), own_words, strict=True))
    values = {"part": part, "language": language, "here": f"{language}-", "direction": direction, "words": words}
    return templates().get_template(template).render(values).rstrip("\n")


@lru_cache(maxsize=SAME)
def _chip(part: PartView, language: Language) -> Markup:
    """A part's place in the strip that shows the outcome of all."""
    return Markup(templates().get_template("chip.html.j2").render(part=part, here=f"{language}-").rstrip("\n"))


@cache
def _statement(text: str) -> Markup:
    """A statement of the handout (ours, not the student's) as HTML, its code from left to right."""
    return Markup(_commonmark().render(text).replace("<code>", '<code dir="ltr">'))


@cache
def _commonmark() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable("table")
