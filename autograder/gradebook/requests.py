"""Regrade requests, kept in the gradebook: what a student asked to have read again, and whether somebody has."""

from __future__ import annotations

import time
from collections.abc import Iterable

from msgspec.structs import replace

from autograder.gradebook.gradebook import Gradebook
from autograder.model import Mark, Request

_SCHEMA = """
CREATE TABLE IF NOT EXISTS requests (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, part TEXT NOT NULL, criterion TEXT NOT NULL, words TEXT NOT NULL,
    source TEXT NOT NULL, "when" REAL NOT NULL, UNIQUE (id, part, criterion, words)
);
"""
_COLUMNS = ("id", "part", "criterion", "words", "source", "when")


class Requests:
    """The requests in a gradebook."""

    def __init__(self, book: Gradebook):
        self.book = book
        book.create_tables(_SCHEMA)

    def add(self, requests: Iterable[Request]) -> int:
        """Keep requests; one that is there already is not added again. Returns how many were new."""
        names, places = ", ".join(f'"{name}"' for name in _COLUMNS), ", ".join("?" * len(_COLUMNS))
        new = 0
        for one in requests:
            one = replace(one, when=one.when or time.time())
            values = tuple(getattr(one, name) for name in _COLUMNS)
            new += self.book.run(f"INSERT OR IGNORE INTO requests ({names}) VALUES ({places})", values).rowcount
        return new

    def all(self) -> list[Request]:
        """Every request, oldest first."""
        names = ", ".join(f'"{name}"' for name in _COLUMNS)
        return [Request(*row) for row in self.book.rows(f"SELECT {names} FROM requests ORDER BY number")]


def answered(request: Request, marks: Iterable[Mark]) -> Mark | None:
    """The first mark that was given after a request and decides what it asks about; None while nobody has."""
    for mark in sorted(marks, key=lambda mark: (mark.when, mark.number)):
        ours = (mark.id, mark.part) == (request.id, request.part) and mark.when > request.when and mark.cents is not None
        if ours and (not request.criterion or not mark.criteria or request.criterion in mark.criteria):
            return mark
    return None
