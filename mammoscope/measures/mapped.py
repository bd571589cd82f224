"""A box of one view on the other view of the breast."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from mammoscope.core import About, PairView, SearchRegion, Warp
from mammoscope.scores.boxes import Box, corners, rectified


class MappedBox(NamedTuple):
    """What becomes of a box (top, left, bottom, right), in source pixels of the other view.

    Attributes:
        mapped: A box of its own size in the breast around the most probable place of its partner.
        corners: Its corners as the warp turns them, around the same place: upper left, upper right,
            lower right, lower left.
        rectified: The smallest upright box around those: larger where the views turn.
        warped: Its corners through the warp alone.
        warped_rectified: The smallest upright box around these.
    """

    mapped: Box
    corners: Float[np.ndarray, "4 2"]
    rectified: Box
    warped: Float[np.ndarray, "4 2"]
    warped_rectified: Box


def map_box(
    box: Box, view: PairView, warp: Warp, region: SearchRegion, here: About, there: About
) -> MappedBox:
    """Map a box.

    Args:
        box: In source pixels of its view.
        view: The view on which it lies.
        warp: From the MLO view to the CC view.
        region: Where its partner is looked for.
        here: What is known of its view.
        there: What is known of the other; a size is kept in mm where both spacings are known, else
            in pixels.
    """
    ends = corners(np.array(box))
    moved = warp.to_fixed(ends) if view == "CC" else warp.to_moving(ends)
    height, width = box[2] - box[0], box[3] - box[1]
    if here.spacing and there.spacing:
        height *= here.spacing.row / there.spacing.row
        width *= here.spacing.column / there.spacing.column
    row, column = region.mapped
    turned = moved - moved.mean(axis=0) + np.array(region.mapped)
    return MappedBox(
        (row - height / 2, column - width / 2, row + height / 2, column + width / 2),
        turned,
        _upright(turned),
        moved,
        _upright(moved),
    )


def _upright(ends: Float[np.ndarray, "4 2"]) -> Box:
    top, left, bottom, right = rectified(ends).tolist()
    return top, left, bottom, right
