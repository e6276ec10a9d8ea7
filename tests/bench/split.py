"""Where a submission's time goes: the engine's own functions under a stopwatch, on a real wall.

    python -m tests.bench.split CLASS    prints milliseconds a submission by phase as JSON

This process plays the trusted worker: it collects the suites, forks for each submission and grades there, as
``autograder.runner.worker`` does. The stopwatch is put around the engine's functions from here, so grading itself knows nothing
of it and pays nothing for it. A phase's time is its own, less that of the phases inside it. CPU behind the wall is
what the kernel's scheduler counted for the submission's process between a request and its answer.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import msgspec

from autograder import grade
from autograder.course.answer_key import AnswerKey
from autograder.course.course import Course
from autograder.diagnosis import consistency
from autograder.diagnosis.explain import Explainer
from autograder.gradebook.fingerprint import hashes
from autograder.gradebook.ledger import Publishing
from autograder.intake.collect import collect
from autograder.marking import hand_in
from autograder.marking import suites as ask
from autograder.model import Fingerprint, Graded
from autograder.wall import session
from autograder.wall.launch import Base
from autograder.wall.session import Session, Zygote
from tests.bench import ROOT

COLLECT, UNPACK, WALL = "collect", "unpack", "fork and wall"
IMPORT, CALLS, SUITES = "student import", "calls", "the hidden tests themselves"
AROUND, EXPLAIN, ITSELF = "what comes around each test", "explain", "the work held against itself"
SCORE, REPORT, RECORD = "score", "report", "gradebook and files"
PHASES = (COLLECT, UNPACK, WALL, IMPORT, CALLS, SUITES, AROUND, EXPLAIN, ITSELF, SCORE, REPORT, RECORD)
_OF_OPERATION = {"sources": WALL, "import": IMPORT}

Told = tuple[dict[str, float], dict[str, float], dict[str, float]]


class Stopwatch:
    """Wall clock and CPU by phase, in seconds; ``far`` is CPU behind the wall."""

    def __init__(self) -> None:
        self.reset()

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        inside = [0.0, 0.0]
        self.stack.append(inside)
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            yield
        finally:
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            self.stack.pop()
            self.wall[name] += wall - inside[0]
            self.cpu[name] += cpu - inside[1]
            if self.stack:
                self.stack[-1][0] += wall
                self.stack[-1][1] += cpu

    def around(self, owner: object, name: str, phase: str) -> None:
        function = getattr(owner, name)

        def timed(*args, **kwargs):
            with self.phase(phase):
                return function(*args, **kwargs)

        setattr(owner, name, timed)

    def requests(self) -> None:
        """Around every request over the wall, by its operation, with the CPU that the far side used on it."""
        function = Session._request

        def timed(self_: Session, operation: str, *more):
            name = _OF_OPERATION.get(operation, CALLS)
            clock = _clock_of(self_.running.child)
            before = _ran(clock) if operation != "sources" else 0.0
            try:
                with self.phase(name):
                    return function(self_, operation, *more)
            finally:
                self.far[name] += max(0.0, _ran(clock) - before)

        Session._request = timed
        several = Session.each

        def timed_each(self_: Session, stem: str, *more):
            clock = (
                _clock_of(self_.process.child) if self_.process and self_.imported_in.get(stem) == self_.generation else None
            )
            before, inside = _ran(clock) if clock else 0.0, sum(self.far.values())
            try:
                with self.phase(CALLS):
                    return several(self_, stem, *more)
            finally:
                if clock:  # less what requests inside have counted: an import, a call asked by itself
                    self.far[CALLS] += max(0.0, _ran(clock) - before - (sum(self.far.values()) - inside))

        Session.each = timed_each

    def install(self) -> None:
        self.around(hand_in, "read", UNPACK)
        self.around(Explainer, "explained", EXPLAIN)
        for function in ("counted", "notes"):
            self.around(consistency, function, ITSELF)
        for function in ("open", "end"):
            self.around(session.Zygote, function, WALL)
        self.requests()
        for function in ("_called", "_protocol"):
            self.around(ask.Suites, function, SUITES)
        self.around(ask.Suites, "_ask_item", AROUND)
        self.around(grade, "files", REPORT)

    def reset(self) -> None:
        self.wall, self.cpu, self.far, self.stack = *(defaultdict(float) for _ in range(3)), []

    def told(self) -> Told:
        return dict(self.wall), dict(self.cpu), dict(self.far)

    def add(self, told: Told) -> None:
        for mine, its in zip((self.wall, self.cpu, self.far), told, strict=True):
            for name, seconds in its.items():
                mine[name] += seconds


def _child_of(keeper: int) -> int:
    try:
        return int(Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split()[0])
    except (OSError, IndexError):
        return 0


@cache
def _clock_of(keeper: int) -> int:
    """A descriptor that tells what the keeper's child has run; opened once, so that reading it is no work."""
    return os.open(f"/proc/{_child_of(keeper)}/schedstat", os.O_RDONLY)


def _ran(clock: int) -> float:
    """Seconds on a CPU, to the nanosecond; 0 where the process is gone."""
    try:
        return int(os.pread(clock, 100, 0).split()[0]) / 1e9
    except OSError:
        return 0.0


def _forked(work: Callable[[], bytes]) -> tuple[bytes, float]:
    """What ``work`` gives in a fork, and the fork's CPU from its first to its last moment."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.close(reader)
            with open(writer, "wb") as pipe:
                pipe.write(work())
            code = 0
        finally:
            os._exit(code)
    os.close(writer)
    with open(reader, "rb") as pipe:
        found = pipe.read()
    _, status, usage = os.wait4(pid, 0)
    if status:
        raise SystemExit(f"a grading process ended with status {status}")
    return found, usage.ru_utime + usage.ru_stime


def _used_by(zygote: int) -> float:
    """CPU of a zygote and of all whose end it has seen."""
    fields = Path(f"/proc/{zygote}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def measured(classroom: Path, course: Course, base: Base, suites: ask.Suites, out: Path) -> dict:
    """Milliseconds a submission: ``{phase: [wall, CPU on the trusted side, CPU behind the wall]}``.

    ``lowest`` is the least share of the points that any of them earned: under the stopwatch too, a right one earns them all.
    """
    key = AnswerKey(course)
    tier = base.verdict.layers.tier
    bench = grade.Bench(course, suites, Zygote(base.zygote()), tier, key, Explainer(course, key), hashes(course))
    grade.warm_up(bench)
    gc.freeze()
    watch, count = Stopwatch(), 0
    watch.install()
    found = iter(collect(classroom, course.known_files))
    zygote = _child_of(base.process.pid)
    far, started, each, lowest = _used_by(zygote), time.perf_counter(), {}, 1.0
    with Publishing(course, bench.of_course, out) as ledger:
        while True:
            with watch.phase(COLLECT):
                submission = next(found, None)
            if submission is None:
                break
            count += 1

            def work(submission=submission) -> bytes:
                watch.reset()  # the fork's own copy
                with watch.phase(SCORE):
                    graded = grade.grade(submission, Fingerprint("", "", "", "", ""), bench, {})
                return msgspec.msgpack.encode((watch.told(), graded, bench.explainer.wanted))

            with watch.phase(WALL):
                whole, cpu = _forked(work)
            told, graded, wanted = msgspec.msgpack.decode(whole, type=tuple[Told, Graded, list[str]])
            with watch.phase(EXPLAIN):
                repeated = bench.explainer.work_out_repeated(wanted, suites)
            if repeated:
                gc.freeze()
            lowest = min(lowest, graded.result.cents / graded.result.max_cents)
            each[submission.id] = round(1000 * (cpu + sum(told[2].values())), 1)
            watch.add(told)
            watch.wall[WALL] -= sum(told[0].values())  # of the fork's life, what was no phase of grading
            watch.cpu[WALL] += cpu - sum(told[1].values())
            with watch.phase(RECORD):
                ledger.add(graded, submission.id, dict, new=True)
    wall = time.perf_counter() - started
    watch.far[WALL] += _used_by(zygote) - far - sum(watch.far.values())
    times = [[1000 * seconds[name] / count for seconds in (watch.wall, watch.cpu, watch.far)] for name in PHASES]
    return {
        "submissions": count,
        "tier": bench.tier.value,
        "wall": 1000 * wall / count,
        "each": each,
        "lowest": lowest,
        "phases": dict(zip(PHASES, times, strict=True)),
    }


def main(classroom: Path) -> None:
    import torch

    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    course = Course.load(ROOT / "grader_config.yml")
    base = Base(limits=course.config.limits)
    with tempfile.TemporaryDirectory() as out:
        ask.collected(course, lambda suites: print(json.dumps(measured(classroom, course, base, suites, Path(out)))))
    base.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
