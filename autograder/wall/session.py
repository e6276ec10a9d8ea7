"""One submission's process as the trusted side sees it: calls that end in time, a fresh process after a crash.

Every answer has a deadline kept here, by wall clock. Requests are numbered and answered in their order, and anything that
arrives unasked, late, too large or malformed ends the process: the call is lost, the rest is still asked of a fresh one.
"""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from autograder.model import Limits, Message

from .cells import Cells
from .channel import Budget, Channel
from .failures import Asked, Crashed, NotAttempted, StudentFailure, StudentRaised, TimedOut, WallBroken, from_told
from .shared import wire
from .zygote_client import START_SECONDS, Zygote

TIMEOUTS_A_TARGET = 2  # then its other calls are not waited for
REPLIES = 8  # times the most of one answer: what all of a submission's may come to together
SHOWING = ("call", "in notebook", "method")  # requests that bring an input with them
AHEAD = 1 << 15  # bytes of requests that are sent before the first is answered: what a socket holds while nobody reads


class Session:
    """Calls into one submission. ``close`` leaves nothing of it behind; use as a context manager."""

    def __init__(
        self,
        zygote: Zygote,
        sources: dict[str, str],
        limits: Limits,
        cells: tuple[tuple[int, str], ...] = (),
        stems: tuple[str, ...] = (),
    ):
        """``sources``: the files by stem. ``cells``: a notebook's, which may stand for any of ``stems``."""
        self.zygote, self.sources, self.limits = zygote, sources, limits
        self.stems = stems
        self.cells = Cells(cells) if cells else None
        self.cells_ran_in = 0  # the generation
        self.seen_by = 0  # the generation that has been given an input of the marker's
        self.places = {f"{stem}.py": source for stem, source in sources.items()}
        self.places |= {f"cell {number}": source for number, source in cells}
        self.child = 0
        self.channel: Channel | None = None
        self.generation = 0  # counts processes: a handle belongs to the one it was made in
        self.number = 0
        self.budget = Budget(REPLIES * limits.reply_mb)
        self.ends = time.monotonic() + limits.submission_seconds
        self.imported: dict[str, StudentFailure | None] = {}
        self.timeouts: Counter[str] = Counter()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def call(self, stem: str, name: str, args: tuple, kwargs: dict) -> Any:
        """What the student's ``stem.name(*args, **kwargs)`` returns. Raises StudentFailure."""
        target = f"{stem}.{name}"
        if self.cells is not None:
            try:
                self._run_cells(target)
                return self._request("in notebook", [name, args, kwargs], target, self.limits.call_seconds)
            except NotAttempted as failure:
                if stem not in self.sources:
                    raise _of_notebook(failure, name) from None
        self._ready(stem, target)
        return self._request("call", [stem, name, args, kwargs], target, self.limits.call_seconds)

    def each(self, stem: str, name: str, cases: Sequence[tuple[tuple, dict]]) -> list[Any]:
        """What each of these calls comes to, as ``call`` would: its value, or the StudentFailure that it ended in.

        A call that takes its process with it is the last: what comes back is then shorter than ``cases``.
        """
        target = f"{stem}.{name}"
        numbers = self._ahead(stem, target, [[stem, name, *case] for case in cases])
        sent_to, came = self.generation, []
        for number, (args, kwargs) in zip(numbers, cases, strict=True):
            try:
                if number is None or self.channel is None or self.generation != sent_to:
                    came.append(self.call(stem, name, args, kwargs))
                else:
                    came.append(self._answered(number, target, self.limits.call_seconds))
            except StudentFailure as failure:
                came.append(failure)
                if isinstance(failure, (TimedOut, Crashed)):
                    break
        return came

    def _ahead(self, stem: str, target: str, calls: Sequence[list]) -> Sequence[int | None]:
        """Send calls before the first is answered; the numbers that their answers will have.

        None each where a call has to be looked at by itself: in a notebook, in a file that cannot be imported, with arguments
        of some size. Each answer has the time of a call of its own, from when the one before has come.
        """
        one_by_one = [None] * len(calls)
        if self.cells is not None:
            return one_by_one
        try:
            self._ready(stem, target)
            frames = [self._frame("call", call, target) for call in calls]
            if sum(len(piece) for frame in frames for piece in frame) > AHEAD:
                return one_by_one
            self._sent(frames, target, self.limits.call_seconds)
        except StudentFailure:
            return one_by_one
        return range(self.number - len(calls) + 1, self.number + 1)

    def answer(self, key: str) -> Any:
        """A number that the notebook assigns, as it is: plain data, or an object that stayed behind the wall.

        Raises StudentFailure, NotAttempted where it assigns none.
        """
        self._run_cells(key)
        return self._request("answer", [key], key, self.limits.call_seconds)

    def answer_keys(self) -> Any:
        """The keys of the notebook's dict ``answers``, those of a dict inside it as ``q2.total``; untrusted. Raises StudentFailure."""
        self._run_cells("answers")
        return self._request("answer keys", [], "answers", self.limits.call_seconds)

    def _run_cells(self, target: str) -> None:
        if self.cells is None:
            raise NotAttempted(Message("check.not_attempted"))
        self._in_time(target)
        if self.channel is None or self.cells_ran_in != self.generation:
            if self.seen_by == self.generation:
                self._end()
            self.cells.run(self._fresh, self._run_cell)
            self.cells_ran_in = self.generation

    def _run_cell(self, number: int, source: str) -> None:
        try:
            self._request("cell", [number, _bytes(source)], f"cell {number}", self.limits.import_seconds)
        except (TimedOut, Crashed):
            raise
        except StudentFailure as failure:
            if self.channel is None:  # what it answered was no answer, and its process was ended for it
                raise Crashed(failure.message) from None
            raise

    def _fresh(self) -> None:
        self._in_time("")
        if self.channel is None:
            self._start()

    def method(self, generation: int, handle: int, target: str, name: str, args: tuple) -> Any:
        """What a method of an object that stayed behind the wall returns. Raises StudentFailure."""
        if generation != self.generation or self.channel is None:
            raise Crashed(Message("check.crashed", {"target": target, "reason": "its process has ended"}))
        self._in_time(target)
        return self._request("method", [handle, name, args], target, self.limits.call_seconds)

    def _ready(self, stem: str, target: str) -> None:
        if stem not in self.sources:
            raise NotAttempted(Message("check.file_missing", {"file": f"{stem}.py"}))
        self._in_time(target)
        if self.channel is None:
            self._start()
        if stem not in self.imported:
            try:
                self._request("import", [stem], stem, self.limits.import_seconds)
                self.imported[stem] = None
            except StudentFailure as failure:
                self.imported[stem] = _of_import(failure, stem, self.limits.import_seconds)
        failure = self.imported[stem]
        if failure is not None:
            raise failure.with_traceback(None)
        if self.channel is None:
            self._start()

    def _in_time(self, target: str) -> None:
        if time.monotonic() >= self.ends:
            raise TimedOut(Message("result.time_up", {"seconds": self.limits.submission_seconds}))
        if self.timeouts[target] >= TIMEOUTS_A_TARGET:
            raise TimedOut(Message("check.timeout_skipped", {"target": target}))

    def _start(self) -> None:
        self.child, end = self.zygote.open(self.limits)
        self.channel = Channel(end, self.limits.reply_mb << 20, self.budget)
        self.generation += 1
        # The sources go to a process that has not run a line of them yet: it must answer.
        try:
            files = {stem: _bytes(source) for stem, source in self.sources.items()}
            self._request("sources", [files, list(self.stems)], "", START_SECONDS)
        except StudentFailure as failure:
            self._in_time("")  # it was started in the last moment that the submission had
            raise WallBroken(f"a fresh process behind the wall did not answer: {failure.message}") from failure

    def renew(self) -> None:
        """Ask a fresh process from here on: what it says cannot hold what the ones before have seen."""
        self._end()

    def _request(self, operation: str, arguments: list, target: str, seconds: float) -> Any:
        self._sent([self._frame(operation, arguments, target)], target, seconds)
        return self._answered(self.number, target, seconds)

    def _frame(self, operation: str, arguments: list, target: str) -> list[bytes]:
        self.number += 1
        if operation in SHOWING:
            self.seen_by = self.generation
        try:
            return wire.encode([self.number, operation, arguments])
        except wire.WireError as error:
            raise StudentRaised(Message("check.reply", {"target": target, "reason": str(error)[:200]})) from None

    def _sent(self, frames: Sequence[list[bytes]], target: str, seconds: float) -> None:
        with self._ending(target, seconds) as deadline:
            self.channel.send(frames, deadline)

    def _answered(self, number: int, target: str, seconds: float) -> Any:
        """The value that answers request ``number``. Raises StudentFailure."""
        with self._ending(target, seconds) as deadline:
            answers, kind, value = self.channel.receive(deadline)
        if type(answers) is not int or answers != number:
            self._end()
            raise StudentRaised(Message("check.reply", {"target": target, "reason": "an answer to another call"}))
        match kind:
            case "ok":
                return value
            case "unsendable" if type(value) is str:
                raise StudentRaised(Message("check.reply", {"target": target, "reason": value[:200]}))
            case "raised":
                raise from_told(value, Asked(target, self.places, early=self.generation != self.seen_by))
        self._end()
        raise StudentRaised(Message("check.reply", {"target": target, "reason": "no answer of any kind"}))

    @contextmanager
    def _ending(self, target: str, seconds: float) -> Iterator[float]:
        """End the process where the channel to it does not hold what it should, in time. Gives the deadline."""
        now = time.monotonic()
        try:
            yield min(now + seconds, max(self.ends, now + 0.001))
        except TimeoutError:
            self.timeouts[target] += 1
            self._end()
            raise TimedOut(Message("check.timeout", {"seconds": seconds, "target": target})) from None
        except ConnectionError:
            raise self._crash(target) from None
        except (wire.WireError, ValueError, TypeError) as error:
            self._end()
            raise StudentRaised(Message("check.reply", {"target": target, "reason": str(error)[:200]})) from None

    def _crash(self, target: str) -> StudentFailure:
        status = self._end()
        if status == 128 + signal.SIGXCPU:
            return TimedOut(Message("check.timeout", {"seconds": self.limits.submission_seconds, "target": target}))
        if status > 128 and status != 128 + signal.SIGKILL:
            reason = signal.Signals(status - 128).name if status - 128 in signal.valid_signals() else str(status)
            return Crashed(Message("check.crashed", {"target": target, "reason": reason}))
        return Crashed(Message("check.ended", {"target": target}))

    def _end(self) -> int:
        if self.channel is None:
            return 0
        self.channel.close()
        self.channel = None
        child, self.child = self.child, 0
        self.imported = {stem: failure for stem, failure in self.imported.items() if failure is not None}
        return self.zygote.end(child)


def _bytes(source: str) -> np.ndarray:
    """A source text for the payload of a frame, which has room for any that is read; its header has not."""
    return np.frombuffer(bytearray(source.encode("utf-8", "replace")), np.uint8)


def _of_notebook(failure: NotAttempted, name: str) -> NotAttempted:
    """What is missing is missing in the notebook, where no such file was handed in."""
    missing = failure.message.key in ("check.name_missing", "check.file_missing")
    return NotAttempted(Message("notebook.name_missing", {"name": name})) if missing else failure


def _of_import(failure: StudentFailure, stem: str, seconds: float) -> StudentFailure:
    """A failure while a file was imported, said as such: it costs every function of the file."""
    if isinstance(failure, TimedOut):
        return TimedOut(Message("check.import_timeout", {"file": f"{stem}.py", "seconds": seconds}))
    if failure.message.key == "check.error":
        return StudentRaised(Message("check.import_failed", {"file": f"{stem}.py", **failure.message.values}))
    return failure
