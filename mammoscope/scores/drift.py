"""Whether numbers lie where they lay before: Kolmogorov and Smirnov's distance from kept quantiles."""

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.stats import kstwobign

from mammoscope.errors import UsageError

Verdict = Literal["alike", "moved", "far", "too few to tell"]
SOME: Final = 0.1
"""A distance below it matters to nobody, however sure it is."""
MUCH: Final = 0.3
"""From it on numbers lie elsewhere; where chance alone reaches as far, there are too few to tell."""
TAIL: Final = 0.01
"""Chance of an alarm while nothing has changed."""


class Drift(NamedTuple):
    """How far numbers lie from where they lay before.

    Attributes:
        distance: Largest difference of the shares below one value, 0–1.
        chance: What chance alone exceeds once in so many times.
        verdict: What that means.
    """

    distance: float
    chance: float
    verdict: Verdict


def drift(
    values: Float[np.ndarray, " n"],
    quantiles: Sequence[float],
    levels: Sequence[float],
    groups: int,
    before: int,
    tail: float = TAIL,
) -> Drift:
    """Compare numbers with the quantiles of earlier ones.

    The distribution functions are compared at the quantiles that were kept. Numbers of one woman are
    alike, so chance is reckoned with women, as if each had one.

    Args:
        values: One an image.
        quantiles: Of the earlier ones, rising.
        levels: Of the quantiles, 0–1.
        groups: How many women the numbers are of.
        before: How many women the earlier ones were of.
        tail: Chance of an alarm while nothing has changed; divide it by the comparisons made.

    Raises:
        UsageError: If there is nothing to compare.

    Example:
        >>> found = drift(np.array([1.0, 2.0, 3.0, 4.0]), (2.5,), (0.9,), 4, 1000)
        >>> round(found.distance, 3), found.verdict
        (0.4, 'too few to tell')

    Source:
        Smirnov, Table for estimating the goodness of fit of empirical distributions, Annals of
        Mathematical Statistics 19:279-281 (1948).
    """
    if not len(values) or not groups or not before or not quantiles:
        raise UsageError("drift needs numbers and earlier quantiles to compare, got none")
    order = np.sort(values)
    below = np.searchsorted(order, quantiles, "left") / len(order)
    within = np.searchsorted(order, quantiles, "right") / len(order)
    apart = np.maximum(below - np.array(levels), np.array(levels) - within)
    distance = float(max(apart.max(), 0.0))
    chance = float(kstwobign.isf(tail)) * (1 / groups + 1 / before) ** 0.5
    return Drift(distance, min(chance, 1.0), _verdict(distance, chance))


def _verdict(distance: float, chance: float) -> Verdict:
    if distance > chance and distance >= SOME:
        return "far" if distance >= MUCH else "moved"
    return "too few to tell" if chance > MUCH else "alike"
