"""Classical test theory in plain numpy, each function with its source.

``scores`` is an array of shape (submissions, parts) in points throughout. What cannot be computed (too few submissions, a
part that everybody has alike) is NaN, never a number that looks like one.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

CONFIDENT = 1.959964  # the normal distribution's 97.5% point: 95% lies within it on either side
DRAWS = 2_000
AT_ONCE = 50  # drawn classes that are held in memory together


def facility(scores: np.ndarray, most: np.ndarray) -> np.ndarray:
    """Mean share of a part's points that was earned, shape (parts,): 1 where everybody has all of them.

    The difficulty index p of Crocker & Algina, "Introduction to Classical and Modern Test Theory" (1986), ch. 14, for parts
    with partial points.
    """
    if not len(scores):
        return np.full(len(most), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(most > 0, scores.mean(axis=0) / most, np.nan)


def item_rest(scores: np.ndarray) -> np.ndarray:
    """Pearson correlation of each part with the sum of all the others, shape (parts,).

    The part is left out of the sum, lest it correlate with itself: Henrysson, "Correction of item-total correlations in item
    analysis", Psychometrika 28 (1963).
    """
    rest = scores.sum(axis=1, keepdims=True) - scores
    return np.array([_correlation(scores[:, part], rest[:, part]) for part in range(scores.shape[1])])


def alpha(scores: np.ndarray) -> float:
    """Cronbach's alpha: k/(k−1) · (1 − Σ variances of the parts / variance of the sum).

    Cronbach, "Coefficient alpha and the internal structure of tests", Psychometrika 16 (1951), equation 2. Variances have
    n − 1 below; it cancels.
    """
    count, parts = scores.shape
    if count < 2 or parts < 2:
        return float("nan")
    whole = scores.sum(axis=1).var(ddof=1)
    if whole <= 1e-12:
        return float("nan")
    return float(parts / (parts - 1) * (1 - scores.var(axis=0, ddof=1).sum() / whole))


def alpha_if_deleted(scores: np.ndarray) -> np.ndarray:
    """Cronbach's alpha of all parts but one, shape (parts,): where it rises, the part goes its own way."""
    return np.array([alpha(np.delete(scores, part, axis=1)) for part in range(scores.shape[1])])


def alpha_interval(scores: np.ndarray, draws: int = DRAWS, seed: int = 0) -> tuple[float, float]:
    """Where alpha lies in 95 of 100 classes drawn, with replacement, from this one. The same scores give the same interval.

    The percentile bootstrap over submissions: Efron & Tibshirani, "An Introduction to the Bootstrap" (1993), ch. 13.
    """
    count, parts = scores.shape
    if count < 3 or np.isnan(alpha(scores)):
        return float("nan"), float("nan")
    # A drawn class is how often each submission is in it; its variances follow from weighted moments of the scores.
    # They are drawn a few at a time, since all draws of a large class together would take a gigabyte.
    random, equally = np.random.default_rng(seed), np.full(count, 1 / count)
    centred = scores - scores.mean(axis=0)
    both = np.column_stack([centred, centred.sum(axis=1)])
    squared, spread = both**2, []
    for at in range(0, draws, AT_ONCE):
        often = random.multinomial(count, equally, size=min(AT_ONCE, draws - at)).astype(float)
        spread.append((often @ squared) / count - ((often @ both) / count) ** 2)
    variances, of_whole = np.concatenate(spread)[:, :-1], np.concatenate(spread)[:, -1]
    usable = of_whole > 1e-12
    drawn = parts / (parts - 1) * (1 - variances[usable].sum(axis=1) / of_whole[usable])
    if len(drawn) < draws / 2:
        return float("nan"), float("nan")
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)


def chance_correlation(count: int) -> float:
    """How large a correlation of two unrelated things comes about in 95 of 100 samples of ``count``: tanh(1.96 / √(n − 3)).

    Fisher's z: "On the 'probable error' of a coefficient of correlation", Metron 1 (1921).
    """
    return float(np.tanh(CONFIDENT / np.sqrt(count - 3))) if count > 3 else 1.0


def correlation_at_most(correlation: float, count: int, tests: int) -> float:
    """The upper confidence bound of a correlation observed in ``count`` submissions, at 95% jointly over ``tests`` bounds.

    Fisher's z, as in ``chance_correlation``, one-sided, with Bonferroni's correction for looking at many at once.
    """
    if count <= 3 or np.isnan(correlation):
        return 1.0
    margin = NormalDist().inv_cdf(1 - 0.05 / max(1, tests)) / np.sqrt(count - 3)
    return float(np.tanh(np.arctanh(np.clip(correlation, -0.999999, 0.999999)) + margin))


def histogram(shares: np.ndarray, bins: int = 10) -> np.ndarray:
    """How many of ``shares`` (from 0 to 1) lie in each of ``bins`` equal steps; the last one holds its upper end too."""
    steps = np.minimum(np.floor(np.round(np.asarray(shares, float) * bins, 9)), bins - 1).astype(int)
    return np.bincount(steps, minlength=bins)


def quartiles(values: np.ndarray) -> tuple[float, float, float]:
    """Lower quartile, median, upper quartile: definition 7 of Hyndman & Fan, "Sample quantiles in statistical packages",
    The American Statistician 50 (1996)."""
    if not len(values):
        return float("nan"), float("nan"), float("nan")
    low, middle, high = np.quantile(values, [0.25, 0.5, 0.75])
    return float(low), float(middle), float(high)


def _correlation(a: np.ndarray, b: np.ndarray) -> float:
    if len(a) < 3:
        return float("nan")
    a, b = a - a.mean(), b - b.mean()
    size = np.sqrt((a @ a) * (b @ b))
    return float(np.clip(a @ b / size, -1, 1)) if size > 1e-9 else float("nan")
