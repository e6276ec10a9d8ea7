"""What the processes of a run hold at most: the memory that is theirs, and their share of what several have (PSS).

    python -m tests.bench.memory CLASS [--jobs 2]    prints megabytes by role

``worker`` is one core's whole: its zygote, its trusted worker, the fork that grades and the process of a submission.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import fmean

from autograder.course.course import Course
from autograder.runner import jobs
from tests.bench import ROOT
from tests.bench.cost import CONVGRADE, environment

EVERY = 0.2  # seconds between two looks
READER = "reader or base at its start"
MEAN = "mean of the workers"  # at one moment: they do not all have their most at once


def measured(classroom: Path, jobs: int) -> dict[str, float]:
    """Peaks in megabytes: of each role, and ``together`` of all processes at one moment."""
    peaks: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as out:
        command = [*CONVGRADE, "grade", str(classroom), "--out", out, "--jobs", str(jobs), "--fresh", "--json"]
        run = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while run.poll() is None:
            now = _looked(run.pid)
            for role, megabytes in now.items():
                peaks[role] = max(peaks.get(role, 0.0), megabytes)
            time.sleep(EVERY)
    return {role: round(megabytes, 1) for role, megabytes in peaks.items()}


def _looked(coordinator: int) -> dict[str, float]:
    """Megabytes of each role now, the largest of several. A base's children are pairs: the zygote is forked first."""
    found: dict[str, list[float]] = {"coordinator": [_pss(coordinator)]}
    for child in children(coordinator):
        pairs = children(child)
        if not pairs:
            found.setdefault(READER, []).append(_pss(child))
            continue
        found.setdefault("base", []).append(_pss(child))
        for zygote, worker in zip(pairs[::2], pairs[1::2], strict=False):
            inside = [one for keeper in children(zygote) for one in children(keeper)]
            sizes = {
                "zygote": _pss(zygote),
                "trusted worker": _pss(worker),
                "grading fork": sum(map(_pss, children(worker))),
                "keeper": sum(map(_pss, children(zygote))),
                "a submission's process": sum(map(_pss, inside)),
            }
            for role, megabytes in sizes.items():
                found.setdefault(role, []).append(megabytes)
            found.setdefault("worker", []).append(sum(sizes.values()))
    together = sum(sum(sizes) for role, sizes in found.items() if role in ("coordinator", "base", "worker"))
    mean = {MEAN: fmean(found["worker"])} if "worker" in found else {}
    return {role: max(sizes) for role, sizes in found.items()} | mean | {"together": together}


def children(pid: int) -> list[int]:
    try:
        threads = sorted(Path(f"/proc/{pid}/task").iterdir())
        return sorted(int(one) for thread in threads for one in (thread / "children").read_text().split())
    except OSError:
        return []


def _pss(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def told(peaks: dict[str, float], of_mb: int = 4096) -> str:
    """The peaks, and how many workers so much memory holds: as measured, and as ``--jobs`` is chosen where nobody gives it."""
    one_mb = Course.load(ROOT / "grader_config.yml").config.limits.memory_mb
    fit = int((of_mb - peaks["coordinator"] - peaks["base"] - one_mb) / peaks[MEAN])
    held = ", ".join(f"{role} {megabytes:.0f}" for role, megabytes in peaks.items())
    return (
        f"Memory at most, in MB, two workers (PSS): {held}. {of_mb / 1024:.0f} GB hold {fit} workers beside one submission that takes "
        f"its {one_mb} MB; where there are as many cores, `--jobs` is {jobs.held_by(of_mb, one_mb)} unless given "
        f"({jobs.WORKER_MB} MB a worker)."
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.memory", description=__doc__.splitlines()[0])
    parser.add_argument("classroom", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    chosen = parser.parse_args()
    print(told(measured(chosen.classroom, chosen.jobs)))


if __name__ == "__main__":
    main()
