"""What anatomy knows and a network may forget: one breast, and one muscle at the chest wall.

The paper expects of "a post-processing step" (section 4) that it removes false positives. What is
done here: the body is the largest region, without the narrow strips that glare leaves along a
film's edge, its holes are filled; the muscle is the largest region that lies along the chest wall
and, where the view shows it from above, reaches the body's upper end.
"""

from typing import Final

import cv2
import numpy as np
from jaxtyping import Bool, UInt8

from mammoscope.core import BACKGROUND, BREAST, PECTORAL, Side, View

SMALLEST_MUSCLE: Final = 0.004
"""Share of the body's area below which a muscle is dropped. Ours."""
REACH: Final = 0.15
"""Share of the body's rows or columns within which a muscle lies at its end: labels and glare that
cling to the body move its end. Ours."""
SLENDER: Final = 0.055
"""Share of the body's rows: what is narrower from side to side is a strip. Ours."""
FROM_ABOVE: Final[frozenset[View]] = frozenset({"CC", "XCC", "XCCL", "XCCM", "FB"})
"""Views whose muscle, if they show any, need not reach the upper end."""

Labels = UInt8[np.ndarray, "rows columns"]
Region = Bool[np.ndarray, "rows columns"]


def correct(labels: Labels, side: Side, view: View | None) -> Labels:
    """Labels of one breast with at most one muscle, which lies at the chest wall.

    Pixels of the muscle that are dropped become breast; breast that the muscle cuts off from the
    rest of the breast becomes muscle.

    Args:
        labels: 0 background, 1 breast, 2 muscle.
        side: Side of the chest wall.
        view: None where unknown: the muscle must reach the upper end, as in an MLO view.
    """
    body = filled(without_strips(largest(labels != BACKGROUND)))
    muscle = _muscle(labels == PECTORAL, body, side, upper=view not in FROM_ABOVE)
    if muscle.any():
        muscle = body & ~largest(body & ~muscle)
    result = np.where(body, np.uint8(BREAST), np.uint8(BACKGROUND))
    result[muscle] = PECTORAL
    return result


def chest_wall(body: Region) -> Side:
    """The side on which the body ends straight, as the image or the film cuts it; skin is round."""
    rows = np.flatnonzero(body.any(axis=1))
    if not len(rows):
        return "left"
    left = _bend(rows, body[rows].argmax(axis=1))
    right = _bend(rows, body[rows, ::-1].argmax(axis=1))
    return "left" if left <= right else "right"


def _bend(rows: np.ndarray, ends: np.ndarray) -> float:
    """Median distance of the rows' ends from the straight line that suits the better half of them."""
    line = np.array([0.0, float(np.median(ends))])
    for _ in range(3):
        away = np.abs(ends - np.polyval(line, rows))
        better = away <= np.median(away)
        if better.sum() < 2:
            break
        line = np.polyfit(rows[better], ends[better], 1)
    return float(np.median(np.abs(ends - np.polyval(line, rows))))


def without_strips(region: Region) -> Region:
    """The largest part of what is broad from side to side, with the narrow ends next to it."""
    width = max(2, round(SLENDER * int(region.any(axis=1).sum()))) | 1
    wide = np.pad(region.astype(np.uint8), width)
    broad = cv2.morphologyEx(wide, cv2.MORPH_OPEN, np.ones((1, width), np.uint8))
    main = largest(broad[width:-width, width:-width] > 0).astype(np.uint8)
    return region & (cv2.dilate(main, np.ones((width, width), np.uint8)) > 0)


def largest(region: Region) -> Region:
    """The largest part of a region whose pixels touch, also at corners."""
    count, parts, stats, _ = cv2.connectedComponentsWithStats(region.astype(np.uint8))
    if count < 2:
        return np.zeros_like(region)
    return parts == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())


def filled(region: Region) -> Region:
    """A region without holes; a bay at the image's edge is none."""
    outside = np.pad(region.astype(np.uint8), 1)
    cv2.floodFill(outside, None, (0, 0), 2)
    return outside[1:-1, 1:-1] != 2


def _muscle(candidates: Region, body: Region, side: Side, upper: bool) -> Region:
    """The largest candidate that touches the body's ends, without its holes; else nothing."""
    nothing = np.zeros_like(body)
    _, parts, stats, _ = cv2.connectedComponentsWithStats((candidates & body).astype(np.uint8))
    for part in 1 + np.argsort(-stats[1:, cv2.CC_STAT_AREA], kind="stable"):
        if stats[part, cv2.CC_STAT_AREA] < SMALLEST_MUSCLE * body.sum():
            return nothing
        region = parts == part
        if _at_wall(region, body, side) and not (upper and not _at_upper_end(region, body)):
            return filled(region)
    return nothing


def _at_wall(region: Region, body: Region, side: Side) -> bool:
    """Whether most rows of the region reach the chest-wall end of the body's row."""
    if side == "right":
        region, body = region[:, ::-1], body[:, ::-1]
    near = max(1, round(REACH * body.any(axis=0).sum()))
    rows = region.any(axis=1)
    reached = region[rows].argmax(axis=1) <= body[rows].argmax(axis=1) + near
    return bool(reached.mean() > 0.5)


def _at_upper_end(region: Region, body: Region) -> bool:
    """Whether the region's first row is about the body's first row."""
    rows = np.flatnonzero(body.any(axis=1))
    near = max(1, round(REACH * len(rows)))
    return bool(region[: rows[0] + near + 1].any())
