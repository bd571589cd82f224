"""The lesions of a breast as one view shows them."""

from typing import Final, NamedTuple

import numpy as np
import torch
from torch import Tensor

from mammoscope.phantom.bodies import shadow
from mammoscope.phantom.detector import Extras
from mammoscope.phantom.grains import MORPHOLOGIES, OXALATE, draw_grain, grains
from mammoscope.phantom.pose import Pose, magnification, to_detector, to_plane
from mammoscope.phantom.recipe import BreastPlan, LesionPlan, ViewPlan, place_mm
from mammoscope.phantom.sheet import Sheet, pixels
from mammoscope.phantom.truth import Box, Lesion

BODIES: Final = frozenset({"mass", "lymph node", "architectural distortion"})
SHOWN_MM: Final = 0.3
"""Less of a body than this lies outside of its box."""
AROUND: Final = 1.25
"""How far from a body's middle its strands are drawn, in diameters."""


class Found(NamedTuple):
    """A lesion in the part of the image that holds tissue.

    Attributes:
        plan: What it is.
        centre: (row, column) of its middle in the image with the chest wall on the left.
        box: Top, left, bottom, right, not yet cut by the image.
    """

    plan: LesionPlan
    centre: tuple[float, float]
    box: Box


def draw_findings(
    plan: BreastPlan, view: ViewPlan, exact: Pose, sheet: Sheet, device: torch.device
) -> tuple[Extras, list[Found]]:
    """What lesions add to the rays, and where they are."""
    first, last, end = sheet.part
    body = torch.zeros((last - first, end), device=device)
    mineral = {name: np.zeros((last - first, end), np.float32) for name in ("bone", "oxalate")}
    found = []
    for lesion in plan.lesions:
        middle = to_plane(exact, torch.from_numpy(place_mm(plan, lesion))[None])
        scale = float(magnification(middle[0, 0] + exact.squeeze.half_mm)) / sheet.pixel_mm
        centre = pixels(to_detector(exact, middle)[0], sheet.pixel_mm)
        if lesion.kind in BODIES:
            box = _add_body(body, lesion, view.angle_deg, centre - (first, 0), 1 / scale)
        elif lesion.kind == "calcifications":
            kind = "oxalate" if lesion.margins in OXALATE else "bone"
            box = _add_grains(mineral[kind], plan, lesion, exact, sheet)
        else:
            box = _around(plan, lesion, exact, sheet)
        offset = 0 if lesion.kind not in BODIES else first
        shifted = (box[0] + offset, box[1], box[2] + offset, box[3])
        found.append(Found(lesion, (float(centre[0]), float(centre[1])), shifted))
    extras = Extras(body, *(torch.from_numpy(one).to(device) for one in mineral.values()))
    return extras, found


def as_lesion(found: Found, sheet: Sheet, flipped: bool) -> Lesion:
    """A lesion with its box cut by the image; without one where its middle is not shown."""
    plan, (row, column) = found.plan, found.centre
    rows, columns = sheet.shape
    top, left, bottom, right = found.box
    box: Box | None = (
        max(top, 0.0),
        max(left, 0.0),
        min(bottom, rows - 1.0),
        min(right, columns - 1.0),
    )
    centre: tuple[float, float] | None = (row, column)
    if not (0 <= row <= rows - 1 and 0 <= column <= columns - 1):
        box = centre = None
    elif flipped and box is not None:
        box = (box[0], columns - 1 - box[3], box[2], columns - 1 - box[1])
        centre = (row, columns - 1 - column)
    return Lesion(plan.kind, plan.shape, plan.margins, plan.identifier, plan.diameter_mm, box, centre)


def _add_body(image: Tensor, lesion: LesionPlan, angle: float, centre: np.ndarray, mm: float) -> Box:
    """Add a stiff body's shadow to an image whose pixels span `mm` there; its box in that image."""
    reach = int(np.ceil(AROUND * lesion.diameter_mm / mm))
    row, column = np.rint(centre).astype(int)
    down = torch.arange(row - reach, row + reach + 1, device=image.device)
    across = torch.arange(column - reach, column + reach + 1, device=image.device)
    b, z = (float(centre[0]) - down) * mm, (across - float(centre[1])) * mm
    length = shadow(lesion, angle, b[:, None].float(), z[None].float())
    inside = [(one >= 0) & (one < size) for one, size in zip((down, across), image.shape, strict=True)]
    if all(bool(one.any()) for one in inside):
        rows, columns = down[inside[0]], across[inside[1]]
        image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] += length[inside[0]][:, inside[1]]
    held = (length > min(SHOWN_MM, 0.5 * float(length.max()))).nonzero().float().cpu()
    share = 0.02 if lesion.kind == "architectural distortion" else 0.0
    low, high = torch.quantile(held, share, dim=0), torch.quantile(held, 1 - share, dim=0)
    top, left = (low + torch.tensor([row - reach, column - reach])).tolist()
    bottom, right = (high + torch.tensor([row - reach, column - reach])).tolist()
    return top, left, bottom, right


def _add_grains(
    image: np.ndarray, plan: BreastPlan, lesion: LesionPlan, exact: Pose, sheet: Sheet
) -> Box:
    """Add the grains of a cluster; its box in the whole image."""
    held = grains(lesion)
    places = place_mm(plan, lesion) + np.array([grain.place for grain in held])
    flat = to_plane(exact, torch.from_numpy(places))
    where = pixels(to_detector(exact, flat), sheet.pixel_mm)
    scales = magnification(flat[:, 0] + exact.squeeze.half_mm) / sheet.pixel_mm
    density = MORPHOLOGIES[lesion.margins].density
    for grain, place, scale in zip(held, where, scales.tolist(), strict=True):
        draw_grain(image, grain, place - (sheet.part[0], 0), 1 / scale, density)
    sizes = np.array([grain.radius * grain.longer for grain in held]) * scales.numpy()
    low, high = (where - sizes[:, None]).min(axis=0), (where + sizes[:, None]).max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _around(plan: BreastPlan, lesion: LesionPlan, exact: Pose, sheet: Sheet) -> Box:
    """The box of a ball of tissue of the lesion's diameter."""
    rng = np.random.default_rng(lesion.seed)
    ball = rng.normal(size=(200, 3))
    ball *= lesion.diameter_mm / 2 / np.linalg.norm(ball, axis=1, keepdims=True)
    places = place_mm(plan, lesion) + ball
    size = np.array([plan.base_mm, plan.base_mm, plan.depth_mm])
    places /= np.maximum(1.001 * np.linalg.norm(places / size, axis=1, keepdims=True), 1)
    where = pixels(to_detector(exact, to_plane(exact, torch.from_numpy(places))), sheet.pixel_mm)
    low, high = where.min(axis=0), where.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])
