"""How well boxes agree. A box is (top, left, bottom, right), its edges as points."""

from typing import TypeAlias

import numpy as np
from jaxtyping import Float

from mammoscope.errors import GeometryError

Box: TypeAlias = tuple[float, float, float, float]
Boxes = Float[np.ndarray, "*any 4"]
Corners = Float[np.ndarray, "*any 4 2"]
Numbers = Float[np.ndarray, "*any"]


def areas(boxes: Boxes) -> Numbers:
    """Height times width; nothing where the lower edge is not below the upper one.

    Example:
        >>> float(areas(np.array([0.0, 0.0, 4.0, 5.0])))
        20.0
    """
    return np.asarray(np.prod(np.clip(boxes[..., 2:] - boxes[..., :2], 0, None), axis=-1))


def iou(one: Boxes, other: Boxes) -> Numbers:
    """Intersection over union, 0–1; 0 where the boxes do not overlap.

    Raises:
        GeometryError: If a box has no area or an edge is not finite.

    Example:
        >>> float(iou(np.array([0.0, 0.0, 2.0, 2.0]), np.array([1.0, 1.0, 3.0, 3.0])))
        0.14285714285714285
    """
    shared, union = _shared_and_union(one, other)
    return np.asarray(shared / union)


def giou(one: Boxes, other: Boxes) -> Numbers:
    """Generalised intersection over union: IoU - (A_c - U) / A_c, between -1 and 1.

    A_c is the area of the smallest box around both, U that of their union. Below 0 where the boxes
    are far apart for their size.

    Raises:
        GeometryError: If a box has no area or an edge is not finite.

    Example:
        >>> float(giou(np.array([0.0, 0.0, 2.0, 2.0]), np.array([0.0, 2.0, 2.0, 6.0])))
        0.0
        >>> float(giou(np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.0, 3.0, 1.0, 4.0])))
        -0.5

    Source:
        Rezatofighi et al., Generalized intersection over union, CVPR 2019; Eq. 3 of the
        registration paper.
    """
    shared, union = _shared_and_union(one, other)
    first = np.minimum(one[..., :2], other[..., :2])
    last = np.maximum(one[..., 2:], other[..., 2:])
    around = areas(np.concatenate([first, last], axis=-1))
    return np.asarray(shared / union - (around - union) / around)


def corners(boxes: Boxes) -> Corners:
    """The four corners (row, column): upper left, upper right, lower right, lower left."""
    return boxes[..., [[0, 1], [0, 3], [2, 3], [2, 1]]]


def rectified(quadrilateral: Float[np.ndarray, "*any points 2"]) -> Boxes:
    """The smallest upright box around points: it is larger than what it holds once that is turned.

    Example:
        >>> rectified(np.array([[0.0, 1.0], [1.0, 2.0], [2.0, 1.0], [1.0, 0.0]])).tolist()
        [0.0, 0.0, 2.0, 2.0]
    """
    return np.concatenate([quadrilateral.min(axis=-2), quadrilateral.max(axis=-2)], axis=-1)


def rescaled(boxes: Boxes, area: Numbers | float) -> Boxes:
    """Boxes of the same centre and proportions with another area.

    Raises:
        GeometryError: If a box has no area, or an edge or area is not finite.

    Example:
        >>> rescaled(np.array([0.0, 0.0, 4.0, 16.0]), 16.0).tolist()
        [1.0, 4.0, 3.0, 12.0]
    """
    _check(boxes)
    if not np.isfinite(area).all() or (np.asarray(area) <= 0).any():
        raise GeometryError(f"an area above 0 was expected, got {area}")
    middle = centres(boxes)
    half = (boxes[..., 2:] - boxes[..., :2]) / 2 * np.sqrt(np.asarray(area) / areas(boxes))[..., None]
    return np.concatenate([middle - half, middle + half], axis=-1)


def centres(boxes: Boxes) -> Float[np.ndarray, "*any 2"]:
    """The middle of each box (row, column)."""
    return (boxes[..., :2] + boxes[..., 2:]) / 2


def _shared_and_union(one: Boxes, other: Boxes) -> tuple[Numbers, Numbers]:
    _check(one)
    _check(other)
    first = np.maximum(one[..., :2], other[..., :2])
    last = np.minimum(one[..., 2:], other[..., 2:])
    shared = areas(np.concatenate([first, last], axis=-1))
    return shared, np.asarray(areas(one) + areas(other) - shared)


def _check(boxes: Boxes) -> None:
    if not np.isfinite(boxes).all() or (areas(boxes) <= 0).any():
        raise GeometryError(
            "boxes (top, left, bottom, right) with bottom > top and right > left were expected, "
            f"got {boxes.tolist()}"
        )
