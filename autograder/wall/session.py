"""One submission's process as the trusted side sees it: calls that end in time, a fresh process after a crash.

Every wait has a deadline kept here, by wall clock. Requests are numbered, the channel holds one at a time, and anything
that arrives unasked, late, too large or malformed ends the process: the call is lost, the rest is still asked of a
fresh one.
"""

from __future__ import annotations

import json
import select
import signal
import socket
import time
from collections import Counter
from typing import Any

import numpy as np

from autograder.model import Limits, Message

from . import wire
from .cells import Cells
from .raised import Crashed, NotAttempted, StudentFailure, StudentRaised, TimedOut, WallBroken, from_told

TIMEOUTS_A_TARGET = 2  # then its other calls are not waited for
START_SECONDS = 30.0
SMALLEST_READ = 1 << 16
REPLIES = 8  # times the most of one: what all of a submission's may come to together, since they are kept to be explained
HEADER_COSTS = 32  # bytes in memory that a byte of a header may become


class Zygote:
    """The trusted end of a zygote's control socket."""

    def __init__(self, control: socket.socket):
        self.control = control

    def open(self, limits: Limits) -> tuple[int, socket.socket]:
        """A fresh process behind the wall, and the channel to it."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        ours.setblocking(False)  # every wait is a poll with a deadline
        with theirs:
            fields = {name: getattr(limits, name) for name in Limits.__struct_fields__}
            answer = self._ask({"op": "open", "limits": fields}, [theirs.fileno()])
        return answer["child"], ours

    def end(self, child: int) -> int:
        """Kill it and all it started. Returns how it ended: 128 + signal, or its exit code."""
        return self._ask({"op": "end", "child": child}, [])["status"]

    def sweep(self) -> None:
        """End every process behind the wall: whoever opened them is gone."""
        self._ask({"op": "sweep"}, [])

    def _ask(self, request: dict, descriptors: list[int]) -> dict:
        try:
            self.control.settimeout(START_SECONDS)
            socket.send_fds(self.control, [json.dumps(request).encode()], descriptors)
            answer = json.loads(self.control.recv(1 << 16) or b'{"trouble": "the zygote has ended"}')
        except OSError as error:
            raise WallBroken(f"the zygote has ended or does not answer ({error})") from error
        if "trouble" in answer:
            raise WallBroken(answer["trouble"])
        return answer


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
        self.child = 0
        self.channel: socket.socket | None = None
        self.generation = 0  # counts processes: a handle belongs to the one it was made in
        self.number = 0
        self.left = REPLIES * limits.reply_mb << 20
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
        self.child, self.channel = self.zygote.open(self.limits)
        self.generation += 1
        # The sources go to a process that has not run a line of them yet: it must answer.
        try:
            files = {stem: _bytes(source) for stem, source in self.sources.items()}
            self._request("sources", [files, list(self.stems)], "", START_SECONDS)
        except StudentFailure as failure:
            self._in_time("")  # it was started in the last moment that the submission had
            raise WallBroken(f"a fresh process behind the wall did not answer: {failure.message}") from failure

    def _request(self, operation: str, arguments: list, target: str, seconds: float) -> Any:
        self.number += 1
        deadline = min(time.monotonic() + seconds, max(self.ends, time.monotonic() + 0.001))
        try:
            number, kind, value = self._exchange([self.number, operation, arguments], deadline)
        except TimeoutError:
            self.timeouts[target] += 1
            self._end()
            raise TimedOut(Message("check.timeout", {"seconds": seconds, "target": target})) from None
        except ConnectionError:
            raise self._crash(target) from None
        except (wire.WireError, ValueError, TypeError) as error:
            self._end()
            raise StudentRaised(Message("check.reply", {"target": target, "reason": str(error)[:200]})) from None
        if type(number) is not int or number != self.number:
            self._end()
            raise StudentRaised(Message("check.reply", {"target": target, "reason": "an answer to another call"}))
        match kind:
            case "ok":
                return value
            case "unsendable" if type(value) is str:
                raise StudentRaised(Message("check.reply", {"target": target, "reason": value[:200]}))
            case "raised":
                allowed = ", ".join(["numpy", "torch", *(f"{stem}.py" for stem in sorted(self.sources))])
                raise from_told(value, target.split(".")[0], allowed)
        self._end()
        raise StudentRaised(Message("check.reply", {"target": target, "reason": "no answer of any kind"}))

    def _exchange(self, request: list, deadline: float) -> tuple[Any, Any, Any]:
        assert self.channel is not None
        self._nothing_unasked()
        for piece in wire.packed(wire.encode(request)):
            self._send(piece, deadline)
        frame = bytearray()
        self._read(frame, wire.PREFIX.size, deadline)
        header, payload = wire.lengths(bytes(frame[: wire.PREFIX.size]), self.limits.reply_mb << 20)
        if header * HEADER_COSTS + payload > self.left:
            raise wire.WireError(f"the answers so far and this one are more than {REPLIES * self.limits.reply_mb} MB")
        self.left -= header * HEADER_COSTS + payload
        begins = wire.PREFIX.size + header
        self._read(frame, begins + payload, deadline)
        if len(frame) > begins + payload:
            raise wire.WireError("more than one answer")
        whole = memoryview(frame)
        number, kind, value = wire.decode(bytes(whole[wire.PREFIX.size : begins]), bytes(whole[begins:]))
        return number, kind, value

    def _nothing_unasked(self) -> None:
        try:
            unasked = self.channel.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return
        if unasked:
            raise wire.WireError("an answer that nobody asked for")
        raise ConnectionError

    def _send(self, data: bytes, deadline: float) -> None:
        left = memoryview(data)
        while left:
            try:
                left = left[self.channel.send(left) :]
            except BlockingIOError:
                self._wait(select.POLLOUT, deadline)

    def _read(self, frame: bytearray, size: int, deadline: float) -> None:
        """Read until ``frame`` has at least ``size`` bytes. What comes behind them is read as well, to be noticed."""
        while len(frame) < size:
            self._wait(select.POLLIN, deadline)
            try:
                piece = self.channel.recv(max(SMALLEST_READ, min(size - len(frame), 1 << 20)))
            except BlockingIOError:
                continue
            if not piece:
                raise ConnectionError
            frame += piece

    def _wait(self, event: int, deadline: float) -> None:
        left = deadline - time.monotonic()
        poll = select.poll()
        poll.register(self.channel, event)
        if left <= 0 or not poll.poll(1000 * left):
            raise TimeoutError

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
