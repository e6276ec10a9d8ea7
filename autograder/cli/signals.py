"""The first Ctrl-C or SIGTERM shuts the run down cleanly; further ones within five seconds are ignored."""

from __future__ import annotations

import shlex
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM)
AGAIN_SECONDS = 5.0  # after that a signal means what it meant: the first may have come where Python drops exceptions


class Interrupted(KeyboardInterrupt):
    """``number`` is the signal's."""

    def __init__(self, number: int):
        super().__init__(number)
        self.number = number


@contextmanager
def once() -> Iterator[None]:
    """The first of the two signals raises Interrupted here. One that the caller had us ignore stays ignored."""
    last = -AGAIN_SECONDS

    def first(number: int, _frame: object) -> None:
        nonlocal last
        if time.monotonic() - last >= AGAIN_SECONDS:
            last = time.monotonic()
            raise Interrupted(number)

    heard = [one for one in SIGNALS if signal.getsignal(one) is not signal.SIG_IGN]
    before = {}
    if threading.current_thread() is threading.main_thread():
        before = {one: signal.signal(one, first) for one in heard}
    try:
        yield
    except Interrupted:
        raise  # the process ends: what is still to come has no say in it
    except BaseException:
        _restore(before)
        raise
    else:
        _restore(before)


def status(error: BaseException) -> int:
    """The exit status that a shell reports for a process ended by a signal. ``error`` is an Interrupted, or click's own exception for one."""
    for one in (error, error.__cause__):
        if isinstance(one, Interrupted):
            return 128 + one.number
    return 128 + signal.SIGINT


def deaf() -> None:
    """Ignore both signals from now on; only the final message remains."""
    for one in SIGNALS:
        signal.signal(one, signal.SIG_IGN)


def again(words: list[str]) -> str:
    """The command line to run again, without ``--fresh``."""
    return shlex.join(["convgrade", *(word for word in words if word != "--fresh")])


def to_go_on(words: list[str]) -> str:
    """What to say behind "interrupted": how this command goes on, where it can."""
    return f"; what was graded is kept, this goes on from there: {again(words)}" if words[:1] == ["grade"] else ""


def _restore(before: dict) -> None:
    for one, handler in before.items():
        signal.signal(one, handler)
