"""One view of a breast: its picture, and the truth in its pixels."""

from typing import Final

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor

from mammoscope.core import Laterality, Point
from mammoscope.core.mask import BREAST, PECTORAL
from mammoscope.phantom.anatomy import Volume
from mammoscope.phantom.beam import beam
from mammoscope.phantom.belly import belly
from mammoscope.phantom.detector import primary, recorded
from mammoscope.phantom.fields import seeded
from mammoscope.phantom.findings import as_lesion, draw_findings
from mammoscope.phantom.fine import with_detail
from mammoscope.phantom.marks import landmarks
from mammoscope.phantom.nipple import Nipple, centre, chord, nipple
from mammoscope.phantom.pose import Pose, magnification, pose
from mammoscope.phantom.rays import Paths, paths
from mammoscope.phantom.recipe import BreastPlan, ViewPlan
from mammoscope.phantom.sheet import Sheet, coarse_grid, fine_grid, part_of, pixels, sheet, whole
from mammoscope.phantom.truth import PhantomView

NIPPLE: Final = 0.7
"""How dense the nipple is, as a share of gland."""
SEEN_MM: Final = 0.4
"""Thinner tissue counts as background."""
MUSCLE_MM: Final = 2.0
MUSCLE_SHARE: Final = 0.15
"""A pixel is muscle where the ray's length through it is at least this, and this share of all."""


def take(
    plan: BreastPlan, view: ViewPlan, volume: Volume, pixel_mm: float, voxel_mm: float
) -> PhantomView:
    """Take one view.

    Args:
        plan: The breast.
        view: How it is taken.
        volume: Its tissue; the work is done on its device.
        pixel_mm: Of the detector.
        voxel_mm: Of the rays' grid and of the steps along them.
    """
    device = volume.gland.device
    exact = pose(plan, view)
    held = exact.to(device, torch.float32)
    area = sheet(exact, pixel_mm, voxel_mm, view.fold)
    generator = seeded(view.seed, device)
    lengths = _followed(plan, view, held, volume, area, voxel_mm, generator)
    body, flat = nipple(plan, exact), lengths.thickness
    lengths, fold = belly(plan, view, held, lengths, area) if view.fold else (lengths, None)
    bump = chord(body, held, *fine_grid(area, device))
    lengths = lengths._replace(thickness=lengths.thickness + bump, gland=lengths.gland + NIPPLE * bump)
    extras, found = draw_findings(plan, view, exact, area, device)
    signal = torch.ones(area.shape, device=device)
    part_of(signal, area).copy_(primary(lengths, beam(view.kvp), extras))
    thickness = whole(lengths.thickness, area)
    exposure = recorded(signal, thickness, pixel_mm, generator)
    labels = _labels(thickness, whole(lengths.muscle, area))
    middle = pixels(centre(body, exact), pixel_mm)
    marks = landmarks(labels.cpu().numpy(), middle, fold)
    flipped = plan.laterality == "R"
    return PhantomView(
        view.view, plan.laterality, pixel_mm, magnification(view.compressed_mm / 2),
        _array(exposure, flipped), _array(labels, flipped),
        _array(whole(lengths.gland, area).half(), flipped), _array(thickness.half(), flipped),
        {name: mirrored(point, plan.laterality, area.shape[1]) for name, point in marks.items()},
        _stands_out(flat, body, middle, area),
        tuple(as_lesion(one, area, flipped) for one in found), "right" if flipped else "left",
        view.compressed_mm, view.angle_deg, view.errors, view.kvp,
    )  # fmt: skip


def mirrored(point: Point | None, side: Laterality, columns: int) -> Point | None:
    """A point of the image with the chest wall on its left as one of the breast's own image."""
    if point is None or side == "L":
        return point
    return point[0], columns - 1 - point[1]


def _followed(
    plan: BreastPlan,
    view: ViewPlan,
    held: Pose,
    volume: Volume,
    area: Sheet,
    step_mm: float,
    generator: torch.Generator,
) -> Paths:
    """Rays through the breast, with the structure that they are too coarse for."""
    coarse = paths(plan, held, volume, step_mm, *coarse_grid(area, volume.gland.device))
    lean = float(np.tan(np.radians(view.pectoral_deg)))
    return with_detail(_fine(coarse, area), coarse, area, lean, generator)


def _fine(lengths: Paths, area: Sheet) -> Paths:
    """Maps of the rays that were followed, at the image's pixels, with room for the belly."""
    first, last, end = area.part
    size = (area.breast - first, end)
    maps = torch.stack(lengths)
    if area.coarse != size:
        maps = functional.interpolate(maps[None], size=size, mode="bicubic")[0].clamp(min=0)
    return Paths(*functional.pad(maps, (0, 0, 0, last - area.breast)))


def _labels(thickness: Tensor, muscle: Tensor) -> Tensor:
    labels = (thickness > SEEN_MM).to(torch.uint8) * BREAST
    labels[muscle > (MUSCLE_SHARE * thickness).clamp(min=MUSCLE_MM)] = PECTORAL
    return labels


def _stands_out(flat: Tensor, body: Nipple, middle: np.ndarray, area: Sheet) -> bool:
    """Whether the nipple's middle lies on or outside of the breast's own shadow."""
    row, column = np.rint(middle).astype(int)
    row, column = row - area.part[0], min(column, flat.shape[1] - 1)
    return bool(0 <= row < flat.shape[0] and flat[row, column] < 2 * body.radius)


def _array(image: Tensor, flipped: bool) -> np.ndarray:
    return np.ascontiguousarray((image.flip(1) if flipped else image).cpu().numpy())
