"""Every mark that a person ever gave, kept in the gradebook: by whom, when, from where and for which text. Rows are only added."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from autograder.gradebook.gradebook import Gradebook
from autograder.model import Mark

_SCHEMA = """
CREATE TABLE IF NOT EXISTS marks (number INTEGER PRIMARY KEY, id TEXT NOT NULL, part TEXT NOT NULL, mark BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS marks_by_id ON marks (id, number);
"""


class Marks:
    """The marks in a gradebook."""

    def __init__(self, book: Gradebook):
        self.book = book
        book.create_tables(_SCHEMA)

    def of(self, id: str) -> list[Mark]:
        """Every mark of a submission's answers, oldest first."""
        return self._where("id = ?", (id,))

    def all(self) -> list[Mark]:
        """Every mark, oldest first."""
        return self._where("1", ())

    def numbered(self, number: int) -> Mark | None:
        """One mark by its number."""
        return next(iter(self._where("number = ?", (number,))), None)

    def of_text(self, part: str, text_hash: str) -> list[Mark]:
        """Every mark of a text, whoever handed it in, oldest first."""
        return [mark for mark in self._where("part = ?", (part,)) if mark.text_hash == text_hash]

    def parts(self) -> frozenset[str]:
        """The parts of which somebody has marked an answer."""
        return frozenset(mark.part for mark in self.all() if mark.cents is not None)

    def add(self, marks: Iterable[Mark]) -> None:
        """Keep new marks."""
        for mark in marks:
            values = (mark.id, mark.part, msgspec.json.encode(replace(mark, number=0)))
            self.book.run("INSERT INTO marks (id, part, mark) VALUES (?, ?, ?)", values)

    def _where(self, where: str, values: tuple) -> list[Mark]:
        rows = self.book.rows(f"SELECT number, mark FROM marks WHERE {where} ORDER BY number", values)
        return [replace(self.book.decoded(mark, Mark), number=number) for number, mark in rows]
