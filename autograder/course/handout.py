"""The handout: the one source of every statement, read by its headings.

``assignment/<stem>.<language>.md`` has a title, an introduction, and sections of ``### `key` `` headings, each followed by a
statement: a sheet key (``q2.receptive_field``), the name of a function or class, or a written question (``w2``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from autograder.course import fences, persian
from autograder.course.course import Course
from autograder.course.question import Question
from autograder.course.variants import Parameters, filled, pool
from autograder.errors import ConvgradeError
from autograder.model import LANGUAGES, Language, Part, Text
from autograder.words import RIGHT_TO_LEFT

# A Persian handout stands in such a block, so that it opens in right-to-left order; the block belongs to no statement.
_DIRECTION = ('<div dir="rtl" lang="fa">', "</div>")
_HEADING = re.compile(r"^### `(?P<key>[\w.]+)`\s*$")


@dataclass(frozen=True)
class Section:
    """What stands together below a heading ``## Code``: the section's own words, and whose statements it holds."""

    heading: str
    words: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Handout:
    """One question in one language."""

    title: str
    introduction: str
    statements: dict[str, str]  # key of the heading -> the text below it
    sections: tuple[Section, ...]


def read(question: Question, language: Language, variant: int = 1) -> Handout:
    """The question in one language, with the parameters of a variant in their places."""
    return _parsed(question.path("handout", language), text(question, language, variant))


def read_with(question: Question, language: Language, parameters: Parameters) -> Handout:
    """The question with other parameters than those of any variant."""
    path = question.path("handout", language)
    return _parsed(path, filled(path.read_text("utf-8"), parameters, language, str(path)))


def text(question: Question, language: Language, variant: int = 1) -> str:
    """The Markdown of a question with the parameters of a variant in their places."""
    path = question.path("handout", language)
    return filled(path.read_text("utf-8"), pool(question.root, question.stem).parameters(variant), language, str(path))


@cache
def _parsed(path: Path, text: str) -> Handout:
    title = ""
    introduction: list[str] = []
    statements: dict[str, list[str]] = {}
    sections: list[tuple[str, list[str], list[str]]] = []  # heading, own words, keys
    current = introduction
    for line, in_code in fences.lines(text):
        if in_code:
            current.append(line)
            continue
        if line.strip() in _DIRECTION:
            continue
        heading = _HEADING.match(line)
        if heading:
            current = statements.setdefault(heading["key"], [])
            if sections:
                sections[-1][2].append(heading["key"])
        elif line.startswith("## "):
            current = []  # a section's own words belong to no key
            sections.append((line[3:].strip(), current, []))
        elif line.startswith("# ") and not title:
            title = line[2:].strip()
        else:
            current.append(line)
    if not title:
        raise ConvgradeError("the handout has no title", where=f"{path}:1", todo="Begin it with a line `# …`.")
    texts = {key: "\n".join(lines).strip() for key, lines in statements.items()}
    parts = tuple(Section(heading, "\n".join(words).strip(), tuple(keys)) for heading, words, keys in sections)
    return Handout(title, "\n".join(introduction).strip(), texts, parts)


def without_direction(text: str) -> str:
    """Markdown without the blocks that set its direction: a page sets its own."""
    marks = re.compile(r'<div dir="(rtl|ltr)"( lang="fa")?>|</div>')
    return "\n".join(line for line, in_code in fences.lines(text) if in_code or not marks.fullmatch(line.strip()))


def shown(text: str, language: Language) -> str:
    """Markdown ready for the handout or a page; a right-to-left language gets markup for its code and numbers."""
    return persian.shown(text) if language in RIGHT_TO_LEFT else text


def directed(text: str, language: Language) -> str:
    """``shown`` in a block that sets the language's direction."""
    words = shown(text.strip(), language)
    return f'<div dir="rtl" lang="{language}">\n\n{words}\n\n</div>' if language in RIGHT_TO_LEFT else words


def statements(course: Course, variant: int = 1) -> dict[str, Text]:
    """The statement of every part, by part id. Raises ConvgradeError where a language has none."""
    return _statements(course.questions, course.parts, variant)


@lru_cache(maxsize=64)
def _statements(questions: tuple[Question, ...], parts: tuple[Part, ...], variant: int) -> dict[str, Text]:
    by_id = {question.id: question for question in questions}
    by_part = {}
    for part in parts:
        key = f"{part.question}.{part.name}" if part.kind == "numbers" else part.name
        texts = {}
        for language in LANGUAGES:
            question = by_id[part.question]
            statement = read(question, language, variant).statements.get(key)
            if not statement:
                where = str(question.path("handout", language))
                raise ConvgradeError(
                    f"{part.id} has no statement", where=where, todo=f"Write it below a line `### `{key}``."
                )
            texts[language] = statement
        by_part[part.id] = Text(**texts)
    return by_part


def titles(course: Course) -> dict[str, Text]:
    """Each question's title by its id."""
    return _titles(course.questions)


@lru_cache(maxsize=4)
def _titles(questions: tuple[Question, ...]) -> dict[str, Text]:
    return {
        question.id: Text(**{language: read(question, language).title for language in LANGUAGES}) for question in questions
    }
