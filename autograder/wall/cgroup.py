"""A cgroup for each submission where the machine lets one be made: what the kernel counts for a process, whatever kind it is.

Control group v2 (Documentation/admin-guide/cgroup-v2.rst of Linux). The trusted side makes the group below its own, hands the
child a descriptor of ``cgroup.procs`` that it has opened, and removes the group when the child has ended. The child needs no
right to the file system for that: the kernel looks at who opened the descriptor.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CONTROLLERS = ("memory", "pids")
BESIDE_MB = 96  # what a fork of the zygote writes before a student's code does anything, with its page tables
REMOVE_SECONDS = 2.0
_numbers = itertools.count()


def missing() -> str:
    """What this machine lacks for a cgroup of a submission's own, "" where it has all."""
    if sys.platform != "linux":
        return "no Linux kernel"
    whys = [unfit(folder) for folder in _candidates()]
    return "" if "" in whys else whys[-1] if whys else "no cgroup of version 2 is mounted"


def _candidates() -> list[Path]:
    """Cgroups that groups may be made below: for root the uppermost, else this process's own, which may be delegated to it."""
    try:
        mounts = Path("/proc/self/mountinfo").read_text("utf-8").splitlines()
        own = dict(line.split(":", 2)[::2] for line in Path("/proc/self/cgroup").read_text("utf-8").splitlines()).get("0")
    except (OSError, ValueError):
        return []
    for mount in mounts:
        before, _, after = mount.partition(" - ")
        if after.startswith("cgroup2 ") and own is not None:
            root, place = before.split()[3:5]
            if os.geteuid() == 0:
                return [Path(place)]
            inner = os.path.relpath(own, root)
            return [] if inner.startswith("..") else [Path(place) / inner]
    return []


def unfit(folder: Path) -> str:
    """Why no group with limits can be made below ``folder``, "" where one can."""
    try:
        has = (folder / "cgroup.controllers").read_text("utf-8").split()
    except OSError as error:
        return f"{folder}: {error.strerror}"
    lacking = [name for name in CONTROLLERS if name not in has]
    if lacking:
        return f"{folder} is without the controllers {' and '.join(lacking)} (it has {' '.join(has) or 'none'})"
    if not os.access(folder, os.W_OK) or not os.access(folder / "cgroup.procs", os.W_OK):
        return f"{folder} may not be written: run as root, or `systemd-run --user --scope -p Delegate=yes convgrade ...`"
    return ""


@contextlib.contextmanager
def parent(folder: Path | None = None, controllers: tuple[str, ...] = CONTROLLERS) -> Iterator[Path | None]:
    """A group below which submissions' groups can be made, with the controllers handed on; None where that is refused.

    ``folder``: where it is made; None chooses one. A group that delegates controllers may hold no process, so unless ``folder``
    is the root group, this process first moves into a sibling of the new group.
    """
    folder = folder or next((one for one in _candidates() if not unfit(one)), None)
    group = None if folder is None else _group_in(folder, controllers)
    try:
        yield group
    finally:
        if group is not None:
            with contextlib.suppress(OSError):
                group.rmdir()


def _group_in(folder: Path, controllers: tuple[str, ...]) -> Path | None:
    group = folder / f"convgrade-{os.getpid()}-{next(_numbers)}"
    try:
        if (folder / "cgroup.type").exists():
            beside = folder / f"convgrade-{os.getpid()}"
            beside.mkdir(exist_ok=True)
            (beside / "cgroup.procs").write_text("0")
        group.mkdir()
        for one in (folder, group):
            (one / "cgroup.subtree_control").write_text(" ".join(f"+{name}" for name in controllers))
        return group
    except OSError:  # for example, other processes are in it
        with contextlib.suppress(OSError):
            group.rmdir()
        return None


@dataclass
class Group:
    """One submission's group. ``close`` ends what is in it and removes it."""

    folder: Path
    procs: int  # a descriptor that whoever writes "0" into enters the group by

    @classmethod
    def made(cls, parent: Path, limits: dict[str, int]) -> Group:
        """Make a group below ``parent`` with ``limits``, such as ``{"memory.max": 1 << 30}``. Raises OSError."""
        folder = parent / f"submission-{os.getpid()}-{next(_numbers)}"
        folder.mkdir()
        try:
            for name, bound in limits.items():
                (folder / name).write_text(str(bound))
            return cls(folder, os.open(folder / "cgroup.procs", os.O_WRONLY | os.O_CLOEXEC))
        except BaseException:
            folder.rmdir()
            raise

    def counted(self, name: str, field: str) -> int:
        """A number that the kernel counts for the group: ``counted("cpu.stat", "usage_usec")``; 0 where it has none."""
        with contextlib.suppress(OSError, KeyError, ValueError):
            return int(dict(line.split() for line in (self.folder / name).read_text("utf-8").splitlines())[field])
        return 0

    @property
    def cpu_seconds(self) -> float:
        return self.counted("cpu.stat", "usage_usec") / 1e6

    @property
    def out_of_memory(self) -> bool:
        """Whether the kernel killed one of the group's processes for its memory."""
        return self.counted("memory.events", "oom_kill") > 0

    def close(self) -> None:
        if self.procs >= 0:
            os.close(self.procs)
            self.procs = -1
        with contextlib.suppress(OSError):
            (self.folder / "cgroup.kill").write_text("1")
        ends = time.monotonic() + REMOVE_SECONDS
        while True:  # a group can be removed once its last process has been collected
            try:
                return self.folder.rmdir()
            except FileNotFoundError:
                return
            except OSError:
                if time.monotonic() > ends:
                    return
                time.sleep(0.002)


def limits(memory_mb: int, tasks: int) -> dict[str, int]:
    """The limits of a submission's group: its memory with what a fork begins with, no swap beyond it, and its tasks."""
    bytes_ = (memory_mb + BESIDE_MB) << 20
    return {"memory.max": bytes_, "memory.oom.group": 1, "pids.max": tasks + 2}
