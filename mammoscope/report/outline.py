"""The edges of a mask as lines of a smaller picture."""

import cv2
import numpy as np
from jaxtyping import Bool, Float

from mammoscope.core import Frame

Line = Float[np.ndarray, "n 2"]
TOLERANCE = 0.35
"""How far a simplified line may stray, in pixels of the picture: under what an eye sees."""


def outlines(region: Bool[np.ndarray, "rows columns"], shape: tuple[int, int]) -> list[Line]:
    """Closed lines around a region of the source, holes included, in points of a picture.

    Args:
        region: True inside, in source pixels.
        shape: Rows and columns of the picture, which shows the whole source.
    """
    found, _ = cv2.findContours(region.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    return [in_picture(line[:, 0, ::-1], region.shape, shape) for line in found]


def in_picture(points: np.ndarray, source: tuple[int, ...], shape: tuple[int, int]) -> Line:
    """A line of the source in points of a picture, without the points that no eye misses."""
    frame = Frame.of((source[0], source[1])).resize(shape)
    line = frame.from_source(points.astype(np.float64))
    if len(line) < 3:
        return line
    return cv2.approxPolyDP(line.astype(np.float32), TOLERANCE, closed=False)[:, 0].astype(np.float64)


def path(line: Line, closed: bool) -> str:
    """A line as the ``d`` of an SVG path: x before y, pixel centres at halves, a tenth of a pixel fine."""
    if not len(line):
        return ""
    text = "L".join(f"{column:.1f} {row:.1f}" for row, column in line + 0.5)
    return f"M{text}{'Z' if closed else ''}"
