"""The trusted end of the channel to one process behind the wall: frames out, frames in, nothing unasked, all in time.

No read trusts what is announced: a length is checked against its cap and against what the submission may still send before
memory is set aside for it.
"""

from __future__ import annotations

import select
import socket
import time
from typing import Any

from . import wire

READ = 1 << 16  # bytes at a time, until it is known how many are to come
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
    """A stream socket whose every wait has a deadline, by ``time.monotonic``.

    Raises TimeoutError past it, ConnectionError where the process has closed its end, and WireError for bytes that no honest
    process sends.
    """

    def __init__(self, end: socket.socket, max_payload: int, budget: Budget):
        end.setblocking(False)  # every wait is a poll
        self.socket, self.max_payload, self.budget = end, max_payload, budget
        self.early = bytearray()  # come, but not yet received

    def close(self) -> None:
        self.socket.close()

    def send(self, frames: list[list], deadline: float) -> None:
        """Send whole frames. There must be nothing in the channel: an answer before its request is nobody's answer."""
        self._nothing_unasked()
        for piece in wire.packed([piece for frame in frames for piece in frame]):
            left = memoryview(piece)
            while left:
                try:
                    left = left[self.socket.send(left) :]
                except BlockingIOError:
                    self._wait(select.POLLOUT, deadline)

    def receive(self, deadline: float) -> Any:
        """The value of the next frame. What has come behind it stays for the next call."""
        while len(self.early) < wire.PREFIX.size:
            self.early += self._some(deadline)
        header, payload = wire.lengths(bytes(self.early[: wire.PREFIX.size]), self.max_payload)
        self.budget.take(header, payload)
        begins = wire.PREFIX.size + header
        frame = self._frame(begins + payload, deadline)
        return wire.decode(bytes(frame[wire.PREFIX.size : begins]), frame[begins:])

    def _frame(self, size: int, deadline: float) -> memoryview:
        if len(self.early) >= size:
            frame, self.early = self.early, self.early[size:]
            return memoryview(frame)[:size]
        frame = memoryview(bytearray(size))  # the kernel gives its pages as they are written, not as they are announced
        have = len(self.early)
        frame[:have], self.early = self.early, bytearray()
        while have < size:
            self._wait(select.POLLIN, deadline)
            try:
                came = self.socket.recv_into(frame[have:])
            except BlockingIOError:
                continue
            if not came:
                raise ConnectionError
            have += came
        return frame

    def _some(self, deadline: float) -> bytes:
        while True:
            self._wait(select.POLLIN, deadline)
            try:
                piece = self.socket.recv(READ)
            except BlockingIOError:
                continue
            if not piece:
                raise ConnectionError
            return piece

    def _nothing_unasked(self) -> None:
        if self.early:
            raise wire.WireError("more than one answer")
        try:
            unasked = self.socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return
        if unasked:
            raise wire.WireError("an answer that nobody asked for")
        raise ConnectionError

    def _wait(self, event: int, deadline: float) -> None:
        left = deadline - time.monotonic()
        poll = select.poll()
        poll.register(self.socket, event)
        if left <= 0 or not poll.poll(1000 * left):
            raise TimeoutError
