"""From which score on somebody is called back: thresholds, how sure they are, and what they do.

Thresholds are chosen on validation scores; what one does on others is `achieved`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from jaxtyping import Bool, Float

from mammoscope.errors import UsageError
from mammoscope.scores.intervals import Groups, Interval, Weights, weighted_bootstrap
from mammoscope.scores.roc import checked

Scores = Float[np.ndarray, " n"]
Outcomes = Bool[np.ndarray, " n"]
Chosen = Float[np.ndarray, "draws 1"]

GRID: Final = np.arange(101) / 100
"""Of thresholds by F1: from 0 to 1 in steps of 0.01."""
CLOSE: Final = 1e-9
"""A share so little beyond the one asked for is that share."""


@dataclass(frozen=True)
class Achieved:
    """What a threshold does; an interval is 95 %, women drawn.

    Attributes:
        threshold: A score as high or higher is called back.
        sensitivity: Share of cancers that are called back.
        specificity: Share of others that are not.
        recall_rate: Share of all that are called back.
        ppv: Share of those called back that have cancer; NaN where nobody is.
    """

    threshold: float
    sensitivity: Interval
    specificity: Interval
    recall_rate: Interval
    ppv: Interval


@dataclass(frozen=True)
class OperatingPoint:
    """A threshold that was chosen, and what it does where it was chosen.

    Attributes:
        name: By what it was chosen: ``f1``, ``recall_10`` or ``sensitivity_90``, in percent.
        threshold: With the interval in which other women would have put it.
        achieved: What it does on the scores that chose it; elsewhere it does a little worse.
    """

    name: str
    threshold: Interval
    achieved: Achieved


def by_recall_rate(
    rate: float, scores: Scores, outcomes: Outcomes, women: Groups, repeats: int = 2000
) -> OperatingPoint:
    """The lowest threshold that calls back no more than a share of all.

    Args:
        rate: 0–1.
        scores: Of validation: one a woman where women are called back, one a breast where breasts are.
        outcomes: Their truth.
        women: Whose they are.
        repeats: How often women are drawn.

    Raises:
        UsageError: If the rate is not in 0–1 or outcomes are all alike.
    """
    _share(rate, "recall rate")
    chosen = partial(_of_recall_rate, rate, scores)
    return _point(f"recall_{100 * rate:g}", chosen, scores, outcomes, women, repeats)


def by_sensitivity(
    sensitivity: float, scores: Scores, outcomes: Outcomes, women: Groups, repeats: int = 2000
) -> OperatingPoint:
    """The highest threshold that calls back no less than a share of the cancers.

    Args:
        sensitivity: 0–1.
        scores: Of validation.
        outcomes: Their truth.
        women: Whose they are.
        repeats: How often women are drawn.

    Raises:
        UsageError: If the sensitivity is not in 0–1 or outcomes are all alike.
    """
    _share(sensitivity, "sensitivity")
    chosen = partial(_of_sensitivity, sensitivity, scores, outcomes)
    return _point(f"sensitivity_{100 * sensitivity:g}", chosen, scores, outcomes, women, repeats)


def by_f1(scores: Scores, outcomes: Outcomes, women: Groups, repeats: int = 2000) -> OperatingPoint:
    """The threshold of the grid with the highest F1; of equal ones the middle of their first run.

    Args:
        scores: Of validation, in 0–1.
        outcomes: Their truth.
        women: Whose they are.
        repeats: How often women are drawn.

    Raises:
        UsageError: If outcomes are all alike.
    """
    return _point("f1", partial(_of_f1, scores, outcomes), scores, outcomes, women, repeats)


def achieved(
    threshold: float, scores: Scores, outcomes: Outcomes, women: Groups, repeats: int = 2000
) -> Achieved:
    """What a threshold does on these scores, women drawn.

    Raises:
        UsageError: If there is no score, or one is not a number.
    """
    checked(scores, outcomes)
    high = scores >= threshold
    of = [outcomes, ~outcomes, np.ones_like(outcomes), high]
    right = [high & outcomes, ~high & ~outcomes, high, high & outcomes]

    def shares(weights: Weights) -> Float[np.ndarray, "draws 4"]:
        counted, total = (weights @ np.array(one, float).T for one in (right, of))
        return np.divide(counted, total, out=np.full_like(total, np.nan), where=total > 0)

    return Achieved(threshold, *weighted_bootstrap(shares, women, repeats=repeats))


def f1_curve(
    scores: Scores, outcomes: Outcomes, weights: Weights
) -> Float[np.ndarray, "draws thresholds"]:
    """F1 at each threshold of `GRID`; 0 where nothing true is called."""
    high = (scores[:, None] >= GRID).astype(float)
    hits, called = (weights * outcomes) @ high, weights @ high
    there = (weights @ outcomes)[:, None]
    return 2 * hits / np.maximum(called + there, 1)


def highest(values: Float[np.ndarray, "draws thresholds"]) -> Float[np.ndarray, " draws"]:
    """The threshold of `GRID` with the highest value; of equal ones the middle of their first run.

    Between two classes that are far apart every threshold is as good, and the middle is the safest.
    """
    best = values == values.max(axis=1, keepdims=True)
    first = np.argmax(best, axis=1)
    over = ~best & (np.arange(len(GRID)) > first[:, None])
    end = np.where(over.any(axis=1), np.argmax(over, axis=1), len(GRID))
    return GRID[(first + end - 1) // 2]


def on_card(points: Sequence[OperatingPoint]) -> dict[str, float]:
    """Thresholds and their intervals under the names that a card's calibration has for them.

    Example:
        >>> share = Interval(0.9, 0.8, 1.0)
        >>> done = Achieved(0.31, share, share, share, share)
        >>> on_card((OperatingPoint("sensitivity_90", Interval(0.31, 0.25, 0.38), done),))
        {'threshold_sensitivity_90': 0.31, 'low_sensitivity_90': 0.25, 'high_sensitivity_90': 0.38}
    """
    return {
        f"{word}_{point.name}": round(value, 4)
        for point in points
        for word, value in zip(("threshold", "low", "high"), point.threshold, strict=True)
    }


def _point(
    name: str, chosen: Callable[[Weights], Chosen], scores: Scores, outcomes: Outcomes, women: Groups,
    repeats: int,
) -> OperatingPoint:  # fmt: skip
    checked(scores, outcomes)
    if not 0 < outcomes.sum() < len(outcomes):
        raise UsageError(
            f"a threshold is chosen on outcomes of both kinds, got {len(outcomes)} of which "
            f"{int(outcomes.sum())} are true: add data"
        )
    threshold = weighted_bootstrap(chosen, women, repeats=repeats)[0]
    return OperatingPoint(
        name, threshold, achieved(threshold.estimate, scores, outcomes, women, repeats)
    )


def _of_recall_rate(rate: float, scores: Scores, weights: Weights) -> Chosen:
    thresholds, called = _called(scores, weights)
    fits = called <= (rate + CLOSE) * called[:, :1]
    return thresholds[np.argmax(fits, axis=1)][:, None]


def _of_sensitivity(sensitivity: float, scores: Scores, outcomes: Outcomes, weights: Weights) -> Chosen:
    """NaN for a draw without a cancer."""
    thresholds, hits = _called(scores, weights * outcomes)
    fits = hits >= (sensitivity - CLOSE) * hits[:, :1]
    found = thresholds[fits.shape[1] - 1 - np.argmax(fits[:, ::-1], axis=1)]
    return np.where(hits[:, 0] > 0, found, np.nan)[:, None]


def _of_f1(scores: Scores, outcomes: Outcomes, weights: Weights) -> Chosen:
    """NaN for a draw without a cancer."""
    found = highest(f1_curve(scores, outcomes, weights))
    return np.where(weights @ outcomes > 0, found, np.nan)[:, None]


def _called(
    scores: Scores, weights: Weights
) -> tuple[Float[np.ndarray, " thresholds"], Float[np.ndarray, "draws thresholds"]]:
    """Thresholds halfway between neighbouring scores, and the weight at or above each.

    The first calls all back, the last nobody.
    """
    order = np.argsort(scores, kind="stable")
    first = np.flatnonzero(np.append(True, np.diff(scores[order]) != 0))
    distinct = scores[order][first]
    between = (distinct[1:] + distinct[:-1]) / 2
    thresholds = np.concatenate([distinct[:1], between, np.nextafter(distinct[-1:], np.inf)])
    alike = np.add.reduceat(weights[:, order], first, axis=1)
    above = np.cumsum(alike[:, ::-1], axis=1)[:, ::-1]
    return thresholds, np.column_stack([above, np.zeros(len(weights))])


def _share(value: float, name: str) -> None:
    if not 0 <= value <= 1:
        raise UsageError(f"a {name} of 0 to 1 was expected, got {value:g}")
