"""Limits on the marker's own work: processor time and memory of a process that reads what a student's code returned.

What is read is bounded where it is read; these limits are for what nobody has thought of. Whoever sets them says in the result
that one was hit.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import msgspec

from autograder.errors import ConvgradeError

GRACE_SECONDS = 10  # of processor time, from TooMuch to the end of the process


class TooMuch(BaseException):
    """This process has used the processor time that it was given.

    Not an Exception: no hidden test, nor whoever asks for one, may take it for something that a student's code did.
    """


def limit(seconds: int, megabytes: int) -> None:
    """Give this process ``seconds`` of processor time and ``megabytes`` of memory more than it has now, for good.

    Past the first it meets TooMuch, and is killed where it goes on; past the second it meets MemoryError.
    """
    signal.signal(signal.SIGXCPU, _too_much)
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + seconds
    _lower(resource.RLIMIT_CPU, soft, soft + GRACE_SECONDS)
    if sys.platform == "linux":
        data = Path("/proc/self/status").read_text("ascii", "replace").partition("VmData:")[2].split()[0]
        _lower(resource.RLIMIT_DATA, most := (int(data) << 10) + (megabytes << 20), most)


def _lower(kind: int, soft: int, hard: int) -> None:
    _, before = resource.getrlimit(kind)
    if before != resource.RLIM_INFINITY:
        hard = min(hard, before)
    resource.setrlimit(kind, (min(soft, hard), hard))


def _too_much(*_: Any) -> None:
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)  # it comes every second from now on
    raise TooMuch


def run_limited(make: Callable[[], bytes], seconds: int, megabytes: int, *, what: str, todo: str) -> bytes:
    """The bytes that ``make`` gives in a fork of this process with such limits.

    Raises ConvgradeError where it hits one, and what ``make`` raises of that kind.
    """
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.close(reader)
            code = _made(make, writer, seconds, megabytes)
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            end(code)
    os.close(writer)
    with open(reader, "rb") as pipe:
        data = pipe.read()
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code == 0:
        return data
    if code == _REFUSED:
        why, where, next_ = msgspec.msgpack.decode(data, type=tuple[str, str, str])
        raise ConvgradeError(why, where=where, todo=next_)
    if code in (_TIME, _MEMORY, -signal.SIGKILL, -signal.SIGXCPU):
        most = f"{megabytes} MB of memory" if code == _MEMORY else f"{seconds} s of processor time"
        raise ConvgradeError(f"it takes more than {most}", where=what, todo=todo)
    raise ConvgradeError("it ended with an error of its own, which stands above", where=what, todo=todo)


def end(code: int) -> NoReturn:
    """End a fork with this status, whatever happens: it must not go on in its copy of the caller."""
    try:
        sys.stderr.flush()  # there may be none
    finally:
        os._exit(code)


_TIME, _MEMORY, _REFUSED = 4, 5, 6


def _made(make: Callable[[], bytes], writer: int, seconds: int, megabytes: int) -> int:
    code = 0
    try:
        limit(seconds, megabytes)
        data = make()
    except TooMuch:
        return _TIME
    except MemoryError:
        return _MEMORY
    except ConvgradeError as error:
        data, code = msgspec.msgpack.encode((error.what, error.where, error.todo)), _REFUSED
    with open(writer, "wb") as pipe:
        pipe.write(data)
    return code
