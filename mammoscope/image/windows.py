"""Where sliding windows lie, and the cells of an image for which they answer together."""

from typing import Final

import numpy as np
from jaxtyping import Float32

from mammoscope.core import Frame
from mammoscope.image.equalised import fused

WINDOW: Final = 256
"""Side of a window, in pixels: the findings paper's."""
STRIDE: Final = 32
"""From window to window: the findings paper's. A window answers for the square of this side in its
middle."""
CELL: Final = 16
"""Side of a cell of the answer, in pixels."""
MARGIN: Final = (WINDOW - STRIDE) // 2
"""What a window sees beyond that square on each side, in pixels."""


def network_image(
    pixels: Float32[np.ndarray, "rows columns"],
) -> Float32[np.ndarray, "1 3 wide_rows wide_columns"]:
    """A prepared image with its equalised versions, filled up to whole strides with zeros."""
    filled = [(0, -size % STRIDE) for size in pixels.shape]
    return np.pad(fused(pixels), ((0, 0), *filled))[None]


def with_margin(
    channels: Float32[np.ndarray, "channels rows columns"],
) -> Float32[np.ndarray, "1 channels wide_rows wide_columns"]:
    """An image filled up with zeros: a margin a side, then whole strides below and on the right."""
    beyond = [(MARGIN, MARGIN + -size % STRIDE) for size in channels.shape[1:]]
    return np.pad(channels, ((0, 0), *beyond))[None]


def cells_of(frame: Frame) -> Frame:
    """The frame of the answer's cells of an image."""
    shape = tuple(-(-size // STRIDE) * STRIDE // CELL for size in frame.shape)
    step, first = float(CELL), (CELL - 1) / 2
    return frame.before(((step, 0.0, first), (0.0, step, first)), (shape[0], shape[1]))
