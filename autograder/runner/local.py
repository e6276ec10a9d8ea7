"""Workers on this machine: one trusted worker and one zygote a core, fed from a stream, results as they come.

Each worker is driven by a thread that only waits on a socket. A worker that dies is replaced, and the base interpreter
with it where that is gone too, and its submission tried once more; a submission that ends two workers is given up and named.
"""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Iterable, Iterator

from autograder.course.config import check_parts
from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.model import Tier
from autograder.runner.messages import Done, Failed, Ready, Reply, Task, receive, send
from autograder.wall.launch import ENGINE, Base, Verdict

WORKER = "autograder.runner.worker:main"  # what the trusted worker runs
TRIES = 2  # of a submission
STARTS = 3  # of a worker, one after the other, before the run is given up


class Workers:
    """The base interpreter of this machine and the workers forked from it. Use as a context manager."""

    def __init__(self, course: Course, *, at_most: Tier = Tier.A):
        self.course = course
        self.lock = threading.Lock()
        self.closed = False
        self.base = self._based(at_most)

    @property
    def verdict(self) -> Verdict:
        """Which wall this machine can build, and why no stronger one."""
        return self.base.verdict

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End them all, whatever they are in. No worker starts any more."""
        self.closed = True  # without waiting: whoever starts a worker just now will see it
        self.base.close()

    def start(self, index: int) -> Worker:
        """A worker; its process starts with its first task."""
        return Worker(self, index)

    def channel(self, index: int) -> socket.socket:
        """The channel of a fresh worker, which is still to say that it is ready."""
        course = self.course
        trusted = list(dict.fromkeys([str(course.root), str(ENGINE.parent)]))
        with self.lock:
            if not self.closed and not self.base.alive():
                self.base.close()
                self.base = self._like(self.base)
            if self.closed:
                self.base.close()
                raise ConvgradeError("the workers were told to end", where="convgrade grade", todo="Grade the class again.")
            config = course.config
            return self.base.worker(WORKER, index, trusted, config.limits, str(course.config_path), config.feedback)

    def _like(self, gone: Base) -> Base:
        """A base in the place of one that has ended, with the same wall: no submission is graded behind a weaker one."""
        tier = gone.verdict.layers.tier
        base = self._based(tier)
        new_tier = base.verdict.layers.tier
        if new_tier is not tier:
            base.close()
            raise ConnectionError(f"the wall was of tier {tier.value} and is now of tier {new_tier.value}")
        return base

    def _based(self, at_most: Tier) -> Base:
        base = Base(at_most=at_most, limits=self.course.config.limits)
        try:
            refuse_weak(base.verdict.layers.tier, self.course)
        except ConvgradeError:
            base.close()
            raise
        return base


def refuse_weak(tier: Tier, course: Course) -> None:
    """Raises ConvgradeError where a machine's wall is weaker than the course requires."""
    required = course.config.isolation.required
    if tier.value > required.value:
        what = f"this machine can only build a tier {tier.value} wall, but the course requires tier {required.value}"
        todo = "`convgrade doctor` says what is missing; `isolation: required:` in the config sets the weakest tier allowed."
        raise ConvgradeError(what, where=str(course.config_path), todo=todo)


class Worker:
    """One trusted worker with its zygote, started anew where it has died."""

    def __init__(self, workers: Workers, index: int):
        self.workers, self.index = workers, index
        self.channel: socket.socket | None = None

    def grade(self, task: Task) -> Reply:
        """Done, or Failed after two tries: never raises for what a submission does."""
        failed = Failed("not tried")
        for _ in range(TRIES):
            channel = self._ready()
            try:
                send(channel, task)
                reply = receive(channel, Reply)
            except (EOFError, OSError) as error:
                self.close()
                failed = Failed(f"its worker ended: {error or type(error).__name__}", where=task.submission.id)
                continue
            if not isinstance(reply, Failed) or reply.fatal:
                return reply
            failed = reply
            self.close()
        return failed

    def _ready(self) -> socket.socket:
        """The channel to a worker, which is started if necessary. Raises ConvgradeError if none gets ready."""
        ended: Exception | None = None
        for _ in range(STARTS):
            try:
                if self.channel is None:
                    self.channel = self.workers.channel(self.index)
                    self._started(receive(self.channel, Reply))
                return self.channel
            except (EOFError, OSError) as error:
                self.close()
                ended = error
        raise ConvgradeError(
            f"{STARTS} workers in a row ended before they were ready ({ended or type(ended).__name__})",
            where=str(self.workers.course.config_path),
            todo="This usually means too little memory: try fewer --jobs. What was graded is kept.",
        )

    def _started(self, reply: Reply) -> None:
        if isinstance(reply, Failed):
            raise ConvgradeError(reply.why, where=reply.where, todo=reply.todo)
        assert isinstance(reply, Ready)
        check_parts(self.workers.course, reply.parts)

    def close(self) -> None:
        """End its process; the next task starts another."""
        if self.channel is not None:
            self.channel.close()
            self.channel = None


class Local:
    """This machine as a place to grade at, in the form of ``cluster.Cluster``. Use as a context manager."""

    def __init__(self, course: Course, jobs: int):
        self.workers, self.jobs = Workers(course), jobs

    @property
    def tier(self) -> str:
        """How strong the wall is."""
        return self.workers.verdict.layers.tier.value

    def __enter__(self) -> Local:
        return self

    def __exit__(self, *ended: object) -> None:
        self.workers.close()

    def graded(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Done | Failed]]:
        """Every task with its outcome, in the order in which they end."""
        return graded(self.workers, self.jobs, tasks)


def _end(todo: queue.Queue[Task | None], drivers: int) -> None:
    """Tell as many drivers that there is nothing more to do."""
    for _ in range(drivers):
        todo.put(None)


def graded(workers: Workers, jobs: int, tasks: Iterable[Task]) -> Iterator[tuple[Task, Done | Failed]]:
    """Every task with its outcome, in the order in which they end. Holds at most two tasks a worker in memory.

    Raises ConvgradeError where the course itself cannot be graded with.
    """
    todo: queue.Queue[Task | None] = queue.Queue(maxsize=jobs)
    done: queue.Queue = queue.Queue(maxsize=2 * jobs)
    stop = threading.Event()

    def drive(index: int) -> None:
        worker = workers.start(index)
        try:
            while not stop.is_set() and (task := todo.get()) is not None:
                done.put((task, worker.grade(task)))
        except BaseException as error:  # raised where the run is: a thread that ends quietly would lose its submission
            done.put(error)
        finally:
            worker.close()
            done.put(None)

    threads = [threading.Thread(target=drive, args=(index,), daemon=True) for index in range(jobs)]
    source, open_threads, waiting, exhausted = iter(tasks), jobs, 0, False
    for thread in threads:
        thread.start()
    try:
        while open_threads:
            while not exhausted and waiting < 2 * jobs and not todo.full():
                task = next(source, None)
                if task is None:
                    exhausted = True
                    threading.Thread(target=_end, args=(todo, jobs), daemon=True).start()
                else:
                    todo.put(task)
                    waiting += 1
            reply = done.get()
            if reply is None:
                open_threads -= 1
            elif isinstance(reply, BaseException):
                raise reply
            else:
                waiting -= 1
                yield reply
    finally:
        stop.set()
