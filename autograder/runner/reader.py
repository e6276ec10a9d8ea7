"""Reads a hand-in for its look-up keys in a process with limits: a student chose the bytes, and the coordinator has no limits.

The coordinator forks one process (``reader_process``) when the first hand-in has to be read, and that process forks for each. A
hand-in that takes too long or too much memory counts as not known and goes to a worker, which reads it within limits of its own
and reports the outcome.
"""

from __future__ import annotations

import os
import signal
import socket
import sys

from autograder.course.course import Course
from autograder.gradebook.fingerprint import Hashes
from autograder.marking import bounds
from autograder.model import QuestionOutcome, Record, Submission
from autograder.runner.messages import Read, Wanted, receive, send


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

    def read(self, submission: Submission) -> Read | None:
        """What a submission is looked up by; None where reading it hit a limit."""
        return self._answer(Wanted(submission), Read)

    def record(self, submission: Submission, outcomes: tuple[QuestionOutcome, ...]) -> Record | None:
        """The record of a submission without a notebook's code, whose questions all have an outcome already."""
        return self._answer(Wanted(submission, outcomes), Record)

    def _answer(self, wanted: Wanted, kind):
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
                # A hand-in that takes over its reader reaches neither the gradebook nor the workers.
                os.closerange(3, theirs.fileno())
                os.closerange(theirs.fileno() + 1, min(os.sysconf("SC_OPEN_MAX"), 1 << 16))
                from autograder.runner import reader_process  # what reads, numpy too, is imported where something is read

                reader_process.serve(theirs, coordinator, self.course, self.hashes)
                code = 0
            except BaseException:
                sys.excepthook(*sys.exc_info())
            finally:
                bounds.end(code)
        theirs.close()
        self.channel = ours
        return ours
