"""The edges of a mask as lines of a smaller picture."""

from typing import Final

import cv2
import numpy as np
from jaxtyping import Bool, Float

from mammoscope.core import Frame

Line = Float[np.ndarray, "_ 2"]
TOLERANCE: Final = 0.35
"""How far a simplified line may stray, in pixels of the picture: less than an eye sees."""


def outlines(region: Bool[np.ndarray, "rows columns"], shape: tuple[int, int]) -> list[Line]:
    """Lines around a region of the source, holes included, in points of a picture.

    Where the region runs into the image's edge there is no line: nothing ends there but the image.

    Args:
        region: True inside, in source pixels.
        shape: Rows and columns of the picture, which shows the whole source.
    """
    found, _ = cv2.findContours(region.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    source = (region.shape[0], region.shape[1])
    inside = [line for ring in found for line in _inside(ring[:, 0, ::-1], source)]
    return [in_picture(line, source, shape) for line in inside]


def in_picture(points: np.ndarray, source: tuple[int, int], shape: tuple[int, int]) -> Line:
    """A line of the source in points of a picture, without the points that no eye misses."""
    line = Frame.of(source).resize(shape).from_source(points.astype(np.float64))
    return simplified(line, TOLERANCE)


def simplified(line: Line, tolerance: float) -> Line:
    """Few points of a line that stay within a tolerance of it (Douglas and Peucker 1973).

    A ring is a line whose last point is its first, and stays one.
    """
    if len(line) < 3:
        return line
    ring = bool((line[0] == line[-1]).all())
    points = (line[:-1] if ring else line).astype(np.float32)
    kept = cv2.approxPolyDP(points, tolerance, closed=ring)[:, 0].astype(np.float64)
    return np.concatenate([kept, kept[:1]]) if ring else kept


def path(lines: list[Line]) -> str:
    """Lines as the ``d`` of an SVG path: x before y, the first pixel's centre at (0.5, 0.5)."""
    return "".join(
        "M" + "L".join(f"{column:.1f} {row:.1f}" for row, column in line + 0.5)
        for line in lines
        if len(line)
    )


def _inside(ring: np.ndarray, shape: tuple[int, int]) -> list[np.ndarray]:
    closed = np.concatenate([ring, ring[:1]])
    edges = (
        closed[:, 0] == 0,
        closed[:, 1] == 0,
        closed[:, 0] == shape[0] - 1,
        closed[:, 1] == shape[1] - 1,
    )
    along = np.any([edge[:-1] & edge[1:] for edge in edges], axis=0)
    if not along.any():
        return [closed]
    start = int(np.argmax(along)) + 1
    turned, dropped = np.roll(ring, -start, axis=0), np.roll(along, -start)
    pieces = np.split(np.arange(len(ring)), np.flatnonzero(dropped) + 1)
    return [turned[piece] for piece in pieces if len(piece) > 1]
