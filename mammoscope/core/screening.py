"""How malignant an image looks, and where."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float32

from mammoscope.core.frame import Frame
from mammoscope.core.mammogram import Note


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
        notes: Warnings.
    """

    score: float
    attention: Float32[np.ndarray, "rows columns"]
    malignant: Float32[np.ndarray, "rows columns"]
    frame: Frame
    scale: Literal["spacing", "nominal"]
    weights: str
    notes: tuple[Note, ...] = ()

    @property
    def place(self) -> tuple[float, float]:
        """Row and column, in source pixels, of the cell that is looked at most."""
        cell = np.unravel_index(int(self.attention.argmax()), self.attention.shape)
        row, column = self.frame.to_source(np.array(cell, float)).tolist()
        return row, column
