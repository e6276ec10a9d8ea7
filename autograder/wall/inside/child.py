"""A submission's process: the order in which it puts itself behind the wall, and only then meets student code.

The order matters: what needs privilege comes before privilege is dropped, what needs files before Landlock, what needs
system calls before seccomp, and the first line of student code last.
"""

from __future__ import annotations

import os
import resource
import socket
import sys
import tempfile

from . import landlock, libc, limits, namespaces, root, serve

NAMESPACED = ("A", "B")


def live(channel: int, null: int, group: int | None, order: dict, parent: int, filter_) -> None:
    """Go behind the wall as ``order`` says (tier, uid, limits, readable) and answer requests until the channel closes.

    ``channel``, ``null`` and ``group`` are descriptors: the socket to the trusted side, standard input and output, and the
    ``cgroup.procs`` of its own cgroup where there is one.
    """
    tier = order["tier"]
    linux = sys.platform == "linux"
    os.setsid()
    if group is not None:
        os.write(group, b"0")
    trusted = _only_descriptors(channel, null if "descriptors" in order["layers"] else 0)
    limits.apply(order["limits"])
    if tier in NAMESPACED:
        if tier == "A":
            os.setgroups([])
        os.setresgid(*[namespaces.INSIDE_UID] * 3)
        os.setresuid(*[namespaces.INSIDE_UID] * 3)
        os.chdir(order["scratch"])
        os.environ["HOME"] = os.environ["TMPDIR"] = tempfile.tempdir = order["scratch"]
    elif tier == "C":
        os.setgroups([])
        os.setresgid(*[order["uid"]] * 3)
        os.setresuid(*[order["uid"]] * 3)
    if linux:
        libc.drop_capabilities()
        # Only now: a change of user clears the signal. A parent outside the pid namespace is seen as 0.
        libc.die_with_parent(0 if tier in NAMESPACED else parent)
        libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
        libc.prctl(libc.PR_SET_DUMPABLE, 0)
    if "landlock" in order["layers"]:
        in_sight = [] if tier == "C" else order["readable"]
        landlock.restrict(in_sight, [order["scratch"]] if tier in NAMESPACED else [])
    for descriptor in (1, 2):  # up to here a failure of ours is heard; what a student prints is not
        os.dup2(0, descriptor)
    if filter_ is not None:
        filter_.install(os.getpid())
    serve.serve(trusted, order["limits"]["reply_mb"] << 20)


def _only_descriptors(channel: int, null: int) -> socket.socket:
    """Leave nothing open but 0 to 2 (``null``, but for messages of our own while the wall is built) and the channel."""
    os.dup2(null, 0)
    if channel != 3:
        os.dup2(channel, 3, inheritable=False)
    highest = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    os.closerange(4, highest if highest != resource.RLIM_INFINITY else 1 << 16)
    return socket.socket(fileno=3)


def scratch(order: dict) -> None:
    """What the keeper does before it leaves its namespaces: a folder that only this child will have."""
    if order["tier"] in NAMESPACED:
        root.private_scratch(order["scratch"], order["limits"]["scratch_mb"], order["uid"])
