"""``gradebook.sqlite``: every grade that was ever given, with the hashes it came from. Rows are added, never changed."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

from autograder.errors import ConvgradeError
from autograder.files import create_private
from autograder.model import Fingerprint, Result

FILE = "gradebook.sqlite"
Kind = TypeVar("Kind")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS grades (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    submission TEXT NOT NULL,
    suites TEXT NOT NULL,
    solutions TEXT NOT NULL,
    config TEXT NOT NULL,
    engine TEXT NOT NULL,
    cents INTEGER NOT NULL,
    recorded_at REAL NOT NULL,
    result BLOB NOT NULL,
    reports TEXT NOT NULL  -- always "{}": a gradebook that an older engine made has this column
);
CREATE INDEX IF NOT EXISTS by_id ON grades (id, number);
CREATE TABLE IF NOT EXISTS rendered (
    grade INTEGER NOT NULL, look TEXT NOT NULL, reports TEXT NOT NULL, PRIMARY KEY (grade, look)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runs (
    number INTEGER PRIMARY KEY,
    finished_at REAL NOT NULL,
    grades TEXT NOT NULL,
    newest INTEGER NOT NULL
);
"""
# Up to this size every page is checked on opening. In a larger one only the pages that are read are; a truncated file is noticed
# anyway.
CHECKED_MB = 64
_HASHES = ("submission", "suites", "solutions", "config", "engine")


@dataclass(frozen=True)
class Grade:
    """One grade of one submission, as it was recorded."""

    number: int
    result: Result
    cents: int  # the points after the late deduction
    recorded_at: float  # seconds since 1970
    newest: bool  # whether its submission has no later one


class Gradebook:
    """The gradebook in a file. Use as a context manager.

    What was added stays, even if the process is killed the next moment. Adding takes some 20 µs: in this journal mode nothing
    waits for the disk, so only a power cut can lose the last grades, and even that leaves an intact gradebook.
    """

    def __init__(self, path: Path):
        self.path = path
        if path.name == FILE and path.is_file() and not path.stat().st_size and (path.parent / "submissions").is_dir():
            # A new one is empty too, but has no results beside it: this one has lost its grades.
            raise self._unusable(sqlite3.DatabaseError("it is empty, although there are graded submissions next to it"))
        try:
            with suppress(OSError):  # sqlite3 reports it in its own words
                create_private(path)  # what SQLite makes beside it gets its mode
            self.database = sqlite3.connect(path, timeout=10, isolation_level=None)
            self.database.execute("PRAGMA journal_mode = WAL")
            self.database.execute("PRAGMA synchronous = NORMAL")
            self.database.executescript(_SCHEMA)
            whole = path.stat().st_size <= CHECKED_MB << 20
            if whole and self.database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("its pages do not fit together")
        except sqlite3.Error as error:
            raise self._unusable(error) from None

    def __enter__(self) -> Gradebook:
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    def create_tables(self, schema: str) -> None:
        """Make the tables of a schema where they are not there yet. Raises ConvgradeError."""
        try:
            self.database.executescript(schema)
        except sqlite3.Error as error:
            raise self._unusable(error) from None

    def remove(self) -> None:
        """Close it and take its file away."""
        self.__exit__()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)

    def find(self, id: str, fingerprint: Fingerprint) -> Grade | None:
        """The grade of exactly this submission by exactly these suites, solutions, config, engine and versions, if there is one."""
        where = " AND ".join(f"{name} = ?" for name in ("id", *_HASHES))
        grades = self._where(f"{where} ORDER BY number DESC", (id, *_values(fingerprint)))
        return next((grade for grade in grades if grade.result.fingerprint.versions == fingerprint.versions), None)

    def add(self, result: Result, cents: int) -> int:
        """Record a grade beside all earlier ones, with the points after the late deduction. Returns its number."""
        columns = ("id", *_HASHES, "cents", "recorded_at", "result", "reports")
        values = (result.id, *_values(result.fingerprint), cents, time.time())
        query = f"INSERT INTO grades ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        return self.insert(query, (*values, msgspec.json.encode(result), "{}"))

    def report_digests(self, grade: int, look: str) -> dict[str, str] | None:
        """The digest of each report file of a grade under ``look``, by its name; None if they were not made under it."""
        row = self.row("SELECT reports FROM rendered WHERE grade = ? AND look = ?", (grade, look))
        return None if row is None else self.decoded(row[0], dict[str, str])

    def note_reports(self, grade: int, look: str, reports: Mapping[str, bytes]) -> None:
        """Note the digests of a grade's report files under ``look``."""
        digests = msgspec.json.encode({name: digest(data) for name, data in reports.items()}).decode()
        self.run("INSERT OR REPLACE INTO rendered VALUES (?, ?, ?)", (grade, look, digests))

    def finished(self, grades: Iterable[int]) -> None:
        """Note that a run has finished: these grades, by number, are the class's until another run finishes."""
        newest = "(SELECT coalesce(max(number), 0) FROM grades)"
        query = f"INSERT INTO runs (finished_at, grades, newest) VALUES (?, ?, {newest})"
        self.run(query, (time.time(), msgspec.json.encode(sorted(grades)).decode()))

    def latest(self) -> Iterator[Result]:
        """The class's grades, ordered by id: those of the last finished run, or everybody's newest if no run has finished."""
        run = self._last_run()
        if run is None:
            grades = self._where("number IN (SELECT max(number) FROM grades GROUP BY id) ORDER BY id", ())
        else:
            grades = self._where("number IN (SELECT value FROM json_each(?)) ORDER BY id", (run[0],))
        return (grade.result for grade in grades)

    def unfinished(self) -> bool:
        """Whether grades were recorded since the last run that was finished."""
        run = self._last_run()
        (newest,) = self.row("SELECT max(number) FROM grades") or (None,)
        return newest != (None if run is None else run[1] or None)

    def others(self) -> int:
        """How many submissions have a grade and were not in the last run that was finished."""
        run = self._last_run()
        query = "SELECT count(DISTINCT id) FROM grades WHERE number <= ? AND id NOT IN "
        query += "(SELECT id FROM grades WHERE number IN (SELECT value FROM json_each(?)))"
        (many,) = (0,) if run is None else self.row(query, (run[1], run[0])) or (0,)
        return many

    def _last_run(self) -> tuple[str, int] | None:
        return self.row("SELECT grades, newest FROM runs ORDER BY number DESC LIMIT 1")

    def newest(self, id: str) -> Grade | None:
        """The newest grade of one submission, whatever it came from."""
        return self._first("id = ? ORDER BY number DESC", (id,))

    def history(self, id: str) -> list[Grade]:
        """Every grade a submission ever had, oldest first."""
        return list(self._where("id = ? ORDER BY number", (id,)))

    def people(self) -> list[tuple[str, str]]:
        """The id and the name of every submission that has a grade, as the newest one has it."""
        where = "number IN (SELECT max(number) FROM grades GROUP BY id)"
        return [(grade.result.id, grade.result.name) for grade in self._where(where, ())]

    def _first(self, where: str, values: tuple) -> Grade | None:
        return next(self._where(f"{where} LIMIT 1", values), None)

    def _where(self, where: str, values: tuple) -> Iterator[Grade]:
        newest = "number = (SELECT max(number) FROM grades AS other WHERE other.id = grades.id)"
        query = f"SELECT number, result, cents, recorded_at, {newest} FROM grades WHERE {where}"
        for number, result, cents, recorded_at, newest_of_its in self.rows(query, values):
            yield Grade(number, self.decoded(result, Result, "grades"), cents, recorded_at, bool(newest_of_its))

    def rows(self, query: str, values: tuple = ()) -> Iterator[tuple]:
        """The rows of a SELECT. Raises ConvgradeError where the file cannot be used."""
        cursor = self.run(query, values)
        while (row := self._next(cursor)) is not None:
            yield row

    def row(self, query: str, values: tuple = ()) -> tuple | None:
        """The first row of a SELECT. Raises ConvgradeError where the file cannot be used."""
        return self._next(self.run(query, values))

    def _next(self, rows: sqlite3.Cursor) -> tuple | None:
        try:
            return rows.fetchone()
        except sqlite3.Error as error:  # a damaged page that only this row is on
            raise self._unusable(error) from None

    def decoded(self, data: bytes | str, kind: type[Kind], what: str = "rows") -> Kind:
        """What a row holds as JSON. Raises ConvgradeError where that is not of this ``kind``."""
        try:
            return msgspec.json.decode(data, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError, TypeError) as error:
            raise self._unusable(sqlite3.DatabaseError(f"one of its {what} cannot be decoded ({error})")) from None

    def run(self, query: str, values: tuple = ()) -> sqlite3.Cursor:
        """Run one statement. Raises ConvgradeError where the file cannot be used."""
        try:
            return self.database.execute(query, values)
        except sqlite3.Error as error:
            raise self._unusable(error) from None

    def insert(self, query: str, values: tuple) -> int:
        """Run an INSERT of one row. Returns the row's number."""
        number = self.run(query, values).lastrowid
        assert number is not None
        return number

    def _unusable(self, error: sqlite3.Error) -> ConvgradeError:
        if "locked" in str(error):
            todo = "Another run is writing it: wait for that one, or choose another --out."
        elif "full" in str(error) or "disk I/O" in str(error):
            todo = "Make room and run again: what was recorded is kept."
        elif "unable to open" in str(error) or "readonly" in str(error):
            todo = "Choose a folder that can be written, with --out."
        else:
            todo = "Move it away and run again, or choose another --out; sqlite3's .recover may save what is in it."
        return ConvgradeError(f"the gradebook cannot be used: {error}", where=str(self.path), todo=todo)


def _values(fingerprint: Fingerprint) -> list[str]:
    return [getattr(fingerprint, name) for name in _HASHES]


def digest(data: bytes) -> str:
    """A hash of a report file's bytes."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()
