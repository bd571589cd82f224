"""From what networks say of cells to a probability: fitted on women, held by others."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from folds import fifth_of
from screening_held_out import Looked

from mammoscope.scores.calibration import logistic, sigmoid
from mammoscope.screening.infer import drawn, log_odds, log_odds_of

FOCUSES: Final = (0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0)
"""How much the heatmap of findings may count in attention."""


def fitted(films: Sequence[Looked]) -> dict[str, float]:
    """The numbers of a card, from films whose women taught neither network."""
    true = np.array([one.true for one in films])
    shift, scale = logistic(alone(films)[:, None], true).tolist()
    tried = {focus: logistic(features(films, focus), true) for focus in FOCUSES}
    focus = min(tried, key=lambda one: cost(features(films, one), tried[one], true))
    numbers = dict(zip(("shift", "scale", "found"), tried[focus].tolist(), strict=True))
    numbers |= {"focus": focus, "alone_shift": shift, "alone_scale": scale}
    return {name: round(value, 4) for name, value in numbers.items()}


def cross_fitted(films: Sequence[Looked]) -> dict[int, dict[str, float]]:
    """For the women of each fifth what those of the others say.

    A fifth has women of every part: left out part by part, the share of malignant ones among the others
    would fall where the part's own is high, and scores of different parts would be out of order.
    """
    fifths = sorted({fifth_of(one.image.woman) for one in films})
    return {
        fifth: fitted([one for one in films if fifth_of(one.image.woman) != fifth]) for fifth in fifths
    }


def guided(films: Sequence[Looked], numbers: Mapping[int, Mapping[str, float]]) -> np.ndarray:
    """The score of each film with the heatmap of findings, as `Scorer` makes it."""
    return np.array([_guided(one, numbers[fifth_of(one.image.woman)]) for one in films])


def unguided(films: Sequence[Looked], numbers: Mapping[int, Mapping[str, float]]) -> np.ndarray:
    """The score of each film by the screening network alone."""
    of = [numbers[fifth_of(one.image.woman)] for one in films]
    scales, shifts = (np.array([one[f"alone_{name}"] for one in of]) for name in ("scale", "shift"))
    return np.asarray(sigmoid(scales * alone(films) + shifts))


def alone(films: Sequence[Looked]) -> np.ndarray:
    """Log odds of the screening network's own score."""
    return np.array([log_odds(one.attention, one.malignant) for one in films])


def features(films: Sequence[Looked], focus: float) -> np.ndarray:
    """Log odds under shared attention, and of the likeliest mass."""
    return np.array(
        [
            (log_odds(drawn(one.attention, one.heat, focus), one.malignant), log_odds_of(one.likeliest))
            for one in films
        ]
    )


def cost(design: np.ndarray, coefficients: np.ndarray, true: np.ndarray) -> float:
    """Mean cross entropy."""
    said = coefficients[0] + design @ coefficients[1:]
    return float(np.logaddexp(0, np.where(true, -said, said)).mean())


def _guided(one: Looked, numbers: Mapping[str, float]) -> float:
    design = features([one], numbers["focus"])[0]
    odds = numbers["shift"] + numbers["scale"] * design[0] + numbers["found"] * design[1]
    return float(sigmoid(odds))
