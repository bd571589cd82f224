"""An image's pixels and outline on one square grid, for measures that look at pixels."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from jaxtyping import Bool, Float32, UInt8

from mammoscope.core import BACKGROUND, About, Segmentation, Side
from mammoscope.image import nominal_spacing

LEAST_ROWS: Final = 32


@dataclass(frozen=True, eq=False)
class Picture:
    """Grey values and labels on a grid of square pixels, the chest wall where it was.

    Attributes:
        grey: 0–255.
        labels: 0 background, 1 breast, 2 muscle.
        step: Size of a pixel in mm; a nominal one where `known` is False.
        known: Whether the image's own spacing gave `step`: only then a length is a millimetre.
        source_step: Size of a row of what the grey values were taken from, in the same mm.
    """

    grey: Float32[np.ndarray, "rows columns"]
    labels: UInt8[np.ndarray, "rows columns"]
    step: float
    known: bool
    source_step: float

    @property
    def body(self) -> Bool[np.ndarray, "rows columns"]:
        """Breast and muscle."""
        return self.labels != BACKGROUND

    @property
    def height(self) -> int:
        """Rows from the first to the last of the body."""
        rows = np.flatnonzero(self.body.any(axis=1))
        return int(rows[-1] - rows[0]) + 1 if len(rows) else 0

    def turned(self, chest_wall: Side) -> "Picture":
        """The same with the chest wall on the left."""
        if chest_wall == "left":
            return self
        grey, labels = (
            np.ascontiguousarray(self.grey[:, ::-1]),
            np.ascontiguousarray(self.labels[:, ::-1]),
        )
        return Picture(grey, labels, self.step, self.known, self.source_step)


def picture(
    segmentation: Segmentation, about: About, preview: UInt8[np.ndarray, "rows columns"], step: float
) -> Picture | None:
    """Preview and outline at a size of pixel, never finer than the preview.

    Args:
        segmentation: Of the image.
        about: Its spacing and shape.
        preview: The whole image at a display look, at any scale.
        step: The wanted size of a pixel in mm. Where the spacing is unknown, pixels are taken as
            square and the breast as high as the median one, see `mammoscope.image.nominal_spacing`.

    Returns:
        None where the outline is empty or the image is too small to look at.
    """
    labels = segmentation.mask.labels
    if min(*preview.shape, *labels.shape) < LEAST_ROWS or not labels.any():
        return None
    spacing = about.spacing
    nominal = nominal_spacing(labels != BACKGROUND) if spacing is None else 0.0
    down, across = (spacing.row, spacing.column) if spacing else (nominal, nominal)
    tall, wide = down * labels.shape[0], across * labels.shape[1]
    preview_step = max(tall / preview.shape[0], wide / preview.shape[1])
    taken = max(step, preview_step)
    size = max(1, round(wide / taken)), max(1, round(tall / taken))
    grey = cv2.resize(preview, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    small = cv2.resize(labels, size, interpolation=cv2.INTER_NEAREST)
    return Picture(grey, small, taken, spacing is not None, preview_step)


def inwards(inside: Bool[np.ndarray, "rows columns"]) -> Float32[np.ndarray, "rows columns"]:
    """Distance in pixels to the nearest pixel outside; the image's own edge is not outside."""
    distance = cv2.distanceTransform(inside.astype(np.uint8), cv2.DIST_L2, 3)
    return np.minimum(distance, np.float32(sum(inside.shape)))


def from_skin(body: Bool[np.ndarray, "rows columns"]) -> Float32[np.ndarray, "rows columns"]:
    """Distance in pixels from the skin of a breast whose chest wall lies on the left.

    What lies between a row's breast and the left is no skin: a film's frame, or the table.
    """
    return inwards(np.maximum.accumulate(body[:, ::-1], axis=1)[:, ::-1])
