"""The cost of a command: wall clock, CPU of it and all that it started, its own peak memory."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.bench import RIGHT, ROOT

CONVGRADE = [sys.executable, "-m", "autograder"]


@dataclass(frozen=True)
class Cost:
    wall: float
    cpu: float
    peak_mb: float  # of the process itself, not of what it started
    output: str = ""


def measured(command: list[str], good: tuple[int, ...] = (0,), **options) -> Cost:
    """Run a command to its end. Raises SystemExit with what it said where it ends otherwise than ``good``."""
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as told:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=told, stderr=said, **{"env": environment(), **options})
        peak = 0.0
        while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            peak = max(peak, peak_mb(process.pid))
            time.sleep(0.01)
        wall = time.perf_counter() - started
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        told.seek(0)
        output = told.read().decode(errors="replace")
        if process.returncode not in good:
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{said.read().decode()[-3000:]}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, peak, output)


def environment(**more: str) -> dict[str, str]:
    """This process's environment, byte code cached as it is for everybody else."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**clean, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"} | more


def peak_mb(pid: int | str = "self") -> float:
    return status_mb("VmHWM", pid)


def status_mb(field: str, pid: int | str = "self") -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{field}:")), 0.0)


def copies(folder: Path, count: int) -> Path:
    """``count`` right submissions that differ in a comment, so that none is known from another."""
    for number in range(count):
        one = folder / f"student{number:05}"
        shutil.copytree(RIGHT, one)
        for file in one.glob("q*.py"):
            file.write_text(f"{file.read_text('utf-8')}\n# copy {number}\n", "utf-8")
    return folder


def grade(classroom: Path, out: Path, jobs: int) -> Cost:
    command = [*CONVGRADE, "grade", str(classroom), "--out", str(out), "--jobs", str(jobs), "--fresh"]
    return measured(command, cwd=ROOT)
