"""Masses and lymph nodes: stiff bodies that keep their form, as lengths of rays through them."""

from typing import Final, NamedTuple

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor

from mammoscope.phantom.fields import power_law, seeded
from mammoscope.phantom.recipe import LesionPlan

LAYERS: Final = 32
"""Steps along a ray through a body."""
RELIEF: Final = 48
"""Voxels along each side of the field that makes a surface uneven."""


class Form(NamedTuple):
    """What a shape is made by.

    Attributes:
        axes: Half axes as shares of half of the diameter.
        uneven: How much the surface varies, as a share of its radius.
        knots: How many bumps there are around it, about.
        soft: How gradually it ends, as a share of its radius.
        spicules: How many thin strands leave it.
    """

    axes: tuple[float, float, float]
    uneven: float
    knots: float
    soft: float
    spicules: int


FORMS: Final[dict[str, Form]] = {
    "round": Form((0.95, 1.0, 0.95), 0.02, 2.0, 0.06, 0),
    "oval": Form((0.6, 1.0, 0.7), 0.03, 2.0, 0.06, 0),
    "lobulated": Form((0.75, 1.0, 0.8), 0.16, 3.0, 0.07, 0),
    "irregular": Form((0.7, 1.0, 0.8), 0.3, 5.0, 0.25, 8),
    "spiculated": Form((0.6, 0.7, 0.65), 0.25, 5.0, 0.2, 42),
    "": Form((0.0, 0.0, 0.0), 0.0, 1.0, 0.1, 60),
}
"""Of masses by shape, of a lymph node (oval), and of a distortion, which is strands alone."""
SOFT: Final = {"obscured": 0.25, "ill-defined": 0.4, "microlobulated": 0.08}
STRAND_MM: Final = 0.4
"""Width of a strand where it begins."""


def shadow(plan: LesionPlan, angle_deg: float, b: Tensor, z: Tensor) -> Tensor:
    """Lengths in mm of rays through a body.

    Args:
        plan: A mass, a lymph node or an architectural distortion.
        angle_deg: Of the view.
        b: Up in the image from the body's middle, mm: (rows, 1).
        z: Away from the chest wall from the body's middle, mm: (1, columns).
    """
    form = FORMS[plan.shape]
    length = strands(plan, form, angle_deg, b, z)
    if form.axes[0] == 0:
        return length
    solid = _solid(plan, form, angle_deg, b, z)
    if plan.kind == "lymph node":
        return (solid - 0.85 * _hilum(plan, angle_deg, b, z)).clamp(min=0)
    return solid + length


def _turned(plan: LesionPlan) -> np.ndarray:
    """The body's own axes, lying anyhow in the breast."""
    rng = np.random.default_rng(plan.seed)
    return np.linalg.qr(rng.normal(size=(3, 3)))[0]


def _solid(plan: LesionPlan, form: Form, angle_deg: float, b: Tensor, z: Tensor) -> Tensor:
    """Through the body itself, an ellipsoid with an uneven surface."""
    device = b.device
    radius = plan.diameter_mm / 2
    reach = radius * (1 + 2 * form.uneven)
    near = [(one.flatten().abs() < reach).nonzero()[:, 0] for one in (b, z)]
    whole = torch.zeros((b.shape[0], z.shape[1]), device=device)
    b, z = b[near[0]], z[:, near[1]]
    own = torch.from_numpy(_turned(plan)).to(device, torch.float32)
    ups = (torch.arange(LAYERS, device=device) + 0.5) * (2 * reach / LAYERS) - reach
    shape = (LAYERS, b.shape[0], z.shape[1])
    up, down, across = ups[:, None, None].expand(shape), b[None].expand(shape), z[None].expand(shape)
    turn = np.radians(angle_deg)
    x, y = down * np.cos(turn) - up * np.sin(turn), down * np.sin(turn) + up * np.cos(turn)
    inner = torch.stack([x, y, across], dim=-1) @ own
    inner = inner / torch.tensor(form.axes, device=device) / radius
    far = inner.norm(dim=-1).clamp(min=1e-3)
    field = power_law((RELIEF,) * 3, 1.0, 4.0, RELIEF / form.knots, seeded(plan.seed, device))
    grid = (0.25 * inner + 0.35 * inner / far[..., None])[None]
    relief = functional.grid_sample(field[None, None], grid, align_corners=True)[0, 0]
    soft = max(SOFT.get(plan.margins, 0.0), form.soft)
    share = ((1 + form.uneven * relief - far) / soft + 0.5).clamp(0, 1)
    whole[near[0][:, None], near[1]] = share.sum(0) * (2 * reach / LAYERS)
    return whole


def _hilum(plan: LesionPlan, angle_deg: float, b: Tensor, z: Tensor) -> Tensor:
    """Through a lymph node's fat, which enters from one side."""
    radius = plan.diameter_mm / 2
    rng = np.random.default_rng(plan.seed + 1)
    aside = rng.uniform(0, 2 * np.pi)
    place = np.array([np.cos(aside), np.sin(aside)]) * 0.35 * radius
    far = ((b - place[0]) ** 2 + (z - place[1]) ** 2) / (0.45 * radius) ** 2
    return 0.9 * radius * (1 - far).clamp(min=0).sqrt()


def strands(plan: LesionPlan, form: Form, angle_deg: float, b: Tensor, z: Tensor) -> Tensor:
    """Through the thin strands that radiate from a body, or from a point in a distortion."""
    total = torch.zeros((b.shape[0], z.shape[1]), device=b.device)
    rng = np.random.default_rng(plan.seed + 2)
    turn = np.radians(angle_deg)
    radius = plan.diameter_mm / 2
    inner = 0.5 * min(form.axes) or 0.05
    for _ in range(form.spicules):
        x, y, ahead = rng.normal(size=3) / np.sqrt(3) * 1.3
        along = np.array([x * np.cos(turn) + y * np.sin(turn), ahead])
        start, end = along * inner * radius, along * radius * rng.uniform(0.9, 1.7)
        bend = rng.normal(0, 0.12)
        total += _strand(start, end, bend, STRAND_MM * rng.uniform(0.6, 1.4), b, z)
    return total


def _strand(
    start: np.ndarray, end: np.ndarray, bend: float, width: float, b: Tensor, z: Tensor
) -> Tensor:
    """A strand that tapers and bows to one side."""
    span = end - start
    length = float(np.hypot(*span)) + 1e-6
    unit = span / length
    along = ((b - start[0]) * unit[0] + (z - start[1]) * unit[1]) / length
    across = (b - start[0]) * unit[1] - (z - start[1]) * unit[0]
    across = across - bend * length * along * (1 - along)
    within = ((along > 0) & (along < 1)).float()
    thick = width * (1 - along.clamp(0, 1)) ** 0.7
    return within * 2 * (thick**2 - across**2).clamp(min=0).sqrt()
