"""Grading on several machines: what ``local`` does, on workers that a Dask scheduler knows.

A submission crosses the network as bytes: MessagePack of a ``messages.Task`` out, of a ``messages.Done`` or ``Failed`` back.
Dask pickles the graph that a client sends, so the task travels as one ``bytes`` constant in a pickle that this side wrote, and
a reply as a frame of Dask's own ``bytes`` serialiser; neither is looked into before msgspec decodes it by type. Nothing
that a student chose is ever an object, a key or an exception there. Dask's own traffic between its machines is pickle:
whoever reaches the scheduler's port owns the cluster, so keep it on a network of your own, or use TLS (Dask's
``distributed.comm.tls`` settings, which are read here as well).

A worker announces the hashes of its course as a Dask resource and every task asks for its coordinator's: a machine with
other files cannot get one. Tasks are pinned to a worker, at most two a slot, so that the coordinator knows what was where if a
worker dies. Each of its tasks is tried once more, alone on a worker, and given up if that one dies as well. Dask's
``allowed-failures`` would also blame the tasks that merely ran on the same worker.
"""

from __future__ import annotations

import logging
import queue
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import NamedTuple
from uuid import uuid4

import msgspec

from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.gradebook import changes
from autograder.gradebook.fingerprint import hashes
from autograder.runner.cluster_worker import MARK, announced, answer, checked
from autograder.runner.messages import Done, Failed, Reply, Task

try:
    import dask
    from distributed import Client, Future
    from distributed.scheduler import KilledWorker
except ImportError as error:
    todo = "Run: make cluster (or pip install 'convgrade[cluster]')."
    raise ConvgradeError("Dask is not installed", where="--scheduler", todo=todo) from error

IN_FLIGHT = 2  # tasks a slot: one graded, one on its way
LOOK_SECONDS = 0.5  # between looks at which workers there are
PATIENCE_SECONDS = 60.0  # without a worker that can be used
PLACES = {name: place for name, place in changes.PLACES.items() if name != "versions"}
PLACES["look"] = "the engine's words and reports, or assignment"


class Refusal(NamedTuple):
    """Why a Dask worker gets no task. ``differs``: it grades, but has other files or other versions."""

    why: str
    differs: bool


@dataclass
class Flight:
    """A task that a worker of the cluster has."""

    task: Task
    place: str  # the worker's address
    alone: bool  # the second try


class Cluster:
    """The coordinator's side. Use as a context manager; raises ConvgradeError where no scheduler answers."""

    def __init__(
        self,
        course: Course,
        url: str,
        *,
        patience: float = PATIENCE_SECONDS,
        warn: Callable[[str], None] | None = None,
    ):
        self.course, self.url, self.patience = course, checked(url), patience
        self.warn = warn or logging.getLogger(MARK).warning
        self.hashes = asdict(hashes(course))
        self.wanted = announced(self.hashes)
        self.tier = ""  # the weakest of the workers that were used
        self.places: dict[str, int] = {}  # address -> slots
        self.refused: dict[str, Refusal] = {}  # by address
        self.looked, self.seen = 0.0, time.monotonic()
        for name in ("distributed", "distributed.client"):  # lost connections are reported here instead
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})  # a hand-in is not a graph
            self.client = Client(url, timeout=min(10, patience), set_as_default=False, name="convgrade")
        except (OSError, ValueError) as error:
            todo = "Start one with `dask scheduler` on a machine that all can reach, and name it as tcp://host:8786."
            raise ConvgradeError(f"no Dask scheduler answers ({error})", where=url, todo=todo) from None

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close(timeout=5)

    def graded(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Done | Failed]]:
        """Every task with its outcome, in the order in which they end, as ``local.graded`` does.

        Raises ConvgradeError where the course cannot be graded with, or no worker can be used for ``patience`` seconds.
        """
        source, suspects = iter(tasks), deque[Task]()
        flights: dict[Future, Flight] = {}
        done: queue.SimpleQueue[Future] = queue.SimpleQueue()
        exhausted = False

        def submit(task: Task, place: str, alone: bool) -> None:
            future = self._submit(task, place)
            flights[future] = Flight(task, place, alone)
            future.add_done_callback(done.put)

        try:
            while True:
                self._look()
                for future in [future for future, flight in flights.items() if flight.place not in self.places]:
                    yield from self._lost(flights.pop(future), suspects)
                    future.cancel()
                while not exhausted and (place := self._free(flights, suspects)):
                    task = next(source, None)
                    if task is None:
                        exhausted = True
                    else:
                        submit(task, place, alone=False)
                self._alone(flights, suspects, submit)
                if exhausted and not flights and not suspects:
                    return
                try:
                    future = done.get(timeout=LOOK_SECONDS)
                except queue.Empty:
                    continue
                if (flight := flights.get(future)) is None:
                    continue  # given up above
                reply = self._reply(future, flight)
                del flights[future]
                future.release()
                if reply is None:
                    yield from self._lost(flight, suspects)
                elif isinstance(reply, Failed) and reply.fatal:
                    raise ConvgradeError(reply.why, where=f"{flight.place}: {reply.where}", todo=reply.todo)
                else:
                    yield flight.task, reply
        finally:
            if flights and self.client.status == "running":
                self.client.cancel(list(flights), force=True)

    def _submit(self, task: Task, place: str) -> Future:
        """Send a task to one worker. The key is made here; nothing that a student chose is in it."""
        return self.client.submit(
            answer,
            msgspec.msgpack.encode(task),
            key=f"{MARK}-{uuid4().hex}",
            pure=False,
            workers=[place],
            allow_other_workers=False,
            resources={self.wanted: 1},
        )

    def _free(self, flights: dict[Future, Flight], suspects: deque[Task]) -> str | None:
        """The least busy worker that may get one more; none while a suspect waits for a worker to itself."""
        busy = Counter(flight.place for flight in flights.values())
        kept = {flight.place for flight in flights.values() if flight.alone}
        free = [place for place, slots in self.places.items() if busy[place] < IN_FLIGHT * slots and place not in kept]
        return None if suspects or not free else min(free, key=lambda place: busy[place] / self.places[place])

    def _alone(self, flights: dict[Future, Flight], suspects: deque[Task], submit: Callable) -> None:
        busy = {flight.place for flight in flights.values()}
        for place in self.places:
            if suspects and place not in busy:
                submit(suspects.popleft(), place, alone=True)

    def _lost(self, flight: Flight, suspects: deque[Task]) -> Iterator[tuple[Task, Failed]]:
        """Its worker is gone: tried once more by itself, or given up where that was the second time."""
        id = flight.task.submission.id
        if flight.alone:
            why = "two workers died while grading it; the second had no other task"
            yield flight.task, Failed(why, where=id)
            return
        self.warn(f"{flight.place} is gone; {id} is graded elsewhere")
        suspects.append(flight.task)

    def _reply(self, future: Future, flight: Flight) -> Done | Failed | None:
        """What the worker answered; None if it was gone before its answer arrived."""
        while True:
            try:
                data = future.result(timeout=10)
            except TimeoutError:  # the worker is gone, or the network is slow
                self._look()
                if flight.place not in self.places:
                    return None
            except KilledWorker:
                return None
            except Exception as error:  # Dask's own: the worker's side raises nothing
                if future.status in ("cancelled", "lost"):
                    return None
                return Failed(f"Dask: {type(error).__name__}: {error}"[:2_000], where=flight.task.submission.id)
            else:
                break
        if type(data) is not bytes:
            return Failed("its worker answered with something else than bytes", where=flight.task.submission.id)
        reply = msgspec.msgpack.decode(data, type=Reply)
        assert isinstance(reply, Done | Failed)
        return reply

    def _look(self) -> None:
        """Which workers can be used now. Raises ConvgradeError when there has been none for too long."""
        now = time.monotonic()
        if now - self.looked < LOOK_SECONDS and self.places:
            return
        try:
            workers = self.client.scheduler_info(n_workers=-1).get("workers")
            why = f"the client is {self.client.status}"
        except (OSError, TimeoutError) as error:
            workers, why = None, str(error)
        if workers is None or self.client.status != "running":  # what Dask still remembers is out of date then
            todo = "What was graded is kept; start the scheduler and its workers again, the same grade goes on from there."
            raise ConvgradeError(f"the Dask scheduler is gone ({why})", where=self.url, todo=todo)
        self.places, self.looked = {}, now
        for place, facts in workers.items():
            offers = facts.get("resources", {})
            if self.wanted in offers:
                self.places[place] = int(offers[self.wanted])
                tier = next((name[-1] for name in offers if name.startswith(f"{MARK} tier ")), "")
                self.tier = max(self.tier, tier)
            elif place not in self.refused:
                self._refuse(place, offers)
        if self.places:
            self.seen = now
        elif now - self.seen > self.patience:
            raise self._nobody([self.refused[place] for place in workers if place in self.refused])

    def _refuse(self, place: str, offers: dict[str, float]) -> None:
        """Tell why a worker gets no task: here, and in the terminal of one that grades."""
        theirs = next((name for name in offers if name.startswith(f"{MARK} suites=")), None)
        if theirs is None:
            self.refused[place] = Refusal(f"{place} is not a grading worker", differs=False)
        else:
            its_versions = dict(pair.split("=") for pair in theirs.split()[1:])
            ours = dict(pair.split("=") for pair in self.wanted.split()[1:])
            why = f"{place} is refused: {differs(its_versions, ours, ' than here')}"
            self.refused[place] = Refusal(why, differs=True)
            # A method of the standard library's: the other engine may not have a function of this one's.
            note = f"refused by a coordinator that has {differs(ours, its_versions, '')}"
            with suppress(OSError, TimeoutError):  # a lost scheduler is told at the next look
                self.client.run(logging.getLogger(MARK).error, note, workers=[place], on_error="ignore")
        self.warn(self.refused[place].why)

    def _nobody(self, refused: list[Refusal]) -> ConvgradeError:
        why = "; ".join(one.why for one in refused) or "none has connected"
        if any(one.differs for one in refused):
            todo = "Check out there what is checked out here, run `make setup`, and start `convgrade worker` again."
        else:
            todo = f"On each machine, in its copy of the course: convgrade worker {self.url}"
        what = f"no usable worker for {self.patience:g} s ({why})"
        return ConvgradeError(what, where=self.url, todo=todo)


def differs(theirs: dict[str, str], ours: dict[str, str], than: str) -> str:
    """What one side has that the other has not: files, and versions by name."""
    files = ", ".join(where for name, where in PLACES.items() if theirs.get(name) != ours.get(name))
    versions = [side.get("versions", "unknown versions").replace("-", " ").replace(",", ", ") for side in (theirs, ours)]
    parts = [f"other files{than} in {files}"] if files else []
    return "; ".join([*parts, *(["{} instead of {}".format(*versions)] if versions[0] != versions[1] else [])])
