"""A breast cut out of its mammogram: its scale, its range."""

from typing import Final, Literal, NamedTuple

import numpy as np
from jaxtyping import Bool, Float32

from mammoscope.core import Frame, Mammogram
from mammoscope.core.card import RawLook
from mammoscope.image.outline import breast_outline
from mammoscope.image.patches import crop
from mammoscope.image.scale import as_shown, at_network_scale, stretched

AROUND_MM: Final = 6.0
"""What is kept around the breast on each side."""


class Prepared(NamedTuple):
    """The breast at the network's scale.

    Attributes:
        pixels: In 0–1, its range stretched.
        body: Where breast and muscle lie, by the outline.
        frame: From its pixels to the source's.
        scale: What brought it to its scale.
    """

    pixels: Float32[np.ndarray, "rows columns"]
    body: Bool[np.ndarray, "rows columns"]
    frame: Frame
    scale: Literal["spacing", "nominal"]


def prepare(mammogram: Mammogram, raw: RawLook, spacing_mm: float) -> Prepared:
    """An image cropped to its breast, at a spacing or a nominal one.

    Args:
        mammogram: The image.
        raw: How an image for processing is shown.
        spacing_mm: Size of a pixel of the result.
    """
    small, scale = at_network_scale(as_shown(mammogram, raw), spacing_mm)
    body = breast_outline(small.pixels)
    if not body.any():
        body = np.ones_like(body)
    around = round(AROUND_MM / spacing_mm)
    rows, columns = (np.flatnonzero(body.any(axis=axis)) for axis in (1, 0))
    top, left = max(int(rows[0]) - around, 0), max(int(columns[0]) - around, 0)
    bottom = min(int(rows[-1]) + around + 1, body.shape[0])
    right = min(int(columns[-1]) + around + 1, body.shape[1])
    part = crop(small, top, left, bottom - top, right - left)
    return Prepared(stretched(part.pixels), body[top:bottom, left:right], part.frame, scale)
