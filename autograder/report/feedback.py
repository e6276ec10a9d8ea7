"""A student's feedback as a page and as Markdown, in both languages of the course, direction set block by block."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

import jinja2
from markdown_it import MarkdownIt
from markupsafe import Markup

from autograder import text as safe_text
from autograder.model import Language, Result
from autograder.report.view import PartView, View, page_words

TEMPLATES = ("feedback.html.j2", "feedback.md.j2")
SAME = 8192  # parts that are remembered as text: most of a class's are somebody else's too


def html(result: Result, views: Mapping[Language, View]) -> bytes:
    """One self-contained page: no script, no request, everything of the student's escaped."""
    return templates().get_template(TEMPLATES[0]).render(views=list(views.values()), result=result).encode()


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
    environment.filters |= {"statement": _statement, "md": safe_text.markdown, "mdcode": safe_text.code}
    environment.globals |= {"article": _article, "item": _item}
    return environment


@lru_cache(maxsize=SAME)
def _article(part: PartView, language: Language) -> Markup:
    """One part of the page."""
    said = page_words(language)
    return Markup(templates().get_template("part.html.j2").render(part=part, said=said, language=language).rstrip("\n"))


@lru_cache(maxsize=SAME)
def _item(part: PartView, language: Language) -> str:
    """One part as Markdown."""
    said = page_words(language)
    return templates().get_template("part.md.j2").render(part=part, said=said, language=language).rstrip("\n")


@cache
def _statement(text: str) -> Markup:
    """A statement of the handout (ours, not the student's) as HTML."""
    return Markup(_commonmark().render(text))


@cache
def _commonmark() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False})
