"""What 100,000 hand-ins on 50 workers would cost: every part measured here, and a model (``queueing``) fed with the parts.

    python -m tests.bench.scale [--class-of 30] [--hand-ins 300] [--of 100000] [--workers 50]

Measured: a class as it is on this machine; the coordinator and Dask with workers that answer at once; the gradebook with many
rows in it; Dask with two workers beside two of this machine. The model is held against the same replaying workers when they take
their time. A figure that the model computes is called one.
"""

from __future__ import annotations

import argparse
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec

from autograder.course.course import Course
from autograder.gradebook.fingerprint import digest, hashes
from autograder.gradebook.ledger import Publishing
from autograder.model import Graded
from autograder.runner.class_run import _slim
from tests.bench import ROOT
from tests.bench.classroom import drawn
from tests.bench.coordinator import cpu_of
from tests.bench.cost import environment, measured, status_mb
from tests.bench.queueing import Costs, Modelled, bends_at, modelled
from tests.bench.recorded import filled
from tests.bench.replay import REPLIES, SECONDS, as_of

ROWS = (1_000, 10_000, 100_000)  # in the gradebook before
ADDED = 200  # then
HELD_AGAINST = (2, 8)  # workers that the model is held against
TIMES = 5  # what each of these takes for a hand-in, times the coordinator's own: with two it waits, with eight it does not
SOME = (1, 2, 4, 8, 16, 32, 50, 64, 100, 200)


@dataclass(frozen=True)
class Scale:
    """Everything that was measured, and the class that the model is asked for."""

    of: int
    workers: int
    local: dict  # ``coordinator``'s, two workers of this machine
    dask: dict  # the same class on two of Dask's
    at_once: dict  # on workers that take no time
    scheduler_ms: float
    moved: float  # bytes on the loopback a hand-in
    service: float  # CPU seconds of a worker for a hand-in
    costs: Costs
    held: list[tuple[Modelled, float]]  # the model, and seconds that were measured
    adds: dict[int, float]  # a second, with so many rows before
    opened_s: float  # to open the gradebook of so many hand-ins
    book: tuple[int, float]  # hand-ins, bytes
    files: float  # bytes of a hand-in's results
    row: float  # bytes of memory that a row takes
    services: list[float]


def scale(students: int, hand_ins: int, of: int, workers: int, say=lambda what: None) -> Scale:
    with tempfile.TemporaryDirectory(prefix="convgrade-") as name:
        scratch = Path(name)
        classroom = drawn(scratch / "class", students)
        local = _coordinated(classroom, scratch / "recorded" / "out", "--jobs", "2")
        say(f"{students} students graded here")
        service = local["below"] / local["counted"]
        with _scheduler() as (url, _), _workers(url, 2):
            dask = _coordinated(classroom, scratch / "dask" / "out", "--scheduler", url)
        say(f"{students} students graded by Dask's two workers")
        many, folder = multiplied(scratch / "many", classroom, hand_ins), scratch / "recorded"
        at_once, scheduler, moved = _replayed(many, folder, scratch / "at-once", workers, [0.0])
        costs = _costs(at_once, scheduler)
        say(f"{hand_ins} hand-ins replayed by {workers} workers that take no time")
        shape = service / (sum(local["services"]) / len(local["services"]))
        services = [seconds * shape for seconds in local["services"]]  # a busy machine's waiting does not count
        held, clocked = [], costs.scaled(at_once["seconds"] / hand_ins / costs.bound)
        for count in HELD_AGAINST:
            # So that the workers decide with few of them, and the coordinator with many.
            slow = [TIMES * clocked.bound * seconds / service for seconds in services]
            real, _, _ = _replayed(many, folder, scratch / f"by-{count}", count, slow)
            held.append((modelled(hand_ins, count, clocked, slow), real["seconds"]))
            say(f"{hand_ins} hand-ins replayed by {count} workers that take {TIMES * clocked.bound:.3f} s each")
        replies = msgspec.msgpack.decode((folder / REPLIES).read_bytes(), type=list[Graded])
        adds, opened, book = _gradebook(scratch / "books", replies)
        files = sum(len(data) for one in replies for data in one.files.values()) / len(replies)
        return Scale(
            of, workers, local, dask, at_once, 1000 * scheduler, moved, service, costs, held, adds, opened, book, files,
            _row(replies), services,
        )  # fmt: skip


def multiplied(folder: Path, classroom: Path, count: int) -> Path:
    """``count`` hand-ins of a class, in turn, each with a comment of its own."""
    filled(folder, classroom, count)
    for number, one in enumerate(sorted(folder.iterdir())):
        for file in one.glob("q*.py"):
            file.write_text(f"{file.read_text('utf-8')}\n# number {number}\n", "utf-8")
        one.rename(folder / f"student{number:06}")
    return folder


def _coordinated(classroom: Path, out: Path, *place: str) -> dict:
    out.parent.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "tests.bench.coordinator", str(classroom), str(out), *place]
    return json.loads(measured(command, cwd=ROOT).output)


def _replayed(classroom: Path, recorded: Path, scratch: Path, count: int, seconds: list[float]) -> tuple[dict, float, float]:
    """What the coordinator says; CPU seconds of the scheduler and bytes on the loopback, a hand-in each."""
    (recorded / SECONDS).write_bytes(msgspec.json.encode(seconds))
    with _scheduler() as (url, scheduler):
        machines = [sys.executable, "-m", "tests.bench.replay", url, str(recorded), str(count)]
        with _running(machines, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()  # they are ready
            cpu, moved = cpu_of(scheduler.pid), _loopback()
            told = _coordinated(classroom, scratch / "out", "--scheduler", url)
            cpu, moved = cpu_of(scheduler.pid) - cpu, _loopback() - moved
    return told, cpu / told["count"], moved / told["count"]


def _costs(told: dict, scheduler: float) -> Costs:
    """Of one run: what a reply costs is measured in its steps, all else is what sending costs."""
    take = (told["steps"]["receive and decode"] + told["steps"]["gradebook and files"]) / 1000
    return Costs((sum(told["steps"].values()) + told["reader"]) / 1000 - take, take, scheduler)


def _gradebook(scratch: Path, replies: list[Graded]) -> tuple[dict[int, float], float, tuple[int, float]]:
    """Adds a second by rows before; seconds to open the first book; its hand-ins and bytes a hand-in.

    Rows up to the first size are whole. Up to the others they hold next to nothing, so that this takes no hours.
    """
    course = Course.load(ROOT / "grader_config.yml")
    of_course, adds, rows = hashes(course), {}, 0
    for size in ROWS:
        with Publishing(course, of_course, scratch) as ledger:
            book = ledger.book
            if not rows:
                _added(ledger, replies, 0, size, "whole")
                book.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                whole = (size, book.path.stat().st_size / size)
            else:
                _short(book.database, rows, size)
            began = time.process_time()
            _added(ledger, replies, size, ADDED, "more")
            adds[size] = ADDED / (time.process_time() - began)
            rows = size + ADDED
        if size == ROWS[0]:
            began = time.perf_counter()
            Publishing(course, of_course, scratch).__exit__()
            opened = time.perf_counter() - began
    return adds, opened, whole


def _added(ledger: Publishing, replies: list[Graded], first: int, count: int, kind: str) -> None:
    """What the ledger does for a new hand-in, but for the files."""
    for number in range(first, first + count):
        id = f"{kind}{number:06}"
        one = as_of(replies[number % len(replies)], id, digest(id))
        assert ledger.earlier(id) is None and ledger.known(id, one.result.fingerprint) is None
        keys = {asked.question: (digest(f"{id} {asked.question}"), "") for asked in one.record.asked}
        assert not any(ledger.outcome(narrow) for narrow, _ in keys.values())
        ledger.records.add(id, digest(id), one.record, keys)
        ledger.book.render(ledger.book.add(one.result, ledger.cents(one.result)), ledger.hashes.look, one.files)


def _short(database, first: int, last: int) -> None:
    """Rows that differ in their ids and keys from ``first`` to ``last``."""
    numbers = f"WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last - 1})"
    columns = "suites, solutions, config, engine, cents, recorded_at"
    of_one = f"SELECT {columns} FROM grades LIMIT 1"
    database.execute("BEGIN")
    database.execute(
        f"{numbers} INSERT INTO grades (id, submission, {columns}, result, reports) SELECT 'short' || i, hex(randomblob(32)), {columns}, '', '' FROM n, ({of_one})"
    )
    database.execute(f"{numbers} INSERT INTO asked (key, came) SELECT hex(randomblob(32)), '' FROM n, (VALUES (1), (2), (3), (4))")
    database.execute(
        f"{numbers} INSERT INTO records (id, key, steady, asked, record) SELECT 'short' || i, hex(randomblob(32)), 1, '[]', '' FROM n"
    )
    database.execute("COMMIT")


def _row(replies: list[Graded], count: int = 3_000) -> float:
    """Bytes that a row of the summary takes: parts that are equal are kept once, as in a run."""
    encoded, once, before = [msgspec.msgpack.encode(one.result) for one in replies], {}, status_mb("VmRSS")
    from autograder.model import Result

    rows = []
    for number in range(count):
        result = msgspec.msgpack.decode(encoded[number % len(encoded)], type=Result)
        rows.append(_slim(msgspec.structs.replace(result, id=f"student{number:06}"), once))
    return (status_mb("VmRSS") - before) * 2**20 / len(rows)


@contextmanager
def _scheduler() -> Iterator[tuple[str, subprocess.Popen]]:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    command = [sys.executable, "-m", "dask", "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    with _running(command, stdout=subprocess.DEVNULL) as process:
        while socket.socket().connect_ex(("127.0.0.1", port)):
            time.sleep(0.1)
        yield f"tcp://127.0.0.1:{port}", process


@contextmanager
def _workers(url: str, count: int) -> Iterator[None]:
    """A machine of ``count`` slots: the real command."""
    command = [sys.executable, "-m", "autograder", "worker", url, "--jobs", str(count)]
    with _running(command, stdout=subprocess.DEVNULL):
        yield


@contextmanager
def _running(command: list[str], **options) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(command, cwd=ROOT, env=environment(), stderr=subprocess.DEVNULL, **options)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _loopback() -> int:
    """Bytes that went over the loopback so far, from whomever."""
    line = next(line for line in Path("/proc/net/dev").read_text().splitlines() if line.strip().startswith("lo:"))
    return int(line.split(":")[1].split()[0])
