"""Both views of a breast on one square, as the network takes them, and the way back. No torch.

What the paper leaves open, and what is done here:

- Breasts are mirrored so that the chest wall lies on the left. The paper speaks of no mirroring; one
  rotation by 45° cannot suit both breasts.
- "The largest dimension was equal to 600 pixels": each view's own, so views of one breast that differ
  in size come to different scales, and a smaller view is enlarged to 600.
- Both views must have one shape for their features to be concatenated: each is padded with zeros to
  a square, on all sides alike, so that the first rotation is about each film's centre. On a square
  both axes are normalised by the same length, so that a rotation is one.
"""

from typing import Final

import numpy as np
from jaxtyping import Float32

from mammoscope.core import Frame, Mammogram, Side
from mammoscope.image.chest_wall import chest_wall_side
from mammoscope.image.intensity import for_display
from mammoscope.image.patches import crop, flip
from mammoscope.image.resample import to_shape

SIZE: Final = 600


def prepare(mammogram: Mammogram, size: int = SIZE, side: Side | None = None) -> Mammogram:
    """One view on the square: chest wall on the left, longest side `size`, padded with zeros.

    Args:
        mammogram: Of any frame; a raw image is shown log-inverted.
        size: Rows and columns of the result. Paper: 600 (section 4).
        side: The chest wall's, where it is known already; else the pixels tell.

    Returns:
        The square; its `Frame` leads back to the source, its `valid` says what is not padding.
    """
    shown = for_display(mammogram)
    faced = flip(shown) if (side or chest_wall_side(shown.pixels)) == "right" else shown
    small = to_shape(faced, fitted(faced.pixels.shape, size))
    return crop(small, *padding(small.pixels.shape, size), size, size)


def square(frame: Frame, size: int, side: Side) -> Frame:
    """The frame that `prepare` gives a view of a frame, without its pixels."""
    faced = frame.flip() if side == "right" else frame
    small = faced.resize(fitted(faced.shape, size))
    return small.crop(*padding(small.shape, size), size, size)


def stacked(cc: Mammogram, mlo: Mammogram) -> Float32[np.ndarray, "2 size size"]:
    """Both squares as the channels of one image, CC first, in 0–1."""
    return np.clip(np.stack([cc.pixels, mlo.pixels]), 0, 1).astype(np.float32)


def fitted(shape: tuple[int, ...], size: int) -> tuple[int, int]:
    """Rows and columns when the longest side is `size`.

    Example:
        >>> fitted((1200, 700), 600)
        (600, 350)
    """
    longest = max(shape)
    return max(1, round(shape[0] * size / longest)), max(1, round(shape[1] * size / longest))


def padding(shape: tuple[int, ...], size: int) -> tuple[int, int]:
    """Where the square's first pixel lies in a view of this shape: before its first one.

    Example:
        >>> padding((600, 350), 600)
        (0, -125)
    """
    return -((size - shape[0]) // 2), -((size - shape[1]) // 2)
