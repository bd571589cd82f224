"""The tissue of the uncompressed breast: how much of each small cube is gland."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import torch
import torch.nn.functional as functional
from torch import Tensor

from mammoscope.phantom.fields import even, power_law, seeded, sheet, smooth_step
from mammoscope.phantom.pull import pull
from mammoscope.phantom.recipe import BreastPlan, place_mm
from mammoscope.phantom.truth import Density
from mammoscope.phantom.tubes import ducts, vessels

BEHIND_MM: Final = 24.0
"""How deep behind the base's plane there is gland, in the axillary tail."""
EXPONENT: Final = 2.9
LONGEST_MM: Final = 60.0
LOBULE_MM: Final = 1.2
"""Of the field whose zeros are the ligaments: voxel size; its structure is some ten times that."""
LIGAMENT: Final = 0.4
"""How dense a voxel with a ligament is."""
LIGAMENT_WIDE: Final = 0.05
"""How near to its zeros the field of ligaments is one, in its standard deviations."""
CONTRAST: Final[Mapping[Density, float]] = {"A": 1.1, "B": 1.0, "C": 0.8, "D": 0.6}
"""How much the texture says against the favoured places."""
SOFTNESS: Final[Mapping[Density, float]] = {"A": 0.7, "B": 0.65, "C": 0.6, "D": 0.6}
"""How gradually fat becomes gland, in the texture's standard deviations."""
ASYMMETRY: Final = 2.2
"""How much more gland is favoured in the middle of an asymmetry."""
SAMPLE: Final = 200_000
"""How many voxels tell the level of gland."""


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
        """The share of gland at places of one shape; none outside."""
        depth, up, lateral = self.gland.shape
        places = [
            (value - first) * (2 / self.step / (length - 1)) - 1
            for value, first, length in zip((x, y, z), self.start, (lateral, up, depth), strict=True)
        ]
        grid = torch.stack(places, dim=-1).view(1, 1, 1, -1, 3)
        found = functional.grid_sample(self.gland[None, None], grid, align_corners=True)
        return found.view(x.shape)


def tissue(plan: BreastPlan, voxel_mm: float, device: torch.device) -> Volume:
    """Grow the tissue of a breast."""
    generator = seeded(plan.seed, device)
    sides, depth = even(2 * plan.base_mm / voxel_mm), even((plan.depth_mm + BEHIND_MM) / voxel_mm)
    start = (-(sides - 1) / 2 * voxel_mm, -(sides - 1) / 2 * voxel_mm, -BEHIND_MM)
    along = torch.arange(sides, device=device) * voxel_mm + start[0]
    deep = torch.arange(depth, device=device) * voxel_mm + start[2]
    shape = (depth, sides, sides)
    gland = power_law(shape, voxel_mm, EXPONENT, LONGEST_MM, generator, (1.2, 1.0, 1.0))
    strands = _strands(shape, voxel_mm, generator)
    wishes = [
        _wish(plan, gland[layer], along, deep[layer]) for layer in range(0, depth, max(1, depth // 40))
    ]
    level = _level(wishes, plan.gland)
    width = LIGAMENT_WIDE * max(1.0, voxel_mm / 0.4)
    for layer in range(depth):
        wish, inside = _wish(plan, gland[layer], along, deep[layer])
        share = smooth_step((wish - level) / SOFTNESS[plan.density] + 0.5)
        near = LIGAMENT * ((0.985 - inside) * 12).clamp(0, 1)
        gland[layer] = torch.maximum(share, near * sheet(strands(layer), width))
    for lesion in plan.lesions:
        if lesion.kind == "architectural distortion":
            pull(gland, start, voxel_mm, place_mm(plan, lesion), lesion.diameter_mm / 2)
    ducts(gland, plan, start, voxel_mm)
    vessels(gland, plan, start, voxel_mm)
    return Volume(gland, start, voxel_mm)


def _wish(plan: BreastPlan, texture: Tensor, along: Tensor, z: Tensor) -> tuple[Tensor, Tensor]:
    """How much each voxel of a layer would be gland, and how near it is to the skin (1)."""
    x, y = along[None, :], along[:, None]
    flat = x**2 + y**2
    inside = (flat / plan.base_mm**2 + (z.clamp(min=0) / plan.depth_mm) ** 2).sqrt()
    wish = texture * CONTRAST[plan.density] + _favour(plan, x + y, flat.sqrt(), z, inside)
    for lesion in plan.lesions:
        if lesion.kind == "asymmetry":
            far = [one - middle for one, middle in zip((x, y, z), place_mm(plan, lesion), strict=True)]
            squared = (far[0] ** 2 + far[1] ** 2 + far[2] ** 2) / (lesion.diameter_mm / 2) ** 2
            wish = wish + ASYMMETRY * torch.exp(-squared)
    return wish, inside


def _favour(plan: BreastPlan, outwards: Tensor, radius: Tensor, z: Tensor, inside: Tensor) -> Tensor:
    """Where gland grows: a disc behind the nipple, more of it up and outwards, none under the skin."""
    wide = 0.62 * plan.base_mm * (1.12 - z / plan.depth_mm).clamp(min=0.16)
    cone = (radius / wide) ** 2
    fat = smooth_step((inside - 0.82) / 0.14) * smooth_step((radius - 4) / 10)
    deep = smooth_step((4 - z) / 22)
    axilla = outwards / (1.4142 * plan.base_mm)
    return 1.0 - 1.5 * cone.clamp(max=4) + 0.9 * axilla - 6 * fat - 5 * deep - 8 * (inside > 0.985)


def _level(wishes: Sequence[tuple[Tensor, Tensor]], share: float) -> Tensor:
    """The level above which a share of the breast lies."""
    within = torch.cat([wish[inside < 1] for wish, inside in wishes])
    return torch.quantile(within[:: max(1, len(within) // SAMPLE)], 1 - share)


def _strands(
    shape: tuple[int, ...], voxel_mm: float, generator: torch.Generator
) -> Callable[[int], Tensor]:
    """From a layer to the field whose zeros there are Cooper's ligaments, between lobules of fat."""
    factor = max(1.0, LOBULE_MM / voxel_mm)
    small = tuple(even(length / factor) + 2 for length in shape)
    field = power_law(small, voxel_mm * factor, 5.0, 14.0, generator, (1.3, 1.0, 1.0))

    def layer(number: int) -> Tensor:
        place = number / factor
        below = min(int(place), len(field) - 2)
        coarse = torch.lerp(field[below], field[below + 1], place - below)
        return functional.interpolate(coarse[None, None], size=shape[1:], mode="bilinear")[0, 0]

    return layer
