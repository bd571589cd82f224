"""What the images that trained a network were like, in numbers: how far others are from them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from jaxtyping import Float

from mammoscope.errors import WeightsError

LEVELS: Final = tuple(round(0.1 * tenth, 1) for tenth in range(1, 10))
"""Of the quantiles that a reference holds: they cut its images into ten equal parts."""


@dataclass(frozen=True)
class Reference:
    """Of the images that trained a network.

    Attributes:
        features: Names of what is measured of an image.
        means: Of each feature.
        deviations: Of each feature, about its mean.
        precision: Inverse of the features' shrunk correlation, row by row.
        limit: The distance within which 99 % of training women's images lie, each judged by a reference
            that its woman had no part in.
        quantiles: Of each feature, at `LEVELS`.
        scores: Quantiles of the score at `LEVELS`, of women that did not train the network which gave
            it; empty where nobody measured.
        women: How many women the images are of.

    Raises:
        WeightsError: If lengths disagree, or a number is not finite or cannot be.
    """

    features: tuple[str, ...]
    means: tuple[float, ...]
    deviations: tuple[float, ...]
    precision: tuple[tuple[float, ...], ...]
    limit: float
    quantiles: tuple[tuple[float, ...], ...]
    scores: tuple[float, ...]
    women: int

    def __post_init__(self) -> None:
        count = len(self.features)
        shapes = {
            "means": (np.shape(self.means), (count,)),
            "deviations": (np.shape(self.deviations), (count,)),
            "precision": (np.shape(self.precision), (count, count)),
            "quantiles": (np.shape(self.quantiles), (count, len(LEVELS))),
            "scores": (np.shape(self.scores), (len(LEVELS) if self.scores else 0,)),
        }
        for name, (got, expected) in shapes.items():
            if got != expected:
                raise WeightsError(
                    f"{name} of a card's reference of shape {expected} were expected, got {got}"
                )
            if not np.isfinite(getattr(self, name)).all():
                raise WeightsError(f"finite {name} of a card's reference were expected")
        if not (min(self.deviations, default=0.0) > 0 and 0 < self.limit < np.inf):
            raise WeightsError("a card's reference needs features, positive deviations and a limit")

    @classmethod
    def from_dict(cls, entry: Mapping[str, Any]) -> "Reference":
        """Read what `dataclasses.asdict` and JSON made of one.

        Raises:
            KeyError: If a part is missing.
            TypeError: If one is of a wrong type.
            ValueError: If a number is none.
        """
        return cls(
            features=tuple(map(str, entry["features"])),
            means=_row(entry["means"]),
            deviations=_row(entry["deviations"]),
            precision=tuple(map(_row, entry["precision"])),
            limit=float(entry["limit"]),
            quantiles=tuple(map(_row, entry["quantiles"])),
            scores=_row(entry["scores"]),
            women=int(entry["women"]),
        )

    def distance(self, features: Float[np.ndarray, "*any features"]) -> Float[np.ndarray, "*any"]:
        """Mahalanobis distance from the mean, in units of the limit: above 1 is unlike.

        Source:
            Mahalanobis, On the generalised distance in statistics, Proc. Natl. Inst. Sci. India 2:49-55
            (1936).
        """
        steps = (features - np.array(self.means)) / np.array(self.deviations)
        squares = np.einsum("...i,ij,...j->...", steps, np.array(self.precision), steps)
        return np.asarray(np.sqrt(np.maximum(squares, 0.0)) / self.limit)


def _row(values: Iterable[float]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
