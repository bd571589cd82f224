"""How well a score tells those that have something from those that do not."""

import numpy as np
from jaxtyping import Bool, Float

from mammoscope.errors import UsageError
from mammoscope.scores.intervals import Groups, Interval, Weights, weighted_bootstrap

Scores = Float[np.ndarray, " n"]
Outcomes = Bool[np.ndarray, " n"]


def auc(scores: Scores, outcomes: Outcomes) -> float:
    """Area under the ROC curve, ties counted half; NaN where all outcomes are alike.

    Raises:
        UsageError: If a score is not a number, or without its outcome.

    Example:
        >>> auc(np.array([0.1, 0.4, 0.4, 0.8]), np.array([False, False, True, True]))
        0.875

    Source:
        Hanley and McNeil, The meaning and use of the area under a ROC curve, Radiology 143:29-36
        (1982).
    """
    return float(auc_of_draws(scores, outcomes, np.ones((1, len(scores))))[0])


def auc_interval(scores: Scores, outcomes: Outcomes, women: Groups, repeats: int = 2000) -> Interval:
    """The area with its 95 % interval, women drawn.

    Raises:
        UsageError: As `auc`.
    """

    def area(weights: Weights) -> Float[np.ndarray, "draws 1"]:
        return auc_of_draws(scores, outcomes, weights)[:, None]

    return weighted_bootstrap(area, women, repeats=repeats)[0]


def auc_gain(
    before: Scores, after: Scores, outcomes: Outcomes, women: Groups, repeats: int = 2000
) -> Interval:
    """How much larger the area of one score is than another's of the same images, women drawn.

    Args:
        before: The score that is compared with.
        after: The score that may be better.
        outcomes: The truth.
        women: Who each image shows; both scores are judged on the same draws.
        repeats: How often women are drawn.

    Raises:
        UsageError: As `auc`.
    """

    def gain(weights: Weights) -> Float[np.ndarray, "draws 1"]:
        first, second = (auc_of_draws(scores, outcomes, weights) for scores in (before, after))
        return (second - first)[:, None]

    return weighted_bootstrap(gain, women, repeats=repeats)[0]


def roc(scores: Scores, outcomes: Outcomes) -> tuple[tuple[float, float], ...]:
    """Corners of the ROC curve: false-positive and true-positive rate, one for each distinct score.

    Raises:
        UsageError: If a score is not a number, or all outcomes are alike.

    Example:
        >>> roc(np.array([0.1, 0.4, 0.4, 0.8]), np.array([False, False, True, True]))
        ((0.0, 0.0), (0.0, 0.5), (0.5, 1.0), (1.0, 1.0))
    """
    checked(scores, outcomes)
    if not 0 < outcomes.sum() < len(outcomes):
        raise UsageError(
            f"a ROC curve needs outcomes of both kinds, got {len(outcomes)} of which "
            f"{int(outcomes.sum())} are true"
        )
    order = np.argsort(-scores, kind="stable")
    last = np.append(np.diff(scores[order]) != 0, True)
    hits, false = np.cumsum(outcomes[order])[last], np.cumsum(~outcomes[order])[last]
    return ((0.0, 0.0), *zip((false / false[-1]).tolist(), (hits / hits[-1]).tolist(), strict=True))


def auc_of_draws(scores: Scores, outcomes: Outcomes, weights: Weights) -> Float[np.ndarray, " draws"]:
    """Area of each draw, from how often it has each image; NaN where its outcomes are all alike.

    Raises:
        UsageError: As `auc`.
    """
    checked(scores, outcomes)
    order = np.argsort(scores, kind="stable")
    first = np.flatnonzero(np.append(True, np.diff(scores[order]) != 0))
    drawn = weights[:, order]
    cancers = np.add.reduceat(drawn * outcomes[order], first, axis=1)
    others = np.add.reduceat(drawn * ~outcomes[order], first, axis=1)
    below = np.cumsum(others, axis=1) - others / 2
    pairs = cancers.sum(axis=1) * others.sum(axis=1)
    won = (cancers * below).sum(axis=1)
    return np.divide(won, pairs, out=np.full(len(pairs), np.nan), where=pairs > 0)


def checked(scores: Scores, outcomes: Outcomes) -> None:
    """Scores can be ranked.

    Raises:
        UsageError: If there is none, or one is not a number.
    """
    if not len(scores) or not np.isfinite(scores).all():
        raise UsageError(
            f"one finite score or more was expected, got {len(scores)} of which "
            f"{int((~np.isfinite(scores)).sum())} are not: leave out images without a score"
        )
