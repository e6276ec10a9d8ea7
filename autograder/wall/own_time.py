"""How much a process behind the wall has worked, read from outside it: its CPU time, and the time in which it slept.

A limit bounds a student's own work and not the load of the machine. A process that waits for a processor is neither
working nor asleep, so that a busy machine charges it nothing. A process that sleeps uses no CPU time, so that the time of
its sleep is counted as well. Nothing here asks the process: the kernel keeps the numbers, for all its threads together.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time
from contextlib import suppress
from pathlib import Path

LOAD = 20  # times its seconds: the wall clock that a limit may take on a busy machine
LOOK_SECONDS = 0.05  # between two looks at a process that is waited for


_libc = ctypes.CDLL(None)


def clock_of(pid: int) -> int | None:
    """The CPU clock of a process and all its threads (clock_getcpuclockid(3), which Python's ``time`` lacks), None without one."""
    clock = ctypes.c_int()
    if sys.platform != "linux" or _libc.clock_getcpuclockid(pid, ctypes.byref(clock)) != 0:
        return None
    return clock.value


class OwnTime:
    """The own time of process ``pid`` since this was made. Without a clock of another process it is wall clock alone."""

    def __init__(self, pid: int):
        self.pid, self.tasks = pid, Path(f"/proc/{pid}/task")
        self.clock = clock_of(pid)
        self.began = self.seen = time.monotonic()
        self.used = 0.0  # CPU seconds at the last reading
        self.began_cpu = self.cpu = self._read()
        self.slept, self.was_asleep = 0.0, False

    def spent(self) -> float:
        """Seconds of its own so far."""
        if self.clock is None:
            return time.monotonic() - self.began
        return self._read() - self.began_cpu + self.slept

    def look(self) -> float:
        """The same, after a look at whether it sleeps: what lies between two looks that both see it asleep is sleep."""
        now, cpu, asleep = time.monotonic(), self._read(), self._asleep()
        if asleep and self.was_asleep:
            self.slept += max(0.0, now - self.seen - (cpu - self.cpu))
        self.seen, self.cpu, self.was_asleep = now, cpu, asleep
        return self.spent()

    def awake(self) -> None:
        """It is given something to do: what it slept before is not counted."""
        self.was_asleep = False

    def _read(self) -> float:
        if self.clock is not None:
            with suppress(OSError):  # it has ended: what was read last stands
                self.used = time.clock_gettime(self.clock)
        return self.used

    def _asleep(self) -> bool:
        """Whether every thread of the process waits for something other than a processor."""
        try:
            states = [_state(self.tasks / task / "stat") for task in os.listdir(self.tasks)]
        except (OSError, IndexError):
            return False
        return bool(states) and all(state == "S" for state in states)


class Allowance:
    """Seconds of its own that a process may spend from now on. ``check`` raises TimeoutError past them."""

    def __init__(self, own: OwnTime, seconds: float):
        own.awake()
        self.own, self.until = own, own.spent() + seconds
        self.looked = time.monotonic()
        self.latest = self.looked + (seconds if own.clock is None else LOAD * seconds)

    def check(self) -> None:
        """Look, unless the last look was a moment ago."""
        now = time.monotonic()
        if now - self.looked < LOOK_SECONDS:
            return
        self.looked = now
        if self.own.look() >= self.until or now >= self.latest:
            raise TimeoutError


def _state(stat: Path) -> str:
    """The state in a line such as ``12 (a name) S 1 …``; the name may hold anything."""
    return stat.read_text("utf-8", "replace").rpartition(")")[2].split()[0]
