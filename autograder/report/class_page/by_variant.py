"""Were the variants equally difficult? How each number went in each variant, and which differ more than chance makes them.

Also whose answers are right for another variant, and what is odd about the sheets: facts without a judgement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from autograder.marking.own_variant import ODD
from autograder.model import Message, Outcome, Result
from autograder.report.class_page.statistics import CONFIDENT

DRAWS = 20_000
FEWEST = 5  # submissions of a variant below which nothing is said of it
LEVEL = 0.05


@dataclass(frozen=True)
class Rate:
    """How one number went in one variant: ``right`` of ``count``, and the share's 95% confidence interval."""

    variant: int
    right: int
    count: int

    @property
    def share(self) -> float:
        return self.right / self.count

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's: "Probable inference, the law of succession, and statistical inference", JASA 22 (1927)."""
        n, z = self.count, CONFIDENT
        middle, wide = self.share + z * z / (2 * n), z * np.sqrt(self.share * (1 - self.share) / n + z * z / (4 * n * n))
        return float(max(0.0, (middle - wide) / (1 + z * z / n))), float(min(1.0, (middle + wide) / (1 + z * z / n)))


@dataclass(frozen=True)
class NumberByVariant:
    """One number in all variants. ``apart``: its shares differ by more than chance explains, all numbers considered."""

    key: str
    rates: tuple[Rate, ...]
    chance: float  # how often chance alone makes shares at least as different
    apart: bool = False


@dataclass
class ByVariant:
    """What is collected while a class is read; nothing if everybody has the same sheet."""

    fates: dict[str, dict[int, list[bool]]] = field(default_factory=dict)  # key -> variant -> right or not
    elsewhere: list[tuple[str, str, str, int, tuple[int, ...]]] = field(default_factory=list)  # id, key, value, own, others
    odd: list[tuple[str, Message]] = field(default_factory=list)

    def take(self, result: Result) -> None:
        """Count one submission's numbers under its variant."""
        self.odd += [(result.id, message) for message in result.messages if message.key in ODD]
        if not result.variant:
            return
        for part in result.parts:
            if part.kind == "numbers" and part.outcome not in (Outcome.NOT_ATTEMPTED, Outcome.UNREAD):
                its = self.fates.setdefault(part.part.key, {}).setdefault(result.variant, [])
                its.append(part.outcome is Outcome.PASSED)
                if others := result.elsewhere.get(part.part.key):
                    self.elsewhere.append((result.id, part.part.key, part.came, result.variant, others))

    def numbers(self) -> list[NumberByVariant]:
        """Every number, those that differ most unexpectedly first; ``apart`` by Holm's correction for looking at many.

        Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979).
        """
        ordered = sorted((_number(key, its) for key, its in self.fates.items()), key=lambda one: (one.chance, one.key))
        numbers, still = [], True
        for place, one in enumerate(ordered):
            still = still and one.chance <= LEVEL / (len(ordered) - place)
            numbers.append(NumberByVariant(one.key, one.rates, one.chance, still))
        return numbers


def _number(key: str, fates: Mapping[int, list[bool]]) -> NumberByVariant:
    rates = tuple(Rate(variant, sum(its), len(its)) for variant, its in sorted(fates.items()))
    return NumberByVariant(key, rates, by_chance([rate for rate in rates if rate.count >= FEWEST]))


def by_chance(rates: list[Rate], draws: int = DRAWS, seed: int = 0) -> float:
    """How often chance alone makes shares at least as different: the right answers dealt anew over the variants.

    A permutation test on Pearson's chi-square: Edgington & Onghena, "Randomization Tests" (2007), ch. 6. 1 where there is
    nothing to compare.
    """
    counts = np.array([rate.count for rate in rates])
    right = np.array([rate.right for rate in rates])
    if len(rates) < 2 or right.sum() in (0, counts.sum()):
        return 1.0
    drawn = np.random.default_rng(seed).multivariate_hypergeometric(counts, right.sum(), size=draws)
    expected = counts * right.sum() / counts.sum()

    def apart(those: np.ndarray) -> np.ndarray:
        return ((those - expected) ** 2 / counts).sum(axis=-1)

    return float((1 + (apart(drawn) >= apart(right) - 1e-9).sum()) / (1 + draws))
