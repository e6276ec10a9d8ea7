"""The outcomes of student code, kept beside the grades: what each question was asked and answered, and in which hand-in.

A repeatable outcome is found by the hash of everything that decides it, whichever hand-in it came from (see ``unchanged``). Every
other outcome belongs to its record alone. Rows are added, never changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import msgspec
from msgspec.structs import replace

from autograder.gradebook.gradebook import Gradebook
from autograder.model import QuestionOutcome, Record

_SCHEMA = """
CREATE TABLE IF NOT EXISTS asked (number INTEGER PRIMARY KEY, key TEXT, came BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS asked_by_key ON asked (key) WHERE key IS NOT NULL;
CREATE TABLE IF NOT EXISTS records (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, key TEXT NOT NULL, steady INTEGER NOT NULL, asked TEXT NOT NULL,
    record BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS records_by_key ON records (key);
"""
SHARED = 512  # outcomes that are held decoded: those of files that many hand in unchanged


class Records:
    """The records in a gradebook."""

    def __init__(self, book: Gradebook):
        self.book = book
        book.create_tables(_SCHEMA)
        self._outcome = lru_cache(maxsize=SHARED)(self._decoded)

    def find(self, id: str, key: str) -> Record | None:
        """The newest record of exactly this hand-in under exactly these conditions.

        Of somebody else who handed in the same, only where asking again would give the same.
        """
        query = "SELECT asked, record FROM records WHERE key = ? AND (id = ? OR steady) ORDER BY id = ? DESC, number DESC"
        row = self.book.row(f"{query} LIMIT 1", (key, id, id))
        if row is None:
            return None
        record, asked = self.book.decoded(row[1], Record), self.book.decoded(row[0], list[int])
        return replace(record, asked=tuple(map(self._outcome, asked)))

    def outcome(self, key: str) -> QuestionOutcome | None:
        """An outcome that asking again would give."""
        row = self.book.row("SELECT number FROM asked WHERE key = ? ORDER BY number DESC LIMIT 1", (key,))
        return None if row is None else self._outcome(row[0])

    def add(self, id: str, key: str, record: Record, keys: Mapping[str, tuple[str, str]]) -> None:
        """Keep a record; ``keys`` is what each question's outcome is found by from now on."""
        numbers = [
            self._added(one, keys[one.question][one.wide] if one.steady and one.question in keys else None)
            for one in record.asked
        ]
        steady = all(one.steady for one in record.asked)
        values = (id, key, steady, msgspec.json.encode(numbers).decode(), msgspec.json.encode(replace(record, asked=())))
        self.book.run("INSERT INTO records (id, key, steady, asked, record) VALUES (?, ?, ?, ?, ?)", values)

    def _added(self, outcome: QuestionOutcome, key: str | None) -> int:
        encoded = msgspec.json.encode(outcome)
        if key is not None:
            row = self.book.row("SELECT number FROM asked WHERE key = ? AND came = ?", (key, encoded))
            if row is not None:
                return row[0]
        return self.book.insert("INSERT INTO asked (key, came) VALUES (?, ?)", (key, encoded))

    def _decoded(self, number: int) -> QuestionOutcome:
        row = self.book.row("SELECT came FROM asked WHERE number = ?", (number,))
        return self.book.decoded(row[0] if row else b"", QuestionOutcome)
