"""The figures as a page of Markdown."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench import ROOT, peers, real, scale
from tests.bench.steady import Steady

if TYPE_CHECKING:
    from tests.bench.__main__ import Figures

VERSIONS = ("convgrade", "torch", "numpy", "pytest", "otter-grader")


def whole(figures: Figures) -> str:
    return (
        "\n\n".join(
            [
                "# What grading costs",
                "Written by `make bench`; do not edit. Times are this machine's at that hour: the ratios are what is meant.",
                _machine(figures),
                "## Ratios",
                _ratios(figures),
                "## A submission",
                _commands(figures),
                "## Where a submission's time goes",
                _phases(figures),
                "## A class as it is",
                real.told(figures.real),
                "## Long classes",
                long_classes(figures.steady),
                f"## {figures.scale.of:,} hand-ins on {figures.scale.workers} workers",
                scale.told(figures.scale),
            ]
        )
        + "\n"
    )


def _machine(figures: Figures) -> str:
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in VERSIONS)
    nbgrader = f", nbgrader {_nbgrader_version()}" if figures.nbgrader else ""
    system = f"{platform.system()} {platform.release().split('-')[0]}, {len(os.sched_getaffinity(0))} cores, {_processor()}"
    return "\n".join(
        [
            f"- `{' '.join(['python -m tests.bench', *sys.argv[1:]])}`",
            f"- {time.strftime('%Y-%m-%d')}, commit {_commit()}",
            f"- {system}, {_memory_gb():.0f} GB; load before the run was {figures.load:.1f}",
            f"- Python {platform.python_version()}, {versions}{nbgrader}",
            f"- tier {figures.split['tier']} of the wall; a class of {figures.copies} right submissions, each different in a comment",
        ]
    )


def _ratios(figures: Figures) -> str:
    each = figures.many.cpu / figures.copies
    otter = figures.otter.cpu
    rows = [
        ("CPU behind the wall / the same suites by plain `pytest`", each / figures.plain["cpu"], "≤ 1.25"),
        ("`otter run` of the packaged homework / CPU of ours", otter / each, "≥ 50"),
        ("one submission alone, cold / `import torch`, wall clock", figures.alone.wall / figures.torch.wall, "≤ 1.5"),
        (f"{figures.jobs} workers / one, submissions a second", _speed_up(figures), "≥ 1.8 on two cores"),
        ("CPU seconds a submission, start-up shared by the class", each, "≤ 0.2"),
    ]
    if figures.nbgrader:
        rows.append(("`nbgrader autograde` / CPU of ours", figures.nbgrader.cpu / figures.students / each, ""))
    lines = [f"| {what} | {value:.2f} | {aim} |" for what, value, aim in rows]
    return "\n".join(["| what | measured | aim |", "|---|--:|---|", *lines])


def _speed_up(figures: Figures) -> float:
    """Of the grading itself: what a run takes for one submission alone is paid once, by one worker or many."""
    start = figures.alone.wall
    return (figures.one_worker.wall - start) / (figures.many.wall - start)


def _commands(figures: Figures) -> str:
    n, plain = figures.copies, figures.plain
    rows = [
        _row('`python -c "import torch"`', figures.torch, 1),
        _row("`convgrade grade`, one submission, cold", figures.alone, 1),
        _row(f"`convgrade grade`, {n} submissions, 1 worker", figures.one_worker, n),
        _row(f"`convgrade grade`, {n} submissions, {figures.jobs} workers", figures.many, n),
        f"| plain `pytest`, one process, no wall, {plain['tests']} tests | {plain['wall']:.3f} | {plain['cpu']:.3f} | |",
        _row("`otter run`, the packaged homework (`convgrade package`)", figures.otter, 1),
        _row("`otter run`, a notebook of three trivial checks", figures.otter_trivial, 1),
    ]
    if figures.nbgrader:
        rows.append(
            _row(f"`nbgrader autograde`, {figures.students} equivalent notebooks", figures.nbgrader, figures.students)
        )
    head = ["| what | wall s a submission | CPU s a submission | peak MB of the command itself |", "|---|--:|--:|--:|"]
    return "\n".join([*head, *rows])


def _row(what: str, cost, count: int) -> str:
    return f"| {what} | {cost.wall / count:.3f} | {cost.cpu / count:.3f} | {cost.peak_mb:.0f} |"


def _phases(figures: Figures) -> str:
    told = (
        f"One worker, {figures.split['submissions']} submissions, milliseconds each, under a stopwatch put around the engine's "
        "functions from outside (`tests/bench/split.py`). A phase's time is its own, without that of phases inside it."
    )
    phases = figures.split["phases"]
    rows = [f"| {name} | " + " | ".join(f"{value:.1f}" for value in times) + " |" for name, times in phases.items()]
    sums = " | ".join(f"{sum(times[at] for times in phases.values()):.1f}" for at in range(3))
    head = ["| phase | wall | CPU, trusted side | CPU behind the wall |", "|---|--:|--:|--:|"]
    return "\n".join([told, "", *head, *rows, f"| **together** | {sums} |"])


def long_classes(found: list[Steady]) -> str:
    """The toy course's classes, the first of them the measure of the others."""
    told = "The toy course of the engine's tests, a question small enough that the engine's own work is what is measured."
    head = "| submissions | ms each | beside the first | CPU ms each | beside the first | coordinator MB, early → end | descriptors | processes | again, nothing changed: s |"
    rows = [
        f"| {one.count} | {one.each:.1f} | {one.each / found[0].each:.2f} | {one.cpu_each:.1f} "
        f"| {one.cpu_each / found[0].cpu_each:.2f} | {one.early_mb:.1f} → {one.late_mb:.1f} "
        f"| {one.descriptors[0]} → {one.descriptors[1]} | {one.processes[0]} → {one.processes[1]} "
        f"| {one.again.wall:.2f} |"
        for one in found
    ]
    return "\n".join([told, "", head, "|--:" * 9 + "|", *rows])


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _memory_gb() -> float:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30


def _commit() -> str:
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    return subprocess.run(command, capture_output=True, text=True).stdout.strip() or "unknown"


def _nbgrader_version() -> str:
    code = "import importlib.metadata as m; print(m.version('nbgrader'))"
    return subprocess.run([peers.NBGRADER / "python", "-c", code], capture_output=True, text=True).stdout.strip()
