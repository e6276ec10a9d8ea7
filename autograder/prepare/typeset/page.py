"""The handout as one HTML page: title, due date, every question with its points and drawings, and what to hand in.

The Markdown of ``assignment/`` stays the source. The page carries its fonts, has no script and asks for nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, partial

import jinja2
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from autograder.course import handout
from autograder.course.course import Course
from autograder.course.question import Question
from autograder.course.sheet import FIRST, Sheet
from autograder.model import Language, PartId
from autograder.prepare.typeset import dates, formulas
from autograder.report import look
from autograder.words import digits, phrase

_SHORT = re.compile(r'<code dir="ltr">([^<]{1,40})</code>')  # stays on one line: a shape, a name
FAMILIES = {"en": ("Source Serif 4", "Source Code Pro"), "fa": ("Vazirmatn", "Source Code Pro")}
# Sections of assignment/readme.<language>.md that also stand on the paper begin behind this line.
ON_PAPER = "<!-- also in the handout -->"


@dataclass(frozen=True)
class Item:
    """One part: its place in the question, the key that names it, its points and its statement."""

    place: str
    key: str
    points: str
    statement: Markup


@dataclass(frozen=True)
class Section:
    heading: str
    words: Markup
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Problem:
    id: str
    title: str
    points: str
    introduction: Markup
    figures: tuple[tuple[Markup, str], ...]  # each drawing with its caption
    sections: tuple[Section, ...]


def html(course: Course, language: Language, sheet: Sheet = FIRST) -> str:
    """The whole page in one language, the same bytes from the same files. A sheet that was dealt is named on top."""
    word = partial(phrase, language)
    due = course.config.late.deadline
    body = {
        "language": language,
        "direction": "rtl" if language == "fa" else "ltr",
        "say": word,
        "title": course.config.title_in(language),
        "course": course.config.course_in(language),
        "due": word("handout.due", when=dates.in_words(due, language)) if due else word("handout.due_open"),
        "sheet": word("handout.sheet", variant=digits(str(sheet.variant), language)) if sheet.code else "",
        "code": sheet.code,
        "total": word("handout.total", points=_points(round(course.config.total * 100), language)),
        "problems": [_problem(course, question, language, sheet.variant) for question in course.questions],
        "after": [(heading, markdown(words, language)) for heading, words in _on_paper(course, language)],
    }
    template = _templates().get_template("page.html.j2")
    inside = template.render(styles="", **body)
    styles = "\n".join([look.fonts(*FAMILIES[language]), look.css(), formulas.css(inside)])
    return template.render(styles=Markup(styles), **body)


def markdown(text: str, language: Language) -> Markup:
    """The author's Markdown as HTML: formulas typeset, code from left to right, tables in a frame that scrolls."""
    html = _reader(language).render(handout.shown(handout.without_direction(text), language))
    return Markup(_SHORT.sub(r'<code dir="ltr" class="short">\1</code>', html))


def _problem(course: Course, question: Question, language: Language, variant: int) -> Problem:
    text = handout.read(question, language, variant)
    cents = {part.id: part.cents for part in course.parts if part.question == question.id}
    number, sections, place = question.id[1:], [], 0
    for section in text.sections:
        items = []
        for key in section.keys:
            place += 1
            worth = _points(cents[_part(key, question, cents)], language)
            label = digits(f"{number}.{place}", language).replace("٫", ".")
            items.append(Item(label, key, worth, markdown(text.statements[key], language)))
        sections.append(Section(section.heading, markdown(section.words, language), tuple(items)))
    figures = tuple(
        (drawing.svg(f"{question.id}-{language}-{at}"), drawing.caption)
        for at, drawing in enumerate(course.drawings(question, language, variant))
    )
    worth = _points(sum(cents.values()), language)
    return Problem(question.id, text.title, worth, markdown(text.introduction, language), figures, tuple(sections))


def _part(key: str, question: Question, cents: dict[str, int]) -> str:
    """The part that a heading of the handout is about."""
    if key.startswith(f"{question.id}."):
        return PartId.of_number(key)
    return next(id for kind in ("code", "written") if (id := PartId.of(question.id, kind, key)) in cents)


def _on_paper(course: Course, language: Language) -> list[tuple[str, str]]:
    """Headings and words of the readme's sections that stand behind ``ON_PAPER``."""
    path = course.root / "assignment" / f"readme.{language}.md"
    text = path.read_text("utf-8") if path.is_file() else ""
    marked = re.findall(rf"{re.escape(ON_PAPER)}\s*^## (.+?)$(.*?)(?=^## |^<!-- |\Z)", text, re.MULTILINE | re.DOTALL)
    return [(heading, words.strip()) for heading, words in marked]


def _points(cents: int, language: Language) -> str:
    """Points without needless zeros, and the word for them."""
    amount = f"{cents / 100:g}"
    key = "handout.point" if amount == "1" else "handout.points"
    return phrase(language, key, points=digits(amount, language))


@cache
def _reader(language: Language) -> MarkdownIt:
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    def formula(tex: str, options: dict) -> str:
        return formulas.html(tex, display=options["display_mode"])

    reader = (
        MarkdownIt("commonmark", {"html": True}).enable("table").use(dollarmath_plugin, renderer=formula, allow_digits=False)
    )

    def code(self, tokens, at, options, env) -> str:
        return f'<code dir="ltr">{escape(tokens[at].content)}</code>'

    def block(self, tokens, at, options, env) -> str:
        return f'<pre dir="ltr"><code>{escape(tokens[at].content)}</code></pre>\n'

    reader.add_render_rule("code_inline", code)
    reader.add_render_rule("code_block", block)
    reader.add_render_rule("fence", block)
    reader.add_render_rule("table_open", lambda *_: '<div class="wide"><table>\n')
    reader.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return reader


@cache
def _templates() -> jinja2.Environment:
    return look.environment("autograder.prepare.typeset")
