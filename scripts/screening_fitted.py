"""From what networks and signs say of masses to a probability: fitted on women, held by others."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from folds import fifth_of
from screening_held_out import Looked

from mammoscope.scores.calibration import logistic, sigmoid
from mammoscope.screening.infer import coefficients_of, drawn, log_odds
from mammoscope.screening.signs import SIGNS, odds_by, together

FOCUSES: Final = (0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0)
"""How much the heatmap of findings may count in attention."""
RIDGES: Final = (1.0, 3.0, 10.0, 30.0, 100.0)
"""Of the weights of signs, one of which the women choose."""
Numbers = Mapping[str, float]


def fitted(films: Sequence[Looked]) -> dict[str, float]:
    """The numbers of a card, from films whose women taught neither network.

    What signs tell of a film, which decides how much they count, is told by the masses of other women.
    """
    true = np.array([one.true for one in films])
    shift, scale = logistic(alone(films)[:, None], true).tolist()
    told = told_by_others(films)
    tried = {focus: logistic(features(films, focus, told), true) for focus in FOCUSES}
    focus = min(tried, key=lambda one: cost(features(films, one, told), tried[one], true))
    numbers = dict(zip(("shift", "scale", "signs"), tried[focus].tolist(), strict=True))
    numbers |= {"focus": focus, "alone_shift": shift, "alone_scale": scale}
    signs = zip(("offset", *SIGNS), sign_coefficients(films), strict=True)
    numbers |= {f"sign {name}": value for name, value in signs}
    return {name: float(f"{value:.4g}") for name, value in numbers.items()}


def cross_fitted(films: Sequence[Looked]) -> dict[int, dict[str, float]]:
    """For the women of each fifth what those of the others say.

    A fifth has women of every part: left out part by part, the share of malignant ones among the others
    would fall where the part's own is high, and scores of different parts would be out of order.
    """
    return {fifth: fitted(_others(films, fifth)) for fifth in _fifths(films)}


def guided(films: Sequence[Looked], numbers: Mapping[int, Numbers]) -> np.ndarray:
    """The score of each film with findings, as `Scorer` makes it."""
    return np.array([_guided(one, numbers[fifth_of(one.image.woman)]) for one in films])


def unguided(films: Sequence[Looked], numbers: Mapping[int, Numbers]) -> np.ndarray:
    """The score of each film by the screening network alone."""
    of = [numbers[fifth_of(one.image.woman)] for one in films]
    scales, shifts = (np.array([one[f"alone_{name}"] for one in of]) for name in ("scale", "shift"))
    return np.asarray(sigmoid(scales * alone(films) + shifts))


def alone(films: Sequence[Looked]) -> np.ndarray:
    """Log odds of the screening network's own score."""
    return np.array([log_odds(one.attention, one.malignant) for one in films])


def sign_coefficients(films: Sequence[Looked]) -> np.ndarray:
    """Offset and weight of each sign, by a logistic regression on the masses that readers marked.

    Its ridge is the one by which four fifths of these women tell the masses of the other one best.
    """
    fifths = _fifths(films)
    costs = dict.fromkeys(RIDGES, 0.0)
    for fifth in fifths:
        here = [one for one in films if fifth_of(one.image.woman) == fifth]
        measured, malignant = masses_of(here)
        for ridge in RIDGES:
            coefficients = _regressed(_others(films, fifth), ridge)
            costs[ridge] += len(here) * cost(measured, coefficients, malignant)
    return _regressed(films, min(RIDGES, key=lambda one: costs[one]))


def masses_of(films: Sequence[Looked]) -> tuple[np.ndarray, np.ndarray]:
    """Signs of the masses that readers marked, and which are malignant; without unknown ones."""
    measured = np.concatenate([one.mass_signs for one in films])
    pathology = [mass.pathology for one in films for mass in one.image.findings]
    known = np.array([one is not None for one in pathology])
    return measured[known], np.array([one == "malignant" for one in pathology])[known]


def _regressed(films: Sequence[Looked], ridge: float) -> np.ndarray:
    measured, malignant = masses_of(films)
    means, deviations = measured.mean(axis=0), measured.std(axis=0)
    offset, *steps = logistic((measured - means) / deviations, malignant, ridge).tolist()
    weights = np.array(steps) / deviations
    return np.array([offset - means @ weights, *weights])


def told(films: Sequence[Looked], coefficients: np.ndarray) -> np.ndarray:
    """What the signs of marked masses tell of each film, as `Scorer.told_by_signs` does."""
    return np.array(
        [together(one.scores, odds_by(coefficients, one.signs)) if one.scores else 0.0 for one in films]
    )


def told_by_others(films: Sequence[Looked]) -> np.ndarray:
    """The same, each fifth by coefficients that the masses of the others fit."""
    found = np.zeros(len(films))
    fifths = np.array([fifth_of(one.image.woman) for one in films])
    for fifth in _fifths(films):
        here = [one for one, place in zip(films, fifths, strict=True) if place == fifth]
        found[fifths == fifth] = told(here, sign_coefficients(_others(films, fifth)))
    return found


def features(films: Sequence[Looked], focus: float, signs: np.ndarray) -> np.ndarray:
    """Log odds under shared attention, and what signs tell."""
    network = [log_odds(drawn(one.attention, one.heat, focus), one.malignant) for one in films]
    return np.column_stack([network, signs])


def cost(design: np.ndarray, coefficients: np.ndarray, true: np.ndarray) -> float:
    """Mean cross entropy."""
    said = coefficients[0] + design @ coefficients[1:]
    return float(np.logaddexp(0, np.where(true, -said, said)).mean())


def _guided(one: Looked, numbers: Numbers) -> float:
    signs = told([one], coefficients_of(numbers))
    network, told_by_signs = features([one], numbers["focus"], signs)[0]
    odds = numbers["shift"] + numbers["scale"] * network + numbers["signs"] * told_by_signs
    return float(sigmoid(odds))


def _fifths(films: Sequence[Looked]) -> list[int]:
    return sorted({fifth_of(one.image.woman) for one in films})


def _others(films: Sequence[Looked], fifth: int) -> list[Looked]:
    return [one for one in films if fifth_of(one.image.woman) != fifth]
