"""A coordinator in a process of its own, and what a hand-in costs it: CPU by step, memory, bytes.

python -m tests.bench.coordinator CLASS OUT (--jobs N | --scheduler URL)    prints JSON
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import msgspec

from autograder.course.course import Course
from autograder.gradebook.ledger import Publishing
from autograder.model import Graded
from autograder.runner import class_run, local
from autograder.runner.messages import Done
from autograder.runner.reader import Reader
from tests.bench import ROOT
from tests.bench.cost import status_mb
from tests.bench.memory import children
from tests.bench.replay import REPLIES

TICKS = os.sysconf("SC_CLK_TCK")
READ, SEND, DECODE, KEEP = "ask the reader", "encode and send", "receive and decode", "gradebook and files"
REST = "collect, look up, Dask"
SKIPPED = 0.5  # of the class, before the clock begins: workers start, and work out once what mistakes give


class Stopwatch:
    """CPU seconds of this process's threads by step, put around the engine's functions from here."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)

    def around(self, owner: type, name: str, step: str) -> None:
        real = getattr(owner, name)

        def timed(*arguments, **named):
            began = time.thread_time()
            try:
                return real(*arguments, **named)
            finally:
                self.spent[step] += time.thread_time() - began

        setattr(owner, name, timed)


class Waiting(queue.SimpleQueue):
    """The queue of replies, and how long the coordinator had nothing to do but to wait for one."""

    seconds = 0.0

    def get(self, *arguments, **named):
        began = time.perf_counter()
        try:
            return super().get(*arguments, **named)
        finally:
            Waiting.seconds += time.perf_counter() - began


def run(classroom: Path, out: Path, jobs: int, scheduler: str | None, others: list[int]) -> dict:
    """Grade a class and say what it took: this process, those below it, and ``others``. Local replies are written beside ``out``."""
    watch = Stopwatch()
    watch.around(Reader, "_answer", READ)
    watch.around(Publishing, "add", KEEP)
    sizes, seconds, replies = _recorded(local.Worker)
    moments, memory, below, together, placed = [], [], [], [], []
    real_place = class_run._place

    def place(*where):
        if scheduler:  # imported this late in a run too: the reader is forked before
            from autograder.runner import cluster

            watch.around(cluster.Cluster, "_submit", SEND)
            watch.around(cluster.Cluster, "_reply", DECODE)
            cluster.queue = SimpleNamespace(SimpleQueue=Waiting, Empty=queue.Empty)
        found = real_place(*where)
        placed.append((time.perf_counter(), os.times()))  # what is done once is done
        return found

    class_run._place = place

    def on_result(result, asked: bool) -> None:
        moments.append(time.perf_counter())
        if len(moments) in (first, count):
            memory.append(status_mb("VmRSS"))
            below.append(_cpu_below(os.getpid()))
            together.append(sum(cpu_of(pid) + _cpu_below(pid) for pid in (os.getpid(), *others)))

    count = sum(1 for _ in classroom.iterdir())
    first = max(1, int(count * SKIPPED))
    class_run.grade_class(
        classroom,
        Course.load(ROOT / "grader_config.yml"),
        out,
        jobs=jobs,
        fresh=True,
        scheduler=scheduler,
        on_result=on_result,
    )
    after, (began, before) = os.times(), placed[0]
    if replies:
        (out.parent / REPLIES).write_bytes(msgspec.msgpack.encode(replies))
    own = after.user + after.system - before.user - before.system
    reader = after.children_user + after.children_system - before.children_user - before.children_system
    steps = {step: 1000 * watch.spent[step] / count for step in (READ, SEND, DECODE, KEEP)}
    steps[REST] = 1000 * own / count - sum(steps.values())
    return {
        "count": count,
        "seconds": moments[-1] - began,
        "waited": Waiting.seconds,
        "after_first": moments[-1] - moments[first - 1],
        "counted": count - first,  # after the first
        "steps": steps,
        "reader": 1000 * reader / count,  # with local workers, these too
        "below": below[-1] - below[0],
        "together": together[-1] - together[0],
        "memory": memory,
        "sizes": sizes,
        "services": seconds,
    }


def _recorded(owner: type) -> tuple[list[tuple[int, int]], list[float], list[Graded]]:
    """What crosses to each worker of this machine and back, in bytes, the seconds in between, and the replies."""
    sizes: list[tuple[int, int]] = []
    seconds: list[float] = []
    replies: list[Graded] = []
    real: Callable = owner.grade

    def grade(self, task):
        began = time.perf_counter()
        reply = real(self, task)
        seconds.append(time.perf_counter() - began)
        if isinstance(reply, Done):
            sizes.append((len(msgspec.msgpack.encode(task)), len(msgspec.msgpack.encode(reply))))
            replies.append(msgspec.msgpack.decode(reply.graded, type=Graded))
        return reply

    owner.grade = grade
    return sizes, seconds, replies


def _cpu_below(pid: int) -> float:
    """CPU seconds of all processes below this one, those that ended and were waited for among them."""
    total = 0.0
    for child in children(pid):
        total += cpu_of(child) + _cpu_below(child)
    return total


def cpu_of(pid: int) -> float:
    """CPU seconds of a process and of its children that it has waited for; 0 where it has gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.coordinator", description=__doc__.splitlines()[0])
    parser.add_argument("classroom", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--scheduler")
    parser.add_argument("--others", type=int, nargs="*", default=[], help="processes whose CPU counts with this one's")
    chosen = parser.parse_args()
    print(json.dumps(run(chosen.classroom, chosen.out, chosen.jobs, chosen.scheduler, chosen.others)))


if __name__ == "__main__":
    main()
