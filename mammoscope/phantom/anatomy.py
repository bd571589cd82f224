"""The tissue of the uncompressed breast: how much of each small cube is gland."""

from typing import Final, NamedTuple

import torch
import torch.nn.functional as functional
from torch import Tensor

from mammoscope.phantom.fields import even, power_law, seeded, sheet, smooth_step
from mammoscope.phantom.recipe import BreastPlan
from mammoscope.phantom.tubes import ducts, vessels

BEHIND_MM: Final = 24.0
"""How deep behind the base's plane there is gland, in the axillary tail."""
EXPONENT: Final = 3.1
LONGEST_MM: Final = 60.0
LOBULE_MM: Final = 1.2
"""Of the field whose zeros are the ligaments: voxel size; its structure is some ten times that."""
COARSE: Final = 500
"""Voxels about which a share is found from one in so many."""


class Volume(NamedTuple):
    """Gland in a breast's own coordinates.

    Attributes:
        gland: Shape (depth, up, lateral): the share of each voxel that is fibroglandular.
        start: x, y, z of the first voxel's centre, mm.
        step: From voxel to voxel, mm.
    """

    gland: Tensor
    start: tuple[float, float, float]
    step: float

    def at(self, x: Tensor, y: Tensor, z: Tensor) -> Tensor:
        """The share of gland at places of one shape (rows, columns); none outside."""
        depth, up, lateral = self.gland.shape
        places = [
            (value - first) * (2 / self.step / (length - 1)) - 1
            for value, first, length in zip((x, y, z), self.start, (lateral, up, depth), strict=True)
        ]
        grid = torch.stack(places, dim=-1)[None, None]
        return functional.grid_sample(self.gland[None, None], grid, align_corners=True)[0, 0, 0]


def tissue(plan: BreastPlan, voxel_mm: float, device: torch.device) -> Volume:
    """Grow the tissue of a breast."""
    generator = seeded(plan.seed, device)
    sides, depth = even(2 * plan.base_mm / voxel_mm), even((plan.depth_mm + BEHIND_MM) / voxel_mm)
    start = (-(sides - 1) / 2 * voxel_mm, -(sides - 1) / 2 * voxel_mm, -BEHIND_MM)
    along = torch.arange(sides, device=device) * voxel_mm + start[0]
    z = (torch.arange(depth, device=device) * voxel_mm + start[2])[:, None, None]
    x, y = along[None, None, :], along[None, :, None]
    shape = (depth, sides, sides)
    texture = power_law(shape, voxel_mm, EXPONENT, LONGEST_MM, generator, (1.2, 1.0, 1.0))
    inside = _ellipsoid(plan, x, y, z)
    wish = texture.mul_(_contrast(plan)).add_(_favour(plan, x, y, z, inside))
    level = _level(wish, inside, plan.gland)
    gland = smooth_step((wish - level) / _softness(plan) + 0.5)
    strands = _ligaments(shape, voxel_mm, generator, device)
    near = ((0.985 - inside) * 12).clamp(0, 1)
    gland = torch.maximum(gland, 0.25 * strands * near)
    lines = torch.zeros_like(gland)
    ducts(lines, plan, start, voxel_mm)
    vessels(lines, plan, start, voxel_mm)
    gland = torch.maximum(gland, lines) * (inside < 1)
    return Volume(gland, start, voxel_mm)


def _ellipsoid(plan: BreastPlan, x: Tensor, y: Tensor, z: Tensor) -> Tensor:
    """0 in the middle of the base, 1 at the skin."""
    flat = (x**2 + y**2) / plan.base_mm**2
    return (flat + (z.clamp(min=0) / plan.depth_mm) ** 2).sqrt()


def _contrast(plan: BreastPlan) -> float:
    """How much the texture says against the favoured places, by density."""
    return {"A": 1.1, "B": 1.0, "C": 0.8, "D": 0.6}[plan.density]


def _softness(plan: BreastPlan) -> float:
    return {"A": 1.3, "B": 1.2, "C": 1.1, "D": 1.0}[plan.density]


def _favour(plan: BreastPlan, x: Tensor, y: Tensor, z: Tensor, inside: Tensor) -> Tensor:
    """Where gland grows: a disc behind the nipple, more of it up and outwards, none under the skin."""
    radius = (x**2 + y**2).sqrt()
    cone = (radius / (0.62 * plan.base_mm * (1.12 - z / plan.depth_mm).clamp(min=0.16))) ** 2
    axilla = (x + y) / (1.4142 * plan.base_mm)
    fat = smooth_step((inside - 0.82) / 0.14) * smooth_step((radius - 4) / 10)
    deep = smooth_step((4 - z) / 22)
    return 1.0 - 1.5 * cone.clamp(max=4) + 0.9 * axilla - 6 * fat - 5 * deep - 8 * (inside > 0.985)


def _level(wish: Tensor, inside: Tensor, share: float) -> Tensor:
    """The level above which a share of the breast lies."""
    within = wish[inside < 1]
    some = within[:: max(1, len(within) // 200_000)]
    return torch.quantile(some, 1 - share)


def _ligaments(
    shape: tuple[int, ...], voxel_mm: float, generator: torch.Generator, device: torch.device
) -> Tensor:
    """Cooper's ligaments: thin sheets between lobules of fat."""
    factor = max(1.0, LOBULE_MM / voxel_mm)
    small = tuple(even(length / factor) + 2 for length in shape)
    field = power_law(small, voxel_mm * factor, 5.0, 14.0, generator, (1.3, 1.0, 1.0))
    fine = functional.interpolate(field[None, None], size=shape, mode="trilinear")[0, 0]
    return sheet(fine, 0.07 * max(1.0, voxel_mm / 0.4))
