"""The process that reads hand-ins for the coordinator: it forks for each, within limits, and runs no line of a student's."""

from __future__ import annotations

import gc
import os
import signal
import socket
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
from autograder.model import Record, Submission
from autograder.runner.messages import Read, Wanted, receive, send
from autograder.runner.worker import ends_with

SECONDS = 10  # of processor time for one hand-in, or what marking has where that is less: a large one takes a tenth of one


def serve(channel: socket.socket, coordinator: int, course: Course, of_course: Hashes) -> None:
    """Answer until the channel closes. Each hand-in is read in a fork of this process, never in the process itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ends_with(coordinator)
    hand_in.warm(course)
    read(Wanted(Submission("", "", {})), course, of_course)  # what is read of the course alone is read once
    gc.freeze()
    own, limits = os.getpid(), course.config.limits
    seconds = min(SECONDS, limits.marking_seconds)
    while True:
        try:
            wanted = receive(channel, Wanted)
        except EOFError:
            return

        def one(wanted: Wanted = wanted) -> bytes:
            ends_with(own)
            return msgspec.msgpack.encode(read(wanted, course, of_course))

        answer = msgspec.msgpack.encode(None)
        with suppress(ConvgradeError):
            answer = bounds.run_limited(one, seconds, limits.marking_mb, what="reading a hand-in", todo="")
        send(channel, msgspec.Raw(answer))


def read(wanted: Wanted, course: Course, of_course: Hashes) -> Read | Record:
    """What a hand-in is looked up by, or its record where all outcomes are there. Has no limits of its own."""
    work = hand_in.read(wanted.submission, course)
    if wanted.outcomes:
        sheet = numbers(work.sources, None, course)
        withheld = own_variant.withheld(course, wanted.submission)
        return recorded(work, sheet.values, list(wanted.outcomes), sheet.notes, course, withheld)
    texts = text_hashes(work.essays, work.pictures)
    return Read(unchanged.keys(work, course, of_course, of_variant(wanted.submission)), texts, bool(work.cells))
