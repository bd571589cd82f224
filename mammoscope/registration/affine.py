"""The paper's transformation θ without torch: what it does to points, and to a pair of views.

θ is the 2 × 3 matrix of Eq. 1 without its last row. It maps points (x, y, 1) of the MLO view's square
to points (x, y) of the CC view's; both axes run from -1 to 1 between the square's outer edges, x to
the right and y down. So the registered CC view shows at each place what the CC view shows at θ of
that place, and points of the CC view go to the MLO view through the inverse.

"A 45 degree counterclockwise rotation" (section 4) is said of θ: with the chest wall on the left the
nipple of an MLO view points to the right and down, that of a CC view to the right, so θ turns points
counter-clockwise as seen on a screen, and the CC view itself turns clockwise.
"""

from collections.abc import Callable
from math import cos, radians, sin
from typing import Final

import numpy as np
from jaxtyping import Float

from mammoscope.core import Frame
from mammoscope.errors import GeometryError

TURN: Final = 45.0
"""Degrees by which θ turns at first. Paper: 45, counter-clockwise."""
OUTPUTS: Final = ("a11", "a12", "t1", "a21", "a22", "t2")
"""The numbers of θ (Eq. 1) in their order."""
Points = Float[np.ndarray, "*any 2"]
Theta = Float[np.ndarray, "2 3"]


def turning(degrees: float) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """θ of a rotation about the square's centre, counter-clockwise as seen on a screen.

    Example:
        >>> np.round(turning(90.0), 6).tolist()
        [[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]]
    """
    along, across = cos(radians(degrees)), sin(radians(degrees))
    return (along, across, 0.0), (-across, along, 0.0)


def normalised(points: Points, size: int) -> Points:
    """Points (row, column) of the square as (x, y).

    Example:
        >>> normalised(np.array([[-0.5, 1.5], [3.5, 3.5]]), 4).tolist()
        [[0.0, -1.0], [1.0, 1.0]]
    """
    return ((2 * points + 1) / size - 1)[..., ::-1]


def in_square(points: Points, size: int) -> Points:
    """The reverse of `normalised`."""
    return ((points[..., ::-1] + 1) * size - 1) / 2


def through_inverse(points: Points, theta: Theta) -> Points:
    """Points (x, y) of the CC view as points of the MLO view.

    Raises:
        GeometryError: If θ has no inverse.
    """
    if not np.isfinite(theta).all() or abs(np.linalg.det(theta[:, :2])) < 1e-9:
        raise GeometryError(f"a transformation with an inverse was expected, got {theta.tolist()}")
    return (points - theta[:, 2]) @ np.linalg.inv(theta[:, :2]).T


def to_mlo(theta: Theta, cc: Frame, mlo: Frame) -> Callable[[Points], Points]:
    """From points of the CC view's source to points of the MLO view's.

    Args:
        theta: Of the squares.
        cc: Frame of the CC view's square.
        mlo: Frame of the MLO view's.

    Raises:
        GeometryError: If θ has no inverse, when points are asked for.
    """
    size = cc.shape[0]

    def placed(points: Points) -> Points:
        there = through_inverse(normalised(cc.from_source(points), size), theta)
        return mlo.to_source(in_square(there, size))

    return placed
