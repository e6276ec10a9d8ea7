"""The gradebook with many rows in it: does adding one stay as quick, how large is it, how long does it take to open?"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder.course.course import Course
from autograder.gradebook.fingerprint import digest, hashes
from autograder.gradebook.ledger import Publishing
from autograder.model import Graded, Result
from autograder.runner.class_run import _slim
from tests.bench import ROOT
from tests.bench.cost import status_mb
from tests.bench.replay import as_of

ROWS = (1_000, 10_000, 100_000)  # in the gradebook before
ADDED = 200  # then


@dataclass(frozen=True)
class Rows:
    """``adds``: a second of CPU, by rows before. Bytes are of a hand-in. ``opened``: seconds, for as many as ``ROWS[0]``."""

    adds: dict[int, float]
    opened: float
    book: float
    files: float
    row: float  # in the coordinator's memory until the run ends


def rows(scratch: Path, replies: list[Graded]) -> Rows:
    """Rows up to the first size are recorded grades. Up to the others they hold next to nothing, so that this takes no hours."""
    course = Course.load(ROOT / "grader_config.yml")
    scratch.mkdir()
    of_course, adds, had, opened, book = hashes(course), {}, 0, 0.0, 0.0
    for size in ROWS:
        with Publishing(course, of_course, scratch) as ledger:
            if had:
                _short(ledger.book.database, had, size)
            else:
                _added(ledger, replies, 0, size, "whole")
            began = time.process_time()
            _added(ledger, replies, size, ADDED, "more")
            adds[size] = ADDED / (time.process_time() - began)
        had = size + ADDED
        if not book:
            book = ledger.book.path.stat().st_size / had
            began = time.perf_counter()
            Publishing(course, of_course, scratch).__exit__()
            opened = (time.perf_counter() - began) * size / had
    files = sum(len(data) for one in replies for data in one.files.values()) / len(replies)
    return Rows(adds, opened, book, files, _row(replies))


def _added(ledger: Publishing, replies: list[Graded], first: int, count: int, kind: str) -> None:
    """What the ledger does for a new hand-in, but for the files."""
    for number in range(first, first + count):
        id = f"{kind}{number:06}"
        one = as_of(replies[number % len(replies)], id, digest(id))
        assert ledger.earlier(id) is None and ledger.known(id, one.result.fingerprint) is None
        keys = {asked.question: (digest(f"{id} {asked.question}"), "") for asked in one.record.asked}
        assert not any(ledger.outcome(narrow) for narrow, _ in keys.values())
        ledger.records.add(id, digest(id), one.record, keys)
        ledger.book.note_reports(ledger.book.add(one.result, ledger.cents(one.result)), ledger.hashes.look, one.files)


def _short(database, first: int, last: int) -> None:
    """Rows that differ in their ids and keys from ``first`` to ``last``."""
    numbers = f"WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last - 1})"
    columns = "suites, solutions, config, engine, cents, recorded_at"
    of_one = f"SELECT {columns} FROM grades LIMIT 1"
    database.execute("BEGIN")
    database.execute(
        f"{numbers} INSERT INTO grades (id, submission, {columns}, result, reports) SELECT 'short' || i, hex(randomblob(32)), {columns}, '', '' FROM n, ({of_one})"
    )
    database.execute(
        f"{numbers} INSERT INTO asked (key, came) SELECT hex(randomblob(32)), '' FROM n, (VALUES (1), (2), (3), (4))"
    )
    database.execute(
        f"{numbers} INSERT INTO records (id, key, steady, asked, record) SELECT 'short' || i, hex(randomblob(32)), 1, '[]', '' FROM n"
    )
    database.execute("COMMIT")


def _row(replies: list[Graded], count: int = 3_000) -> float:
    """Bytes that a row of the summary takes: parts that are equal are kept once, as in a run."""
    encoded, once, before = [msgspec.msgpack.encode(one.result) for one in replies], {}, status_mb("VmRSS")

    rows = []
    for number in range(count):
        result = msgspec.msgpack.decode(encoded[number % len(encoded)], type=Result)
        rows.append(_slim(msgspec.structs.replace(result, id=f"student{number:06}"), once))
    return (status_mb("VmRSS") - before) * 2**20 / len(rows)
