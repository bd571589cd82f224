"""Whether acting on a probability does more good than acting on all, or on nobody."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from mammoscope.errors import UsageError
from mammoscope.scores.intervals import Groups, Interval, Weights, weighted_bootstrap
from mammoscope.scores.roc import checked

Probabilities = Float[np.ndarray, " n"]
Outcomes = Bool[np.ndarray, " n"]

THRESHOLDS: Final = tuple(step / 100 for step in range(1, 81))
"""Of the curve."""


class Benefit(NamedTuple):
    """Net benefit at one threshold: hits less the false calls that they are worth, for each of all.

    Calling nobody has none.

    Attributes:
        threshold: The probability from which on one acts; its odds are what a false call costs in hits.
        benefit: Of acting on the probabilities; 95 %, women drawn.
        of_all: Of acting on all.
        gain: What the probabilities add to the better of all and nobody; 95 %, women drawn.
    """

    threshold: float
    benefit: Interval
    of_all: float
    gain: Interval


def decision_curve(
    probabilities: Probabilities,
    outcomes: Outcomes,
    women: Groups,
    thresholds: Sequence[float] = THRESHOLDS,
    repeats: int = 2000,
) -> tuple[Benefit, ...]:
    """The decision curve. It is of a population that is as often ill as these are.

    Args:
        probabilities: Calibrated.
        outcomes: The truth.
        women: Whose they are.
        thresholds: Each above 0 and below 1.
        repeats: How often women are drawn.

    Raises:
        UsageError: If a threshold is out of range or a probability not a number.

    Source:
        Vickers and Elkin, Decision curve analysis, Medical Decision Making 26:565-574 (2006).
    """
    checked(probabilities, outcomes)
    at = np.array(thresholds, float)
    if not len(at) or not ((at > 0) & (at < 1)).all():
        raise UsageError(f"thresholds above 0 and below 1 were expected, got {list(thresholds)}")
    worth = np.where(outcomes[:, None], 1.0, -at / (1 - at))
    acted = worth * (probabilities[:, None] >= at)

    def benefits(weights: Weights) -> Float[np.ndarray, "draws figures"]:
        total = weights.sum(axis=1, keepdims=True)
        ours, of_all = weights @ acted / total, weights @ worth / total
        return np.concatenate([ours, of_all, ours - np.maximum(of_all, 0)], axis=1)

    found = weighted_bootstrap(benefits, women, repeats=repeats)
    ours, of_all, gains = (found[part * len(at) : (part + 1) * len(at)] for part in range(3))
    return tuple(
        Benefit(threshold, one, every.estimate, gain)
        for threshold, one, every, gain in zip(thresholds, ours, of_all, gains, strict=True)
    )
