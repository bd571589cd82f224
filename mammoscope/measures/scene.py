"""The landmarks of one image in mm, turned so that the chest wall lies on the left."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float

from mammoscope.core import BACKGROUND, About, Landmark, Landmarks, Point, Segmentation
from mammoscope.measures.uncertainty import Covariances, Points

MIDDLE: Final = "breast middle"
INSETS: Final = (0.02, 0.05)


class Wall(NamedTuple):
    """The chest-wall edge, from its upper to its lower end."""

    upper: Float[np.ndarray, " 2"]
    lower: Float[np.ndarray, " 2"]


@dataclass(frozen=True, eq=False)
class Scene:
    """What the measures see: no pixel, no side.

    Attributes:
        points: By landmark, those that are seen; and `MIDDLE` of a breast that is outlined. In mm
            from the image's outer upper corner at the chest wall; in pixels without a spacing.
        covariances: Of the landmarks, in the same unit squared.
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
    known: dict[str, Landmark] = {str(name): each for name, each in landmarks.points.items()}
    middle = breast_middle(segmentation, landmarks) if segmentation else None
    if middle is not None:
        known[MIDDLE] = middle
    points = {
        name: empty.from_pixels(each.point) for name, each in known.items() if each.point is not None
    }
    covariances = {
        name: scale @ np.array(known[name].covariance, dtype=float) @ scale for name in points
    }
    return Scene(points, covariances, empty.size, step, empty.in_mm, mirrored)


def wall_of(points: Points) -> Wall | None:
    """The chest-wall edge among points; None where an end of it is not seen."""
    if not {"chest wall upper", "chest wall lower"} <= points.keys():
        return None
    return Wall(points["chest wall upper"], points["chest wall lower"])


def breast_middle(segmentation: Segmentation, landmarks: Landmarks) -> Landmark | None:
    """The middle of the breast at the chest wall, on the chest-wall edge, in source pixels.

    It lies halfway between the first and the last row that shows breast or muscle next to the edge:
    2 % of the image's width inside of it. How far each end moves between there and 5 % is taken for
    its standard deviation (ours).

    Returns:
        None where the edge is not seen or the mask does not reach it.
    """
    upper = landmarks.points["chest wall upper"].point
    lower = landmarks.points["chest wall lower"].point
    if upper is None or lower is None or upper[0] == lower[0]:
        return None
    labels = segmentation.mask.labels
    turned = labels if landmarks.chest_wall == "left" else labels[:, ::-1]
    rows, far = np.arange(labels.shape[0]), labels.shape[1] - 1
    slope = (lower[1] - upper[1]) / (lower[0] - upper[0])
    edge = upper[1] + (rows - upper[0]) * slope
    inward = edge if landmarks.chest_wall == "left" else far - edge
    ends: list[tuple[float, float]] = []
    for inset in INSETS:
        columns = np.clip(np.rint(inward + inset * labels.shape[1]), 0, far).astype(int)
        shown = np.flatnonzero(turned[rows, columns] != BACKGROUND)
        if not len(shown):
            return None
        ends.append((float(shown[0]), float(shown[-1])))
    (first, last), (inner_first, inner_last) = ends
    middle = (first + last) / 2
    variance = ((inner_first - first) ** 2 + (inner_last - last) ** 2) / 4
    point = middle, float(upper[1] + (middle - upper[0]) * slope)
    return Landmark(point, ((variance, 0.0), (0.0, 0.0)), 1.0)
