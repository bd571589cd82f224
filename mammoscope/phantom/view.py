"""One view of a breast: its picture, and the truth in its pixels."""

from typing import Final, NamedTuple

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor

from mammoscope.core import Laterality, Point
from mammoscope.core.mask import BREAST, PECTORAL
from mammoscope.phantom.anatomy import Volume
from mammoscope.phantom.beam import beam
from mammoscope.phantom.detector import primary, recorded
from mammoscope.phantom.fields import seeded
from mammoscope.phantom.marks import landmarks
from mammoscope.phantom.nipple import Nipple, centre, chord, nipple
from mammoscope.phantom.pose import Pose, magnification, pose, to_detector, to_plane
from mammoscope.phantom.rays import Paths, paths
from mammoscope.phantom.recipe import BreastPlan, ViewPlan
from mammoscope.phantom.truth import PhantomView

MARGIN_MM: Final = 10.0
"""How far beyond the outline tissue is looked for: the nipple's length."""
SEEN_MM: Final = 0.4
"""Thinner tissue counts as background."""
MUSCLE_MM: Final = 2.0
MUSCLE_SHARE: Final = 0.15
"""A pixel is muscle where the ray's length through it is at least this, and this share of all."""


class Sheet(NamedTuple):
    """A grid on the detector that covers the breast: its first rows and columns.

    Attributes:
        shape: Rows and columns of the whole image.
        part: First row, end row and end column of the part that holds tissue.
        coarse: Rows and columns of that part as rays are followed.
        pixel_mm: Of the image.
    """

    shape: tuple[int, int]
    part: tuple[int, int, int]
    coarse: tuple[int, int]
    pixel_mm: float


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
    sheet = _sheet(plan, exact, pixel_mm, voxel_mm)
    lengths = _lengths(plan, held, volume, sheet, voxel_mm)
    body = nipple(plan, exact)
    flat = lengths.thickness
    lengths = _with_nipple(lengths, body, held, sheet)
    signal = torch.ones(sheet.shape, device=device)
    thickness = _whole(lengths.thickness, sheet)
    _part(signal, sheet).copy_(primary(lengths, beam(view.kvp)))
    exposure = recorded(signal, thickness, pixel_mm, seeded(view.seed, device))
    muscle = _whole(lengths.muscle, sheet)
    labels = (thickness > SEEN_MM).to(torch.uint8) * BREAST
    labels[muscle > torch.maximum(MUSCLE_SHARE * thickness, torch.tensor(MUSCLE_MM))] = PECTORAL
    marks = landmarks(labels.cpu().numpy(), pixels(centre(body, exact), pixel_mm))
    flipped = plan.laterality == "R"
    return PhantomView(
        view.view, plan.laterality, pixel_mm, float(magnification(view.compressed_mm / 2)),
        _array(exposure, flipped), _array(labels, flipped),
        _array(_whole(lengths.gland, sheet).half(), flipped), _array(thickness.half(), flipped),
        {name: mirrored(point, plan.laterality, sheet.shape[1]) for name, point in marks.items()},
        _stands_out(flat, body, exact, sheet), (), "right" if flipped else "left",
        view.compressed_mm, view.angle_deg, view.errors, view.kvp,
    )  # fmt: skip


def pixels(place: Tensor, pixel_mm: float) -> np.ndarray:
    """Mm down and across on the detector as (row, column), the chest wall on the left."""
    return place.cpu().numpy() / pixel_mm - 0.5


def mirrored(point: Point | None, side: Laterality, columns: int) -> Point | None:
    """A point of the image with the chest wall on its left as one of the breast's own image."""
    if point is None or side == "L":
        return point
    return point[0], columns - 1 - point[1]


def _sheet(plan: BreastPlan, exact: Pose, pixel_mm: float, voxel_mm: float) -> Sheet:
    """The part of the detector that the breast's shadow can reach."""
    around = torch.linspace(0, np.pi, 721, dtype=torch.float64)
    front = torch.stack([around.cos() * plan.base_mm, around.sin() * plan.depth_mm], dim=-1)
    angle = torch.deg2rad(exact.turn(front[:, 1]))
    skin = torch.stack([front[:, 0] * angle.cos(), front[:, 0] * angle.sin(), front[:, 1]], dim=-1)
    outline = to_plane(exact, skin)
    half, slide = exact.squeeze.half_mm, torch.tensor([1.0, *exact.slide], dtype=torch.float64)
    places = torch.cat([to_detector(exact, outline + up * slide) for up in (-half, 0.0, half)])
    shape = tuple(round(length / pixel_mm) for length in exact.size)
    top = max(0.0, float(places[:, 0].min()) - MARGIN_MM)
    bottom = min(exact.size[0], float(places[:, 0].max()) + MARGIN_MM)
    right = min(exact.size[1], float(places[:, 1].max()) + MARGIN_MM)
    first, last, end = int(top / pixel_mm), round(bottom / pixel_mm), round(right / pixel_mm)
    step = max(pixel_mm, voxel_mm)
    coarse = (
        max(2, round((last - first) * pixel_mm / step)),
        max(2, round(end * pixel_mm / step)),
    )
    return Sheet((shape[0], shape[1]), (first, last, end), coarse, pixel_mm)


def _lengths(plan: BreastPlan, held: Pose, volume: Volume, sheet: Sheet, step: float) -> Paths:
    """Follow the rays on the coarse grid and bring the maps to the image's pixels."""
    down, across = _grid(sheet, sheet.coarse, volume.gland.device)
    found = paths(plan, held, volume, step, down, across)
    first, last, end = sheet.part
    size = (last - first, end)
    if sheet.coarse == size:
        return found
    fine = functional.interpolate(torch.stack(found)[None], size=size, mode="bicubic")[0].clamp(min=0)
    return Paths(*fine)


def _grid(sheet: Sheet, shape: tuple[int, int], device: torch.device) -> tuple[Tensor, Tensor]:
    """Mm down (rows, 1) and across (1, columns) at the centres of a grid over the sheet's part."""
    first, last, end = sheet.part
    down = torch.arange(shape[0], device=device) + 0.5
    across = torch.arange(shape[1], device=device) + 0.5
    return (
        (first + down * ((last - first) / shape[0]))[:, None] * sheet.pixel_mm,
        (across * (end / shape[1]))[None] * sheet.pixel_mm,
    )


def _with_nipple(lengths: Paths, body: Nipple, held: Pose, sheet: Sheet) -> Paths:
    down, across = _grid(sheet, tuple(lengths.thickness.shape), lengths.thickness.device)
    added = chord(body, held, down, across)
    return lengths._replace(thickness=lengths.thickness + added, gland=lengths.gland + added)


def _stands_out(flat: Tensor, body: Nipple, exact: Pose, sheet: Sheet) -> bool:
    """Whether the nipple's middle lies on or outside of the breast's own shadow."""
    row, column = np.rint(pixels(centre(body, exact), sheet.pixel_mm)).astype(int)
    row, column = row - sheet.part[0], min(column, flat.shape[1] - 1)
    return bool(0 <= row < flat.shape[0] and flat[row, column] < 2 * body.radius)


def _part(image: Tensor, sheet: Sheet) -> Tensor:
    first, last, end = sheet.part
    return image[first:last, :end]


def _whole(part: Tensor, sheet: Sheet) -> Tensor:
    image = torch.zeros(sheet.shape, dtype=part.dtype, device=part.device)
    _part(image, sheet).copy_(part)
    return image


def _array(image: Tensor, flipped: bool) -> np.ndarray:
    return np.ascontiguousarray((image.flip(1) if flipped else image).cpu().numpy())
