"""Tissue pulled towards a point."""

from typing import Final

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor

STRENGTH: Final = 1.2
REACH: Final = 2.2
"""How far the pull reaches, in radii."""


def pull(
    gland: Tensor, start: tuple[float, float, float], voxel_mm: float, middle: np.ndarray, radius: float
) -> None:
    """Pull a volume's structure towards a point, in place.

    Args:
        gland: Shape (depth, up, lateral).
        start: x, y, z of its first voxel.
        voxel_mm: From voxel to voxel.
        middle: x, y, z of the point.
        radius: mm around it in which the pull is strong.
    """
    sides, held = [], []
    for axis, length in enumerate(reversed(gland.shape)):
        place = (middle[axis] - start[axis]) / voxel_mm
        low = max(0, int(place - REACH * radius / voxel_mm))
        high = min(length, int(place + REACH * radius / voxel_mm) + 1)
        sides.append((torch.arange(low, high, device=gland.device) - place) * voxel_mm)
        held.append(slice(low, high))
    offset = torch.stack(torch.meshgrid(*sides, indexing="ij"), dim=-1).permute(2, 1, 0, 3)
    far = offset.norm(dim=-1, keepdim=True) / radius
    source = offset * (1 + STRENGTH * torch.exp(-(far**2)))
    last = torch.tensor([length - 1 for length in reversed(gland.shape)], device=gland.device)
    first = torch.tensor((middle - start) / voxel_mm, device=gland.device, dtype=source.dtype)
    grid = ((source / voxel_mm + first) * (2 / last) - 1)[None].to(gland)
    x, y, z = held
    gland[z, y, x] = functional.grid_sample(gland[None, None], grid, align_corners=True)[0, 0]
