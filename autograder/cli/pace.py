"""How long a class still takes, estimated from the results so far.

Each remaining hand-in is assumed to take as long as an ordinary one did on average, with as many in parallel as at the best pace so
far. Two things must not be extrapolated: a hand-in that hangs, and the start, when each worker computes what every mistake gives.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from statistics import fmean, median

MOST_MORE = 1.5  # times the last estimate: nobody should read two minutes and then ten
RECENT = 600  # results that the estimate comes from
ODD = 6.0  # times the median: a hand-in that takes longer hangs
LEAST = 0.001  # seconds of one hand-in: what could not be graded has none
SETTLED = 8  # results a worker, before the later half of them says how many are graded at a time


class Pace:
    """Counts results. Known grades arrive at once, so the clock starts with the first hand-in that a worker grades."""

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic):
        self.total, self.clock = total, clock
        self.done = 0
        self._counted = 0  # of those done, how many since the clock began
        self._asked = 0  # and of these, how many by a worker
        self._took: deque[float] = deque(maxlen=RECENT)  # seconds of grading, of each that a worker graded
        self._ends: deque[float] = deque(maxlen=RECENT + 1)  # when the first began, and when each came
        self._estimate: float | None = None  # the last one

    def result(self, seconds: float, *, by_worker: bool) -> None:
        """Count one more result. ``seconds``: how long grading it took; for the first one this time has passed already."""
        self.done += 1
        if by_worker:
            now = self.clock()
            if not self._ends:
                self._ends.append(now - seconds)
            self._ends.append(now)
            self._took.append(max(seconds, LEAST))
        if self._ends:
            self._counted += 1
            self._asked += by_worker

    @property
    def rate(self) -> float:
        """Results a second; 0 where nobody had to be asked yet."""
        together = self._together()
        return together / self._expected() * self._counted / self._asked if together else 0.0

    def left(self) -> float | None:
        """Seconds that the rest takes at this pace; None where there is none yet."""
        if not (rate := self.rate):
            return None
        since = self.clock() - self._ends[-1]
        left = max((self.total - self.done) / rate - since, (self.total - self.done - 1) / rate, 0.0)
        self._estimate = left if self._estimate is None else min(left, MOST_MORE * self._estimate)
        return self._estimate

    def _expected(self) -> float:
        """Seconds of grading that the next hand-in takes. Of those that hang, the longest is taken for the only one."""
        took = list(self._took)
        bound = ODD * median(took)
        plain = fmean(one for one in took if one <= bound)
        late = took[len(took) // 2 :]
        hung = sorted(one for one in late if one > bound)
        return plain + sum(one - plain for one in hung[:-1]) / len(late)

    def _together(self) -> float:
        """How many hand-ins are graded at a time."""
        took, ends = list(self._took), list(self._ends)
        if not took or ends[-1] <= ends[0]:
            return 0.0
        together, half = sum(took) / (ends[-1] - ends[0]), len(took) // 2
        if half >= SETTLED * together and ends[-1] > ends[half]:
            together = max(together, sum(took[half:]) / (ends[-1] - ends[half]))
        return together
