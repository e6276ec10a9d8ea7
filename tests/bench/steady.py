"""Many small submissions of the toy course: does a submission's time stay what it is, does anything pile up?

    python -m tests.bench steady --sizes 1000 10000

Each class is graded by a coordinator of its own (this file run as a program), which tells its memory after the first
tenth and at the end, and what descriptors and processes it had before and has afterwards.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from autograder.course.question import SHARED_PUBLIC
from tests.bench import ROOT
from tests.bench.cost import CONVGRADE, Cost, environment, measured, status_mb

TOY = ROOT / "tests" / "engine" / "toy"


@dataclass(frozen=True)
class Steady:
    """How a class of ``count`` went. Memory is the coordinator's, in megabytes."""

    count: int
    seconds: float  # of grading, from the first result to the last
    cpu: float  # seconds of it and all below it, start-up among them
    early_mb: float
    late_mb: float
    descriptors: tuple[int, int]  # before, after
    processes: tuple[int, int]
    again: Cost  # the command once more, with nothing changed

    @property
    def each(self) -> float:
        """Milliseconds a submission."""
        return 1000 * self.seconds / (self.count - 1)

    @property
    def cpu_each(self) -> float:
        """Milliseconds of CPU a submission: the same on a machine that has other work, where ``each`` is not."""
        return 1000 * self.cpu / self.count


def graded(count: int, jobs: int) -> Steady:
    """Grade a class of ``count`` toy submissions that differ in a comment, in a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        shutil.copytree(TOY, scratch / "toy", ignore=shutil.ignore_patterns("__pycache__"))
        for name in SHARED_PUBLIC:
            shutil.copy(ROOT / "tests" / "public" / name, scratch / "toy" / "tests" / "public")
        classroom = scratch / "class"
        for number in range(count):
            one = classroom / f"student{number:05}"
            shutil.copytree(TOY / "submission", one, ignore=shutil.ignore_patterns("__pycache__"))
            with (one / "q1_box.py").open("a", encoding="utf-8") as file:
                file.write(f"\n# copy {number}\n")
        command = [sys.executable, "-m", "tests.bench.steady", str(scratch), str(count), str(jobs)]
        told = json.loads(measured(command, cwd=ROOT, env=environment()).output)
        places = [str(classroom), "--config", str(scratch / "toy" / "grader_config.yml"), "--out", str(scratch / "out")]
        again = measured([*CONVGRADE, "grade", *places], cwd=ROOT)
    return Steady(
        count, told["seconds"], told["cpu"], *told["memory"], tuple(told["descriptors"]), tuple(told["processes"]), again
    )


def coordinator(scratch: Path, count: int, jobs: int) -> dict:
    """What a run of the engine's own ``grade_class`` in this process came to."""
    import time

    from autograder.course.course import Course
    from autograder.runner.class_run import grade_class

    before, moments, memory = (_descriptors(), _processes()), [], []

    def told(result, asked) -> None:
        if result.status != "graded":
            raise SystemExit(f"{result.id}: {result.status}")
        moments[1:] = [time.perf_counter()] if moments else []
        if not moments:
            moments.append(time.perf_counter())
        told.count += 1
        if told.count in (max(1, count // 10), count):
            memory.append(status_mb("VmRSS"))

    told.count = 0
    grade_class(
        scratch / "class", Course.load(scratch / "toy" / "grader_config.yml"), scratch / "out", jobs=jobs, on_result=told
    )
    after, used = (_descriptors(), _processes()), os.times()
    descriptors, processes = zip(before, after, strict=True)
    return {
        "seconds": moments[1] - moments[0],
        "cpu": sum(used[:4]),
        "memory": memory,
        "descriptors": descriptors,
        "processes": processes,
    }


def _descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def _processes() -> int:
    """Processes below this one."""
    below, waiting = 0, [os.getpid()]
    while waiting:
        try:
            tasks = list(Path(f"/proc/{waiting.pop()}/task").iterdir())
            found = [int(pid) for task in tasks for pid in (task / "children").read_text().split()]
        except OSError:
            continue
        below += len(found)
        waiting += found
    return below


if __name__ == "__main__":
    print(json.dumps(coordinator(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
