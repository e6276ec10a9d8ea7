"""The layers of the wall, one row each: what it needs, on which tiers it stands, which module applies it, how it is described.

This is the one place where a layer is declared. What the far side is asked to build (``launch``), what ``convgrade doctor``
says of a machine and the table in SECURITY.md all follow from these rows; the module that
applies a layer says how it works.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass

from autograder.model import Tier

from . import cgroup
from .inside import landlock


@dataclass(frozen=True)
class Layer:
    """One layer. ``missing`` says what this machine lacks for it, "" where it has all."""

    name: str
    words: str  # what the layer is, in a few words
    holds: str  # what it stops
    tiers: str
    applied: str  # the module, below ``autograder/wall``
    needs: str
    missing: Callable[[], str] = lambda: ""
    optional: bool = False  # its tiers hold without it, where the machine lacks what it needs


def _linux() -> str:
    return "" if sys.platform == "linux" else "no Linux kernel"


def _root() -> str:
    return _linux() or ("" if os.geteuid() == 0 else "needs root")


def _landlock() -> str:
    return _linux() or ("" if landlock.abi() > 0 else "the kernel has no Landlock")


def _seccomp() -> str:
    try:
        ctypes.CDLL("libseccomp.so.2")
    except OSError:
        return _linux() or "libseccomp is missing: install the Debian package libseccomp2"
    return _linux()


LAYERS = (
    Layer(
        "namespaces",
        "user, pid, mount, network, ipc, uts and cgroup namespaces",
        "what is not in them cannot be signalled, connected to or mounted",
        "AB",
        "inside/namespaces.py",
        "root with CAP_SYS_ADMIN (A) or unprivileged user namespaces (B)",
        _linux,
    ),
    Layer(
        "root",
        "a read-only root folder without this project, a private /tmp",
        "what is not there cannot be opened or found by stat",
        "AB",
        "inside/root.py",
        "a mount namespace",
        _linux,
    ),
    Layer(
        "chroot",
        "chroot to an empty folder that no longer exists",
        "no file can be opened or made",
        "C",
        "inside/root.py",
        "root",
        _root,
    ),
    Layer(
        "uid",
        "a uid of its own",
        "another submission's process is out of reach a second time, and threads are counted for one submission",
        "AC",
        "inside/child.py",
        "root",
        _root,
    ),
    Layer(
        "capabilities",
        "no capabilities, and none to be regained",
        "what only root may do",
        "ABCD",
        "inside/libc.py",
        "Linux",
        _linux,
    ),
    Layer(
        "landlock",
        "Landlock",
        "a second wall over files behind the mounts; on D the only one",
        "ABCD",
        "inside/landlock.py",
        "Linux 5.13 or newer",
        _landlock,
        optional=True,
    ),
    Layer(
        "seccomp",
        "seccomp",
        "every system call but those that Python and torch need; no process, no socket but a stream pair",
        "ABCDE",
        "inside/seccomp.py",
        "libseccomp",
        _seccomp,
        optional=True,  # on E alone: without it no tier above E is offered
    ),
    Layer(
        "descriptors",
        "descriptors of its own: the channel, and a /dev/null opened for it alone",
        "no open file is shared with another submission, nor its status flags",
        "ABCDE",
        "inside/child.py",
        "nothing",
    ),
    Layer(
        "rlimits",
        "rlimits",
        "memory, processor time, open files and core dumps of one process",
        "ABCDE",
        "inside/limits.py",
        "nothing",
    ),
    Layer(
        "cgroup",
        "a cgroup of its own",
        "memory of every kind, tasks and processor time together, as the kernel counts them",
        "ABCD",
        "cgroup.py",
        "a cgroup of version 2 that may be written, with the controllers memory and pids",
        cgroup.missing,
        optional=True,
    ),
)
BY_NAME = {layer.name: layer for layer in LAYERS}


def of(tier: Tier) -> tuple[Layer, ...]:
    """The layers of a tier, whether this machine has them or not."""
    return tuple(layer for layer in LAYERS if tier.value in layer.tiers)


def standing(tier: Tier) -> tuple[str, ...]:
    """The names of a tier's layers that this machine can build."""
    return tuple(layer.name for layer in of(tier) if not layer.missing())


def refused(tier: Tier) -> str:
    """Why a tier cannot hold on this machine; "" if it is worth trying."""
    needed = (layer for layer in of(tier) if not layer.optional or (layer.name == "seccomp" and tier is not Tier.E))
    if tier is Tier.A and _root():
        return _root()
    return next((why for layer in needed if (why := layer.missing())), "")


def table() -> str:
    """The layers as the Markdown table that SECURITY.md holds."""
    rows = ["| layer | stops | tiers | needs | where |", "|---|---|---|---|---|"]
    rows += [f"| {one.words} | {one.holds} | {one.tiers} | {one.needs} | `wall/{one.applied}` |" for one in LAYERS]
    return "\n".join(rows) + "\n"
