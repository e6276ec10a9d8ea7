"""The arithmetic that students write beside their answers, as comments on the sheet or in the notebook."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from autograder.course.course import Course
from autograder.intake.collect import collect
from autograder.intake.entries import Prefer
from autograder.intake.notebook.choice import opened
from autograder.intake.unpack import unpack
from autograder.text import line, shorten

Ways = dict[tuple[str, str], str]  # (submission's id, key of the sheet) -> the arithmetic beside the answer
MOST = 120  # characters of one
_TABLE = re.compile(r"^\s*\[\s*(\w+)\s*\]")
_ANSWER = re.compile(r"^\s*([\w.]{1,80})\s*=\s*[^#\"']{1,200}#\s*(\S.*)$")
_ASSIGNED = re.compile(r"[\"'](\w+\.\w{1,80})[\"'](?:\s*\]\s*=|\s*:)[^#\"'\n]{1,200}#[ \t]*(\S.*)$", re.MULTILINE)


def of_class(path: Path, course: Course, format: str = "", prefer: Prefer | None = None) -> Ways:
    """The comment behind each answer. Runs none of the students' code."""
    comments = {}
    for submission in collect(path, course.known_files, format, prefer):
        sources, book = opened(unpack(submission, course.known_files), course)
        texts = [*_on_sheet(sources.answers or ""), *(one for _, cell in book.cells for one in _ASSIGNED.findall(cell))]
        for key, comment in texts:
            if key in course.number_keys:
                comments[submission.id, key] = shorten(line(comment), MOST)
    return comments


def dumped(ways: Ways) -> bytes:
    """The same as bytes, for a process that reads hand-ins apart."""
    return msgspec.msgpack.encode([(id, key, comment) for (id, key), comment in ways.items()])


def loaded(data: bytes) -> Ways:
    """What ``dumped`` made."""
    return {(id, key): comment for id, key, comment in msgspec.msgpack.decode(data, type=list[tuple[str, str, str]])}


def _on_sheet(text: str) -> Iterator[tuple[str, str]]:
    table = ""
    for one in text.splitlines():
        if heading := _TABLE.match(one):
            table = f"{heading[1]}."
        elif answer := _ANSWER.match(one[:1_000]):
            yield (answer[1] if "." in answer[1] else f"{table}{answer[1]}"), answer[2]
