"""Where the breast lies in the image."""

from typing import Final

import cv2
import numpy as np
from jaxtyping import Bool, Float32

from mammoscope.core import Mammogram
from mammoscope.image import patches
from mammoscope.image.intensity import for_display
from mammoscope.image.outline import Found, find, find_beside

NOMINAL_HEIGHT_MM: Final = 205.0
SECOND_SHARE: Final = 0.5
TAPER: Final = 0.6
WIDE: Final = 0.95
"""Median height of the outline, breast and muscle, over films of known spacing."""


def breast_crop(mammogram: Mammogram, margin_fraction: float = 0.02) -> Mammogram:
    """The breast's bounding box, wider by a share of the box's height on each side, in the image.

    An image without a breast is returned whole. A raw image is judged by its display look.
    """
    shown = for_display(mammogram).pixels
    if mammogram.valid is not None:
        shown = np.where(mammogram.valid, shown, np.float32(0))
    found = find(shown)
    if not found.body.any():
        return mammogram
    left, top, width, height = cv2.boundingRect(found.body)
    rows, columns = mammogram.pixels.shape
    down, across = rows / found.body.shape[0], columns / found.body.shape[1]
    margin = 1 + margin_fraction * height
    first_row, last_row = _widened(top, top + height, margin, down, rows)
    first_column, last_column = _widened(left, left + width, margin, across, columns)
    return patches.crop(
        mammogram, first_row, first_column, last_row - first_row, last_column - first_column
    )


def nominal_spacing(outline: Bool[np.ndarray, "rows columns"]) -> float:
    """A size of a pixel in mm where nobody says: as if every breast were `NOMINAL_HEIGHT_MM` high.

    It only brings an image near a network's scale and never becomes a millimetre of a result.
    """
    rows = np.flatnonzero(outline.any(axis=1))
    height = rows[-1] - rows[0] + 1 if len(rows) else outline.shape[0]
    return NOMINAL_HEIGHT_MM / float(height)


def _widened(first: int, last: int, margin: float, scale: float, limit: int) -> tuple[int, int]:
    lower, upper = np.floor((first - margin) * scale), np.ceil((last + margin) * scale)
    return max(0, int(lower)), min(limit, int(upper))


def two_breasts(pixels: Float32[np.ndarray, "rows columns"], found: Found | None = None) -> bool:
    """Whether the image shows two breasts: two large parts, or one that tapers to both sides.

    One breast is flat at its chest wall. In 1,495 real images of one breast each (film and digital)
    the part is wider than 0.95 of its height and lower than 0.6 of it at both ends in none.

    Args:
        pixels: An image with a display look, see `mammoscope.image.intensity.for_display`.
        found: Its breast, where it is known already.
    """
    found = found or find(pixels)
    if not found.body.any():
        return False
    second = find_beside(found)
    if second.sum() > SECOND_SHARE * found.body.sum():
        return True
    left, top, width, height = cv2.boundingRect(found.body)
    body = found.body[top : top + height, left : left + width] > 0
    extents = height - body.argmax(axis=0) - body[::-1].argmax(axis=0)
    end = max(1, width // 20)
    tapers = max(extents[:end].mean(), extents[-end:].mean()) < TAPER * height
    return bool(tapers and width > WIDE * height)
