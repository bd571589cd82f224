"""What lies below the breast on an MLO view: the belly's skin and fat, and the fold between them."""

from typing import Final

import numpy as np
import torch
from torch import Tensor

from mammoscope.core import Point
from mammoscope.phantom.pose import Pose
from mammoscope.phantom.rays import Paths
from mammoscope.phantom.recipe import BreastPlan, ViewPlan
from mammoscope.phantom.sheet import Sheet

WIDE_MM: Final = (7.0, 18.0)
"""How far the belly reaches onto the image at the fold."""
OUTWARDS: Final = (0.05, 0.45)
"""How much farther a mm below the fold."""
ABOVE_MM: Final = 5.0
"""How far the belly reaches up behind the breast."""
ROUND: Final = 0.7
"""Of its front: the rim's width as a share of half of its height."""
HIGH: Final = 0.85
"""Its height as a share of the breast's."""


def belly(
    plan: BreastPlan, view: ViewPlan, held: Pose, lengths: Paths, area: Sheet
) -> tuple[Paths, Point | None]:
    """Add the belly below the breast; the fold lies where the two outlines meet.

    The belly is no part of the breast: it has no place in the uncompressed breast or on the CC view.

    Args:
        plan: The breast.
        view: How it is taken.
        held: How it is held.
        lengths: Maps of the part of the image that holds tissue.
        area: Which part that is.
    """
    rng = np.random.default_rng(view.seed + 1)
    wide, outwards = rng.uniform(*WIDE_MM), rng.uniform(*OUTWARDS)
    first = area.part[0]
    column = min(round(wide / area.pixel_mm), lengths.thickness.shape[1] - 1)
    filled = (lengths.thickness[:, column] > 1).nonzero()
    if not len(filled) or int(filled[-1]) >= len(lengths.thickness) - 2:
        return lengths, None
    row = int(filled[-1])
    device = lengths.thickness.device
    rows = torch.arange(len(lengths.thickness), device=device)[:, None]
    columns = torch.arange(lengths.thickness.shape[1], device=device)[None]
    below = (rows - row) * area.pixel_mm
    front = torch.where(below > 0, wide + outwards * below, wide + 3 * below)
    inwards = (front - columns * area.pixel_mm).clamp(min=0) * (below > -ABOVE_MM)
    half = HIGH * held.squeeze.half_mm
    thick = _height(inwards, half)
    skin = thick - _height((inwards - plan.skin_mm).clamp(min=0), half - plan.skin_mm)
    more = thick > lengths.thickness
    joined = lengths._replace(
        thickness=torch.maximum(lengths.thickness, thick), skin=torch.where(more, skin, lengths.skin)
    )
    return joined, (float(first + row), float(column))


def _height(inwards: Tensor, half: float) -> Tensor:
    """Of a slab with a round front, by the distance from that front."""
    bulge = 1 - (inwards / (ROUND * half)).clamp(max=1)
    return 2 * half * (1 - bulge**2).clamp(min=0).sqrt()
