"""The processes of one submission, one at a time, and what is said to them: numbered requests, answered in their order.

Every answer has a limit, kept here, of the process's own time (see ``own_time``): CPU time and sleep, whatever else the machine has to
do. Anything that arrives unasked, late, too large or malformed ends the process: that answer is lost, and what follows is asked
of a fresh one.
"""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.model import Limits, Message

from .channel import Budget, Channel
from .failures import Crashed, FailedRequest, Interrupted, StudentFailure, StudentRaised, TimedOut, WallBroken, from_report
from .own_time import Allowance, OwnTime
from .shared import wire
from .zygote_client import Zygote

TIMEOUTS_A_TARGET = 2  # then its other calls are not waited for
REPLIES = 8  # times the most of one answer: what all of a submission's may come to together
SHOWING = ("call", "in notebook", "method")  # requests that bring an input with them
INTERRUPTED_SECONDS = 2.0  # for a cell that took too long to take notice and end
START_SECONDS = 30.0  # for a process that has not met a line of the student's yet


@dataclass
class Process:
    """A process behind the wall."""

    child: int  # the zygote's number for it
    own: OwnTime
    channel: Channel


class Conversation:
    """What is asked of one submission's processes and answered by them, question after question."""

    def __init__(self, zygote: Zygote, limits: Limits, places: Mapping[str, str], warm: Sequence[str], questions: int):
        """``places``: the text of each file and cell by name, for what a failure shows. ``warm``: what the zygote imports first.

        ``questions`` share the submission's time and replies equally: what one uses up, no other lacks.
        """
        self.zygote, self.limits, self.places, self.warm, self.questions = zygote, limits, places, warm, questions
        self.process: Process | None = None
        self.generation = 0  # counts processes: a handle belongs to the one it was made in
        self.number = 0  # of the last request
        self.ran_in = 0  # the generation that ran a file or a function of the student's
        self.seen_by, self.hides = 0, True  # the generation that was given a hidden input; whether inputs are hidden now
        self.share = limits.submission_seconds / questions
        self._begin()

    def _begin(self) -> None:
        """Another question: its time, replies and failures are its own."""
        self.budget = Budget(max(1, REPLIES // self.questions) * self.limits.reply_mb)
        self.earlier, self.in_cells = 0.0, 0.0  # own time: of this question's ended processes, and of what ran cells
        self.timeouts: Counter[str] = Counter()
        self.steady = True  # whether asking this question again would give the same

    @property
    def running(self) -> Process:
        if self.process is None:
            raise RuntimeError("a process behind the wall is asked before it is started")
        return self.process

    def _start(self, files: Mapping[str, str], stems: Sequence[str]) -> None:
        """A fresh process that holds ``files``; cells may stand for those of ``stems``."""
        child, pid, end = self.zygote.open(self.limits, self.warm)
        self.process = Process(child, OwnTime(pid), Channel(end, self.limits.reply_mb << 20, self.budget))
        self.generation += 1
        # The sources go to a process that has not run a line of them yet: it must answer.
        try:
            self._request("sources", [{stem: as_bytes(source) for stem, source in files.items()}, list(stems)], "", None)
        except StudentFailure as failure:
            raise WallBroken(f"a fresh process behind the wall did not answer: {failure.message}") from failure

    def _in_time(self, target: str) -> None:
        if self._left() <= 0:
            raise self._time_up()
        if self.timeouts[target] >= TIMEOUTS_A_TARGET:
            raise TimedOut(Message("check.timeout_skipped", {"target": target}))

    def _left(self) -> float:
        """Own time that this question still has, its notebook's cells aside: they have theirs."""
        now = self.process.own.spent() if self.process is not None else 0.0
        return self.share - (self.earlier + now - self.in_cells)

    def _time_up(self) -> TimedOut:
        self.steady = False
        return TimedOut(Message("result.time_up", {"seconds": round(self.share, 1)}))

    @contextmanager
    def public(self) -> Iterator[None]:
        """Inside this context only public inputs are sent, to a process that has seen no hidden one: nothing it says can reveal one."""
        self.hides = False
        try:
            yield
        finally:
            self.hides = True

    def _clean(self) -> None:
        if not self.hides and self.seen_by == self.generation:
            self._end()

    def _request(self, operation: str, arguments: list, target: str, seconds: float | None) -> Any:
        self._sent([self._frame(operation, arguments, target)], target, seconds)
        return self._answered(self.number, target, seconds)

    def _frame(self, operation: str, arguments: list, target: str) -> list[wire.Piece]:
        self.number += 1
        if operation in (*SHOWING, "import"):
            self.ran_in = self.generation
        if self.hides and operation in SHOWING:
            self.seen_by = self.generation
        try:
            return wire.encode([self.number, operation, arguments])
        except wire.WireError as error:
            raise StudentRaised(Message("check.reply", {"target": target, "reason": str(error)[:200]})) from None

    def _sent(
        self, frames: Sequence[Sequence[wire.Piece]], target: str, seconds: float | None, *, cell: bool = False
    ) -> None:
        with self._ending(target, seconds, cell) as allowance:
            self.running.channel.send(frames, allowance)

    def _answered(self, number: int, target: str, seconds: float | None, *, cell: bool = False) -> Any:
        """The value that answers request ``number``. Raises StudentFailure.

        A cell is interrupted past its limit; the process goes on with the next where it takes notice.
        """
        overrun: float | None = None  # the limit of a cell that was interrupted
        process = self.running
        with self._ending(target, seconds, cell) as allowance:
            try:
                answers, kind, value = process.channel.receive(allowance)
            except TimeoutError:
                if not cell:
                    raise
                self.zygote.interrupt(process.child)
                answers, kind, value = process.channel.receive(Allowance(process.own, INTERRUPTED_SECONDS))
                overrun = seconds
        if type(answers) is not int or answers != number:
            self._end()
            raise StudentRaised(Message("check.reply", {"target": target, "reason": "an answer to another call"}))
        if overrun is not None:
            raise Interrupted(Message("check.timeout", {"seconds": round(overrun, 1), "target": target}))
        match kind:
            case "ok":
                return value
            case "unsendable" if type(value) is str:
                raise StudentRaised(Message("check.reply", {"target": target, "reason": value[:200]}))
            case "raised":
                raise from_report(value, FailedRequest(target, self.places, early=self.generation != self.seen_by))
        self._end()
        raise StudentRaised(Message("check.reply", {"target": target, "reason": "no answer of any kind"}))

    @contextmanager
    def _ending(self, target: str, seconds: float | None, cell: bool) -> Iterator[Allowance]:
        """End the process where the channel to it does not hold what it should, in time. Gives what it may spend.

        ``seconds`` None: it has not met a line of the student's yet, and must answer.
        """
        left = None if seconds is None or cell else self._left()  # cells have a time of their own
        limit = START_SECONDS if seconds is None else seconds
        most = limit if left is None else max(0.001, min(limit, left))
        try:
            yield Allowance(self.running.own, most)
        except TimeoutError:
            self.timeouts[target] += 1
            self.steady = False
            self._end()
            if left is not None and left < limit:
                raise self._time_up() from None
            raise TimedOut(Message("check.timeout", {"seconds": round(most, 1), "target": target})) from None
        except ConnectionError:
            raise self._crash(target) from None
        except (wire.WireError, ValueError, TypeError) as error:
            self._end()
            raise StudentRaised(Message("check.reply", {"target": target, "reason": str(error)[:200]})) from None

    def _crash(self, target: str) -> StudentFailure:
        self.steady = False
        status = self._end()
        if status == 128 + signal.SIGXCPU:
            return TimedOut(Message("check.timeout", {"seconds": self.limits.submission_seconds, "target": target}))
        if status > 128 and status != 128 + signal.SIGKILL:
            reason = signal.Signals(status - 128).name if status - 128 in signal.valid_signals() else str(status)
            return Crashed(Message("check.crashed", {"target": target, "reason": reason}))
        return Crashed(Message("check.ended", {"target": target}))

    def _end(self) -> int:
        if self.process is None:
            return 0
        process, self.process = self.process, None
        process.channel.close()
        self.earlier += process.own.spent()
        return self.zygote.end(process.child)


def as_bytes(source: str) -> np.ndarray:
    """A source text for the payload of a frame, which has room for any that is read; its header has not."""
    return np.frombuffer(bytearray(source.encode("utf-8", "replace")), np.uint8)
