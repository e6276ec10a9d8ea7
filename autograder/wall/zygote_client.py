"""The trusted end of a zygote's control socket: fresh processes behind the wall, and their end."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Collection
from contextlib import ExitStack
from pathlib import Path

from autograder.model import Limits

from . import cgroup
from .failures import WallBroken

START_SECONDS = 120.0  # of wall clock: a process is started in milliseconds, on a machine that has time for it


class Zygote:
    """The trusted end of a zygote's control socket."""

    def __init__(self, control: socket.socket, groups: str = ""):
        """``groups``: the cgroup below which each process gets one of its own; none does where it is empty."""
        self.control, self.parent = control, groups
        self.groups: dict[int, cgroup.Group] = {}
        self.cpu_seconds = 0.0  # of every process that had a cgroup and has ended, as the kernel counts them
        self.out_of_memory = False  # whether the kernel ended the last of them for its memory

    def open(self, limits: Limits, warm: Collection[str] = ()) -> tuple[int, int, socket.socket]:
        """A fresh process behind the wall: the number that ends it, its pid, and the channel to it.

        ``warm``: what is to be imported in it already, of ``WARMED`` in ``inside.preload``.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with ExitStack() as unless_opened, theirs:
            unless_opened.enter_context(ours)
            group = self._group(limits)
            if group:
                unless_opened.callback(group.close)
            fields = {name: getattr(limits, name) for name in Limits.__struct_fields__}
            # Opened anew for each: the status flags of one open description would be seen by every process that has it.
            with open(os.devnull, "r+b", buffering=0) as null:
                descriptors = [theirs.fileno(), null.fileno(), *([group.procs] if group else [])]
                answer = self._ask({"op": "open", "limits": fields, "warm": sorted(warm)}, descriptors)
            unless_opened.pop_all()
        if group:
            self.groups[answer["child"]] = group
        return answer["child"], answer["pid"], ours

    def _group(self, limits: Limits) -> cgroup.Group | None:
        if not self.parent:
            return None
        try:
            return cgroup.Group.made(Path(self.parent), cgroup.limits(limits.memory_mb, limits.processes))
        except OSError as error:
            raise WallBroken(f"a cgroup cannot be made below {self.parent} ({error.strerror})") from error

    def interrupt(self, child: int) -> None:
        """Press Ctrl-C on it, as a person does with a cell that takes too long."""
        self._ask({"op": "interrupt", "child": child}, [])

    def end(self, child: int) -> int:
        """Kill it and all it started. Returns how it ended: 128 + signal, or its exit code."""
        status = self._ask({"op": "end", "child": child}, [])["status"]
        if group := self.groups.pop(child, None):
            self.cpu_seconds += group.cpu_seconds
            self.out_of_memory = group.out_of_memory
            group.close()
        return status

    def sweep(self) -> None:
        """End every process behind the wall: whoever opened them is gone."""
        self._ask({"op": "sweep"}, [])
        for child in list(self.groups):
            self.groups.pop(child).close()

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
