"""The nipple: a small body on the breast's front that keeps its size in every view."""

from typing import Final, NamedTuple

import torch
from torch import Tensor

from mammoscope.phantom.pose import Pose, from_detector, to_detector, to_plane
from mammoscope.phantom.rays import DENT
from mammoscope.phantom.recipe import BreastPlan

SUNK: Final = 0.2
"""How much of it lies within the breast."""


class Nipple(NamedTuple):
    """An ellipsoid in the view's plane, mm.

    Attributes:
        middle: a, b, z.
        axis: Its long axis, along b and z.
        half: Half of its length.
        radius: Half of its width.
    """

    middle: tuple[float, float, float]
    axis: tuple[float, float]
    half: float
    radius: float


def nipple(plan: BreastPlan, pose: Pose) -> Nipple:
    """Where the nipple lies in a view, upright on the outline."""
    radius, height = plan.nipple_mm
    aside = 0.02 * plan.base_mm
    angle = float(torch.deg2rad(pose.turn.values[-1]))
    ends = torch.tensor([[0, -aside, 0], [0, 0, 0], [0, aside, 0]], dtype=torch.float64)
    turn = torch.tensor([angle], dtype=torch.float64)
    x, y = ends[:, 1] * turn.cos(), ends[:, 1] * turn.sin()
    z = plan.depth_mm * torch.sqrt(1 - (x**2 + y**2) / plan.base_mm**2)
    low, apex, high = to_plane(pose, torch.stack([x, y, z], dim=-1))
    along = (high - low)[1:] / (high - low)[1:].norm()
    axis = (-float(along[1]), float(along[0]))
    half = (height / (1 - SUNK)) / 2
    out = half - SUNK * 2 * half
    out -= sum(
        DENT * lesion.diameter_mm for lesion in plan.lesions if lesion.kind == "nipple retraction"
    )
    up, b, deep = apex.tolist()
    return Nipple((up, b + axis[0] * out, deep + axis[1] * out), axis, half, radius)


def chord(body: Nipple, pose: Pose, down: Tensor, across: Tensor) -> Tensor:
    """Millimetres of each ray through the nipple."""
    b, z = from_detector(pose, body.middle[0], down, across)
    b, z = b - body.middle[1], z - body.middle[2]
    long = (b * body.axis[0] + z * body.axis[1]) / body.half
    wide = (b * body.axis[1] - z * body.axis[0]) / body.radius
    return 2 * body.radius * (1 - long**4 - wide**2).clamp(min=0).sqrt()


def centre(body: Nipple, pose: Pose) -> Tensor:
    """The nipple's middle on the detector, mm down and across."""
    return to_detector(pose, torch.tensor([body.middle], dtype=torch.float64))[0]
