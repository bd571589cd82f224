"""The landmarks of one image in mm, turned so that the chest wall lies on the left."""

from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float

from mammoscope.core import BACKGROUND, About, Landmarks, Point, Segmentation
from mammoscope.measures.uncertainty import Covariances, Points

MIDDLE: Final = "breast middle"
WALL: Final = "chest wall"
DOWN: Final = "chest wall direction"
ENDS: Final = ("chest wall upper", "chest wall lower")
OUTLINE: Final = "chest wall of the outline"
REACH: Final = 0.03
OUTLINE_SD: Final = 0.005
"""Of the image's height: twice what lies between the outline's edge and that marked automatically in 48
images (0.24 %), for they trained the outline too."""
INSETS: Final = (0.02, 0.05)
TILT_SD: Final = 0.3
"""Degrees by which a chest-wall edge turns from the image's side: 99 % of 1,495 images, whose edges
were marked automatically, have less than 0.55 (films: standard deviation 0.15; digital: 0.05)."""
EXACT: Final = 1e-18


class Wall(NamedTuple):
    """Two points of the chest-wall edge, the upper one first."""

    upper: Float[np.ndarray, " 2"]
    lower: Float[np.ndarray, " 2"]


@dataclass(frozen=True, eq=False)
class Scene:
    """What the measures see: no pixel, no side.

    Attributes:
        points: By landmark, those that are seen; besides them `WALL`, a point of the chest-wall
            edge, `DOWN`, the edge's direction, and `MIDDLE` of a breast that is outlined. In mm
            from the image's outer upper corner at the chest wall; in pixels without a spacing.
        covariances: Of the points, in the same unit squared.
        size: Height and width of the image.
        step: Height and width of a pixel.
        in_mm: Whether the spacing is known.
        mirrored: Whether the image has its chest wall on the right.
    """

    points: Points
    covariances: Covariances
    size: Float[np.ndarray, " 2"]
    step: Float[np.ndarray, " 2"]
    in_mm: bool
    mirrored: bool

    def to_pixels(self, point: Float[np.ndarray, " 2"]) -> Point:
        """A point of the scene in source pixels."""
        row, column = self._turned(point) / self.step - 0.5
        return float(row), float(column)

    def from_pixels(self, point: Point) -> Float[np.ndarray, " 2"]:
        """A point of the source image in the scene."""
        return self._turned((np.array(point, dtype=float) + 0.5) * self.step)

    def _turned(self, point: Float[np.ndarray, " 2"]) -> Float[np.ndarray, " 2"]:
        return np.array([point[0], self.size[1] - point[1]]) if self.mirrored else point


def scene(landmarks: Landmarks, about: About, segmentation: Segmentation | None = None) -> Scene:
    """Put an image's landmarks on one scale."""
    spacing = about.spacing
    step = np.array((spacing.row, spacing.column) if spacing else (1.0, 1.0))
    mirrored = landmarks.chest_wall == "right"
    empty = Scene({}, {}, np.array(about.shape) * step, step, spacing is not None, mirrored)
    scale = np.diag(step * (1, -1 if mirrored else 1))
    seen = {str(name): each for name, each in landmarks.points.items() if each.point is not None}
    points = {name: empty.from_pixels(each.point) for name, each in seen.items() if each.point}
    covariances = {
        name: scale @ np.array(each.covariance, dtype=float) @ scale for name, each in seen.items()
    }
    if segmentation and not any(name in points for name in ENDS):
        _add_outline(points, covariances, segmentation, empty)
    _add_wall(points, covariances)
    placed = replace(empty, points=points, covariances=covariances)
    middle = breast_middle(segmentation, placed) if segmentation else None
    if middle is None:
        return placed
    place, spread = middle
    return replace(
        placed, points={**points, MIDDLE: place}, covariances={**covariances, MIDDLE: spread}
    )


def _add_outline(
    points: dict[str, np.ndarray],
    covariances: dict[str, np.ndarray],
    segmentation: Segmentation,
    empty: Scene,
) -> None:
    """Where the outline ends at the chest wall, for an image on which the network sees no end of it."""
    labels = segmentation.mask.labels
    body = (labels[:, ::-1] if empty.mirrored else labels) != BACKGROUND
    rows = np.flatnonzero(body.any(axis=1))
    if not len(rows):
        return
    first = body[rows].argmax(axis=1)
    at_wall = first <= first.min() + REACH * labels.shape[1]
    point = np.array([np.median(rows[at_wall]), np.median(first[at_wall])])
    points[OUTLINE] = (point + 0.5) * empty.step
    covariances[OUTLINE] = np.diag([0.0, (OUTLINE_SD * empty.size[0]) ** 2])


def _add_wall(points: dict[str, np.ndarray], covariances: dict[str, np.ndarray]) -> None:
    """The chest-wall edge by weighted least squares: its ends, and that it runs down the image.

    Its place and its direction are given at the row where their errors are independent.
    """
    ends = [name for name in (*ENDS, OUTLINE) if name in points]
    weights = np.array([1 / max(covariances[name][1, 1], EXACT) for name in ends])
    knowledge, slope = np.radians(TILT_SD) ** -2, 0.0
    if ends:
        rows, columns = np.array([points[name] for name in ends]).T
        row, column = np.average(rows, weights=weights), np.average(columns, weights=weights)
        knowledge += float(weights @ (rows - row) ** 2)
        slope = float(weights @ ((rows - row) * (columns - column))) / knowledge
        points[WALL] = np.array([row, column])
        covariances[WALL] = np.diag([0.0, 1 / weights.sum()])
    points[DOWN] = np.array([1.0, slope])
    covariances[DOWN] = np.diag([0.0, 1 / knowledge])


def wall_of(points: Points) -> Wall | None:
    """The chest-wall edge among points; None where no end of it is seen."""
    if WALL not in points:
        return None
    return Wall(points[WALL], points[WALL] + points[DOWN])


def breast_middle(
    segmentation: Segmentation, scene: Scene
) -> tuple[Float[np.ndarray, " 2"], Float[np.ndarray, "2 2"]] | None:
    """The middle of the breast at the chest wall, on the chest-wall edge, and its covariance.

    It lies halfway between the first and the last row that shows breast or muscle next to the edge:
    2 % of the image's width inside of it. How far each end moves between there and 5 % is taken for
    its standard deviation (ours).

    Returns:
        None where the edge is not seen or the mask does not reach it.
    """
    wall = wall_of(scene.points)
    if wall is None:
        return None
    labels = segmentation.mask.labels
    turned = labels[:, ::-1] if scene.mirrored else labels
    rows, far = np.arange(labels.shape[0]), labels.shape[1] - 1
    slope = (wall.lower - wall.upper)[1] / (wall.lower - wall.upper)[0]
    edge = wall.upper[1] + ((rows + 0.5) * scene.step[0] - wall.upper[0]) * slope
    ends: list[tuple[float, float]] = []
    for inset in INSETS:
        inside = np.rint(edge / scene.step[1] - 0.5 + inset * labels.shape[1])
        shown = np.flatnonzero(turned[rows, np.clip(inside, 0, far).astype(int)] != BACKGROUND)
        if not len(shown):
            return None
        ends.append((float(shown[0]), float(shown[-1])))
    (first, last), (inner_first, inner_last) = ends
    row = ((first + last) / 2 + 0.5) * scene.step[0]
    spread = np.hypot(inner_first - first, inner_last - last) / 2 * scene.step[0]
    place = np.array([row, wall.upper[1] + (row - wall.upper[0]) * slope])
    return place, np.diag([spread**2, 0.0])
