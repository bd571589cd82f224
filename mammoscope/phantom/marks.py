"""Landmarks of a view. Numpy only."""

from typing import Final

import numpy as np
from jaxtyping import Float, UInt8

from mammoscope.core import LandmarkName, Point
from mammoscope.core.mask import BACKGROUND, PECTORAL

LEAST_ROWS: Final = 0.03
"""A muscle that covers a smaller share of the rows has no line."""


def landmarks(
    labels: UInt8[np.ndarray, "rows columns"], nipple: Float[np.ndarray, "2"], fold: Point | None
) -> dict[LandmarkName, Point | None]:
    """The landmarks of a view with its chest wall on the left.

    Args:
        labels: 0 background, 1 breast, 2 muscle.
        nipple: Its middle.
        fold: The inframammary fold; None where it is not shown.
    """
    upper, lower = _pectoral(labels)
    wall = np.flatnonzero(labels[:, 0] != BACKGROUND)
    ends = ((float(wall[0]), 0.0), (float(wall[-1]), 0.0)) if len(wall) else (None, None)
    inside = ((nipple >= -0.5) & (nipple <= np.array(labels.shape) - 0.5)).all()
    return {
        "nipple": _point(nipple) if inside else None,
        "pectoral upper": upper,
        "pectoral lower": lower,
        "inframammary fold": fold,
        "chest wall upper": ends[0],
        "chest wall lower": ends[1],
    }


def _pectoral(labels: UInt8[np.ndarray, "rows columns"]) -> tuple[Point | None, Point | None]:
    """The straight line along the muscle's front: where it is first and last seen.

    The muscle runs down from the upper edge; a sliver that does not touch it (CC) has no line.
    """
    widths = (labels == PECTORAL).sum(axis=1)
    rows = np.flatnonzero(widths)
    if widths[0] == 0 or len(rows) < LEAST_ROWS * len(labels):
        return None, None
    rows = np.arange(np.flatnonzero(np.append(widths, 0) == 0)[0])
    slope, start = np.polyfit(rows, widths[rows] - 0.5, 1)
    end = float(min(rows[-1], -start / slope)) if slope < 0 else float(rows[-1])
    return (0.0, float(start)), (end, float(start + slope * end))


def _point(place: Float[np.ndarray, "2"]) -> Point:
    return float(place[0]), float(place[1])
