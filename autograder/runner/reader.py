"""Reads a hand-in for its look-up keys in a process with limits: a student chose the bytes, and the coordinator has no limits.

The coordinator forks one process when the first hand-in has to be read, and that process forks for each. A hand-in that takes too
long or too much memory counts as not known and goes to a worker, which reads it within limits of its own and reports the outcome.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
from contextlib import suppress

import msgspec

from autograder.course.course import Course
from autograder.errors import ConvgradeError
from autograder.grade import recorded
from autograder.gradebook import unchanged
from autograder.gradebook.fingerprint import Hashes, of_variant
from autograder.marking import bounds, hand_in, own_variant
from autograder.marking.numbers import numbers
from autograder.marking.written_marks import text_hashes
from autograder.model import QuestionOutcome, Record, Struct, Submission
from autograder.runner.messages import receive, send
from autograder.runner.worker import ends_with

SECONDS = 10  # of processor time for one hand-in, or what marking has where that is less: a large one takes a tenth of one


class Read(Struct):
    """``keys``: by question, what its outcome is found by. ``texts``: the hash of each written answer by its part's name."""

    keys: dict[str, tuple[str, str]] = {}
    texts: dict[str, str] = {}
    cells: bool = False  # whether there is a notebook's code to run


class _Wanted(Struct):
    """``outcomes``: the outcomes of all questions, where the record that they make is wanted."""

    submission: Submission
    outcomes: tuple[QuestionOutcome, ...] = ()


class Reader:
    """The coordinator's end. Use as a context manager."""

    def __init__(self, course: Course, of_course: Hashes):
        self.course, self.hashes = course, of_course
        self.channel: socket.socket | None = None
        self.pid = 0

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def _stop(self) -> None:
        if self.channel is not None:
            self.channel.close()
            self.channel = None
            os.kill(self.pid, signal.SIGKILL)  # whatever it reads: nobody waits for that
            os.waitpid(self.pid, 0)

    def read(self, submission: Submission) -> Read:
        """What a submission is looked up by; nothing where reading it hit a limit."""
        return self._answer(_Wanted(submission), Read) or Read()

    def record(self, submission: Submission, outcomes: tuple[QuestionOutcome, ...]) -> Record | None:
        """The record of a submission without a notebook's code, whose questions all have an outcome already."""
        return self._answer(_Wanted(submission, outcomes), Record)

    def _answer(self, wanted: _Wanted, kind):
        try:
            channel = self.channel or self._started()
            send(channel, wanted)
            return receive(channel, kind | None)
        except (EOFError, OSError):  # the kernel ended it; the next hand-in has a new one
            self._stop()
            return None

    def _started(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        coordinator = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            code = 1
            try:
                ours.close()
                _serve(theirs, coordinator, self.course, self.hashes)
                code = 0
            except BaseException:
                sys.excepthook(*sys.exc_info())
            finally:
                sys.stderr.flush()
                os._exit(code)
        theirs.close()
        self.channel = ours
        return ours


def _serve(channel: socket.socket, coordinator: int, course: Course, of_course: Hashes) -> None:
    """Answer until the channel closes. Each hand-in is read in a fork of this process, never in the process itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ends_with(coordinator)
    hand_in.warm(course)
    _read(_Wanted(Submission("", "", {})), course, of_course)  # what is read of the course alone is read once
    gc.freeze()
    own, limits = os.getpid(), course.config.limits
    seconds = min(SECONDS, limits.marking_seconds)
    while True:
        try:
            wanted = receive(channel, _Wanted)
        except EOFError:
            return

        def read(wanted: _Wanted = wanted) -> bytes:
            ends_with(own)
            return msgspec.msgpack.encode(_read(wanted, course, of_course))

        answer = msgspec.msgpack.encode(None)
        with suppress(ConvgradeError):
            answer = bounds.apart(read, seconds, limits.marking_mb, what="reading a hand-in", todo="")
        send(channel, msgspec.Raw(answer))


def _read(wanted: _Wanted, course: Course, of_course: Hashes) -> Read | Record:
    work = hand_in.read(wanted.submission, course)
    if wanted.outcomes:
        sheet = numbers(work.sources, None, course)
        withheld = own_variant.withheld(course, wanted.submission)
        return recorded(work, sheet.values, list(wanted.outcomes), sheet.notes, course, withheld)
    texts = text_hashes(work.essays, work.pictures)
    return Read(unchanged.keys(work, course, of_course, of_variant(wanted.submission)), texts, bool(work.cells))
