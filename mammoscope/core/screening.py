"""How malignant an image looks, and where."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float32

from mammoscope.core.frame import Frame
from mammoscope.core.mammogram import Laterality, Note


@dataclass(frozen=True, eq=False)
class Malignancy:
    """The malignancy of the mass that an image shows, if it shows one: research use.

    Attributes:
        score: 0–1: the share of malignant ones among masses so scored, see the weights' card.
        attention: Of each cell its share in the score's attention: they sum to one.
        malignant: Of each cell how malignant a mass would be there, 0–1.
        frame: From cells to source pixels.
        scale: What the network's scale came from: ``spacing`` or ``nominal`` (never a millimetre).
        weights: Name and SHA-256 of the weights.
        unlike: How unlike the training images this one is, by the card's measure: 1 is the limit, above
            which the score is marked; None where the card has no measure.
        guided: Whether the heatmap of findings took part.
        notes: Warnings.
    """

    score: float
    attention: Float32[np.ndarray, "rows columns"]
    malignant: Float32[np.ndarray, "rows columns"]
    frame: Frame
    scale: Literal["spacing", "nominal"]
    weights: str
    unlike: float | None = None
    guided: bool = False
    notes: tuple[Note, ...] = ()

    @property
    def marked(self) -> bool:
        """Whether the image is unlike those that trained the weights."""
        return self.unlike is not None and self.unlike > 1

    @property
    def place(self) -> tuple[float, float]:
        """Row and column, in source pixels, of the cell that is looked at most."""
        cell = np.unravel_index(int(self.attention.argmax()), self.attention.shape)
        row, column = self.frame.to_source(np.array(cell, float)).tolist()
        return row, column


@dataclass(frozen=True)
class BreastMalignancy:
    """The malignancy of the mass of one breast, from all of its views.

    Attributes:
        score: 0–1.
        images: Names of the images whose scores were taken: one or more of each view.
        marked: Whether one of them is unlike those that trained the weights.
    """

    score: float
    images: tuple[str, ...]
    marked: bool = False


@dataclass(frozen=True)
class ExamMalignancy:
    """The malignancy of an exam: that of the breast that looks worse.

    Attributes:
        score: 0–1.
        breasts: Of each side that was assessed.
        threshold: The score from which it is called high: an operating point of the weights' card.
        notes: Warnings.
    """

    score: float
    breasts: Mapping[Laterality, BreastMalignancy]
    threshold: float | None = None
    notes: tuple[Note, ...] = ()
