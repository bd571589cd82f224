"""Whether a probability holds, and what makes it hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float
from scipy.optimize import isotonic_regression

from mammoscope.errors import UsageError

Numbers = Float[np.ndarray, "*any"]
Probabilities = Float[np.ndarray, " n"]
Outcomes = Bool[np.ndarray, " n"]

LEAST: Final = 1e-6
"""How near to 0 and 1 a probability is let come before its logit is taken."""
ROUNDS: Final = 100
RIDGE: Final = 1e-6
OFFSET, SLOPE = "offset", "slope"
"""Names of a calibration's numbers in a card; without them scores stay as they are."""


class Bin(NamedTuple):
    """Some of the answers, alike in probability.

    Attributes:
        said: Mean probability.
        found: Share that was true.
        answers: How many.
    """

    said: float
    found: float
    answers: int


def logit(probabilities: Numbers | float) -> Numbers:
    """Logarithm of the odds; of 0 and 1 that of a millionth from them.

    Example:
        >>> round(float(logit(0.9)), 4), round(float(logit(0.5)), 4)
        (2.1972, 0.0)
    """
    held = np.clip(np.asarray(probabilities, float), LEAST, 1 - LEAST)
    return np.asarray(np.log(held / (1 - held)))


def sigmoid(values: Numbers | float) -> Numbers:
    """The probability of a logit.

    Example:
        >>> float(sigmoid(0.0))
        0.5
    """
    return np.asarray(0.5 * (1 + np.tanh(np.asarray(values, float) / 2)))


def calibrated(scores: Numbers | float, calibration: Mapping[str, float]) -> Numbers:
    """Scores as probabilities: logistic in their logit (Platt's scaling).

    Args:
        scores: In 0–1.
        calibration: ``offset`` and ``slope``, from `calibration`; 0 and 1 where absent.

    Example:
        >>> round(float(calibrated(0.5, {"offset": 2.1972, "slope": 1.0})), 3)
        0.9
    """
    offset, slope = calibration.get(OFFSET, 0.0), calibration.get(SLOPE, 1.0)
    return sigmoid(offset + slope * logit(scores))


def calibration(scores: Probabilities, outcomes: Outcomes) -> dict[str, float]:
    """The numbers that make scores hold, for a card.

    Raises:
        UsageError: If the outcomes are all alike.

    Source:
        Platt, Probabilistic outputs for support vector machines, Advances in large margin
        classifiers, MIT Press (1999); in the logit, as Guo et al., ICML 2017.
    """
    offset, slope = logistic(logit(scores)[:, None], outcomes).tolist()
    return {OFFSET: round(offset, 4), SLOPE: round(slope, 4)}


def logistic(
    features: Float[np.ndarray, "n features"], outcomes: Outcomes, ridge: float = RIDGE
) -> Float[np.ndarray, " coefficients"]:
    """Coefficients of a logistic regression, the offset first, by Newton's steps.

    Args:
        features: Of one scale, where a larger ridge is asked for.
        outcomes: What they are to tell.
        ridge: Half the penalty of a coefficient's square, but for the offset's. A millionth keeps
            coefficients finite where the outcomes can be told apart without error.

    Raises:
        UsageError: If the outcomes are all alike.
    """
    if not 0 < outcomes.sum() < len(outcomes):
        raise UsageError(
            f"outcomes of both kinds were expected, got {len(outcomes)} of which "
            f"{int(outcomes.sum())} are true"
        )
    design = np.column_stack([np.ones(len(features)), features])
    found = np.zeros(design.shape[1])
    penalty = np.array([RIDGE, *[ridge] * features.shape[1]])
    for _ in range(ROUNDS):
        said = sigmoid(design @ found)
        slope = design.T @ (outcomes - said) - penalty * found
        weights = np.maximum(said * (1 - said), LEAST)
        curve = (design * weights[:, None]).T @ design + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        found = found + step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < 1e-9:
            break
    return found


@dataclass(frozen=True)
class Steps:
    """An isotonic calibration: probabilities that rise with the score.

    Attributes:
        scores: The lowest and the highest score of each step, rising.
        probabilities: At these; between them straight lines, beyond them as at the ends.
    """

    scores: tuple[float, ...]
    probabilities: tuple[float, ...]

    def __call__(self, scores: Numbers | float) -> Numbers:
        """Scores as probabilities."""
        return np.asarray(np.interp(scores, self.scores, self.probabilities))


def isotonic(scores: Probabilities, outcomes: Outcomes) -> Steps:
    """The steps that make scores hold, whatever their shape; a step pools scores that are out of order.

    It bends to the scores that it is fitted to: judge it on others.

    Raises:
        UsageError: If there is no score.

    Example:
        >>> scores = np.array([0.1, 0.4, 0.5, 0.6])
        >>> isotonic(scores, np.array([False, True, False, True]))
        Steps(scores=(0.1, 0.4, 0.5, 0.6), probabilities=(0.0, 0.5, 0.5, 1.0))

    Source:
        Zadrozny and Elkan, Transforming classifier scores into accurate multiclass probability
        estimates, KDD (2002).
    """
    _check(outcomes)
    distinct, places, counts = np.unique(scores, return_inverse=True, return_counts=True)
    shares = np.bincount(places, weights=outcomes) / counts
    fitted = isotonic_regression(shares, weights=counts)
    firsts, ends = fitted.blocks[:-1], fitted.blocks[1:] - 1
    knots = np.unique(np.concatenate([firsts, ends]))
    return Steps(tuple(distinct[knots].tolist()), tuple(np.asarray(fitted.x)[knots].tolist()))


def brier(probabilities: Probabilities, outcomes: Outcomes) -> float:
    """Mean squared distance of a probability from what came true, 0–1, lower is better.

    Example:
        >>> round(brier(np.array([0.8, 0.3]), np.array([True, False])), 3)
        0.065

    Source:
        Brier, Verification of forecasts expressed in terms of probability, Monthly Weather Review
        78:1-3 (1950).
    """
    _check(outcomes)
    return float(((probabilities - outcomes) ** 2).mean())


def reliability(probabilities: Probabilities, outcomes: Outcomes, bins: int = 10) -> tuple[Bin, ...]:
    """The reliability curve, over bins of equal counts, by rising probability.

    Of equal probabilities that two bins share each bin has the same share of what was true.

    Example:
        >>> reliability(np.array([0.1, 0.3, 0.6, 0.8]), np.array([False, True, True, True]), 2)
        (Bin(said=0.2, found=0.5, answers=2), Bin(said=0.7, found=1.0, answers=2))
    """
    _check(outcomes)
    _, alike, counts = np.unique(probabilities, return_inverse=True, return_counts=True)
    shares = (np.bincount(alike, weights=outcomes) / counts)[alike]
    order = np.argsort(probabilities, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return tuple(
        Bin(round(float(probabilities[part].mean()), 12), float(shares[part].mean()), len(part))
        for part in parts
    )


def expected_error(probabilities: Probabilities, outcomes: Outcomes, bins: int = 10) -> float:
    """The expected calibration error: how far the curve lies from the diagonal, by counts.

    Example:
        >>> said, true = np.array([0.1, 0.3, 0.6, 0.8]), np.array([False, True, True, True])
        >>> round(expected_error(said, true, 2), 3)
        0.3
    """
    curve: Sequence[Bin] = reliability(probabilities, outcomes, bins)
    total = sum(part.answers for part in curve)
    return sum(abs(part.said - part.found) * part.answers for part in curve) / total


def _check(outcomes: Outcomes) -> None:
    if not len(outcomes):
        raise UsageError("at least one probability with its outcome was expected, got none")
