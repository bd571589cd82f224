"""Lengths of the rays through each tissue: from a held breast to maps on the detector."""

from typing import Final, NamedTuple

import torch
from torch import Tensor

from mammoscope.phantom.anatomy import Volume
from mammoscope.phantom.pose import (
    FOCUS_MM,
    Column,
    Pose,
    column,
    from_detector,
    muscle_front,
    to_tissue,
)
from mammoscope.phantom.recipe import BreastPlan, place_mm

NEAR: Final = 1.03
"""How far beyond the outline rays are followed, as a share of its distance."""
DENT: Final = 0.3
"""How deep skin is pulled in, as a share of the width."""
DENTED: Final = frozenset({"skin retraction", "nipple retraction"})


class Paths(NamedTuple):
    """mm of the ray through each tissue, on a grid of the detector.

    Attributes:
        thickness: Through all tissue.
        gland: Through fibroglandular tissue.
        skin: Through skin.
        muscle: Through muscle.
    """

    thickness: Tensor
    gland: Tensor
    skin: Tensor
    muscle: Tensor


def paths(
    plan: BreastPlan, pose: Pose, volume: Volume, step_mm: float, down: Tensor, across: Tensor
) -> Paths:
    """Follow a cone of rays through a breast, one height after the other.

    Args:
        plan: The breast.
        pose: How it is held, on the volume's device in single precision.
        volume: Its tissue.
        step_mm: From height to height, about.
        down: Where the rays meet the detector, mm from its first corner: (rows, 1).
        across: The same away from the chest wall: (1, columns).
    """
    shape = (down.shape[0], across.shape[1])
    down, across = down.expand(shape).flatten(), across.expand(shape).flatten()
    met = _met(pose, down, across)
    down, across = down[met], across[met]
    heights = max(1, round(2 * pose.squeeze.half_mm / step_mm))
    step = 2 * pose.squeeze.half_mm / heights
    sums = [torch.zeros_like(down) for _ in range(4)]
    for number in range(heights):
        up = (number + 0.5) * step - pose.squeeze.half_mm
        for total, part in zip(sums, _slice(plan, pose, volume, up, down, across, step), strict=True):
            total += part
    oblique = torch.sqrt(1 + ((down - pose.size[0] / 2) ** 2 + across**2) / FOCUS_MM**2) * step
    maps = torch.zeros(len(sums), shape[0] * shape[1], device=down.device)
    maps[:, met] = torch.stack(sums) * oblique
    return Paths(*maps.view(len(sums), *shape))


def _met(pose: Pose, down: Tensor, across: Tensor) -> Tensor:
    """Which rays can meet the breast: those within its outline at some height."""
    met = torch.zeros_like(down, dtype=torch.bool)
    for share in (-1.0, -0.5, 0.0, 0.5, 1.0):
        up = share * pose.squeeze.half_mm
        met |= column(pose, up, *from_detector(pose, up, down, across)).f < NEAR * pose.squeeze.reach
    return met.nonzero()[:, 0]


def _slice(
    plan: BreastPlan, pose: Pose, volume: Volume, up: float, down: Tensor, across: Tensor, step: float
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Shares of tissue, gland, skin and muscle where the rays cross one height."""
    b, z = from_detector(pose, up, down, across)
    place = column(pose, up, b, z)
    x, y, deep = to_tissue(pose, place)
    below = (half_height(pose, place.f) - place.up.abs()) / place.flat
    rim = _to_rim(pose, place)
    tissue = (below / step + 0.5).clamp(0, 1)
    inwards = below * rim / torch.hypot(below, rim).clamp(min=1e-3)
    skin = ((plan.skin_mm - inwards) / step + 0.5).clamp(0, 1) * tissue
    dent = _dents(plan, x, y, deep)
    if dent is not None:
        tissue = tissue * smooth_edge(dent, step)
        skin = torch.maximum(skin, smooth_edge(plan.skin_mm - dent, step)) * tissue
    rest = tissue - skin
    behind = -deep - muscle_front(plan, x, y)
    muscle = smooth_edge(behind, step) * rest
    gland = volume.at(x, y, deep) * (rest - muscle)
    return tissue, gland, skin, muscle


def _dents(plan: BreastPlan, x: Tensor, y: Tensor, z: Tensor) -> Tensor | None:
    """Depth under a skin that lesions pull in, mm; None where none does."""
    pulled = [lesion for lesion in plan.lesions if lesion.kind in DENTED]
    if not pulled:
        return None
    across, ahead = (x**2 + y**2) / plan.base_mm**2, (z.clamp(min=0) / plan.depth_mm) ** 2
    steep = (across / plan.base_mm**2 + ahead / plan.depth_mm**2).sqrt().clamp(min=1e-3)
    far = (across + ahead).sqrt()
    depth = (1 - far) * far / steep
    for lesion in pulled:
        middle = place_mm(plan, lesion)
        squared = (x - middle[0]) ** 2 + (y - middle[1]) ** 2 + (z - middle[2]) ** 2
        dent = DENT * lesion.diameter_mm * torch.exp(-squared / (lesion.diameter_mm / 2) ** 2)
        depth = depth - dent
    return depth


def half_height(pose: Pose, f: Tensor) -> Tensor:
    """Half of the compressed breast's height where its outline lies at `f`; far below 0 beyond it."""
    beyond = ((f - pose.squeeze.reach) / pose.squeeze.rim + 1).clamp(min=0)
    height = pose.squeeze.half_mm * (1 - beyond**2).clamp(min=0).sqrt()
    return torch.where(beyond < 1, height, -1e3)


def smooth_edge(depth: Tensor, step: float) -> Tensor:
    """The share of a step that lies beyond a surface."""
    return (depth / step + 0.5).clamp(0, 1)


def _to_rim(pose: Pose, place: Column) -> Tensor:
    """Millimetres within the plane from a place to the skin at the same height."""
    squeeze = pose.squeeze
    height = (place.up / squeeze.half_mm).clamp(-1, 1)
    edge = squeeze.reach - squeeze.rim * (1 - (1 - height**2).sqrt())
    along = place.b / (pose.base**2 * place.narrow * place.flat)
    ahead = place.z.clamp(min=0) * place.narrow / pose.depth**2
    fall = torch.hypot(along, ahead) / place.f.clamp(min=1e-3)
    return (edge - place.f) / fall.clamp(min=1e-4)
