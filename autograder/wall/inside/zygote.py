"""The zygote: one clean, single-threaded interpreter with torch imported, which forks a process for each submission.

It never runs student code and never holds a trusted module. It confines itself first (its root folder is what the
children will see), then answers on its control socket: ``open`` (with the descriptor of a channel: fork a child that will
serve it), ``interrupt`` (send that child SIGINT), ``end`` (kill that child and everything it started; say how it ended)
and ``sweep`` (end every child).
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from typing import Any

from . import child, landlock, libc, limits, namespaces, preload, root, seccomp

FIRST_UID, UIDS = 50_000, 200


def main(control: socket.socket, plan: dict, parent: int) -> None:
    """Confine this process as ``plan`` says and serve ``control`` until its other end is closed."""
    if sys.platform == "linux":
        libc.die_with_parent(parent)
    _Zygote(control, plan).run()


def confine(plan: dict) -> int:
    """Put the zygote itself where its children will live. Returns a descriptor of /proc for writing their uid maps."""
    tier = plan["tier"]
    if tier in child.NAMESPACED:
        proc = os.open("/proc", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        if tier == "B":
            namespaces.become_root_of_own()
        root.build(plan["readable"], plan["hidden"], plan["scratch"])
        return proc
    if plan["preload"]:
        preload.everything()
    if tier == "C":
        root.empty()
    elif tier == "D" and "landlock" in plan["layers"]:
        landlock.restrict(plan["readable"], [])
    return -1


class _Zygote:
    def __init__(self, control: socket.socket, plan: dict):
        self.control, self.plan, self.opened = control, plan, 0
        self.keepers: dict[int, int] = {}  # keeper's pid -> child's pid
        limits.remember_mapped()
        limits.first_to_end()
        self.filter = seccomp.Filter(scratch=plan["tier"] in child.NAMESPACED) if "seccomp" in plan["layers"] else None
        if self.filter and plan["tier"] in child.NAMESPACED:
            self.filter.program(1)
        self.proc = confine(plan)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the coordinator's to answer
        gc.freeze()  # not collected first: that takes a tenth of a second and frees next to nothing
        gc.enable()

    def run(self) -> None:
        try:
            while self.answered():
                pass
        except ConnectionError:
            pass  # the other end went without waiting for its answer
        for keeper in list(self.keepers):
            with suppress(OSError):
                self.end(keeper)

    def answered(self) -> bool:
        """Whether there was a request to answer: none comes any more once the other end is closed."""
        message, descriptors, _, _ = socket.recv_fds(self.control, 1 << 16, 3)
        if message:
            request = json.loads(message)
            answer: dict[str, Any]
            try:
                if request["op"] == "open":
                    for name in request.get("warm", ()):
                        preload.WARMED[name]()
                    keeper = self.open(request, *descriptors)
                    answer = {"child": keeper, "pid": self.keepers[keeper]}
                elif request["op"] == "interrupt":
                    answer = {"sent": self.interrupt(request["child"])}
                elif request["op"] == "end":
                    answer = {"status": self.end(request["child"])}
                else:
                    answer = {"ended": [self.end(keeper) for keeper in list(self.keepers)]}
            except OSError as error:
                answer = {"trouble": str(error)}
            finally:
                for descriptor in descriptors:
                    os.close(descriptor)
            self.control.send(json.dumps(answer).encode())
        return bool(message)

    def open(self, request: dict, channel: int, null: int, group: int | None = None) -> int:
        """Fork a keeper that forks the child: the keeper stays outside the child's namespaces, waits, and tells.

        ``null`` is the child's standard input and output, an open description that no other process has; ``group`` the
        ``cgroup.procs`` of a cgroup that is to be its own.
        """
        uid = FIRST_UID + self.plan["index"] * UIDS + self.opened % UIDS if self.plan["tier"] in ("A", "C") else 0
        self.opened += 1
        order = {**self.plan, "uid": uid, "limits": request["limits"]}
        ready, report = os.pipe()
        mapped, go = os.pipe()
        zygote = os.getpid()
        keeper = os.fork()
        if keeper == 0:
            try:
                os.close(go)
                self._keep(order, (channel, null, group), report, mapped, zygote)
            except BaseException as error:
                os.write(report, f"! {error}".encode()[:500])
            os._exit(127)
        os.close(report)
        os.close(mapped)
        self.keepers[keeper] = 0
        try:
            if order["tier"] in child.NAMESPACED:
                self._expect(ready, keeper)
                namespaces.map_user(self.proc, keeper, uid, privileged=self.plan["tier"] == "A")
                os.write(go, b"1")
            self.keepers[keeper] = int(self._expect(ready, keeper))
        except OSError:
            self.end(keeper)
            raise
        finally:
            os.close(ready)
            os.close(go)
        return keeper

    def _expect(self, ready: int, keeper: int) -> bytes:
        readable, _, _ = select.select([ready], [], [], 20)
        report = os.read(ready, 500) if readable else b"! no answer"
        if not report or report.startswith(b"!"):
            raise OSError(f"a process behind the wall could not be started: {report[2:].decode(errors='replace')}")
        return report

    def _keep(self, order: dict, descriptors: tuple[int, int, int | None], report: int, mapped: int, zygote: int) -> None:
        self.control.close()
        if order["tier"] in child.NAMESPACED:
            child.scratch(order)
            namespaces.enter()
            os.write(report, b"entered")
            os.read(mapped, 1)
        if sys.platform == "linux":
            libc.die_with_parent(zygote)
        keeper = os.getpid()
        pid = os.fork()
        if pid == 0:
            try:
                child.live(*descriptors, order, keeper, self.filter)
            except BaseException as error:
                os.write(2, f"{type(error).__name__}: {error}\n".encode())
                os._exit(126)
            os._exit(0)
        os.write(report, str(pid).encode())
        os.close(report)
        for descriptor in filter(None, descriptors):
            os.close(descriptor)
        _, status = os.waitpid(pid, 0)
        os._exit(128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status) & 127)

    def interrupt(self, keeper: int) -> bool:
        pid = self.keepers.get(keeper)
        with suppress(ProcessLookupError):  # it has ended by itself
            if pid:
                os.kill(pid, signal.SIGINT)
        return bool(pid)

    def end(self, keeper: int) -> int:
        """Kill a child, which as process 1 takes its namespace with it. Returns its status: 128 + signal, or exit code.

        A status of 137 is our own SIGKILL, unless the child had already been killed for its memory. Raises OSError where
        something else killed the keeper: nobody can tell then what the child did.
        """
        if keeper not in self.keepers:
            return 0
        pid = self.keepers.pop(keeper)
        if pid:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # it has ended by itself, and its keeper has seen it
        else:
            os.kill(keeper, signal.SIGKILL)
        _, status = os.waitpid(keeper, 0)
        if pid and os.WIFSIGNALED(status) and self.plan["tier"] in ("A", "B", "C"):  # no child's doing: it cannot reach it
            raise OSError(f"a keeper was killed by signal {os.WTERMSIG(status)}")
        return os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
