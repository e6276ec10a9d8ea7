"""The trusted end of a zygote's control socket: fresh processes behind the wall, and their end."""

from __future__ import annotations

import json
import socket
from collections.abc import Collection

from autograder.model import Limits

from .failures import WallBroken

START_SECONDS = 120.0  # of wall clock: a process is started in milliseconds, on a machine that has time for it


class Zygote:
    """The trusted end of a zygote's control socket."""

    def __init__(self, control: socket.socket):
        self.control = control

    def open(self, limits: Limits, warm: Collection[str] = ()) -> tuple[int, int, socket.socket]:
        """A fresh process behind the wall: the number that ends it, its pid, and the channel to it.

        ``warm``: what is to be imported in it already, of ``WARMED`` in ``inside.preload``.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs:
            fields = {name: getattr(limits, name) for name in Limits.__struct_fields__}
            answer = self._ask({"op": "open", "limits": fields, "warm": sorted(warm)}, [theirs.fileno()])
        return answer["child"], answer["pid"], ours

    def interrupt(self, child: int) -> None:
        """Press Ctrl-C on it, as a person does with a cell that takes too long."""
        self._ask({"op": "interrupt", "child": child}, [])

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
