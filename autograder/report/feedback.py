"""A student's feedback as a page and as Markdown, in both languages of the course, direction set block by block."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

import jinja2
from markdown_it import MarkdownIt
from markupsafe import Markup

from autograder import text as safe_text
from autograder import words
from autograder.model import Language, Result
from autograder.report import look
from autograder.report.part_view import SAME, PartView, own_words
from autograder.report.question_view import QuestionView
from autograder.report.view import View

TEMPLATES = ("feedback.html.j2", "feedback.md.j2")


def html(result: Result, views: Mapping[Language, View]) -> bytes:
    """One self-contained page: no script, no request, everything of the student's escaped."""
    return _filled(TEMPLATES[0], views=list(views.values()), result=result, look=Markup(look.css())).encode()


def markdown(result: Result, views: Mapping[Language, View]) -> bytes:
    """The same as Markdown, one language after the other."""
    return _filled(TEMPLATES[1], views=list(views.values()), result=result).encode()


def _filled(template: str, **values: Any) -> str:
    return templates().get_template(template).render(values)


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
        "piece": _piece,
    }
    return environment


@lru_cache(maxsize=3 * SAME)
def _piece(seen: PartView | QuestionView, template: str) -> Markup:
    """A part or a question on the page, filled in once for all students who have the same."""
    name = "part" if isinstance(seen, PartView) else "question"
    return Markup(_filled(template, words=own_words(seen.language), **{name: seen}).rstrip("\n"))


@cache
def _statement(text: str) -> Markup:
    """A statement of the handout (ours, not the student's) as HTML, its code from left to right."""
    return Markup(_commonmark().render(text).replace("<code>", '<code dir="ltr">'))


@cache
def _commonmark() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable("table")
