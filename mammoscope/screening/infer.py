"""A mammogram to its malignancy. No torch."""

from collections.abc import Mapping
from typing import Final

import cv2
import numpy as np
from jaxtyping import Float, Float32

from mammoscope.core import Finding, Findings, Frame, Malignancy, Mammogram
from mammoscope.errors import WeightsError
from mammoscope.image.breast import prepare
from mammoscope.image.scale import as_shown, at_network_scale
from mammoscope.image.windows import cells_of, network_image
from mammoscope.runtime import Session
from mammoscope.scores.calibration import sigmoid
from mammoscope.screening.likeness import unlike
from mammoscope.screening.pooled.questions import CLASSES
from mammoscope.screening.signs import MOST, SIGNS, SPACING_MM, odds_by, signs, together

LEAST: Final = 1e-4
"""No share is believed to be less, nor to be nearer to one."""
MASS: Final = "mass"
Cells = Float32[np.ndarray, "rows columns"]


class Scorer:
    """The screening room at work; call it with a mammogram, and with what findings say of it.

    Args:
        session: The network that ships.

    Raises:
        WeightsError: If the network answers with something else.
    """

    def __init__(self, session: Session) -> None:
        if session.card.classes != CLASSES:
            raise WeightsError(
                f"{session.identity} was expected to answer with {', '.join(CLASSES)}, its card names "
                f"{', '.join(session.card.classes)}: what a classifier of the paper is worth "
                "`mammoscope evaluate screening` says; images take the weights that ship, or those of "
                "scripts/train_screening.py"
            )
        self._session = session

    def __call__(self, mammogram: Mammogram, findings: Findings | None = None) -> Malignancy:
        """Score one CC or MLO view.

        Args:
            mammogram: Film, as the weights' card says.
            findings: Of the same image: the heatmap of masses draws attention, and the signs of what
                it marks add to the score. Without them the network draws its own attention.
        """
        taken, numbers = self._session.card.input, self._session.card.calibration
        shown = prepare(mammogram, taken.raw, taken.spacing_mm)
        frame = cells_of(shown.frame)
        answer = self._session.run(network_image(shown.pixels))[0]
        attention, malignant = answer[0], answer[1]
        guided = findings is not None and MASS in findings.heat
        if findings is not None and guided:
            heat = at_cells(findings.heat[MASS], findings.frame, frame)
            attention = drawn(attention, heat, numbers.get("focus", 0.0))
            odds = (
                numbers.get("scale", 1.0) * log_odds(attention, malignant)
                + numbers.get("signs", 0.0) * self.told_by_signs(mammogram, findings)
                + numbers.get("shift", 0.0)
            )
        else:
            alone = log_odds(attention, malignant)
            odds = numbers.get("alone_scale", 1.0) * alone + numbers.get("alone_shift", 0.0)
        reference = self._session.card.reference
        return Malignancy(
            float(sigmoid(odds)), attention, malignant, frame, shown.scale, self._session.identity,
            None if reference is None else unlike(shown, reference), guided,
        )  # fmt: skip

    def told_by_signs(self, mammogram: Mammogram, findings: Findings) -> float:
        """What the signs of the likeliest masses tell together; 0 where no mass is marked."""
        marked = masses(findings)
        if not marked:
            return 0.0
        image, _ = at_network_scale(as_shown(mammogram, self._session.card.input.raw), SPACING_MM)
        found = signs(image, [one.box for one in marked])
        told = odds_by(coefficients_of(self._session.card.calibration), found)
        return together([one.score for one in marked], told)


def masses(findings: Findings) -> list[Finding]:
    """The likeliest ones, whose signs count."""
    found = [one for one in findings.findings if one.kind == MASS]
    return sorted(found, key=lambda one: -one.score)[:MOST]


def coefficients_of(calibration: Mapping[str, float]) -> Float[np.ndarray, " coefficients"]:
    """The card's ``sign offset`` and ``sign NAME`` of each sign; 0 where it has none."""
    return np.array([calibration.get(f"sign {name}", 0.0) for name in ("offset", *SIGNS)])


def at_cells(heat: Cells, frame: Frame, cells: Frame) -> Float32[np.ndarray, "cell_rows cell_columns"]:
    """A heatmap of one frame at the cells of another."""
    places = np.moveaxis(np.indices(cells.shape, dtype=float), 0, -1)
    there = frame.from_source(cells.to_source(places)).astype(np.float32)
    heated = cv2.remap(heat, there[..., 1], there[..., 0], cv2.INTER_LINEAR)
    return np.asarray(heated, np.float32)


def drawn(attention: Cells, heat: Cells, focus: float) -> Cells:
    """Attention where both the network and the heatmap would look.

    Args:
        attention: Sums to one.
        heat: 0–1.
        focus: How much the heatmap counts; 0: not at all.

    Example:
        >>> drawn(np.full((1, 2), 0.5, np.float32), np.array([[0.6, 0.2]], np.float32), 1.0)
        array([[0.75, 0.25]], dtype=float32)
    """
    both = attention * np.maximum(heat, LEAST) ** np.float32(focus)
    return np.asarray(both / both.sum(), np.float32)


def log_odds(attention: Cells, malignant: Cells) -> float:
    """Of the malignancy of cells, weighted by attention.

    Example:
        >>> half = np.full((2, 2), 0.25, np.float32)
        >>> log_odds(half, np.full((2, 2), 0.5, np.float32))
        0.0
    """
    return log_odds_of(float((attention.astype(float) * malignant).sum()))


def log_odds_of(share: float) -> float:
    """Of a share of 0–1."""
    kept = float(np.clip(share, LEAST, 1 - LEAST))
    return float(np.log(kept / (1 - kept)))
