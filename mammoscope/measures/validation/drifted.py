"""Whether a site's images and their scores lie where those lay that the card tells of."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mammoscope.core.reference import LEVELS, Reference
from mammoscope.measures.validation.scored import Scored, measured
from mammoscope.scores.drift import TAIL, Drift, drift


@dataclass(frozen=True)
class Moved:
    """One number of images, then and now.

    Attributes:
        name: What it is.
        before: Its median on the card.
        now: Its median here.
        steps: From the card's mean to the mean here, in the card's deviations; NaN where it has none.
        drift: How far it has moved, and what chance explains.
    """

    name: str
    before: float
    now: float
    steps: float
    drift: Drift

    @property
    def alarms(self) -> bool:
        """Whether it has moved by more than chance, and so far that it matters."""
        return self.drift.verdict in ("moved", "far")


@dataclass(frozen=True)
class Drifted:
    """What a drift check found.

    Attributes:
        inputs: Of each feature, those that moved furthest first; empty without a reference.
        scores: Of the score; None where the card does not tell of it.
        unlike: How many images are unlike the training images.
        judged: Of how many.
    """

    inputs: tuple[Moved, ...]
    scores: Moved | None
    unlike: int
    judged: int


def drifted(images: Sequence[Scored], reference: Reference | None) -> Drifted:
    """Compare images that have a score with the reference of a card."""
    counted = [one for one in images if one.score == one.score]
    judged = [one for one in counted if one.unlike == one.unlike]
    unlike = sum(one.unlike > 1 for one in judged)
    if reference is None or not counted:
        return Drifted((), None, unlike, len(judged))
    women = len({(one.dataset, one.woman) for one in counted})
    rows = measured(counted)
    inputs = [
        _moved(name, rows[:, place], reference.quantiles[place], reference, women, place)
        for place, name in enumerate(reference.features if len(rows) else ())
    ]
    scores = None
    if reference.scores:
        values = np.array([one.score for one in counted])
        scores = _moved("score", values, reference.scores, reference, women)
    order = sorted(inputs, key=lambda one: -one.drift.distance)
    return Drifted(tuple(order), scores, unlike, len(judged))


def _moved(
    name: str, values: np.ndarray, quantiles: Sequence[float], reference: Reference, women: int,
    place: int | None = None,
) -> Moved:  # fmt: skip
    """One number; features share the chance of a false alarm among them."""
    tail = TAIL if place is None else TAIL / len(reference.features)
    found = drift(values, quantiles, LEVELS, women, reference.women, tail)
    steps = float("nan")
    if place is not None:
        steps = (float(values.mean()) - reference.means[place]) / reference.deviations[place]
    middle = quantiles[len(LEVELS) // 2]
    return Moved(name, float(middle), float(np.median(values)), steps, found)
