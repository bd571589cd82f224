"""Pictures of a pair of views: each with what was asked, and one over the other."""

from typing import Final

import numpy as np
from jaxtyping import Float, UInt8

from mammoscope.core import PairView, SearchRegion, Warp
from mammoscope.report.aligned import upon
from mammoscope.report.drawn import cross
from mammoscope.report.outline import Line, in_picture
from mammoscope.report.pictures import Picture, draw_lines, reduced_shape

COLOUR: Final = (255, 158, 203)
SHARE: Final = 0.5


def marked(
    grey: UInt8[np.ndarray, "_ _"],
    source: tuple[int, int],
    view: PairView,
    region: SearchRegion | None,
    box: Float[np.ndarray, "_ 2"] | None = None,
) -> Picture:
    """A view in RGB with the asked point, or its partner's region and most probable place.

    Args:
        grey: A picture of the whole view.
        source: Rows and columns of the source image.
        view: Which view it is.
        region: Of what was asked.
        box: Corners of a box to draw as well, in source pixels.
    """
    picture = np.repeat(grey[..., None], 3, axis=2)
    shape = (grey.shape[0], grey.shape[1])
    lines = [] if box is None else [in_picture(_closed(box), source, shape)]
    if region is not None:
        there = region.view == view
        lines += cross(region.mapped if there else region.asked, source, shape)
        lines += [in_picture(_closed(one), source, shape) for one in region.outlines if there]
    draw_lines(picture, lines, COLOUR)
    return picture


def overlay_of_pair(
    warp: Warp, cc: UInt8[np.ndarray, "_ _"], mlo: UInt8[np.ndarray, "_ _"]
) -> UInt8[np.ndarray, "_ _"]:
    """The MLO view with half of the CC view over it, as it lies there."""
    over = upon(warp, cc, reduced_shape(mlo, mlo.shape[0]))
    mixed: UInt8[np.ndarray, "_ _"] = np.round(
        (1 - SHARE) * mlo.astype(np.float32) + SHARE * over.astype(np.float32)
    ).astype(np.uint8)
    return mixed


def _closed(line: Line) -> Line:
    return np.concatenate([line, line[:1]])
