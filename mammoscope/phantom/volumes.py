"""The breast's volume before and during compression, by counting."""

from typing import Final

import torch
from torch import Tensor

from mammoscope.phantom.pose import Pose, column, rim, to_tissue
from mammoscope.phantom.rays import half_height, smooth_edge
from mammoscope.phantom.recipe import BreastPlan

STEP_MM: Final = 1.0


def uncompressed_mm3(plan: BreastPlan, step_mm: float = STEP_MM) -> float:
    """Tissue before the base's plane."""
    across = torch.arange(-plan.base_mm, plan.base_mm, step_mm, dtype=torch.float64) + step_mm / 2
    ahead = torch.arange(0, plan.depth_mm, step_mm, dtype=torch.float64) + step_mm / 2
    x, y, z = torch.meshgrid(across, across, ahead, indexing="ij")
    far = (x**2 + y**2) / plan.base_mm**2 + (z / plan.depth_mm) ** 2
    return float((far < 1).sum()) * step_mm**3


def compressed_mm3(held: Pose, step_mm: float = STEP_MM) -> float:
    """The same tissue as it is held for a view: cubes of the view's plane that it fills."""
    b, z = _extent(held, step_mm)
    filled = 0.0
    heights = torch.arange(-1.5 * held.squeeze.half_mm, 1.5 * held.squeeze.half_mm, step_mm)
    for up in (heights + step_mm / 2).tolist():
        place = column(held, up, b, z)
        _, _, deep = to_tissue(held, place)
        below = (half_height(held, place.f) - place.up.abs()) / place.flat
        filled += float((smooth_edge(below, step_mm) * (deep > 0)).sum())
    return filled * step_mm**3


def _extent(held: Pose, step_mm: float) -> tuple[Tensor, Tensor]:
    """B (rows, 1) and z (1, columns) of a grid that holds the compressed breast."""
    places = torch.cat([rim(held), rim(held, 0.0)])[:, 1:]
    low, high = places.min(0).values - 25, places.max(0).values + 25
    b = torch.arange(float(low[0]), float(high[0]), step_mm, dtype=torch.float64)
    z = torch.arange(float(low[1]), float(high[1]), step_mm, dtype=torch.float64)
    shape = (len(b), len(z))
    return b[:, None].expand(shape), z[None].expand(shape)
