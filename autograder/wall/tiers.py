"""How strong the wall can be on this machine: tried, not guessed.

Each tier, strongest first, is tried by putting a throw-away zygote and one child behind exactly that wall and asking it a
question; the first that answers is the machine's. Why a stronger one did not hold is kept for ``convgrade doctor``.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from autograder.model import Tier

from . import layers


@dataclass(frozen=True)
class Layers:
    """What a wall of this tier is built of on this machine: ``names`` of the rows in ``layers``."""

    tier: Tier
    names: tuple[str, ...]


def candidates() -> list[tuple[Layers | None, str]]:
    """Each tier, strongest first, with its layers; or None and the reason why it cannot hold here."""
    if sys.platform != "linux":
        why = "no Linux kernel: a process and its resource limits are all there is"
        return [(Layers(Tier.E, layers.standing(Tier.E)), why)]
    choices: list[tuple[Layers | None, str]] = []
    for tier in Tier:
        why = layers.refused(tier)
        choices.append((None, why) if why else (Layers(tier, layers.standing(tier)), ""))
    return choices
