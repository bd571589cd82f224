"""The paper's image processing: 0–1, two scales of CLAHE fused with the original. No torch."""

from typing import Final, NamedTuple

import cv2
import numpy as np
from jaxtyping import Bool, Float32

from mammoscope.core import Frame, Mammogram
from mammoscope.errors import GeometryError
from mammoscope.image.equalised import TILES, fused
from mammoscope.image.intensity import for_display, to_grey
from mammoscope.image.patches import crop
from mammoscope.image.scale import at_network_scale

CHANNELS: Final = 1 + len(TILES)


class Prepared(NamedTuple):
    """A breast as the paper's classifiers see it.

    Attributes:
        channels: Original, coarse and fine CLAHE in 0–1.
        inside: Where the breast is, by Otsu's threshold.
        frame: Where the pixels lie in the source.
    """

    channels: Float32[np.ndarray, "3 rows columns"]
    inside: Bool[np.ndarray, "rows columns"]
    frame: Frame


def prepare(mammogram: Mammogram, spacing_mm: float = 0.0) -> Prepared:
    """Normalise, equalise at two scales, fuse, crop to the breast, in the paper's order.

    A raw image is shown log-inverted.

    Args:
        mammogram: A CC or MLO view, of any frame.
        spacing_mm: Size of a pixel of the result, nominal where the image's is unknown; 0: as it is.

    Raises:
        GeometryError: If the size is negative.
    """
    if spacing_mm < 0:
        raise GeometryError(f"a pixel of 0 mm (as it is) or more was expected, got {spacing_mm}")
    shown = for_display(mammogram)
    if spacing_mm:
        shown, _ = at_network_scale(shown, spacing_mm)
    pixels = normalised(shown.pixels)
    channels, body = fused(pixels), otsu_breast(pixels)
    left, top, columns, rows = cv2.boundingRect(body.astype(np.uint8)) if body.any() else _all(body)
    window = np.s_[top : top + rows, left : left + columns]
    return Prepared(channels[:, *window], body[window], crop(shown, top, left, rows, columns).frame)


def normalised(pixels: Float32[np.ndarray, "rows columns"]) -> Float32[np.ndarray, "rows columns"]:
    """The range of the pixels brought to 0–1; zeros where there is none."""
    low, high = float(pixels.min()), float(pixels.max())
    return (pixels - np.float32(low)) / np.float32((high - low) or 1.0)


def otsu_breast(pixels: Float32[np.ndarray, "rows columns"]) -> Bool[np.ndarray, "rows columns"]:
    """The largest part brighter than Otsu's threshold: the paper does not say which part it takes.

    On film its white edge and the breast are often one part, and little is cropped: so be it, as in the
    paper, whose images are digital. Nothing where the image has one level only.
    """
    _, bright = cv2.threshold(to_grey(pixels), 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    _, parts, stats, _ = cv2.connectedComponentsWithStats(bright)
    areas = stats[1:, cv2.CC_STAT_AREA]
    if not len(areas):
        return np.zeros(pixels.shape, bool)
    return np.asarray(parts == 1 + int(areas.argmax()))


def _all(body: np.ndarray) -> tuple[int, int, int, int]:
    rows, columns = body.shape
    return 0, 0, columns, rows
