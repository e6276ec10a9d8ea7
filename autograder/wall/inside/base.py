"""The one place where torch is imported: a clean interpreter that forks zygotes and trusted workers, a pair each time.

It first says which walls hold here (``probe``). Started as ``python -I -S -B base.py`` with a socket as standard
input and an environment built from nothing. Each request on the socket (JSON, with the descriptor of the worker's own
channel) forks a zygote and then a worker: the zygote from this still clean process, so that it never holds a trusted
module; the worker adds the engine and the course to its path and is on the trusted side from there on. When the socket
closes, even because the coordinator was killed, every process ends at once, whatever it is doing.
"""

import gc
import importlib
import json
import os
import signal
import socket
import sys
import time


def main() -> None:
    control = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    try:
        start = json.loads(control.recv(1 << 16) or b"null")
    except ConnectionError:
        start = None
    if start is None:  # the run was over before it began
        return
    os.environ.pop("GLIBC_TUNABLES", None)  # read by the C library as this process began: nobody below needs to see it
    sys.path[:0] = [start["wall"]]
    sys.path += start["site"]
    from wall.inside import preload, probe, zygote

    sys.path.remove(start["wall"])
    verdicts = json.dumps(probe.verdicts(start["candidates"])).encode()
    try:
        control.send(verdicts)
    except ConnectionError:  # the coordinator was killed in the meantime
        return
    if not start["preload"]:
        control.recv(1)
        return
    try:
        beside = json.loads(control.recv(1 << 20) or b"null")  # named while the walls were tried
    except ConnectionError:
        beside = None
    if beside is None:
        return
    preload.only_of_grading(**beside)  # before torch, which looks for modules that it can do without
    gc.disable()  # collecting while torch is imported finds nothing and takes a tenth of a second; who is forked turns it on
    preload.usual()
    gc.freeze()
    zygotes: set[int] = set()
    workers: set[int] = set()
    while True:
        try:
            message, descriptors, _, _ = socket.recv_fds(control, 1 << 16, 1)
        except ConnectionResetError:
            message = b""
        if not message:
            _end(workers, zygotes)
            os._exit(0)  # taking torch apart in good order takes a tenth of a second and is of no use to anyone
        _reap(workers, zygotes)
        plan = json.loads(message)
        (channel,) = descriptors
        base = os.getpid()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        pid = os.fork()
        if pid == 0:
            for one in (control, ours):
                one.close()
            os.close(channel)
            _run(zygote.main, theirs, plan, base)
        zygotes.add(pid)
        theirs.close()
        if plan["config"] is None:  # a wall alone, for callers that use it directly
            with socket.socket(fileno=channel) as one, ours:
                socket.send_fds(one, [b"zygote"], [ours.fileno()])
            continue
        pid = os.fork()
        if pid == 0:
            control.close()
            sys.path[:0] = plan["trusted"]
            _run(_worker, socket.socket(fileno=channel), ours, plan, base)
        workers.add(pid)
        ours.close()
        os.close(channel)


def _worker(channel: socket.socket, control: socket.socket, plan: dict, base: int) -> None:
    sys.modules["wall.inside.preload"].all_that_is_installed()
    module, _, function = plan["entry"].partition(":")
    getattr(importlib.import_module(module), function)(channel, control, plan, base)


def _run(part, *arguments) -> None:
    code = 1
    try:
        part(*arguments)
        code = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        try:
            sys.stderr.flush()  # there may be none
        finally:
            os._exit(code)


def _end(workers: set[int], zygotes: set[int], seconds: float = 1.0) -> None:
    """End all there is. Nobody waits for what a worker does; zygotes then see theirs gone, and end their children first."""
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
    ends = time.monotonic() + seconds
    while (workers or zygotes) and time.monotonic() < ends:
        _reap(workers, zygotes)
        time.sleep(0.002)
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)  # this process with them


def _reap(*running: set[int]) -> None:
    """Collect what has ended: a worker or a zygote that died is noticed by who talks to it."""
    try:
        while pid := os.waitpid(-1, os.WNOHANG)[0]:
            for pids in running:
                pids.discard(pid)
    except ChildProcessError:
        pass


if __name__ == "__main__":
    main()
