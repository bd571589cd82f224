"""From which probability on an image is called cancer: searched on validation only (5.3.2, 5.6)."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from jaxtyping import Bool, Float

from mammoscope.errors import UsageError
from mammoscope.scores.operating import f1_curve, highest

HALF: Final = 0.5
"""Of the rows of Table 3 before "+ Threshold"."""


@dataclass(frozen=True, eq=False)
class Validation:
    """What a network says of the images that validate it, and what they are.

    A test image has no such record: what is said of test images is a plain array without its truth,
    see `mammoscope.screening.study`.

    Attributes:
        probabilities: Of cancer.
        cancer: The truth.

    Raises:
        UsageError: If there is no image.
    """

    probabilities: Float[np.ndarray, " images"]
    cancer: Bool[np.ndarray, " images"]

    def __post_init__(self) -> None:
        if not len(self.cancer):
            raise UsageError("a threshold needs one validation image or more, got none: add data")


def best_threshold(validation: Validation) -> float:
    """The threshold with the highest F1, "from 0 to 1 in increments of 0.01" (5.6).

    An image is called cancer where its probability is the threshold or more. That of equal ones the
    middle of their first run is taken is ours.

    Example:
        >>> best_threshold(Validation(np.array([0.2, 0.4, 0.9]), np.array([False, True, True])))
        0.3
    """
    return float(highest(curve(validation)[None])[0])


def curve(validation: Validation) -> Float[np.ndarray, " thresholds"]:
    """F1 at each threshold of the grid; 0 where no cancer is called one."""
    once = np.ones((1, len(validation.cancer)))
    return f1_curve(validation.probabilities, validation.cancer, once)[0]
