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
_HASHES = Fingerprint.__struct_fields__


class Gradebook:
    """The gradebook in a file. Use as a context manager.

    What was added stays, also when the process is killed the next moment. That costs some 20 µs: in this journal mode
    nothing waits for the disk, so only a power cut may take the last grades, and leaves a sound gradebook.
    """

    def __init__(self, path: Path):
        self.path = path
        if path.is_file() and not path.stat().st_size and (path.parent / "submissions").is_dir():
            # Empty since it is being made, it would have no results beside it. Its grades were there and are not.
            raise self._unusable(sqlite3.DatabaseError("it is empty, and graded submissions lie beside it"))
        try:
            self.database = sqlite3.connect(path, timeout=10, isolation_level=None)
            self.database.execute("PRAGMA journal_mode = WAL")
            self.database.execute("PRAGMA synchronous = NORMAL")
            self.database.executescript(_SCHEMA)
            if self.database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("its pages do not fit together")
        except sqlite3.Error as error:
            raise self._unusable(error) from None

    def __enter__(self) -> Gradebook:
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    def find(self, id: str, fingerprint: Fingerprint) -> Result | None:
        """The grade of exactly this submission by exactly these suites, solutions, config and engine, if there is one."""
        where = " AND ".join(f"{name} = ?" for name in ("id", *_HASHES))
        query = f"SELECT result FROM grades WHERE {where} ORDER BY number DESC LIMIT 1"
        row = self._run(query, (id, *msgspec.structs.astuple(fingerprint))).fetchone()
        return None if row is None else self._decoded(row[0])

    def add(self, result: Result) -> None:
        """Record a grade beside all earlier ones."""
        columns = ("id", *_HASHES, "cents", "recorded_at", "result")
        values = (result.id, *msgspec.structs.astuple(result.fingerprint), result.cents, time.time())
        query = f"INSERT INTO grades ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        self._run(query, (*values, msgspec.json.encode(result)))

    def latest(self) -> Iterator[Result]:
        """Each submission's newest grade, ordered by id."""
        query = "SELECT result FROM grades WHERE number IN (SELECT max(number) FROM grades GROUP BY id) ORDER BY id"
        for (data,) in self._run(query, ()):
            yield self._decoded(data)

    def newest(self, id: str) -> Result | None:
        """The newest grade of one submission, whatever it came from."""
        row = self._run("SELECT result FROM grades WHERE id = ? ORDER BY number DESC LIMIT 1", (id,)).fetchone()
        return None if row is None else self._decoded(row[0])

    def history(self, id: str) -> list[tuple[float, Result]]:
        """Every grade a submission ever had, oldest first, with the time (seconds since 1970) it was recorded."""
        rows = self._run("SELECT recorded_at, result FROM grades WHERE id = ? ORDER BY number", (id,))
        return [(at, self._decoded(data)) for at, data in rows]

    def _run(self, query: str, values: tuple) -> sqlite3.Cursor:
        try:
            return self.database.execute(query, values)
        except sqlite3.Error as error:
            raise self._unusable(error) from None

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

    def _decoded(self, data: bytes) -> Result:
        try:
            return msgspec.json.decode(data, type=Result)
        except msgspec.DecodeError as error:
            raise self._unusable(sqlite3.DatabaseError(f"a grade in it is none ({error})")) from None
