"""Ducts and vessels: branching walks, drawn into a volume."""

from typing import Final

import numpy as np
import torch
from torch import Tensor

from mammoscope.phantom.recipe import BreastPlan

Start = tuple[float, float, float]
DUCTS: Final = 14
VESSELS: Final = 9
STEP_MM: Final = 0.6


def ducts(lines: Tensor, plan: BreastPlan, start: Start, voxel_mm: float) -> None:
    """Draw milk ducts that leave the nipple backwards and branch."""
    rng = np.random.default_rng(plan.seed + 1)
    for _ in range(DUCTS):
        turn, lean = rng.uniform(0, 2 * np.pi), rng.uniform(0.1, 0.9)
        heading = np.array([np.cos(turn) * lean, np.sin(turn) * lean, -1.0])
        tip = np.array([0, 0, plan.depth_mm - 1.0]) + rng.normal(0, 1.0, 3) * (1, 1, 0)
        _grow(lines, plan, start, voxel_mm, rng, tip, heading, rng.uniform(0.8, 1.3), 3)


def vessels(lines: Tensor, plan: BreastPlan, start: Start, voxel_mm: float) -> None:
    """Draw vessels that run under the skin from the base forwards."""
    rng = np.random.default_rng(plan.seed + 2)
    for _ in range(VESSELS):
        turn, deep = rng.uniform(0, 2 * np.pi), rng.uniform(0.6, 0.86)
        tip = np.array([np.cos(turn), np.sin(turn), 0]) * deep * plan.base_mm
        heading = np.array([-np.cos(turn) * 0.3, -np.sin(turn) * 0.3, 1.0])
        radius = rng.uniform(0.7, 1.4)
        length = int(rng.uniform(0.6, 1.2) * plan.base_mm / STEP_MM)
        walk = _walk(tip, heading, length, 0.08, rng)
        _stamp(lines, walk, np.linspace(radius, 0.5 * radius, length), 0.8, start, voxel_mm)


def _grow(
    lines: Tensor,
    plan: BreastPlan,
    start: Start,
    voxel_mm: float,
    rng: np.random.Generator,
    tip: np.ndarray,
    heading: np.ndarray,
    radius: float,
    left: int,
) -> None:
    """A branch and those that leave its end."""
    length = int(rng.uniform(0.2, 0.4) * plan.depth_mm / STEP_MM)
    walk = _walk(tip, heading, length, 0.06, rng)
    _stamp(lines, walk, np.full(length, radius), 1.0, start, voxel_mm)
    if left == 0:
        return
    onwards = walk[-1] - walk[-3]
    for _ in range(2):
        turned = onwards / np.linalg.norm(onwards) + rng.normal(0, 0.35, 3)
        _grow(lines, plan, start, voxel_mm, rng, walk[-1], turned, 0.8 * radius, left - 1)


def _walk(
    tip: np.ndarray, heading: np.ndarray, length: int, wander: float, rng: np.random.Generator
) -> np.ndarray:
    turns = heading / np.linalg.norm(heading) + np.cumsum(rng.normal(0, wander, (length, 3)), axis=0)
    steps = turns / np.linalg.norm(turns, axis=1, keepdims=True) * STEP_MM
    return tip + np.cumsum(steps, axis=0)


def _stamp(
    lines: Tensor, walk: np.ndarray, radius: np.ndarray, share: float, start: Start, voxel_mm: float
) -> None:
    """Raise the volume to a share within a radius of a walk, softly over one voxel."""
    device = lines.device
    reach = int(np.ceil(radius.max() / voxel_mm)) + 1
    place = torch.from_numpy((walk - start) / voxel_mm).to(device, torch.float32)
    wide = torch.from_numpy(radius).to(device, torch.float32)[:, None]
    around = torch.arange(-reach, reach + 1, device=device)
    offsets = torch.cartesian_prod(around, around, around)
    cells = place.round().long()[:, None] + offsets
    far = (cells - place[:, None]).norm(dim=-1) * voxel_mm
    small = (wide / voxel_mm).clamp(max=1)
    value = share * small * ((wide - far) / voxel_mm + 0.5).clamp(0, 1)
    limit = torch.tensor(lines.shape, device=device).flip(0)
    held = ((cells >= 0) & (cells < limit)).all(-1) & (value > 0)
    x, y, z = cells[held].unbind(-1)
    flat = (z * lines.shape[1] + y) * lines.shape[2] + x
    lines.view(-1).scatter_reduce_(0, flat, value[held], "amax")
