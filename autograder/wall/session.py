"""One submission's processes as the trusted side sees them: calls that end in time, a fresh process after a crash.

Each question is asked in a process of its own (``anew``), so that nothing that one leaves behind reaches another, and a
question asked alone comes to what it comes to among all. Every answer has a limit, kept here, of the process's own time (see
``own_time``): CPU time and sleep, whatever else the machine has to do. Requests are numbered and answered in their order.
Anything that arrives unasked, late, too large or malformed ends the process: the call is lost, the rest is still asked of a
fresh one.
"""

from __future__ import annotations

import re
import signal
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograder.model import Limits, Message

from .cells import Cells
from .channel import Budget, Channel
from .failures import (
    Crashed,
    FailedRequest,
    Interrupted,
    NotAttempted,
    StudentFailure,
    StudentRaised,
    TimedOut,
    WallBroken,
    from_report,
)
from .own_time import Allowance, OwnTime
from .shared import wire
from .zygote_client import Zygote

TIMEOUTS_A_TARGET = 2  # then its other calls are not waited for
REPLIES = 8  # times the most of one answer: what all of a submission's may come to together
SHOWING = ("call", "in notebook", "method")  # requests that bring an input with them
INTERRUPTED_SECONDS = 2.0  # for a cell that took too long to take notice and end
START_SECONDS = 30.0  # for a process that has not met a line of the student's yet
# What makes torch import its compiler: seconds of work, which the zygote then does beforehand.
COMPILES = re.compile(
    r"\b(optim|checkpoint|checkpoint_sequential|compile|func|functorch|vmap|jvp|jacrev|jacfwd|hessian|jit|_dynamo|export)\b"
    r"|use_deterministic_algorithms"
)
AHEAD = 1 << 15  # bytes of requests that are sent before the first is answered: what a socket holds while nobody reads


@dataclass
class Process:
    """A process behind the wall."""

    child: int  # the zygote's number for it
    own: OwnTime
    channel: Channel


class Session:
    """Calls into one submission. Use as a context manager: leaving it ends every process."""

    def __init__(
        self,
        zygote: Zygote,
        sources: dict[str, str],
        limits: Limits,
        cells: tuple[tuple[int, str], ...] = (),
        stems: tuple[str, ...] = (),
        questions: int = 1,
    ):
        """``sources``: the files by stem. ``cells``: a notebook's, which may stand for any of ``stems``.

        ``questions`` share the submission's time and replies equally: what one uses up, no other lacks.
        """
        self.zygote, self.sources, self.limits = zygote, sources, limits
        self.sent = self.wider = sources  # those that the question's process holds, and those that it may come to hold
        self.stems, self.questions = stems, questions
        self.cells = Cells(cells, limits.submission_seconds, limits.import_seconds) if cells else None
        texts = "\n".join([*sources.values(), *(source for _, source in cells)])
        self.warm = [*(["notebook"] if cells else []), *(["compiler"] if COMPILES.search(texts) else [])]
        self.cells_ran_in = 0  # the generation
        self.seen_by, self.hides = 0, True  # the generation that was given a hidden input; whether inputs are hidden now
        self.places = {f"{stem}.py": source for stem, source in sources.items()}
        self.places |= {f"cell {number}": source for number, source in cells}
        self.process: Process | None = None
        self.generation = 0  # counts processes: a handle belongs to the one it was made in
        self.number = 0
        self.share = limits.submission_seconds / questions
        self._begin()

    def _begin(self) -> None:
        self.budget = Budget(max(1, REPLIES // self.questions) * self.limits.reply_mb)
        self.earlier, self.in_cells = 0.0, 0.0  # own time: of this question's ended processes, and of what ran cells
        self.imported: dict[str, StudentFailure | None] = {}
        self.timeouts: Counter[str] = Counter()
        self.called = False  # whether a function of the student's was called in this process
        self.steady = True  # whether asking this question again would give the same
        self.wide = False  # whether its process came to hold more files

    def anew(self, stems: Collection[str] | None = None, wider: Collection[str] | None = None) -> None:
        """Another question begins, with a process, time and replies of its own.

        Its process holds the files of ``stems`` (None: all), so that what comes of it depends on no other; one that holds those of
        ``wider`` takes its place where another of them is asked. A process that has only run a notebook's cells, all to their
        end, is as good as a fresh one.
        """
        self.sent, self.wider = self._of(stems), self._of(wider)
        if self.called or self.cells is None or self.cells.disturbed or self.cells_ran_in != self.generation:
            self._end()
        self._begin()
        if self.process is not None:
            self.in_cells = self.process.own.spent()
            self.process.channel.budget = self.budget

    @property
    def running(self) -> Process:
        if self.process is None:
            raise RuntimeError("a process behind the wall is asked before it is started")
        return self.process

    def _of(self, stems: Collection[str] | None) -> dict[str, str]:
        return {stem: text for stem, text in self.sources.items() if stems is None or stem in stems}

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def call(self, stem: str, name: str, args: tuple, kwargs: dict) -> Any:
        """What the student's ``stem.name(*args, **kwargs)`` returns. Raises StudentFailure."""
        target = f"{stem}.{name}"
        self._clean()
        self.called = True
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
        """The outcome of each of these calls, as ``call`` would give it: its value, or the StudentFailure that it ended in.

        A call that takes its process with it is the last: what comes back is then shorter than ``cases``.
        """
        target = f"{stem}.{name}"
        self._clean()
        self.called = True
        numbers = self._ahead(stem, target, [[stem, name, *case] for case in cases])
        sent_to, answers = self.generation, []
        for number, (args, kwargs) in zip(numbers, cases, strict=True):
            try:
                if number is None or self.process is None or self.generation != sent_to:
                    answers.append(self.call(stem, name, args, kwargs))
                else:
                    answers.append(self._answered(number, target, self.limits.call_seconds))
            except StudentFailure as failure:
                answers.append(failure)
                if isinstance(failure, (TimedOut, Crashed)):
                    break
        return answers

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
        if self.process is None or self.cells_ran_in != self.generation:
            if self.seen_by == self.generation:
                self._end()
            self.cells.run(self._fresh, partial(self._run_cell, self.cells))
            self.cells_ran_in = self.generation

    def _run_cell(self, cells: Cells, number: int, source: str, seconds: float) -> float:
        """Run a cell; the own time that it took. Raises Interrupted where it took too long and the process goes on."""
        own, target = self.running.own, f"cell {number}"
        before = own.spent()
        try:
            self._sent([self._frame("cell", [number, _bytes(source)], target)], target, seconds, cell=True)
            cells.add_notes(self._answered(self.number, target, seconds, cell=True))
            return own.spent() - before
        except (TimedOut, Crashed):
            raise
        except StudentFailure as failure:
            if self.process is None:  # what it answered was no answer, and its process was ended for it
                raise Crashed(failure.message) from None
            raise
        finally:
            self.in_cells += own.spent() - before

    def _fresh(self) -> None:
        self._in_time("")
        if self.process is None:
            self._start()

    def method(self, generation: int, handle: int, target: str, name: str, args: tuple) -> Any:
        """What a method of an object that stayed behind the wall returns. Raises StudentFailure."""
        if generation != self.generation or self.process is None:
            raise Crashed(Message("check.crashed", {"target": target, "reason": "its process has ended"}))
        self._in_time(target)
        return self._request("method", [handle, name, args], target, self.limits.call_seconds)

    def _ready(self, stem: str, target: str) -> None:
        if stem not in self.sources:
            raise NotAttempted(Message("check.file_missing", {"file": f"{stem}.py"}))
        if stem not in self.sent:
            self._end()
            self.wide = True
            self.steady = self.steady and stem in self.wider  # else the question asks more than its files say
            self.sent = self.wider if stem in self.wider else self.sources
        self._in_time(target)
        if self.process is None:
            self._start()
        if stem not in self.imported:
            try:
                self._request("import", [stem], stem, self.limits.import_seconds)
                self.imported[stem] = None
            except StudentFailure as failure:
                self.imported[stem] = _of_import(failure, stem, self.limits.import_seconds)
        refused = self.imported[stem]
        if refused is not None:
            raise refused.with_traceback(None)
        if self.process is None:
            self._start()

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

    def _start(self) -> None:
        child, pid, end = self.zygote.open(self.limits, self.warm)
        self.process = Process(child, OwnTime(pid), Channel(end, self.limits.reply_mb << 20, self.budget))
        self.called = False
        self.generation += 1
        # The sources go to a process that has not run a line of them yet: it must answer.
        try:
            files = {stem: _bytes(source) for stem, source in self.sent.items()}
            self._request("sources", [files, list(self.stems)], "", None)
        except StudentFailure as failure:
            raise WallBroken(f"a fresh process behind the wall did not answer: {failure.message}") from failure

    @contextmanager
    def public(self) -> Iterator[None]:
        """Within it public inputs alone are given, to a process that has seen no other: what it says holds no hidden one."""
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
        self.imported = {stem: failure for stem, failure in self.imported.items() if failure is not None}
        return self.zygote.end(process.child)


def _bytes(source: str) -> np.ndarray:
    """A source text for the payload of a frame, which has room for any that is read; its header has not."""
    return np.frombuffer(bytearray(source.encode("utf-8", "replace")), np.uint8)


def _of_notebook(failure: NotAttempted, name: str) -> NotAttempted:
    """What is missing is missing in the notebook, where no such file was handed in."""
    missing = failure.message.key in ("check.name_missing", "check.file_missing")
    return NotAttempted(Message("notebook.name_missing", {"name": name})) if missing else failure


def _of_import(failure: StudentFailure, stem: str, seconds: float) -> StudentFailure:
    """A failure during a file's import, with a message that says so: it affects every function in the file."""
    if isinstance(failure, TimedOut):
        return TimedOut(Message("check.import_timeout", {"file": f"{stem}.py", "seconds": seconds}))
    if failure.message.key == "check.error":
        return StudentRaised(Message("check.import_failed", {"file": f"{stem}.py", **failure.message.values}))
    return failure
