"""A prepared breast as the network takes it, and where the cells of its answer lie. No torch."""

from typing import Final

import numpy as np
from jaxtyping import Float32

from mammoscope.core import Frame
from mammoscope.image.equalised import fused

CELL: Final = 8
"""Side of a cell of the answer, in pixels."""
MULTIPLE: Final = 16
"""Rows and columns of the network's image are multiples of it."""


def network_image(
    pixels: Float32[np.ndarray, "rows columns"],
) -> Float32[np.ndarray, "1 3 filled_rows filled_columns"]:
    """With its equalised versions, filled up with zeros below and on the right."""
    beyond = [(0, -size % MULTIPLE) for size in pixels.shape]
    return np.pad(fused(pixels), ((0, 0), *beyond))[None]


def cells_of(frame: Frame) -> Frame:
    """The frame of the answer's cells of an image."""
    rows, columns = (-(-size // MULTIPLE) * MULTIPLE // CELL for size in frame.shape)
    step, first = float(CELL), (CELL - 1) / 2
    return frame.before(((step, 0.0, first), (0.0, step, first)), (rows, columns))
