"""How many workers a machine has room for: one per core, as far as memory allows."""

from __future__ import annotations

import os
from pathlib import Path

ALONE_MB = 200  # coordinator, reader and base, as `python -m tests.bench.memory` measures them
WORKER_MB = 450  # one core's whole while it grades a class with mistakes, its submission's process included
MEMORY, GROUP, GROUPS = Path("/proc/meminfo"), Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")


def room_for(one_mb: int) -> int:
    """How many workers to start, at least one.

    ``one_mb``: the memory that one submission may take. Room for that is left once, besides what the workers take.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    free = free_mb()
    return cores if free is None else max(1, min(cores, held_by(free, one_mb)))


def held_by(free: int, one_mb: int) -> int:
    """How many workers ``free`` megabytes have room for, however many cores there are."""
    return (free - ALONE_MB - one_mb) // WORKER_MB


def free_mb() -> int | None:
    """The free memory of this machine, or of its container if that has less; None if it is not known."""
    try:
        kilobytes = MEMORY.read_text("ascii").partition("MemAvailable:")[2].split()[0]
        own = next(line[3:] for line in GROUP.read_text("utf-8").splitlines() if line.startswith("0::"))
    except (OSError, IndexError):
        return None
    except StopIteration:
        own = "/"
    free = [int(kilobytes) >> 10]
    inner = GROUPS / own.lstrip("/")
    for folder in (inner, *inner.parents):
        if folder.is_relative_to(GROUPS):
            free += _left(folder)
    return min(free)


def _left(folder: Path) -> list[int]:
    """Megabytes that a group may still take; what it holds of files it gives back when asked."""
    try:
        most, now = ((folder / f"memory.{name}").read_text("ascii").strip() for name in ("max", "current"))
        stat = (folder / "memory.stat").read_text("ascii")
        files = int(stat.partition("inactive_file ")[2].split()[0])
        return [(int(most) - int(now) + files) >> 20]
    except (OSError, ValueError, IndexError):  # no such bound: "max", or a root that has no such file
        return []
