"""The trusted end of the channel to one process behind the wall: frames out, frames in, nothing unasked, all in time.

No read trusts what is announced: a length is checked against its cap and against what the submission may still send before
memory is set aside for it.
"""

from __future__ import annotations

import select
import socket
from collections.abc import Sequence
from functools import partial
from typing import Any

from .own_time import LOOK_SECONDS, Allowance
from .shared import wire
from .shared.frames import Incoming

HEADER_COSTS = 32  # bytes in memory that a byte of a header may become


class Budget:
    """Bytes that all answers of one submission may come to together, since they are kept to be explained."""

    def __init__(self, megabytes: int):
        self.megabytes, self.left = megabytes, megabytes << 20

    def take(self, header: int, payload: int) -> None:
        """Raises WireError where an answer of these lengths is more than what is left."""
        if header * HEADER_COSTS + payload > self.left:
            raise wire.WireError(f"the answers so far and this one are more than {self.megabytes} MB")
        self.left -= header * HEADER_COSTS + payload


class Channel:
    """A stream socket whose every wait is bounded by what the process may spend (``own_time.Allowance``).

    Raises TimeoutError past that, ConnectionError where the process has closed its end, and WireError for bytes that no honest
    process sends.
    """

    def __init__(self, end: socket.socket, max_payload: int, budget: Budget):
        end.setblocking(False)  # every wait is a poll
        self.socket, self.budget = end, budget
        self.incoming = Incoming(max_payload)

    def close(self) -> None:
        self.socket.close()

    def send(self, frames: Sequence[Sequence[wire.Piece]], allowance: Allowance) -> None:
        """Send whole frames. There must be nothing in the channel: an answer before its request is nobody's answer."""
        self._nothing_unasked()
        for piece in wire.packed([piece for frame in frames for piece in frame]):
            left = memoryview(piece)
            while left:
                try:
                    left = left[self.socket.send(left) :]
                except BlockingIOError:
                    self._wait(select.POLLOUT, allowance)

    def receive(self, allowance: Allowance) -> Any:
        """The value of the next frame. What has come behind it stays for the next call."""
        return wire.decode(*self.incoming.frame(partial(self._read, allowance), self.budget.take))

    def _read(self, allowance: Allowance, memory: memoryview) -> int:
        while True:
            self._wait(select.POLLIN, allowance)
            try:
                count = self.socket.recv_into(memory)
            except BlockingIOError:
                continue
            if not count:
                raise ConnectionError
            return count

    def _nothing_unasked(self) -> None:
        if self.incoming.early:
            raise wire.WireError("more than one answer")
        try:
            unasked = self.socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return
        if unasked:
            raise wire.WireError("an answer that nobody asked for")
        raise ConnectionError

    def _wait(self, event: int, allowance: Allowance) -> None:
        poll = select.poll()
        poll.register(self.socket, event)
        ready = False
        while not ready:
            ready = bool(poll.poll(1000 * LOOK_SECONDS))
            allowance.check()
