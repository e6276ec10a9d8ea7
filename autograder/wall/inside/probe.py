"""Which walls hold on this machine: each is tried with a throw-away zygote and one child, which must answer a question."""

from __future__ import annotations

import json
import os
import select
import signal
import socket

from ..shared import wire
from . import zygote

SECONDS = 10


def verdicts(candidates: list[dict]) -> list[str]:
    """For each plan in turn, "" where its wall stands and a child behind it answers, else why not.

    Stops at the first that stands: what is weaker is not tried.
    """
    reasons = []
    for plan in candidates:
        reasons.append(_try({**plan, "preload": False}))
        if not reasons[-1]:
            break
    return reasons


def _try(plan: dict) -> str:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    base = os.getpid()
    pid = os.fork()
    if pid == 0:
        ours.close()
        try:
            zygote.main(theirs, plan, base)
        except BaseException as error:
            theirs.send(json.dumps({"trouble": str(error) or type(error).__name__}).encode())
        os._exit(0)
    theirs.close()
    try:
        return _question(ours, plan)
    except OSError as error:
        return str(error)
    finally:
        ours.close()
        if not select.select([os.pidfd_open(pid)] if hasattr(os, "pidfd_open") else [], [], [], 1)[0]:
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _question(control: socket.socket, plan: dict) -> str:
    channel, far = socket.socketpair()
    control.settimeout(SECONDS)
    channel.settimeout(SECONDS)
    with channel:
        with far:
            null = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
            request = json.dumps({"op": "open", "limits": plan["limits"]}).encode()
            socket.send_fds(control, [request], [far.fileno(), null])
            os.close(null)
        answer = json.loads(control.recv(1 << 16) or b'{"trouble": "it ended"}')
        if "trouble" in answer:
            return answer["trouble"]
        for piece in wire.encode([1, "sources", [{}]]):
            channel.sendall(piece)
        return "" if channel.recv(1) else "a process behind it does not start"
