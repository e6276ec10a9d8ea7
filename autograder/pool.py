"""Workers on this machine: one trusted worker and one zygote a core, fed from a stream, results as they come.

Each worker is driven by a thread that only waits on a socket. A worker that dies is replaced and its submission tried
once more; a submission that ends two workers is given up and named.
"""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Iterable, Iterator

from autograder.config import check_parts
from autograder.course import Course
from autograder.errors import ConvgradeError
from autograder.model import Tier
from autograder.wall.launch import ENGINE, Base, Verdict
from autograder.worker import Done, Failed, Ready, Reply, Task, receive, send

TRIES = 2


class Workers:
    """The base interpreter of this machine and the workers forked from it. Use as a context manager."""

    def __init__(self, course: Course, *, at_most: Tier = Tier.A):
        self.course = course
        self.base = Base(at_most=at_most, limits=course.config.limits)
        self.lock = threading.Lock()
        required = course.config.isolation.required
        if self.verdict.layers.tier.value > required.value:
            self.base.close()
            raise ConvgradeError(
                f"this machine's wall is of tier {self.verdict.layers.tier.value}, the course requires {required.value}",
                where=str(course.config_path),
                todo="`convgrade doctor` says what is missing; `isolation: required:` in the config is the bound.",
            )

    @property
    def verdict(self) -> Verdict:
        return self.base.verdict

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self.base.close()

    def start(self, index: int) -> Worker:
        return Worker(self, index)


class Worker:
    """One trusted worker with its zygote, started anew where it has died."""

    def __init__(self, workers: Workers, index: int):
        self.workers, self.index = workers, index
        self.channel: socket.socket | None = None

    def grade(self, task: Task) -> Reply:
        """Done, or Failed after two tries: never raises for what a submission does."""
        failed = Failed("not tried")
        for _ in range(TRIES):
            try:
                if self.channel is None:
                    self.channel = self._started()
                send(self.channel, task)
                reply = receive(self.channel, Reply)
            except (EOFError, OSError) as error:
                self.close()
                failed = Failed(f"its worker ended: {error or type(error).__name__}", where=task.submission.id)
                continue
            if not isinstance(reply, Failed) or reply.fatal:
                return reply
            failed = reply
            self.close()
        return failed

    def _started(self) -> socket.socket:
        course = self.workers.course
        trusted = list(dict.fromkeys([str(course.root), str(ENGINE.parent)]))
        with self.workers.lock:
            channel = self.workers.base.worker(self.index, trusted, course.config.limits, str(course.config_path))
        reply = receive(channel, Reply)
        if isinstance(reply, Failed):
            raise ConvgradeError(reply.why, where=reply.where, todo=reply.todo)
        assert isinstance(reply, Ready)
        check_parts(course, reply.parts)
        return channel

    def close(self) -> None:
        if self.channel is not None:
            self.channel.close()
            self.channel = None


def graded(workers: Workers, jobs: int, tasks: Iterable[Task]) -> Iterator[tuple[Task, Done | Failed]]:
    """Every task with what came of it, in the order they end. Holds at most two tasks a worker in memory.

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
        except ConvgradeError as error:
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
                    threading.Thread(target=lambda: [todo.put(None) for _ in threads], daemon=True).start()
                else:
                    todo.put(task)
                    waiting += 1
            found = done.get()
            if found is None:
                open_threads -= 1
            elif isinstance(found, ConvgradeError):
                raise found
            else:
                waiting -= 1
                yield found
    finally:
        stop.set()
