"""The outlines of CDD-CESM: regions of the VGG annotator, or the parts of a mask made of them."""

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
from jaxtyping import UInt8

from mammoscope.io.cells import CellError, Row, number, within
from mammoscope.io.tables import read_rows
from mammoscope.scores.boxes import Box

COLUMNS: Final = ("#filename", "region_shape_attributes")
LEAST_AREA: Final = 12
"""Parts of a mask with fewer pixels are specks."""
MOST_LETTERS: Final = 200_000
MOST_PIXELS: Final = 20_000
"""Of a side; no detector has more."""
ROUND: Final = 64
"""Points along an ellipse."""


class Outline(NamedTuple):
    """One region that somebody drew.

    Attributes:
        box: Around it, in source pixels.
        width: Of the largest circle in it, over the box's longer side.
        fill: Its area over the box's.
    """

    box: Box
    width: float
    fill: float


def parts(mask: np.ndarray) -> list[Outline]:
    """The connected parts of a mask; outlines that touch are one.

    Example:
        >>> mask = np.zeros((9, 20), np.uint8)
        >>> mask[2:6, 3:18] = 255
        >>> parts(mask)[0].box
        (1.5, 2.5, 5.5, 17.5)
    """
    _, labels, found, _ = cv2.connectedComponentsWithStats((mask > 0).astype(np.uint8))
    return [
        _outline((labels[top : top + rows, left : left + columns] == label).astype(np.uint8), top, left)
        for label, (left, top, columns, rows, area) in enumerate(found.tolist())
        if label and area >= LEAST_AREA
    ]


def read_regions(table: Path) -> Iterator[tuple[str, Outline | None]]:
    """The file and the outline of each row of the VGG annotator; None for a point, which has no box.

    Rows of an image without a region are passed over.

    Raises:
        UsageError: If the table cannot be read, or a region is broken.
    """
    for line, row in read_rows(table, COLUMNS):
        if row["region_shape_attributes"].strip() not in ("", "{}"):
            yield row["#filename"].strip(), within(table, line, _region, row)


def _region(row: Row) -> Outline | None:
    text = row["region_shape_attributes"]
    if len(text) > MOST_LETTERS:
        raise CellError(f"a region of more than {MOST_LETTERS} letters")
    shape = json.loads(text)
    if not isinstance(shape, dict):
        raise CellError("region_shape_attributes should be a region in braces")
    points = _points(shape)
    if len(points) == 1:
        return None
    if len(points) < 3 or not (np.abs(points) < MOST_PIXELS).all():
        raise CellError(f"a region needs three points or more, within {MOST_PIXELS} pixels")
    left, top = np.floor(points.min(axis=0)).astype(int).tolist()
    right, bottom = np.ceil(points.max(axis=0)).astype(int).tolist()
    region = np.zeros((max(bottom - top, 1), max(right - left, 1)), np.uint8)
    cv2.fillPoly(region, [np.rint(points - (left, top)).astype(np.int32)], 1)
    return _outline(region, top, left)


def _points(shape: Mapping[str, Any]) -> np.ndarray:
    """Points (x, y) around a region; one of a point."""

    def of(*keys: str) -> list[float]:
        return [number(shape[key]) for key in keys]

    name = shape.get("name")
    if name in ("polygon", "polyline"):
        xs, ys = shape["all_points_x"], shape["all_points_y"]
        return np.array([(number(x), number(y)) for x, y in zip(xs, ys, strict=True)])
    if name == "rect":
        x, y, width, height = of("x", "y", "width", "height")
        return np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])
    if name == "point":
        return np.array([of("cx", "cy")])
    if name == "circle":
        x, y, radius = of("cx", "cy", "r")
        return _around((x, y), (radius, radius), 0.0)
    if name == "ellipse":
        x, y, across, down = of("cx", "cy", "rx", "ry")
        return _around((x, y), (across, down), number(shape.get("theta", 0.0)))
    raise CellError("a region is a polygon, polyline, rect, circle, ellipse or point")


def _around(centre: tuple[float, float], radii: tuple[float, float], theta: float) -> np.ndarray:
    """Points along an ellipse turned by radians, clockwise as the rows go down."""
    angles = np.linspace(0, 2 * math.pi, ROUND, endpoint=False)
    along, across = radii[0] * np.cos(angles), radii[1] * np.sin(angles)
    xs = centre[0] + along * math.cos(theta) - across * math.sin(theta)
    ys = centre[1] + along * math.sin(theta) + across * math.cos(theta)
    return np.stack([xs, ys], axis=1)


def _outline(region: UInt8[np.ndarray, "rows columns"], top: int, left: int) -> Outline:
    rows, columns = region.shape
    inside = cv2.distanceTransform(np.pad(region, 1), cv2.DIST_L2, 5)
    edges = top - 0.5, left - 0.5, top + rows - 0.5, left + columns - 0.5
    width = 2 * float(inside.max()) / max(rows, columns)
    return Outline(edges, width, float(region.sum()) / region.size)
