"""The one place where torch is imported: a clean interpreter that forks zygotes and trusted workers, a pair each time.

It first says which walls hold here (``probe``). Started as ``python -I -S -B base.py`` with a socket as standard
input and an environment built from nothing. Each request on the socket (JSON, with the descriptor of the worker's own
channel) forks a zygote and then a worker: the zygote from this still clean process, so that it never holds a trusted
module; the worker adds the engine and the course to its path and is on the trusted side from there on. When the socket
closes, everything ends.
"""

import gc
import json
import os
import socket
import sys
import time


def main() -> None:
    control = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    start = json.loads(control.recv(1 << 16))
    os.environ.pop("GLIBC_TUNABLES", None)  # read by the C library as this process began: nobody below needs to see it
    sys.path[:0] = [start["wall"]]
    sys.path += start["site"]
    from wall.inside import preload, probe, zygote

    sys.path.remove(start["wall"])
    control.send(json.dumps(probe.verdicts(start["candidates"])).encode())
    if not start["preload"]:
        control.recv(1)
        return
    gc.disable()  # collecting while torch is imported finds nothing and takes a tenth of a second; who is forked turns it on
    preload.usual()
    gc.freeze()
    while True:
        try:
            message, descriptors, _, _ = socket.recv_fds(control, 1 << 16, 1)
        except ConnectionResetError:
            message = b""
        if not message:
            _wait_for_all()
            os._exit(0)  # taking torch apart in good order takes a tenth of a second and is of no use to anyone
        _reap()
        plan = json.loads(message)
        (channel,) = descriptors
        base = os.getpid()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        if os.fork() == 0:
            for one in (control, ours):
                one.close()
            os.close(channel)
            _run(zygote.main, theirs, plan, base)
        theirs.close()
        if plan["config"] is None:  # a wall alone, for who asks it directly
            with socket.socket(fileno=channel) as one, ours:
                socket.send_fds(one, [b"zygote"], [ours.fileno()])
            continue
        if os.fork() == 0:
            control.close()
            sys.path[:0] = plan["trusted"]
            _run(_worker, socket.socket(fileno=channel), ours, plan, base)
        ours.close()
        os.close(channel)


def _worker(channel: socket.socket, control: socket.socket, plan: dict, base: int) -> None:
    from autograder.worker import main

    main(channel, control, plan, base)


def _run(part, *arguments) -> None:
    code = 1
    try:
        part(*arguments)
        code = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(code)


def _wait_for_all(seconds: float = 5.0) -> None:
    """Workers and zygotes end by themselves once their channels are closed; what does not is ended with this process."""
    ends = time.monotonic() + seconds
    try:
        while time.monotonic() < ends:
            if not os.waitpid(-1, os.WNOHANG)[0]:
                time.sleep(0.005)
    except ChildProcessError:
        pass


def _reap() -> None:
    """Collect what has ended: a worker or a zygote that died is noticed by who talks to it."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


if __name__ == "__main__":
    main()
