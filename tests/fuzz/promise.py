"""What every reader of hostile bytes promises besides its own: little time, little memory, nothing of the machine touched."""

from __future__ import annotations

import os
import resource
import sys
import time
import zoneinfo
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

SECONDS = 4.0  # of processor time for one input; the slowest of the corpus takes a tenth of it
MEGABYTES = 200  # that the process may grow by, over what it was before the first input
# Reads of these are Python's own: modules imported at first use, and time zones.
OWN = tuple(os.path.realpath(path) for path in (sys.prefix, sys.base_prefix, *sys.path[1:], *zoneinfo.TZPATH) if path)
FORBIDDEN = (
    *("os.chmod", "os.chown", "os.exec", "os.fork", "os.forkpty", "os.kill", "os.link", "os.mkdir", "os.posix_spawn"),
    *(
        "os.putenv",
        "os.remove",
        "os.rename",
        "os.rmdir",
        "os.symlink",
        "os.system",
        "os.truncate",
        "os.utime",
        "pickle.find_class",
    ),
    *("shutil.", "socket.", "subprocess.", "tempfile.", "ctypes.dlopen", "urllib."),
)

_watched: list[str] = []  # while one input is read: where reading is allowed, and then what was broken
_broken: list[str] = []


class PromiseBroken(AssertionError):
    """A promise that did not hold for an input."""


def kept(target: Callable[[bytes, Watch], None], data: bytes) -> None:
    """Give one input to a target. Raises PromiseBroken, or whatever the target lets escape."""
    before = _first_peak_mb()
    started = time.process_time()
    target(data, watched)
    seconds, grown = time.process_time() - started, _peak_mb() - before
    holds(seconds <= SECONDS, f"it took {seconds:.1f} seconds")
    holds(grown <= MEGABYTES, f"the process grew by {grown} MB")


def _peak_mb() -> int:
    """The most memory that this process has held; getrusage would tell a parent's where that started it."""
    if sys.platform != "linux":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 20
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) >> 10


_first_peak_mb = cache(_peak_mb)


def holds(condition: object, promise: str) -> None:
    """An assertion that stands with ``python -O`` too."""
    if not condition:
        raise PromiseBroken(promise)


@contextmanager
def watched(readable: str = "\0") -> Iterator[None]:
    """Within it, files are opened for reading and below ``readable`` alone; none is written, nothing is started or sent."""
    _watched.append(readable)
    try:
        yield
    finally:
        _watched.clear()
        broken = list(_broken)
        _broken.clear()
    holds(not broken, f"it touched the machine: {broken[:3]}")


Watch = Callable[..., Iterator[None]]


def _audit(event: str, arguments: tuple) -> None:
    if not _watched:
        return
    if event.startswith(FORBIDDEN):
        _broken.append(f"{event} {arguments!r}"[:200])
    elif event == "open":
        path, _, flags = arguments
        writing = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        if isinstance(path, int):
            return
        path = os.path.abspath(os.fsdecode(path))
        if writing or not path.startswith((_watched[0], *OWN)):
            _broken.append(f"{event} {path!r}"[:200])


sys.addaudithook(_audit)
