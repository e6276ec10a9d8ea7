"""How long a class still takes, estimated from the results so far."""

from __future__ import annotations

import time
from collections.abc import Callable

MOST_MORE = 1.5  # times the last estimate: nobody should read two minutes and then ten


class Pace:
    """Counts results. What was known already comes in no time, so the clock begins with the first that had to be asked."""

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic):
        self.total, self.clock = total, clock
        self.done = 0
        self._counted = 0  # of those done, how many since the clock began
        self._began = self._last = 0.0
        self._said_last: float | None = None

    def result(self, seconds: float, *, by_worker: bool) -> None:
        """Count one more result. ``seconds``: how long grading it took; for the first one this time has passed already."""
        self.done += 1
        if by_worker and not self._counted:
            self._began = self.clock() - seconds
        if by_worker or self._counted:
            self._counted += 1
            self._last = self.clock()

    @property
    def rate(self) -> float:
        """Results a second; 0 where nobody had to be asked yet."""
        gone = self._last - self._began
        return self._counted / gone if self._counted and gone > 0 else 0.0

    def left(self) -> float | None:
        """Seconds that the rest takes at this pace; None where there is none yet."""
        if not self.rate:
            return None
        since = self.clock() - self._last
        left = max((self.total - self.done) / self.rate - since, (self.total - self.done - 1) / self.rate, 0.0)
        self._said_last = left if self._said_last is None else min(left, MOST_MORE * self._said_last)
        return self._said_last
