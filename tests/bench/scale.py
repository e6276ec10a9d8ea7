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
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder.model import Graded
from tests.bench import ROOT
from tests.bench.classroom import drawn
from tests.bench.coordinator import DECODE, KEEP, cpu_of
from tests.bench.cost import environment, measured
from tests.bench.queueing import Costs, Modelled, bends_at, modelled
from tests.bench.recorded import filled
from tests.bench.replay import REPLIES, SECONDS
from tests.bench.rows import Rows, rows

OF, WORKERS = 100_000, 50  # of the model
HELD_AGAINST = (2, 8)  # workers that the model is held against
TIMES = 5  # what each of these takes for a hand-in, times the coordinator's own: with two it waits, with eight it does not
SOME = (1, 2, 4, 8, 16, 32, 50, 64, 100, 200)


@dataclass(frozen=True)
class Held:
    """The model beside a real run: its seconds, and the share of them in which the coordinator worked."""

    model: Modelled
    seconds: float
    busy: float


@dataclass(frozen=True)
class Scale:
    """Everything that was measured, and the class that the model is asked for."""

    of: int
    workers: int
    local: dict  # what ``coordinator`` says of a class on two workers of this machine
    dask: dict  # the same class on two of Dask's
    at_once: dict  # on workers that take no time
    moved: float  # bytes on the loopback a hand-in
    services: list[float]  # CPU seconds of a worker, for each hand-in of the class
    costs: Costs
    held: list[Held]
    rows: Rows

    @property
    def dask_of_local(self) -> float:
        """Hand-ins a second on Dask's workers, of those on this machine's, without the start."""
        mine, its = (one["counted"] / one["after_first"] for one in (self.local, self.dask))
        return its / mine

    @property
    def dask_of_local_cpu(self) -> float:
        """The same by CPU of all processes: so it is where nobody else works on the machine."""
        return self.local["together"] / self.dask["together"]


def scale(students: int, hand_ins: int, of: int = OF, workers: int = WORKERS, say=lambda what: None) -> Scale:
    with tempfile.TemporaryDirectory(prefix="convgrade-") as name:
        scratch = Path(name)
        classroom = drawn(scratch / "class", students)
        local = _coordinated(classroom, scratch / "recorded" / "out", "--jobs", "2")
        say(f"{students} students graded here")
        service = local["below"] / local["counted"]
        with (
            _scheduler() as (url, head),
            _running([sys.executable, "-m", "autograder", "worker", url, "--jobs", "2"]) as two,
        ):
            others = map(str, (head.pid, two.pid))
            dask = _coordinated(classroom, scratch / "dask" / "out", "--scheduler", url, "--others", *others)
        say(f"{students} students graded by Dask's two workers")
        many, folder = multiplied(scratch / "many", classroom, hand_ins), scratch / "recorded"
        at_once, scheduler, moved = _replayed(many, folder, scratch / "at-once", workers, [0.0])
        costs = _costs(at_once, scheduler)
        say(f"{hand_ins} hand-ins replayed by {workers} workers that take no time")
        shape = service / (sum(local["services"]) / len(local["services"]))
        services = [seconds * shape for seconds in local["services"]]  # a busy machine's waiting does not count
        held = []
        for count in HELD_AGAINST:
            slow = [TIMES * costs.bound * seconds / service for seconds in services]
            real, _, _ = _replayed(many, folder, scratch / f"by-{count}", count, slow)
            held.append(_held(real, count, costs, slow))
            say(f"{hand_ins} hand-ins replayed by {count} workers that take {TIMES * costs.bound:.3f} s each")
        replies = msgspec.msgpack.decode((folder / REPLIES).read_bytes(), type=list[Graded])
        found = rows(scratch / "books", replies)
        return Scale(of, workers, local, dask, at_once, moved, services, costs, held, found)


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
    take = (told["steps"][DECODE] + told["steps"][KEEP]) / 1000
    return Costs((sum(told["steps"].values()) + told["reader"]) / 1000 - take, take, scheduler)


def _held(real: dict, workers: int, costs: Costs, services: list[float]) -> Held:
    """The model beside a run. A hand-in costs it what it cost the coordinator in this run by the clock: a machine has other work."""
    busy = real["seconds"] - real["waited"]
    own = costs.scaled(busy / real["count"] / (costs.send + costs.take))
    return Held(modelled(real["count"], workers, own, services), real["seconds"], busy / real["seconds"])


@contextmanager
def _scheduler() -> Iterator[tuple[str, subprocess.Popen]]:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    command = [sys.executable, "-m", "dask", "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    with _running(command) as process:
        while socket.socket().connect_ex(("127.0.0.1", port)):
            time.sleep(0.1)
        yield f"tcp://127.0.0.1:{port}", process


@contextmanager
def _running(command: list[str], stdout: int = subprocess.DEVNULL) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=stdout, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _loopback() -> int:
    """Bytes that went over the loopback so far, from whomever."""
    line = next(line for line in Path("/proc/net/dev").read_text().splitlines() if line.strip().startswith("lo:"))
    return int(line.split(":")[1].split()[0])


def told(found: Scale) -> str:
    """The figures as a part of the page."""
    costs, rows, sizes = found.costs, found.rows, found.local["sizes"]
    out, back = (sum(one[at] for one in sizes) / len(sizes) for at in (0, 1))
    steps = found.at_once["steps"] | {
        "the reader's processes": found.at_once["reader"],
        "(the scheduler)": 1000 * costs.scheduler,
    }
    whole = modelled(found.of, found.workers, costs, found.services)
    early, late = found.at_once["memory"]
    memory = late + found.of * rows.row / 2**20
    parts = [
        f"**Measured.** {found.at_once['count']} hand-ins of a class as it is, {found.workers} workers of Dask that answer at once with "
        "recorded replies: all is real but the grading. CPU ms a hand-in costs the coordinator, which does one after the other:",
        _table(["step", "CPU ms"], [(step, f"{ms:.1f}") for step, ms in steps.items()]),
        f"A worker takes {sum(found.services) / len(found.services):.2f} CPU s. Messages are {out / 1e3:.0f} KB out and "
        f"{back / 1e3:.0f} KB back a hand-in, {found.moved / 1e3:.0f} KB on all of Dask's connections together. A hand-in's results "
        f"take {rows.files / 1e3:.0f} KB in files and {rows.book / 1e3:.0f} KB in the gradebook. "
        f"The gradebook takes a second of CPU {', '.join(f'{adds:.0f} at {count:,} rows' for count, adds in rows.adds.items())}; "
        f"opening one of 1,000 hand-ins takes {1000 * rows.opened:.0f} ms. "
        f"Dask with two workers / two of this machine, hand-ins a second: {found.dask_of_local:.2f}, by all their CPU "
        f"{found.dask_of_local_cpu:.2f} (aim: ≥ 0.9).",
        "**The model beside a run**, with what the run itself cost the coordinator by the clock:",
        _table(
            ["workers", "model: s", "measured: s", "coordinator works, model", "measured"],
            [
                (
                    one.model.workers,
                    f"{one.model.seconds:.1f}",
                    f"{one.seconds:.1f}",
                    f"{one.model.busy:.2f}",
                    f"{one.busy:.2f}",
                )
                for one in found.held
            ],
        ),
        f"**Model, not measured: {found.of:,} hand-ins** (`tests/bench/queueing.py`: warm workers with a core each, a network that is "
        f"fast enough). With {found.workers} workers it takes {whole.seconds / 3600:.1f} h, {whole.rate:.1f} hand-ins a second; the "
        f"coordinator works {100 * whole.busy:.0f} % of the time and a worker {100 * whole.working:.0f} %. "
        f"{found.of * out / 1e9:.1f} GB go out and {found.of * back / 1e9:.1f} GB come back, "
        f"{whole.rate * found.moved * 8 / 1e6:.0f} Mbit/s with Dask's own; results are {found.of * (rows.files + rows.book) / 1e9:.1f} GB. "
        f"The coordinator holds {memory:.0f} MB at the end, {rows.row:.0f} bytes a row. "
        f"**It bends at {bends_at(costs, found.services):.0f} workers**: more of them wait for the coordinator.",
        _table(
            ["workers", "hours", "hand-ins a second", "coordinator works", "a worker works"],
            [
                (n, f"{one.seconds / 3600:.1f}", f"{one.rate:.1f}", f"{one.busy:.2f}", f"{one.working:.2f}")
                for n in SOME
                for one in [modelled(found.of, n, costs, found.services)]
            ],
        ),
    ]
    return "\n\n".join(parts)


def _table(head: list[str], rows: list[tuple]) -> str:
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in (head, ["--:"] * len(head), *rows))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scale", description=__doc__.splitlines()[0])
    parser.add_argument("--class-of", type=int, default=30, help="students who are really graded, twice")
    parser.add_argument("--hand-ins", type=int, default=300, help="that the coordinator is measured with")
    parser.add_argument("--of", type=int, default=OF, help="hand-ins of the model")
    parser.add_argument("--workers", type=int, default=WORKERS, help="and its workers")
    chosen = parser.parse_args()
    say = lambda what: print(f"scale: {what}", file=sys.stderr, flush=True)  # noqa: E731
    print(told(scale(chosen.class_of, chosen.hand_ins, chosen.of, chosen.workers, say)))


if __name__ == "__main__":
    main()
