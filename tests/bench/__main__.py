"""``python -m tests.bench``: measure everything and write the page. ``python -m tests.bench steady``: only the long classes;
``python -m tests.bench marking``: only the marking page. ``python -m tests.bench real``: only a class as it is.
``python -m tests.bench.scale`` measures only what 100,000 hand-ins would cost.

Sizes are options; nothing is written where ``--page -`` prints instead.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.bench import ONE_THREAD, PAGE, marking, page, peers, real, scale, steady
from tests.bench.cost import Cost, copies, environment, grade, measured

ROUNDS = 3  # of which the quickest counts


@dataclass(frozen=True)
class Figures:
    """Everything that was measured in one run. Seconds and megabytes; ``split`` in milliseconds a submission."""

    load: float  # of the machine, before
    copies: int
    jobs: int
    students: int
    torch: Cost
    alone: Cost
    one_worker: Cost
    many: Cost
    split: dict
    plain: dict
    otter: Cost
    otter_trivial: Cost
    nbgrader: Cost | None
    steady: list[steady.Steady]
    real: real.Real
    scale: scale.Scale


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__.splitlines()[0])
    parser.add_argument(
        "only",
        nargs="?",
        choices=["steady", "marking", "real"],
        help="only one kind of class, or only the marking page, printed",
    )
    parser.add_argument("--copies", type=int, default=200, help="submissions of the class")
    parser.add_argument("--plain", type=int, default=20, help="submissions for plain pytest, and for the split")
    parser.add_argument("--students", type=int, default=3, help="submissions for nbgrader")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000], help="toy submissions of the long classes")
    parser.add_argument("--class-of", type=int, default=30, help="students of the class as it is")
    parser.add_argument("--hand-ins", type=int, default=300, help="that a cluster's coordinator is measured with")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--page", type=Path, default=PAGE, help="where to write; - prints")
    options = parser.parse_args()
    if options.only == "marking":
        print(marking.told(marking.measured()))
        return
    if options.only == "real":
        print(real.told(real.real(options.class_of)))
        return
    if options.only:
        print(page.long_classes(_long(options)))
        return
    written = page.whole(_everything(options))
    if str(options.page) == "-":
        print(written)
        return
    options.page.write_text(written, "utf-8")
    print(f"written: {options.page}")


def _everything(options: argparse.Namespace) -> Figures:
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        classroom, few, single = (scratch / name for name in ("class", "few", "single"))
        copies(classroom, options.copies)
        copies(few, options.plain + 1)
        copies(single, 1)
        grade(single, scratch / "out", 1)  # byte code is cached, files are in the page cache, for everybody
        torch = [measured([sys.executable, "-c", "import torch"]) for _ in range(ROUNDS)]
        alone = [grade(single, scratch / "out", 1) for _ in range(ROUNDS)]
        _say("start-up measured")
        # In turn, since a machine that others use too is not the same a minute later.
        rounds = [[grade(classroom, scratch / "out", jobs) for jobs in (1, options.jobs)] for _ in range(ROUNDS)]
        one_worker, many = (min(costs, key=lambda cost: cost.wall) for costs in zip(*rounds, strict=True))
        _say(f"{options.copies} submissions graded by 1 and by {options.jobs}")
        split = json.loads(measured(_module("split", few), env=environment(**ONE_THREAD, **real.as_the_engine())).output)
        if split["lowest"] < 1:
            raise SystemExit(
                "a right submission lost marks under the stopwatch: tests/bench/split.py no longer fits the engine"
            )
        plain = json.loads(measured(_module("plain", few), env=environment(**ONE_THREAD)).output)
        _say("phases and plain pytest measured")
        otter, trivial = peers.otter(scratch), peers.otter_trivial(scratch)
        nbgrader = peers.nbgrader(scratch, options.students) if peers.NBGRADER.is_dir() else None
        _say("others measured")
        shutil.rmtree(classroom)
    return Figures(
        load,
        options.copies,
        options.jobs,
        options.students,
        min(torch, key=lambda cost: cost.wall),
        min(alone, key=lambda cost: cost.wall),
        one_worker,
        many,
        split,
        plain,
        otter,
        trivial,
        nbgrader,
        _long(options),
        real.real(options.class_of),
        scale.scale(options.class_of, options.hand_ins, say=_say),
    )


def _long(options: argparse.Namespace) -> list[steady.Steady]:
    found = []
    for size in options.sizes:
        found.append(steady.graded(size, options.jobs))
        _say(f"{size} toy submissions graded")
    return found


def _module(name: str, *arguments: Path) -> list[str]:
    return [sys.executable, "-m", f"tests.bench.{name}", *map(str, arguments)]


def _say(what: str) -> None:
    print(f"bench: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
