"""The trusted worker: torch, the reference models and the collected suites, warm, and forked for each submission.

It is forked by ``wall/inside/base.py`` and told what to grade over a socket. The fork that grades ends after one
submission, so nothing learnt from one can reach the next, and what it found comes back over a pipe as MessagePack.
"""

from __future__ import annotations

import dataclasses
import gc
import os
import select
import signal
import socket
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec

from autograder.errors import ConvgradeError
from autograder.marking import bounds
from autograder.model import Tier
from autograder.runner.messages import Done, Failed, Ready, Task, receive, send
from autograder.wall.failures import WallBroken
from autograder.wall.own_time import LOAD, OwnTime

WITH_REASON = 3  # status of a grading process that says why it found nothing
GIVEN_UP = 4  # status of one that has hit a limit of its own, of processor time or of memory
GRACE_SECONDS = 30.0  # of processor time: a grading process that has used up its own ends itself before, and says so


def main(channel: socket.socket, control: socket.socket, plan: dict, base: int) -> None:
    """Collect the suites of ``plan["config"]`` and grade what comes over ``channel`` until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ends_with(base)
    sys.dont_write_bytecode = False  # trusted from here on: rewriting the suites' assertions is done once, not every start
    warnings.simplefilter("ignore")  # a student's impossible layer makes torch warn in the reference as well
    import numpy as np

    from autograder.course.answer_key import AnswerKey
    from autograder.course.course import Course
    from autograder.diagnosis.explain import Explainer
    from autograder.grade import Bench, warm_up
    from autograder.gradebook.fingerprint import hashes
    from autograder.marking.suites import collected
    from autograder.wall.session import Zygote

    # Whatever writes out an array here, an author's own f-string too, writes its shape: numpy shortens an axis, never a shape.
    np.set_printoptions(threshold=10, edgeitems=1, override_repr=lambda array: f"array{array.shape}")

    def serve(suites) -> None:
        key = AnswerKey(course)
        zygote = Zygote(control, plan["cgroup"])
        bench = Bench(course, suites, zygote, Tier(plan["tier"]), key, Explainer(course, key), hashes(course))
        send(channel, Ready(suites.where()))
        gc.freeze()
        gc.enable()
        graded = 0
        while True:
            try:
                task = receive(channel, Task)
                if graded == 1:  # not before the first: a single hand-in is graded sooner without it
                    warm_up(bench)
                    gc.freeze()
                wanted = _answer(channel, task, bench)
                graded += 1
                if bench.explainer.work_out_repeated(wanted, suites):
                    gc.freeze()
            except (EOFError, ConnectionError):  # the coordinator has what it wants, or was killed
                return

    try:
        course = Course.load(Path(plan["config"]))
        if plan["feedback"]:
            course = dataclasses.replace(course, config=msgspec.structs.replace(course.config, feedback=plan["feedback"]))
        collected(course, serve)
    except ConvgradeError as error:
        send(channel, Failed(error.what, error.where, error.todo, fatal=True))


def ends_with(parent: int) -> None:
    """Let the kernel end this process when the process ``parent`` ends."""
    if sys.platform == "linux":
        from autograder.wall.inside import libc

        libc.die_with_parent(parent)


def _answer(channel: socket.socket, task: Task, bench) -> list[str]:
    """Grade in a fork of this process, in bounded time whatever happens, and pass the result on.

    Returns what the fork had to work out to explain mistakes, so that the next fork need not.
    """
    from autograder import grade

    reader, writer = os.pipe()
    worker = os.getpid()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            ends_with(worker)
            os.close(reader)
            channel.close()
            code = _grade(writer, task, bench)
        except (bounds.TooMuch, MemoryError):
            code = GIVEN_UP
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            bounds.end(code)
    os.close(writer)
    # Its own work is bounded by its own clock. What it waits for is bounded in the session, by the student's; the wall clock
    # here stands behind both: a question's calls and the cells before them, on a machine that has twenty things to do.
    limits, questions = bench.course.config.limits, len(bench.course.questions)
    seconds = LOAD * ((1 + questions) * limits.submission_seconds + GRACE_SECONDS)
    own = OwnTime(pid)
    reply = _read_until(reader, time.monotonic() + seconds, lambda: own.spent() < limits.marking_seconds + GRACE_SECONDS)
    os.close(reader)
    if reply is None:
        os.kill(pid, signal.SIGKILL)
    _, status, used = os.wait4(pid, 0)
    if reply is not None and status == 0:
        graded, wanted = msgspec.msgpack.decode(reply, type=tuple[msgspec.Raw, list[str]])
        send(channel, Done(graded))
        return wanted
    with suppress(WallBroken):  # then the zygote is replaced with this worker
        bench.zygote.sweep()
    code = os.waitstatus_to_exitcode(status)
    if code == GIVEN_UP or used.ru_utime + used.ru_stime >= limits.marking_seconds:
        given_up = grade.given_up(task.submission, task.fingerprint, bench)
        send(channel, Done(msgspec.Raw(msgspec.msgpack.encode(given_up))))
        return []
    why = f"the grading process ended with status {code}"
    if reply and code == WITH_REASON:
        why = reply.decode(errors="replace")
    if reply is None:
        why = f"grading took more than {limits.marking_seconds + GRACE_SECONDS:.0f} s of the grader's own CPU time, or {seconds:.0f} s in all"
    send(channel, Failed(why, where=task.submission.id))
    return []


def _grade(writer: int, task: Task, bench) -> int:
    from autograder import grade

    try:
        limits = bench.course.config.limits
        bounds.limit(limits.marking_seconds, limits.marking_mb)
        graded = grade.grade(task.submission, task.fingerprint, bench, task.known)
        data, code = msgspec.msgpack.encode((graded, bench.explainer.wanted)), 0
    except (bounds.TooMuch, MemoryError):
        raise
    except WallBroken as error:
        data, code = str(error).encode()[:2_000], WITH_REASON
    except BaseException as error:
        data, code = f"{type(error).__name__}: {error}".encode()[:2_000], WITH_REASON
        sys.excepthook(*sys.exc_info())
    with open(writer, "wb") as pipe:
        pipe.write(data)
    return code


def _read_until(reader: int, deadline: float, may_go_on: Callable[[], bool]) -> bytes | None:
    pieces: list[bytes] = []
    while True:
        ready: list[int] = []
        while not ready:
            left = deadline - time.monotonic()
            if left <= 0 or not may_go_on():
                return None
            ready, _, _ = select.select([reader], [], [], min(left, 1.0))
        piece = os.read(reader, 1 << 20)
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)
