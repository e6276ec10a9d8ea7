"""How strong the wall can be on this machine: tried, not guessed.

Each tier, strongest first, is tried by putting a throw-away zygote and one child behind exactly that wall and asking it a
question; the first that answers is the machine's. Why a stronger one did not hold is kept for ``convgrade doctor``.
"""

from __future__ import annotations

import ctypes
import os
import sys
from dataclasses import dataclass

from autograder.model import Tier

from .inside import landlock

ORDER = tuple(Tier)


@dataclass(frozen=True)
class Layers:
    """What a wall of this tier is built of on this machine."""

    tier: Tier
    landlock: bool
    seccomp: bool


def candidates() -> list[tuple[Layers | None, str]]:
    """Each tier from the strongest with its layers, or None and the reason it is out of the question here."""
    if sys.platform != "linux":
        return [(Layers(Tier.E, False, False), "no Linux kernel: a process and its resource limits are all there is")]
    has_landlock, has_seccomp, root = landlock.abi() > 0, _has_libseccomp(), os.geteuid() == 0
    no_seccomp = "libseccomp is missing: install the Debian package libseccomp2"
    found: list[tuple[Layers | None, str]] = []
    for tier in (Tier.A, Tier.B, Tier.C, Tier.D):
        if not has_seccomp:
            found.append((None, no_seccomp))
        elif tier in (Tier.A, Tier.C) and not root:
            found.append((None, "needs root"))
        else:
            found.append((Layers(tier, has_landlock, True), ""))
    return [*found, (Layers(Tier.E, False, has_seccomp), "")]


def _has_libseccomp() -> bool:
    try:
        ctypes.CDLL("libseccomp.so.2")
    except OSError:
        return False
    return True
