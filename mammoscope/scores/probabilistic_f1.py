"""The score of the RSNA's competition: F1 of probabilities, one for each breast."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from jaxtyping import Bool, Float

from mammoscope.errors import UsageError
from mammoscope.scores.intervals import Interval, Weights, weighted_bootstrap
from mammoscope.scores.roc import checked

Probabilities = Float[np.ndarray, " n"]
Outcomes = Bool[np.ndarray, " n"]
Rule = Literal["mean", "max"]
RULES: Final[Mapping[Rule, Callable[[np.ndarray], float]]] = {"mean": np.mean, "max": np.max}
"""From the probabilities of a breast's images to the breast's."""


def probabilistic_f1(probabilities: Probabilities, outcomes: Outcomes) -> float:
    """F1 where every probability counts as that part of a call; NaN where nothing is true.

    Probabilities of what is true sum to the hits, those of the rest to the false calls; probabilities
    below 0 and above 1 are taken as these.

    Raises:
        UsageError: If there is no probability, or one is not a number.

    Example:
        >>> probabilities = np.array([0.9, 0.6, 0.3, 0.2])
        >>> round(probabilistic_f1(probabilities, np.array([True, False, True, False])), 3)
        0.6

    Source:
        Yacouby and Axman, Probabilistic extension of precision, recall, and F1 score for more thorough
        evaluation of classification models, Eval4NLP (2020); RSNA screening mammography breast cancer
        detection, Kaggle (2022), its evaluation.
    """
    return float(_of_draws(probabilities, outcomes, np.ones((1, len(outcomes))))[0, 0])


def probabilistic_f1_interval(
    probabilities: Probabilities,
    outcomes: Outcomes,
    women: Sequence[Hashable] | np.ndarray,
    repeats: int = 2000,
) -> Interval:
    """The same with its 95 % interval, women drawn.

    Raises:
        UsageError: As `probabilistic_f1`.
    """

    def score(weights: Weights) -> Float[np.ndarray, "draws 1"]:
        return _of_draws(probabilities, outcomes, weights)

    return weighted_bootstrap(score, women, repeats=repeats)[0]


@dataclass(frozen=True, eq=False)
class Breasts:
    """What the competition asks for: one probability a breast.

    Attributes:
        names: Its ``prediction_id``: ``<patient>_<laterality>``, in the order of first images.
        women: Who each breast is of.
        probabilities: The mean, or the largest, of the breast's images.
        outcomes: Whether an image of it has cancer.
    """

    names: tuple[str, ...]
    women: tuple[str, ...]
    probabilities: Float[np.ndarray, " breasts"]
    outcomes: Bool[np.ndarray, " breasts"]


def by_breast(
    probabilities: Probabilities,
    outcomes: Outcomes,
    women: Sequence[str],
    sides: Sequence[str],
    rule: Rule = "mean",
) -> Breasts:
    """Breasts of images: the competition asks for one answer a breast and leaves open how.

    Args:
        probabilities: Of each image.
        outcomes: Whether it has cancer.
        women: Whom it shows.
        sides: Which of her breasts.
        rule: What is taken of a breast's images.

    Example:
        >>> said, true = np.array([0.2, 0.6, 0.1]), np.array([True, True, False])
        >>> found = by_breast(said, true, ("7", "7", "7"), ("L", "L", "R"))
        >>> found.names, found.probabilities.tolist(), found.outcomes.tolist()
        (('7_L', '7_R'), [0.4, 0.1], [True, False])

    Raises:
        UsageError: If a woman or a side is missing.
    """
    if not len(women) == len(sides) == len(outcomes):
        raise UsageError(
            f"a woman and a side for each of {len(outcomes)} images were expected, got "
            f"{len(women)} and {len(sides)}"
        )
    members: dict[tuple[str, str], list[int]] = {}
    for place, breast in enumerate(zip(women, sides, strict=True)):
        members.setdefault(breast, []).append(place)
    return Breasts(
        tuple(f"{woman}_{side}" for woman, side in members),
        tuple(woman for woman, _ in members),
        np.array([RULES[rule](probabilities[places]) for places in members.values()]),
        np.array([outcomes[places].any() for places in members.values()]),
    )


def _of_draws(
    probabilities: Probabilities, outcomes: Outcomes, weights: Weights
) -> Float[np.ndarray, "draws 1"]:
    """Twice the hits by cancers and calls: precision and recall in one fraction."""
    checked(probabilities, outcomes)
    held = np.clip(probabilities, 0, 1)
    there, called = weights @ outcomes, weights @ held
    hits = weights @ (held * outcomes)
    empty = np.full(len(weights), np.nan)
    return np.divide(2 * hits, there + called, out=empty, where=there > 0)[:, None]
