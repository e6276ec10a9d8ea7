"""What a class as it is costs, beside a class of right submissions, and what it costs again when each hands in anew.

    python -m tests.bench real [--class-of 30]

CPU seconds are of the command and of all that it starts, less those of a run for one submission. The files of the class name
each other as the handout lets them: who changes question 2's has all that name it asked again.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.bench import ONE_THREAD, ROOT, memory
from tests.bench.classroom import again, drawn, repeatable
from tests.bench.cost import CONVGRADE, copies, environment, grade, measured

TIMES = 5  # that each student hands in, with one file changed


@dataclass(frozen=True)
class Real:
    """CPU seconds: of starting workers for one submission, a submission of each class, and each of the five hand-ins."""

    students: int
    alone: float
    right: float
    each: float
    hand_ins: list[float]  # of the whole class, with starting, which `five_of_one` takes off
    repeatable: list[float]  # the same of those whose outcomes can be known again
    split: dict
    memory: dict[str, float]

    @property
    def of_right(self) -> float:
        return self.each / self.right

    def five_of_one(self, hand_ins: list[float]) -> float:
        first, *_ = asked = [cpu - self.alone for cpu in hand_ins]
        return sum(asked) / first


def real(students: int) -> Real:
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        single, right = copies(scratch / "single", 1), copies(scratch / "right", students)
        first = drawn(scratch / "1", students)
        alone = grade(single, scratch / "alone", 1).cpu
        rights = grade(right, scratch / "rights", 1).cpu
        hand_ins = _five_times(first, scratch / "whole")
        told = measured(
            [sys.executable, "-m", "tests.bench.split", str(first)],
            cwd=ROOT,
            env=environment(**ONE_THREAD, **as_the_engine()),
        )
        return Real(
            students,
            alone,
            (rights - alone) / (students - 1),
            (hand_ins[0] - alone) / (students - 1),
            hand_ins,
            _five_times(repeatable(first, scratch / "repeatable" / "1"), scratch / "repeatable"),
            json.loads(told.output),
            memory.measured(first, 2),
        )


def _five_times(classroom: Path, scratch: Path) -> list[float]:
    costs, now = [_handed_in(classroom, scratch / "out")], classroom
    for time in range(2, TIMES + 1):
        now = again(now, scratch / str(time), time)
        costs.append(_handed_in(now, scratch / "out"))
    return costs


def _handed_in(classroom: Path, out: Path) -> float:
    """The class as it is now, graded into the same folder: what is known is not asked again."""
    command = [*CONVGRADE, "grade", str(classroom), "--out", str(out), "--jobs", "1"]
    return measured(command, good=(0, 1), cwd=ROOT).cpu


def as_the_engine() -> dict[str, str]:
    """What the engine's own processes have in their environment."""
    from autograder.wall.launch import ENVIRONMENT

    return {name: ENVIRONMENT[name] for name in ("GLIBC_TUNABLES", "PYTHONHASHSEED")}


def told(found: Real) -> str:
    """The figures as a part of the page."""
    whole, some = (" + ".join(f"{cpu:.1f}" for cpu in costs) for costs in (found.hand_ins, found.repeatable))
    rows = [
        ("a submission of a class as it is / of right ones", f"{found.of_right:.2f}", "≤ 1.3"),
        (f"five hand-ins of each student / one ({whole} CPU s)", f"{found.five_of_one(found.hand_ins):.2f}", "≤ 2.2"),
        (f"the same without notebooks, crash and hang ({some} CPU s)", f"{found.five_of_one(found.repeatable):.2f}", ""),
        ("CPU seconds a submission of right ones, start-up aside", f"{found.right:.3f}", ""),
    ]
    lines = ["| what | measured | aim |", "|---|--:|---|", *(f"| {what} | {value} | {aim} |" for what, value, aim in rows)]
    lines += ["", "| phase, a submission of the class as it is | CPU ms here | CPU ms behind the wall |", "|---|--:|--:|"]
    lines += [f"| {name} | {here:.1f} | {far:.1f} |" for name, (_, here, far) in found.split["phases"].items()]
    lines += ["", memory.told(found.memory)]
    return "\n".join(
        [f"{found.students} students: a third right, half wrong, notebooks, stubs, a crash, a hang.", "", *lines]
    )
