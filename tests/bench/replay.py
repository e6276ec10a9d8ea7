"""Machines of a cluster that answer with recorded replies: what a coordinator can do when grading costs nothing.

    python -m tests.bench.replay URL FOLDER WORKERS

Everything but the grading is real: Dask's workers, their announced course, the messages. FOLDER holds ``replies``, a recorded
``Graded`` each, and ``seconds``, which each worker waits before it answers.
"""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import asdict
from pathlib import Path

import dask
import msgspec
from distributed import Worker
from msgspec.structs import replace

from autograder.course.course import Course
from autograder.gradebook.fingerprint import hashes
from autograder.model import Graded
from autograder.runner.cluster_worker import MARK, SETTINGS, Slots, announced
from autograder.runner.messages import Done, Task
from tests.bench import ROOT

REPLIES, SECONDS = "replies", "seconds"


class Replaying(Slots):
    """A worker's slot that has graded everything before."""

    def __init__(self, config: Path, its_hashes: dict[str, str], folder: Path):
        super().__init__(config, its_hashes)
        self.replies = msgspec.msgpack.decode((folder / REPLIES).read_bytes(), type=list[Graded])
        self.seconds = msgspec.json.decode((folder / SECONDS).read_bytes(), type=list[float])

    def grade(self, task: Task) -> Done:
        return Done(msgspec.Raw(msgspec.msgpack.encode(self.answered(task))))

    def answered(self, task: Task) -> Graded:
        number = int(task.submission.id.removeprefix("student"))
        time.sleep(self.seconds[number % len(self.seconds)])
        return as_of(self.replies[number % len(self.replies)], task.submission.id, task.fingerprint.submission)


def as_of(graded: Graded, id: str, submission: str) -> Graded:
    """The same grade for another hand-in."""
    its = replace(graded.result.fingerprint, submission=submission)
    return replace(graded, result=replace(graded.result, id=id, fingerprint=its))


async def _machines(url: str, folder: Path, count: int) -> None:
    course = Course.load(ROOT / "grader_config.yml")
    ours = asdict(hashes(course))
    facts = {"nthreads": 1, "resources": {announced(ours): 1, f"{MARK} tier A": 1}, "memory_limit": None, "dashboard": False}
    workers = [Worker(url, plugins=(Replaying(course.config_path, ours, folder),), **facts) for _ in range(count)]
    await asyncio.gather(*workers)
    print("ready", flush=True)
    await asyncio.gather(*(worker.finished() for worker in workers))


if __name__ == "__main__":
    with dask.config.set(SETTINGS):
        asyncio.run(_machines(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
