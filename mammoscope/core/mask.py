"""Which tissue each pixel shows."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from jaxtyping import UInt8

from mammoscope.core.frame import Frame
from mammoscope.errors import GeometryError

BACKGROUND: Final = 0
BREAST: Final = 1
PECTORAL: Final = 2
CLASSES: Final = ("background", "breast", "pectoral")


@dataclass(frozen=True, eq=False)
class Mask:
    """One label a pixel: 0 background, 1 breast, 2 pectoral muscle.

    ``breast`` is the breast without the muscle, as in the segmentation paper; the whole of
    what is not background is ``body``.
    """

    labels: UInt8[np.ndarray, "rows columns"]
    frame: Frame

    def __post_init__(self) -> None:
        if self.frame.shape != self.labels.shape:
            raise GeometryError(f"a frame of {self.frame.shape} on labels of {self.labels.shape}")
        if self.labels.size and int(self.labels.max()) >= len(CLASSES):
            raise GeometryError(f"labels are 0 to 2, got {int(self.labels.max())}")

    @property
    def breast(self) -> np.ndarray:
        """Boolean: breast without muscle."""
        return self.labels == BREAST

    @property
    def pectoral(self) -> np.ndarray:
        """Boolean: pectoral muscle."""
        return self.labels == PECTORAL

    @property
    def body(self) -> np.ndarray:
        """Boolean: breast and muscle."""
        return self.labels != BACKGROUND
