"""A mammogram to its malignancy. No torch."""

from typing import Final

import numpy as np
from jaxtyping import Float32

from mammoscope.core import Malignancy, Mammogram
from mammoscope.errors import WeightsError
from mammoscope.image.breast import prepare
from mammoscope.runtime import Session
from mammoscope.screening.pooled.frame import cells_of, network_image
from mammoscope.screening.pooled.questions import CLASSES

LEAST: Final = 1e-6


class Scorer:
    """The screening room at work.

    Args:
        session: The network that ships.

    Raises:
        WeightsError: If the network answers with something else.
    """

    def __init__(self, session: Session) -> None:
        if session.card.classes != CLASSES:
            raise WeightsError(
                f"{session.identity} was expected to answer with {', '.join(CLASSES)}, its card names "
                f"{', '.join(session.card.classes)}: train a pooled screening network"
            )
        self._session = session

    def __call__(self, mammogram: Mammogram) -> Malignancy:
        """Score one CC or MLO view of film."""
        taken, calibration = self._session.card.input, self._session.card.calibration
        shown = prepare(mammogram, taken.raw, taken.spacing_mm)
        answer = self._session.run(network_image(shown.pixels))[0]
        attention, malignant = answer[0], answer[1]
        odds = calibration.get("scale", 1.0) * log_odds(attention, malignant)
        score = 1 / (1 + np.exp(-odds - calibration.get("shift", 0.0)))
        return Malignancy(
            float(score), attention, malignant, cells_of(shown.frame), shown.scale,
            self._session.identity,
        )  # fmt: skip


def log_odds(
    attention: Float32[np.ndarray, "rows columns"], malignant: Float32[np.ndarray, "rows columns"]
) -> float:
    """Of the malignancy of cells, weighted by attention.

    Example:
        >>> half = np.full((2, 2), 0.25, np.float32)
        >>> log_odds(half, np.full((2, 2), 0.5, np.float32))
        0.0
    """
    share = float(np.clip((attention.astype(float) * malignant).sum(), LEAST, 1 - LEAST))
    return float(np.log(share / (1 - share)))
