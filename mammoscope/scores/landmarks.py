"""How far points, lines and verdicts of positioning lie apart. Points are (row, column)."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from mammoscope.errors import GeometryError, UsageError

Points = Float[np.ndarray, "*any 2"]
Numbers = Float[np.ndarray, "*any"]
Steps = tuple[float, float]


class Decisions(NamedTuple):
    """How well good and poor are told apart, poor being the positive class.

    Attributes:
        accuracy: Share of right decisions.
        specificity: Share of good images called good; NaN where none is good.
        sensitivity: Share of poor images called poor; NaN where none is poor.
    """

    accuracy: float
    specificity: float
    sensitivity: float


def foot(nipple: Points, upper: Points, lower: Points, spacing: Steps | None = None) -> Points:
    """Where the perpendicular from the nipple meets the pectoral line, taken as endless.

    Args:
        nipple: N, one point or many, in pixels.
        upper: a, a point of each line.
        lower: b, another.
        spacing: Rows and columns of a pixel in mm; None: pixels are square.

    Returns:
        a + ((N - a) · u) u with u = (b - a) / ``|b - a|``, in pixels.

    Raises:
        GeometryError: If the two points of a line coincide or a point is not finite.

    Example:
        >>> foot(np.array([30.0, 50.0]), np.array([0.0, 0.0]), np.array([40.0, 0.0])).tolist()
        [30.0, 0.0]
    """
    steps = np.array(spacing or (1.0, 1.0))
    along = (lower - upper) * steps
    squared = (along * along).sum(axis=-1, keepdims=True)
    if not (np.isfinite(nipple).all() and np.isfinite(squared).all() and (squared > 0).all()):
        raise GeometryError("expected finite points and two different points a line: mark them again")
    share = ((nipple - upper) * steps * along).sum(axis=-1, keepdims=True) / squared
    return upper + share * (lower - upper)


def foot_inside(point: Points, shape: tuple[int, int]) -> Bool[np.ndarray, "*any"]:
    """The paper's criterion: good where the foot of the nipple line lies in the image.

    Args:
        point: The foot in source pixels.
        shape: Rows and columns of the image; 0 <= row < rows and 0 <= column < columns is inside.
            `mammoscope.measures` goes by the outer edges instead, half a pixel before these.

    Example:
        >>> foot_inside(np.array([[0.0, 0.0], [9.9, -0.1], [10.0, 3.0]]), (10, 5)).tolist()
        [True, False, False]
    """
    return np.asarray(((point >= 0) & (point < np.array(shape))).all(axis=-1))


def within(start: Points, end: Points, shape: tuple[int, int]) -> Points:
    """Where a line that starts in the image stops: at its end, or at the edge that comes first.

    Args:
        start: In source pixels, in the image.
        end: Anywhere.
        shape: Rows and columns; the edges are at 0 and at these.

    Example:
        >>> within(np.array([4.0, 8.0]), np.array([4.0, -8.0]), (10, 10)).tolist()
        [4.0, 0.0]
    """
    step = end - start
    edge = np.where(step > 0, np.array(shape, float), 0.0)
    shares = np.divide(edge - start, step, out=np.full_like(step, np.inf), where=step != 0)
    return start + np.clip(shares.min(axis=-1, keepdims=True), 0.0, 1.0) * step


def distance_mm(one: Points, other: Points, spacing: Steps) -> Numbers:
    """Euclidean distance.

    Args:
        one: Points in pixels.
        other: As many.
        spacing: Rows and columns of a pixel in mm; (1, 1) gives pixels.

    Example:
        >>> float(distance_mm(np.array([0.0, 0.0]), np.array([30.0, 20.0]), (0.1, 0.2)))
        5.0
    """
    return np.asarray(np.sqrt((((one - other) * np.array(spacing)) ** 2).sum(axis=-1)))


def line_angle(upper: Points, lower: Points, spacing: Steps | None = None) -> Numbers:
    """Direction of a line, in degrees from the vertical, 0 <= angle < 180.

    Args:
        upper: A point of each line in pixels.
        lower: Another.
        spacing: Rows and columns of a pixel in mm; None: pixels are square.

    Example:
        >>> float(line_angle(np.array([0.0, 10.0]), np.array([10.0, 0.0])))
        135.0
    """
    down, across = np.moveaxis((lower - upper) * np.array(spacing or (1.0, 1.0)), -1, 0)
    angle = np.degrees(np.arctan2(across, down)) % 180.0
    return np.asarray(np.where(angle < 180.0, angle, 0.0))


def angle_error(one: Numbers, other: Numbers | float) -> Numbers:
    """The angle between two lines in degrees, 0-90; against 0 it is the deviation from vertical.

    Example:
        >>> angle_error(np.array([179.0, 30.0]), np.array([2.0, 150.0])).tolist()
        [3.0, 60.0]
    """
    apart = np.abs(one - other) % 180.0
    return np.asarray(np.minimum(apart, 180.0 - apart))


def decisions(said_poor: Sequence[bool], truly_poor: Sequence[bool]) -> Decisions:
    """Accuracy, specificity and sensitivity (section 3.4 of the positioning paper).

    Raises:
        UsageError: If there is nothing to compare, or not one answer an image.

    Example:
        >>> decisions([True, False, False, True], [True, True, False, False])
        Decisions(accuracy=0.5, specificity=0.5, sensitivity=0.5)
    """
    if len(said_poor) != len(truly_poor) or not len(truly_poor):
        raise UsageError(f"one decision an image was expected: {len(said_poor)} of {len(truly_poor)}")
    said, true = np.array(said_poor, bool), np.array(truly_poor, bool)
    right = said == true
    return Decisions(float(right.mean()), _share(right[~true]), _share(right[true]))


def _share(right: Bool[np.ndarray, " n"]) -> float:
    return float(right.mean()) if right.size else float("nan")
