"""Frames out of a stream of bytes, for both sides of the wall."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from . import wire

READ = 1 << 16  # bytes at a time, until it is known how many are to come


class Incoming:
    """Takes one frame after the other off a stream; what came behind it is kept for the next.

    Its callers give ``read``, which fills some of the memory that it is given and returns how many bytes. What ``read``
    raises where none come is raised.
    """

    def __init__(self, max_payload: int):
        self.max_payload = max_payload
        self.early = bytearray()  # come, but not yet taken
        self.some = memoryview(bytearray(READ))

    def frame(
        self, read: Callable[[memoryview], int], admit: Callable[[int, int], None] = lambda header, payload: None
    ) -> tuple[bytes, memoryview]:
        """Header and payload of the next frame, the payload in memory of its own, aligned as it was sent.

        ``admit`` is told their lengths before memory is set aside for them. Raises WireError over the caps.
        """
        while len(self.early) < wire.PREFIX.size:
            self.early += self.some[: read(self.some)]
        header, payload = wire.lengths(bytes(self.early[: wire.PREFIX.size]), self.max_payload)
        admit(header, payload)
        begins = wire.PREFIX.size + header
        size = begins + payload
        frame = np.empty(size, np.uint8).data  # the kernel gives its pages as they are written, not as they are announced
        have = min(len(self.early), size)
        frame[:have] = self.early[:have]
        del self.early[:have]
        while have < size:
            have += read(frame[have:])
        return bytes(frame[wire.PREFIX.size : begins]), frame[begins:]
