"""How well people agree, criterion by criterion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Agreement:
    """Of the answers that at least two people read: how many, the share of pairs that agree, and Krippendorff's α.

    ``raw`` and ``alpha`` are None where nothing can be compared; ``alpha`` also where everybody always decided the same way, since
    then there is no chance agreement to correct for.
    """

    units: int
    raw: float | None
    alpha: float | None


def agreement(units: Iterable[Sequence[bool]]) -> Agreement:
    """Agreement over nominal values, one sequence for each answer, with any number of readings.

    α = 1 − (n − 1)·Σ o_ck / Σ n_c·n_k over c ≠ k, with the coincidences o_ck of an answer's m readings weighted by 1/(m − 1)
    (Krippendorff, Content Analysis, 2004, section 11.3.4; nominal data, missing values allowed).
    """
    disagreeing, pairs, agreeing = 0.0, 0, 0
    totals: Counter[bool] = Counter()
    compared = [list(unit) for unit in units if len(unit) > 1]
    for unit in compared:
        counts = Counter(unit)
        same = sum(count * (count - 1) for count in counts.values())
        every = len(unit) * (len(unit) - 1)
        totals += counts
        disagreeing += (every - same) / (len(unit) - 1)
        pairs, agreeing = pairs + every, agreeing + same
    total = sum(totals.values())
    by_chance = total * total - sum(count * count for count in totals.values())
    raw = agreeing / pairs if pairs else None
    return Agreement(len(compared), raw, 1 - (total - 1) * disagreeing / by_chance if by_chance else None)
