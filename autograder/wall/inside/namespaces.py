"""Namespaces: what a submission's process can see of the machine.

The zygote enters a mount namespace (and, without privilege, a user namespace) once; each child enters the rest anew.
"""

from __future__ import annotations

import os

from . import libc

CHILD = (
    libc.CLONE_NEWUSER | libc.CLONE_NEWPID | libc.CLONE_NEWNET | libc.CLONE_NEWIPC | libc.CLONE_NEWUTS | libc.CLONE_NEWCGROUP
)
INSIDE_UID = 1000


def become_root_of_own() -> None:
    """Enter a user namespace in which this user is root: the way to mounts without privilege (tier B)."""
    uid, gid = os.getuid(), os.getgid()
    libc.unshare(libc.CLONE_NEWUSER)
    for name, line in (("setgroups", "deny"), ("uid_map", f"0 {uid} 1"), ("gid_map", f"0 {gid} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(line)


def enter() -> None:
    """Leave every namespace the zygote lives in. The next fork is process 1 of a world of its own."""
    libc.unshare(CHILD)


def map_user(proc: int, pid: int, outside: int, *, privileged: bool) -> None:
    """Give the user namespace of ``pid`` its one user: ``INSIDE_UID`` inside, ``outside`` here.

    ``proc`` is a descriptor of a /proc that shows ``pid``. The writer is the zygote, the parent: only it may choose a uid
    other than its own. Without privilege the kernel wants setgroups forbidden first.
    """
    lines = [("uid_map", f"{INSIDE_UID} {outside} 1"), ("gid_map", f"{INSIDE_UID} {outside} 1")]
    if not privileged:
        lines.insert(0, ("setgroups", "deny"))
    for name, line in lines:
        descriptor = os.open(f"{pid}/{name}", os.O_WRONLY | os.O_CLOEXEC, dir_fd=proc)
        try:
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)
