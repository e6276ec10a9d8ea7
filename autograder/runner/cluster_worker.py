"""One machine of a cluster: the workers of ``local`` behind a Dask worker, one slot each.

The Dask worker runs under Dask's nanny, which starts it again when it dies. Whatever runs a student's code is two
processes further, and ``local`` replaces it there; the nanny is for what kills the Dask worker itself (the kernel short of
memory, a hand), so that such a submission costs a restart and not a machine. Its memory limit is off: it would end the
worker over memory that ``limits.memory_mb`` already bounds a submission's use of. Nothing is spilled to disk: what a
student wrote is stored only in the coordinator's folder.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import signal
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec

from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.gradebook.fingerprint import hashes
from autograder.runner.local import Worker, Workers, refuse_weak
from autograder.runner.messages import Failed, Reply, Task
from autograder.wall.launch import Base

try:
    import dask
    from distributed import Nanny, get_worker
    from distributed.diagnostics.plugin import WorkerPlugin
except ImportError as error:
    todo = "Run: make cluster (or pip install 'convgrade[cluster]')."
    raise ConvgradeError("Dask is not installed", where="convgrade worker", todo=todo) from error

MARK = "convgrade"
SETTINGS = {
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": False,
    "distributed.worker.profile.enabled": False,
    # The defaults, 20 and 500 ms, cost a worker that waits 5 % of a slow core.
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
}


def announced(hashes: Mapping[str, str]) -> str:
    """The resource by which a worker offers, and a task asks for, a course of these hashes."""
    files = [f"{name}={hashes[name][:16]}" for name in ("suites", "solutions", "config", "engine", "look")]
    return " ".join([MARK, *files, f"versions={hashes['versions'].replace(', ', ',').replace(' ', '-')}"])


def checked(url: str) -> str:
    """The address of a scheduler as Dask takes it. Raises ConvgradeError for another scheme than tcp or tls."""
    if "://" in url and not url.startswith(("tcp://", "tls://")):
        raise ConvgradeError("not the address of a Dask scheduler", where=url, todo="Write it as tcp://host:8786.")
    return url


def answer(data: bytes) -> bytes:
    """The task that Dask runs: MessagePack of a Task to MessagePack of a Reply. Raises nothing."""
    try:
        slots = get_worker().plugins[MARK]
        assert isinstance(slots, Slots)
        reply = slots.grade(msgspec.msgpack.decode(data, type=Task))
    except ConvgradeError as error:
        reply = Failed(error.what, error.where, error.todo, fatal=True)
    except Exception as error:
        reply = Failed(f"{type(error).__name__}: {error}"[:2_000])
    return msgspec.msgpack.encode(reply)


class Slots(WorkerPlugin):
    """The warm workers of this machine: the base starts with the first task, each worker when it is first needed."""

    name = MARK

    def __init__(self, config: Path, hashes: Mapping[str, str]):
        self.config, self.hashes = config, dict(hashes)

    def setup(self, worker) -> None:
        self.lock, self.started = threading.Lock(), 0
        self.workers: Workers | None = None
        self.idle: queue.LifoQueue[Worker] = queue.LifoQueue()

    def teardown(self, worker) -> None:
        with self.lock:
            while not self.idle.empty():
                self.idle.get_nowait().close()
            if self.workers is not None:
                self.workers.close()

    def grade(self, task: Task) -> Reply:
        """Grade on an idle worker, or on a new one: Dask runs no more at a time than there are slots."""
        try:
            one = self.idle.get_nowait()
        except queue.Empty:
            one = self._one_more()
        try:
            return one.grade(task)
        finally:
            self.idle.put(one)

    def _one_more(self) -> Worker:
        with self.lock:
            if self.workers is None:
                course = Course.load(self.config)
                if asdict(hashes(course)) != self.hashes:
                    todo = "Start `convgrade worker` there again."
                    raise ConvgradeError("changed since the worker was started", where=str(course.root), todo=todo)
                self.workers = Workers(course)
            self.started += 1
            return self.workers.start(self.started - 1)


def serve(course: Course, url: str, slots: int, *, name: str | None = None, wait: float = 60.0) -> None:
    """Work for the scheduler at ``url`` until it ends or a signal says so.

    Raises ConvgradeError where this machine's wall is too weak, or the scheduler does not answer in ``wait`` seconds.
    """
    url = checked(url)
    tier, ours = _tier(course), asdict(hashes(course))
    facts = {
        "nthreads": slots,
        "resources": {announced(ours): slots, f"{MARK} tier {tier}": slots},
        "plugins": (Slots(course.config_path, ours),),
        "name": name,
        "memory_limit": None,
        "dashboard": False,
        "silence_logs": logging.WARNING,
        "death_timeout": wait,
    }
    ready = f"{MARK}: working for {url}: slots {slots}, tier {tier}; Ctrl-C ends it"
    with dask.config.set(SETTINGS):
        asyncio.run(_serve(url, facts, ready))


def _tier(course: Course) -> str:
    base = Base(preload=False, limits=course.config.limits)
    base.close()
    tier = base.verdict.layers.tier
    refuse_weak(tier, course)
    return tier.value


async def _serve(url: str, facts: dict[str, Any], ready: str) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stopped.set)
    wait = facts["death_timeout"]
    try:
        nanny = await asyncio.wait_for(Nanny(url, **facts), wait + 5)
    except (OSError, TimeoutError, ValueError) as error:
        todo = "Start one with `dask scheduler`, then this again."
        raise ConvgradeError(f"no Dask scheduler answers within {wait:g} s ({error})", where=url, todo=todo) from None
    print(ready, file=sys.stderr, flush=True)
    try:
        ends = [asyncio.ensure_future(nanny.finished()), asyncio.ensure_future(stopped.wait())]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()
    finally:
        await nanny.close(timeout=10)
