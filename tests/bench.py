"""What grading costs: CPU seconds a submission, wall clock and memory, beside ``otter run`` in the same run.

    make bench            # or: python -m tests.bench --copies 100 --jobs 2

Absolute times are this machine's at this hour; the ratios are what is meant. Nothing here is a test.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
RIGHT = ROOT / "tests" / "submissions" / "class" / "right"
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Cost:
    wall: float
    cpu: float
    peak_mb: float  # of the process itself, not of what it started


def measured(command: list[str], **options) -> Cost:
    """Run a command to its end: wall clock, CPU of it and all its children, its own peak memory."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **options)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, _peak_mb(process.pid))
        try:
            process.wait(0.02)
        except subprocess.TimeoutExpired:
            continue
    used = _children()
    if process.returncode not in (0, 1):
        raise SystemExit(f"{command} ended with {process.returncode}: {process.stderr.read().decode()[-2000:]}")
    cost = Cost(time.perf_counter() - started, used - measured.before, peak)
    measured.before = used
    return cost


def _children() -> float:
    times = os.times()
    return times.children_user + times.children_system


measured.before = 0.0


def _peak_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def copies(folder: Path, count: int) -> Path:
    """``count`` submissions that differ in a comment, so that none is known from another."""
    for number in range(count):
        one = folder / f"student{number:05}"
        shutil.copytree(RIGHT, one)
        for file in one.glob("q*.py"):
            file.write_text(f"{file.read_text()}\n# copy {number}\n")
    return folder


def ours(scratch: Path, count: int, jobs: int) -> Cost:
    folder = copies(scratch / f"class{count}", count)
    out = scratch / f"out{count}-{jobs}"
    command = [str(BIN / "convgrade"), "grade", str(folder), "--out", str(out), "--jobs", str(jobs), "--fresh"]
    return measured(command, cwd=ROOT)


def otter(scratch: Path) -> Cost:
    """``otter run`` on a notebook of three cells with three trivial checks."""
    tests = scratch / "otter-tests"
    tests.mkdir()
    for number in (1, 2, 3):
        case = {"code": f">>> x{number} == {number}\nTrue", "hidden": False, "locked": False}
        suite = {"cases": [case], "scored": True, "setup": "", "teardown": "", "type": "doctest"}
        test = {"name": f"q{number}", "points": 1, "suites": [suite]}
        (tests / f"q{number}.py").write_text(f"OK_FORMAT = True\ntest = {test!r}\n")
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    notebook.cells = [nbformat.v4.new_code_cell(f"x{number} = {number}") for number in (1, 2, 3)]
    nbformat.write(notebook, scratch / "hw.ipynb")
    environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}
    options = {"cwd": scratch, "env": environment}
    measured([str(BIN / "otter"), "generate", "-t", "otter-tests", "-o", "autograder.zip"], **options)
    (scratch / "otter-out").mkdir()
    return measured(
        [str(BIN / "otter"), "run", "-a", "autograder.zip", "hw.ipynb", "-o", "otter-out", "--no-logo"], **options
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--copies", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        torch = measured([sys.executable, "-c", "import torch"])
        alone = ours(scratch, 1, 1)
        many = ours(scratch, arguments.copies, arguments.jobs)
        peer = otter(scratch)
    # What every run pays once, whatever the size of the class, is what one submission alone costs.
    each = (many.cpu - alone.cpu) / (arguments.copies - 1)
    print(f"| what | wall s | CPU s | peak MB |\n|---|---|---|---|\n{_row('importing torch alone', torch)}")
    print(_row("convgrade grade, one submission, cold", alone))
    print(_row(f"convgrade grade, {arguments.copies} submissions, {arguments.jobs} jobs", many))
    print(_row("otter run, one notebook, three trivial checks", peer))
    print(f"\none submission alone: {alone.wall / torch.wall:.2f} times `import torch` by wall clock")
    print(f"CPU a submission: {many.cpu / arguments.copies:.3f} s with start-up, {each:.3f} s without it")
    print(
        f"otter run: {peer.cpu * arguments.copies / many.cpu:.0f} times the CPU with start-up, {peer.cpu / each:.0f} without"
    )


def _row(what: str, cost: Cost) -> str:
    return f"| {what} | {cost.wall:.2f} | {cost.cpu:.2f} | {cost.peak_mb:.0f} |"


if __name__ == "__main__":
    main()
