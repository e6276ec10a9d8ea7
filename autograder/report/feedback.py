"""A student's feedback as a page and as Markdown, in both languages of the course, direction set block by block."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import jinja2
from markdown_it import MarkdownIt
from markupsafe import Markup

from autograder import text as safe_text
from autograder import words
from autograder.model import Language, Result
from autograder.report import look
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
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("autograder.report", "."),
        autoescape=jinja2.select_autoescape(enabled_extensions=("html.j2",), default=False),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {
        "statement": _statement,
        "digits": words.digits,
        "md": safe_text.markdown,
        "mdcode": safe_text.code,
    }
    return environment


@cache
def _statement(text: str) -> Markup:
    """A statement of the handout (ours, not the student's) as HTML, its code from left to right."""
    return Markup(_commonmark().render(text).replace("<code>", '<code dir="ltr">'))


@cache
def _commonmark() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable("table")
