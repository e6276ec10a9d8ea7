"""A model of a class on a cluster: one coordinator and one scheduler serve many workers. It computes; it measures nothing.

A hand-in passes four stations: the coordinator reads and sends it, the scheduler passes it on, a worker grades it, and the coordinator
takes the reply. Each station serves one hand-in at a time, in order. As in ``runner.cluster``, a worker has at most two hand-ins,
the least busy worker gets the next one, and the coordinator sends before it takes. Networks are assumed to be fast enough.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice

from autograder.runner.cluster import IN_FLIGHT  # hand-ins a worker


@dataclass(frozen=True)
class Costs:
    """Seconds a hand-in at each station but the workers."""

    send: float
    take: float
    scheduler: float = 0.0

    @property
    def bound(self) -> float:
        """Seconds a hand-in takes at least, however many workers there are."""
        return max(self.send + self.take, self.scheduler)

    def scaled(self, factor: float) -> Costs:
        return Costs(self.send * factor, self.take * factor, self.scheduler * factor)


@dataclass(frozen=True)
class Modelled:
    workers: int
    count: int
    seconds: float
    busy: float  # share of the time in which the coordinator works
    working: float  # the same of a worker, on average

    @property
    def rate(self) -> float:
        return self.count / self.seconds


def modelled(count: int, workers: int, costs: Costs, services: Sequence[float]) -> Modelled:
    """A class of ``count`` whose grading takes ``services`` seconds in turn, on ``workers`` that are warm."""
    service = islice(cycle(services), count)
    rooms = [set(range(workers)) if had == 0 else set[int]() for had in range(IN_FLIGHT)]  # workers by hand-ins they have
    has, free = [0] * workers, [0.0] * workers  # free: when a worker has ended what it has
    replies: list[tuple[float, int]] = []
    now = scheduler = worked = 0.0
    sent = taken = 0
    while taken < count:
        while sent < count and (room := next(filter(None, rooms), None)):
            place = room.pop()
            has[place] += 1
            if has[place] < IN_FLIGHT:
                rooms[has[place]].add(place)
            now += costs.send
            scheduler = max(scheduler, now) + costs.scheduler
            took = next(service)
            free[place] = max(free[place], scheduler) + took
            worked += took
            heapq.heappush(replies, (free[place], place))
            sent += 1
        came, place = heapq.heappop(replies)
        now = max(now, came) + costs.take
        taken += 1
        if has[place] < IN_FLIGHT:
            rooms[has[place]].discard(place)
        has[place] -= 1
        rooms[has[place]].add(place)
    return Modelled(workers, count, now, count * (costs.send + costs.take) / now, worked / (workers * now))


def bends_at(costs: Costs, services: Sequence[float]) -> float:
    """The number of workers that keep the slowest station busy: more of them grade no more."""
    return sum(services) / len(services) / costs.bound
