"""The root folder that the far side sees, made once in the zygote and inherited by every child.

With mounts (tiers A and B) it is a read-only tmpfs holding read-only binds of what may be read: the standard library,
site-packages less this project's own packages, system libraries, and three devices. With chroot alone (tier C) it is
an empty folder: all that a submission may import has been imported by then.
"""

from __future__ import annotations

import os
import tempfile

from . import libc

DEVICES = ("/dev/null", "/dev/random", "/dev/urandom")  # not /dev/zero: mapped, it is memory beyond RLIMIT_DATA
_BASE = "/tmp"  # any folder that exists: it is covered in the zygote's own mount namespace only


def build(readable: list[str], hidden: list[str], scratch: str) -> None:
    """Enter a mount namespace whose root holds ``readable`` read-only, with ``hidden`` folders inside covered.

    ``scratch`` is where each child will get a folder of its own.
    """
    libc.unshare(libc.CLONE_NEWNS)
    libc.mount("none", "/", "", libc.MS_REC | libc.MS_PRIVATE)
    # Opened before /tmp is covered, since what is to be read may live below it.
    sources = {path: os.open(path, os.O_PATH | os.O_CLOEXEC) for path in readable if os.path.isdir(path)}
    devices = {path: os.open(path, os.O_PATH | os.O_CLOEXEC) for path in DEVICES if os.path.exists(path)}
    links = {path: os.readlink(path) for path in readable if os.path.islink(path)}
    libc.mount("tmpfs", _BASE, "tmpfs", libc.MS_NOSUID | libc.MS_NODEV, "size=1m,mode=755")
    for path in ("/dev", scratch):
        os.makedirs(_BASE + path, exist_ok=True)
    for path, link in links.items():
        os.makedirs(os.path.dirname(_BASE + path), exist_ok=True)
        os.symlink(link, _BASE + path)
    for path, descriptor in sources.items():
        if path not in links:
            os.makedirs(_BASE + path, exist_ok=True)
            libc.mount(f"/proc/self/fd/{descriptor}", _BASE + path, "", libc.MS_BIND)
            _read_only(_BASE + path)
        os.close(descriptor)
    for path, descriptor in devices.items():
        os.close(os.open(_BASE + path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC))
        libc.mount(f"/proc/self/fd/{descriptor}", _BASE + path, "", libc.MS_BIND)
        os.close(descriptor)
    for path in hidden:
        if os.path.isdir(_BASE + path):
            libc.mount("tmpfs", _BASE + path, "tmpfs", libc.MS_RDONLY | libc.MS_NOSUID | libc.MS_NODEV, "size=4k")
    _read_only(_BASE)
    os.chdir(_BASE)
    libc.pivot_root(".", ".")
    libc.umount(".", libc.MNT_DETACH)
    os.chdir("/")


def _read_only(path: str) -> None:
    """Make a mount read-only; a bind takes that on a second call only, and an unprivileged one must keep its flags."""
    flags = libc.MS_REMOUNT | libc.MS_BIND | libc.MS_RDONLY | libc.MS_NOSUID | libc.MS_NODEV
    locked = os.statvfs(path).f_flag & (os.ST_NOEXEC | os.ST_NOATIME | os.ST_NODIRATIME | os.ST_RELATIME)
    libc.mount("none", path, "", flags | locked)


def empty() -> None:
    """chroot into an empty folder that is removed at once: nothing can ever be made in it, by any user."""
    path = tempfile.mkdtemp()
    os.chdir(path)
    os.rmdir(path)
    os.chroot(".")
    # A folder that has gone has no name, which os.path.abspath(__file__) asks for.
    os.getcwd = lambda: "/"


def private_scratch(path: str, megabytes: int, uid: int) -> None:
    """A folder of the child's own at ``path``, bounded in bytes and files, which vanishes with its mount namespace."""
    libc.unshare(libc.CLONE_NEWNS)
    options = f"size={megabytes}m,nr_inodes=1024,mode=700,uid={uid},gid={uid}"
    libc.mount("tmpfs", path, "tmpfs", libc.MS_NOSUID | libc.MS_NODEV | libc.MS_NOEXEC, options)
