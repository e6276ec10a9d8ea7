"""``gradebook.sqlite``: every grade that was ever given, with the hashes it came from. Rows are added, never changed."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from autograder.errors import ConvgradeError
from autograder.model import Fingerprint, Result

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
    result BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS by_id ON grades (id, number);
"""
BATCH_SECONDS = 0.5
_HASHES = Fingerprint.__struct_fields__


class Gradebook:
    """The gradebook in a file. Use as a context manager; what was added is on disk within half a second, and at its end."""

    def __init__(self, path: Path):
        self.path = path
        try:
            self.database = sqlite3.connect(path, timeout=10, isolation_level=None)
            self.database.execute("PRAGMA journal_mode = WAL")
            self.database.execute("PRAGMA synchronous = NORMAL")
            self.database.executescript(_SCHEMA)
            if self.database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("its pages do not fit together")
        except sqlite3.Error as error:
            raise self._unusable(error) from None
        self.since: float | None = None

    def __enter__(self) -> Gradebook:
        return self

    def __exit__(self, *_: object) -> None:
        self._commit()
        self.database.close()

    def find(self, id: str, fingerprint: Fingerprint) -> Result | None:
        """The grade of exactly this submission by exactly these suites, solutions, config and engine, if there is one."""
        where = " AND ".join(f"{name} = ?" for name in ("id", *_HASHES))
        query = f"SELECT result FROM grades WHERE {where} ORDER BY number DESC LIMIT 1"
        row = self._run(query, (id, *msgspec.structs.astuple(fingerprint))).fetchone()
        return None if row is None else _decoded(row[0])

    def add(self, result: Result) -> None:
        """Record a grade beside all earlier ones."""
        if self.since is None:
            self._run("BEGIN IMMEDIATE", ())
            self.since = time.monotonic()
        columns = ("id", *_HASHES, "cents", "recorded_at", "result")
        values = (result.id, *msgspec.structs.astuple(result.fingerprint), result.cents, time.time())
        query = f"INSERT INTO grades ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        self._run(query, (*values, msgspec.json.encode(result)))
        if time.monotonic() - self.since > BATCH_SECONDS:
            self._commit()

    def latest(self) -> Iterator[Result]:
        """Each submission's newest grade, ordered by id."""
        query = "SELECT result FROM grades WHERE number IN (SELECT max(number) FROM grades GROUP BY id) ORDER BY id"
        for (data,) in self._run(query, ()):
            yield _decoded(data)

    def newest(self, id: str) -> Result | None:
        """The newest grade of one submission, whatever it came from."""
        row = self._run("SELECT result FROM grades WHERE id = ? ORDER BY number DESC LIMIT 1", (id,)).fetchone()
        return None if row is None else _decoded(row[0])

    def history(self, id: str) -> list[tuple[float, Result]]:
        """Every grade a submission ever had, oldest first, with the time (seconds since 1970) it was recorded."""
        rows = self._run("SELECT recorded_at, result FROM grades WHERE id = ? ORDER BY number", (id,))
        return [(at, _decoded(data)) for at, data in rows]

    def _commit(self) -> None:
        if self.since is not None:
            self._run("COMMIT", ())
            self.since = None

    def _run(self, query: str, values: tuple) -> sqlite3.Cursor:
        try:
            return self.database.execute(query, values)
        except sqlite3.Error as error:
            raise self._unusable(error) from None

    def _unusable(self, error: sqlite3.Error) -> ConvgradeError:
        if "locked" in str(error):
            todo = "Another run is writing it: wait for that one, or choose another --out."
        elif "full" in str(error):
            todo = "Make room and run again: what was recorded is kept."
        else:
            todo = "Move it away and run again, or choose another --out; sqlite3's .recover may save what is in it."
        return ConvgradeError(f"the gradebook cannot be used: {error}", where=str(self.path), todo=todo)


def _decoded(data: bytes) -> Result:
    return msgspec.json.decode(data, type=Result)
