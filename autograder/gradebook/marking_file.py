"""``marking.sqlite``: what people decided about written answers. Rows are added, never changed.

A reading is one person's decisions on one text. Taking a reading back adds a row too, so everything that was ever saved
can still be seen.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

import msgspec

from autograder.errors import ConvgradeError
from autograder.files import create_private
from autograder.model import Struct

FILE = "marking.sqlite"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS texts (hash TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS readings (
    number INTEGER PRIMARY KEY, student TEXT NOT NULL, part TEXT NOT NULL, text TEXT NOT NULL, rubric TEXT NOT NULL,
    who TEXT NOT NULL, at REAL NOT NULL, seconds REAL NOT NULL, met TEXT NOT NULL, comment TEXT NOT NULL, kind TEXT NOT NULL,
    copy_of INTEGER, request INTEGER, save TEXT NOT NULL, UNIQUE (save, student)
);
CREATE INDEX IF NOT EXISTS readings_of_a_part ON readings (part, number);
CREATE TABLE IF NOT EXISTS taken_back (reading INTEGER PRIMARY KEY, who TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS flags (
    number INTEGER PRIMARY KEY, student TEXT NOT NULL, part TEXT NOT NULL, who TEXT NOT NULL, at REAL NOT NULL,
    raised INTEGER NOT NULL, note TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS requests (
    number INTEGER PRIMARY KEY, student TEXT NOT NULL, part TEXT NOT NULL, criterion TEXT NOT NULL, words TEXT NOT NULL,
    source TEXT NOT NULL, at REAL NOT NULL, UNIQUE (student, part, criterion, words)
);
"""
Kind = Literal["first", "calibration", "second", "settling", "regrade"]


class Decision(Struct):
    """A criterion was met or not met, as its sentence stood then (``Criterion.sentence``)."""

    met: bool
    sentence: str


class Reading(Struct):
    """One person's decisions on one text of one student. ``number`` is given by the file."""

    student: str
    part: str
    text: str  # text_hash of what was read
    rubric: str  # Rubric.hash as it stood
    who: str
    at: float  # seconds since 1970
    seconds: float  # spent on it
    met: dict[str, Decision]
    comment: str = ""
    kind: Kind = "first"
    copy_of: int | None = None  # the reading of an equal text that this one repeats
    request: int | None = None  # the newest of the regrade requests that this one answers
    save: str = ""  # the page's own number of the save: sent twice, it counts once
    number: int = 0


class Flag(Struct):
    """A note for whoever leads the marking. Students never see it."""

    student: str
    part: str
    who: str
    at: float
    raised: bool
    note: str


class Request(Struct):
    """A student asks to have one criterion of one answer read again."""

    student: str
    part: str
    criterion: str
    words: str
    source: str  # the file or table that it came from
    at: float
    number: int = 0


class MarkingFile:
    """The file. Use as a context manager. Raises ConvgradeError where it cannot be used."""

    def __init__(self, path: Path):
        self.path = path
        try:
            with suppress(OSError):  # sqlite3 reports it in its own words
                create_private(path)
            self.database = sqlite3.connect(path, timeout=3, isolation_level=None)
            self.database.execute("PRAGMA journal_mode = WAL")
            self.database.execute("PRAGMA synchronous = FULL")  # a person's work outlives a power cut
            self.database.executescript(_SCHEMA)
            with self._writing():
                for name in ("seed", "book"):
                    value = (name, os.urandom(12).hex())
                    self.database.execute("INSERT OR IGNORE INTO about VALUES (?, ?)", value)
            self.about: dict[str, str] = dict(self.database.execute("SELECT name, value FROM about"))
        except sqlite3.Error as error:
            raise self._unusable(error) from None

    def __enter__(self) -> MarkingFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self.database.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.database.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):  # SQLite may have taken it back already
                self.database.execute("ROLLBACK")
            raise

    def changed_elsewhere(self) -> int:
        """A number that changes when another process has written into the file."""
        return self._rows("PRAGMA data_version")[0][0]

    def add(self, readings: Sequence[Reading], texts: Iterable[tuple[str, str]] = ()) -> list[Reading]:
        """Add readings in one step, and the texts that were read, by hash. Returns the readings with their numbers.

        The second and later readings are copies of the first. A save that is already in the file is not added again; what is returned
        then is what the file has.
        """
        columns = [name for name in Reading.__struct_fields__ if name != "number"]
        query = f"INSERT INTO readings ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        first: int | None = None
        try:
            with self._writing():
                known = self._where("save = ? ORDER BY number", (readings[0].save,))
                if known:
                    return known
                for reading in readings:
                    values = {name: getattr(reading, name) for name in columns}
                    values |= {"met": msgspec.json.encode(reading.met).decode(), "copy_of": first}
                    number = self.database.execute(query, tuple(values.values())).lastrowid
                    first = first or number
                self.database.executemany("INSERT OR IGNORE INTO texts VALUES (?, ?)", texts)
                return self._where("save = ? ORDER BY number", (readings[0].save,))
        except sqlite3.Error as error:
            raise self._unusable(error) from None

    def take_back(self, numbers: Iterable[int], who: str) -> None:
        """These readings no longer count; they stay in the file."""
        rows = [(number, who, time.time()) for number in numbers]
        self._write("INSERT OR IGNORE INTO taken_back VALUES (?, ?, ?)", rows)

    def standing(self, part: str | None = None) -> list[Reading]:
        """Every reading that was not taken back, oldest first."""
        where = "number NOT IN (SELECT reading FROM taken_back) AND (? IS NULL OR part = ?) ORDER BY number"
        return self._where(where, (part, part))

    def answers(self) -> list[tuple[str, str, str]]:
        """Every answer that was ever read: student, part and hash of the text."""
        query = "SELECT student, part, text FROM readings GROUP BY student, part, text ORDER BY min(number)"
        return self._rows(query)

    def text(self, hash: str) -> str:
        """A text that was read; empty where the file does not have it."""
        rows = self._rows("SELECT body FROM texts WHERE hash = ?", (hash,))
        return rows[0][0] if rows else ""

    def flag(self, flag: Flag) -> None:
        """Raise or lower a flag."""
        columns = Flag.__struct_fields__
        query = f"INSERT INTO flags ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        self._write(query, [tuple(getattr(flag, name) for name in columns)])

    def flags(self) -> dict[tuple[str, str], Flag]:
        """The raised flags by student and part."""
        rows = self._rows("SELECT student, part, who, at, raised, note FROM flags ORDER BY number")
        newest = {
            (student, part): Flag(student, part, who, at, bool(raised), note)
            for student, part, who, at, raised, note in rows
        }
        return {key: flag for key, flag in newest.items() if flag.raised}

    def ask_again(self, requests: Iterable[Request]) -> int:
        """Add regrade requests; one that is already there is not added again. Returns how many were new."""
        columns = [name for name in Request.__struct_fields__ if name != "number"]
        query = f"INSERT OR IGNORE INTO requests ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        return self._write(query, [tuple(getattr(one, name) for name in columns) for one in requests])

    def requests(self) -> list[Request]:
        """Every regrade request, oldest first. A standing reading of the same student and part whose ``request`` is at least its number answers it."""
        rows = self._rows(f"SELECT {', '.join(Request.__struct_fields__)} FROM requests ORDER BY number")
        return [Request(*row) for row in rows]

    def _rows(self, query: str, values: tuple = ()) -> list[tuple]:
        try:
            return self.database.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise self._unusable(error) from None

    def _write(self, query: str, rows: list[tuple]) -> int:
        try:
            with self._writing():
                return self.database.executemany(query, rows).rowcount
        except sqlite3.Error as error:
            raise self._unusable(error) from None

    def _where(self, where: str, values: tuple) -> list[Reading]:
        names = Reading.__struct_fields__
        rows = self._rows(f"SELECT {', '.join(names)} FROM readings WHERE {where}", values)
        try:
            return [_decoded(dict(zip(names, row, strict=True))) for row in rows]
        except (msgspec.DecodeError, UnicodeDecodeError, TypeError) as error:
            raise self._unusable(error) from None

    def _unusable(self, error: Exception) -> ConvgradeError:
        what = f"the readings cannot be used: {error}"
        return ConvgradeError(what, where=str(self.path), todo="Make sure that the folder can be written and has room.")


def _decoded(row: dict) -> Reading:
    return Reading(**row | {"met": msgspec.json.decode(row["met"], type=dict[str, Decision])})
