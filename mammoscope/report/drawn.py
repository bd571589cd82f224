"""The lines of positioning as a radiographer would draw them on a picture."""

from typing import Final

import numpy as np

from mammoscope.core import Landmark, Point, Positioning
from mammoscope.report.outline import Line, in_picture
from mammoscope.report.positioning import ellipse_axes

NIPPLE: Final = "nipple"
DASHED: Final = frozenset({"gap", "chest wall"})
CORNERS: Final = 48
ARM: Final = 0.008
"""Half the width of a cross, in heights of the picture."""


def drawn(
    answer: Positioning, source: tuple[int, int], shape: tuple[int, int]
) -> dict[str, list[Line]]:
    """Lines by their kind in points of a picture, the nipple with its ellipse of 90 % last.

    Args:
        answer: Its points lie in the source.
        source: Rows and columns of the source image.
        shape: Rows and columns of the picture, which shows the whole source.
    """
    found: dict[str, list[Line]] = {}
    for line in answer.lines:
        points = np.array(line.points, dtype=np.float64).reshape(-1, 2)
        found.setdefault(line.kind, []).append(in_picture(points, source, shape))
    nipple = answer.landmarks.points[NIPPLE]
    if nipple.point is None:
        return found
    return found | {
        NIPPLE: [in_picture(ring(nipple), source, shape), *cross(nipple.point, source, shape)]
    }


def ring(landmark: Landmark) -> Line:
    """The ellipse that holds nine of ten, in source pixels; its last point is its first.

    Args:
        landmark: One that is seen.
    """
    turn = np.linspace(0, 2 * np.pi, CORNERS + 1)
    circle = np.column_stack([np.cos(turn), np.sin(turn)])
    points: Line = np.asarray(landmark.point, dtype=np.float64) + circle @ ellipse_axes(landmark)
    points[-1] = points[0]
    return points


def cross(point: Point, source: tuple[int, int], shape: tuple[int, int]) -> list[Line]:
    """A small cross on a point of the source, in points of a picture."""
    (centre,) = in_picture(np.array([point], dtype=np.float64), source, shape)
    arm = ARM * shape[0]
    return [centre + np.array([[-end[0], -end[1]], end]) for end in ((arm, 0.0), (0.0, arm))]
