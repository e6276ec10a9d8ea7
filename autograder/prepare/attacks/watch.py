"""Sees what an attack got out and what it left: somebody who listens, a secret in the environment, the processes below."""

from __future__ import annotations

import ctypes
import os
import secrets
import signal
import socket
from contextlib import suppress
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36


class Watch:
    """Listens below ``folder`` and on the loopback, and remembers what runs. Use as a context manager. For Linux."""

    def __init__(self, folder: Path):
        self.token = f"left{secrets.token_hex(6)}"
        self.secret = f"canary-{secrets.token_hex(8)}"
        self.socket = str(folder / "listens")

    def __enter__(self) -> Watch:
        self.listeners = self._listening()
        os.environ["CONVGRADE_ATTACKED"] = self.secret
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # a daemon that outlives its parents is ours to be found
        self.before = processes()
        return self

    def __exit__(self, *_: object) -> None:
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
        os.environ.pop("CONVGRADE_ATTACKED", None)
        for one in self.listeners:
            one.close()

    def _listening(self) -> list[socket.socket]:
        """On TCP and UDP of one port, on an abstract socket and on two in the folder."""
        tcp, udp = socket.socket(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        tcp.bind(("127.0.0.1", 0))
        self.port = tcp.getsockname()[1]
        udp.bind(("127.0.0.1", self.port))
        abstract, named = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
        datagram = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        abstract.bind(f"\0{self.socket}")
        named.bind(self.socket)
        datagram.bind(f"{self.socket}-datagram")
        for path in (self.socket, f"{self.socket}-datagram"):
            os.chmod(path, 0o777)  # the wall is to stop them, not a file's mode
        for one in (tcp, abstract, named):
            one.listen()
        listeners = [tcp, udp, abstract, named, datagram]
        for one in listeners:
            one.setblocking(False)
        return listeners

    def heard(self) -> list[bytes]:
        """What reached any of the listeners since it was last asked."""
        heard = []
        for one in self.listeners:
            try:
                heard.append(one.accept()[1] if one.type == socket.SOCK_STREAM else one.recv(100))
            except BlockingIOError:
                pass
        return heard

    def left(self) -> set[int]:
        """Processes below this one that were not there before. They are ended."""
        left = processes() - self.before
        for pid in left:
            with suppress(ProcessLookupError):  # it has ended since it was listed
                os.kill(pid, signal.SIGKILL)
        return left

    def files(self, *tops: str) -> list[str]:
        """Paths at most three folders below ``tops`` whose names hold the token."""
        paths = []
        for top in tops:
            for folder, folders, names in os.walk(top):
                paths += [os.path.join(folder, name) for name in [*folders, *names] if self.token in name]
                if folder.count("/") - top.count("/") >= 3:
                    folders.clear()
        return paths


def processes() -> set[int]:
    """Every live process that descends from this one."""
    return set(descendants(os.getpid()))


def descendants(pid: int) -> dict[int, int]:
    """Live processes below ``pid``, and how far below."""
    parents = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            state, parent, *_ = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended since the folder was listed
        if state != "Z":
            parents[int(name)] = int(parent)
    depths: dict[int, int] = {}
    level, depth = {pid}, 0
    while level:
        level, depth = {one for one, parent in parents.items() if parent in level}, depth + 1
        depths |= dict.fromkeys(level, depth)
    return depths
