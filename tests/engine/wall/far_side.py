"""A zygote and the processes it opens, played by threads of this process: they speak the protocol and say what a test wants."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Callable

from autograder.wall.shared import wire
from autograder.wall.shared.frames import Incoming
from autograder.wall.zygote_client import Zygote

Say = Callable[[int, str, list], "list[bytes] | None"]  # of a request's number, operation and arguments; None: hangs up


def ok(value: object = None, kind: str = "ok") -> Say:
    return lambda number, operation, arguments: frame([number, kind, value])


def frame(value: object) -> list[bytes]:
    return [bytes(piece) for piece in wire.encode(value)]


class FarSide:
    """``client`` is the trusted end of its socket. ``status`` is how its processes end."""

    def __init__(self, say: Say | None = None, status: int = 0):
        self.say, self.status = say or ok(), status
        self.requests: list[dict] = []
        self.descriptors: list[int] = []  # how many came with each request
        self.trouble = ""  # what the zygote says that it cannot do
        self.sources = ok()  # what a fresh process says to its sources
        ours, self.control = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.client = Zygote(ours)
        self.threads = [threading.Thread(target=self._serve, daemon=True)]
        self.threads[0].start()

    def operations(self) -> list[str]:
        return [one["op"] for one in self.requests]

    def close(self) -> None:
        self.client.control.close()
        for thread in self.threads:
            thread.join(10)
        self.control.close()

    def _serve(self) -> None:
        children = 0
        while True:
            data, descriptors, _, _ = socket.recv_fds(self.control, 1 << 16, 8)
            if not data:
                return
            self.requests.append(json.loads(data))
            self.descriptors.append(len(descriptors))
            answer: dict = {"status": self.status}
            if self.requests[-1]["op"] == "open":
                children += 1
                answer = {"child": children, "pid": os.getpid()}
                thread = threading.Thread(target=self._child, args=(socket.socket(fileno=descriptors.pop(0)),), daemon=True)
                self.threads.append(thread)
                thread.start()
            for one in descriptors:
                os.close(one)
            answer = {"trouble": self.trouble} if self.trouble else answer
            self.control.send(json.dumps(answer).encode())

    def _child(self, channel: socket.socket) -> None:
        def read(memory: memoryview) -> int:
            size = channel.recv_into(memory)
            if not size:
                raise ConnectionError
            return size

        incoming = Incoming(1 << 30)
        with channel:
            try:
                while True:
                    number, operation, arguments = wire.decode(*incoming.frame(read))
                    said = (self.sources if operation == "sources" else self.say)(number, operation, arguments)
                    if said is None:
                        return
                    channel.sendall(b"".join(said))
            except (OSError, wire.WireError):
                return
