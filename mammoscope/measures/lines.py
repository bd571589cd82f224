"""Lines of a positioned breast: points in, a length or an angle out.

Points are (row, column) in any unit that is the same in both directions: mm, or pixels that are
square. An image of a given size spans 0 to its height and 0 to its width: its outer edges.
"""

from typing import Final

import numpy as np
from jaxtyping import Float

from mammoscope.errors import GeometryError
from mammoscope.scores.landmarks import foot

NOTHING: Final = 1e-6
"""A length that arithmetic makes: a start so near an edge is on it, and no line is cut there."""

Point2 = Float[np.ndarray, " 2"]


def direction(start: Point2, end: Point2) -> Point2:
    """The unit vector from one point to another.

    Raises:
        GeometryError: If the points coincide or are not finite.
    """
    along = end - start
    length = float(np.linalg.norm(along))
    if not 0 < length < np.inf:
        raise GeometryError("a line needs two different finite points: mark them again")
    return along / length


def along(point: Point2, origin: Point2, start: Point2, end: Point2) -> float:
    """How far a point lies beyond another in the direction of a line.

    Example:
        >>> a, b = np.array([0.0, 0.0]), np.array([3.0, 4.0])
        >>> along(np.array([6.0, 8.0]), a, a, b)
        10.0
    """
    return float((point - origin) @ direction(start, end))


def distance(point: Point2, start: Point2, end: Point2) -> float:
    """Signed distance of a point from an endless line.

    Returns:
        Positive on the side of larger columns of a line that runs down.

    Example:
        >>> distance(np.array([7.0, 5.0]), np.array([0.0, 2.0]), np.array([10.0, 2.0]))
        3.0
    """
    down, across = direction(start, end)
    offset = point - start
    return float(offset[1] * down - offset[0] * across)


def angle_between(one: tuple[Point2, Point2], other: tuple[Point2, Point2]) -> float:
    """The angle between two lines in degrees, 0 to 90.

    Example:
        >>> wall = np.array([0.0, 0.0]), np.array([10.0, 0.0])
        >>> round(angle_between(wall, (np.array([0.0, 5.0]), np.array([5.0, 0.0]))), 9)
        45.0
    """
    first, second = direction(*one), direction(*other)
    cross = abs(first[0] * second[1] - first[1] * second[0])
    return float(np.degrees(np.arctan2(cross, abs(first @ second))))


def inside_by(point: Point2, size: Point2) -> float:
    """How far a point lies inside an image; negative outside of it.

    Returns:
        The distance to the nearest of the image's four edges' lines, the smallest one signed.

    Example:
        >>> inside_by(np.array([40.0, -3.0]), np.array([100.0, 80.0]))
        -3.0
    """
    return float(min(point.min(), (size - point).min()))


def nipple_line_end(
    nipple: Point2, upper: Point2, lower: Point2, size: Point2, wall: tuple[Point2, Point2] | None
) -> Point2:
    """Where the posterior nipple line of an oblique view ends.

    Args:
        nipple: N.
        upper: a, the upper end of the pectoral line.
        lower: b, its lower end.
        size: Height and width of the image.
        wall: Two points of the chest-wall edge, where it is known.

    Returns:
        The foot of the perpendicular from N to the line through a and b; or, where that lies beyond
        the image or the chest-wall edge, the point at which the line meets the film's edge:
        whichever comes first.
    """
    return within_film(nipple, foot(nipple, upper, lower), size, wall)


def within_film(start: Point2, end: Point2, size: Point2, wall: tuple[Point2, Point2] | None) -> Point2:
    """The end of a line that starts on the film, cut where it leaves the film.

    Args:
        start: On the film.
        end: Anywhere.
        size: Height and width of the image.
        wall: Two points of the chest-wall edge, where it is known.

    Example:
        >>> start, end = np.array([5.0, 5.0]), np.array([5.0, -5.0])
        >>> within_film(start, end, np.array([9.0, 9.0]), None).tolist()
        [5.0, 0.0]
    """
    step = end - start
    shares = [1.0]
    for axis in (0, 1):
        if end[axis] < 0 and start[axis] > NOTHING:
            shares.append(-start[axis] / step[axis])
        if end[axis] > size[axis] and size[axis] - start[axis] > NOTHING:
            shares.append((size[axis] - start[axis]) / step[axis])
    if wall is not None:
        near, far = distance(start, *wall), distance(end, *wall)
        if near * far < 0 and abs(near) > NOTHING:
            shares.append(near / (near - far))
    return start + min(shares) * step


def pectoral_gap(nipple: Point2, upper: Point2, lower: Point2) -> float:
    """Distance along the pectoral line from its lower end to the foot of the nipple line.

    Returns:
        Positive where the muscle ends above the foot.

    Example:
        >>> pectoral_gap(np.array([70.0, 90.0]), np.array([0.0, 0.0]), np.array([52.0, 0.0]))
        18.0
    """
    return along(foot(nipple, upper, lower), lower, upper, lower)


def at_row(row: float, start: Point2, end: Point2) -> Point2:
    """Where an endless line crosses a row.

    Raises:
        GeometryError: If the line runs along the rows.
    """
    down, across = end - start
    if abs(down) < 1e-9 * max(1.0, abs(across)):
        raise GeometryError("a line along the rows crosses no other row: mark it again")
    return start + (row - start[0]) / down * (end - start)


def nipple_angle(nipple: Point2, middle: Point2, wall: tuple[Point2, Point2]) -> float:
    """How far the axis of a breast seen from above turns from the normal to the chest-wall edge.

    Args:
        nipple: N.
        middle: Middle of the breast at the chest wall.
        wall: The chest-wall edge from its upper to its lower end.

    Returns:
        Degrees; positive where the nipple points to the image's lower edge.
    """
    offset = along(nipple, middle, *wall)
    return float(np.degrees(np.arctan2(offset, abs(distance(nipple, *wall)))))
