"""The part of the detector on which a breast's shadow falls."""

from typing import Final, NamedTuple

import numpy as np
import torch
from torch import Tensor

from mammoscope.phantom.pose import Pose, rim, to_detector

MARGIN_MM: Final = 10.0
"""How far beyond the outline tissue is looked for: the nipple's length."""


class Sheet(NamedTuple):
    """A grid on the detector that covers the breast: its first rows and columns.

    Attributes:
        shape: Rows and columns of the whole image.
        part: First row, end row and end column of the part that holds tissue.
        breast: End row of the part of it that holds breast.
        coarse: Rows and columns of that part as rays are followed.
        pixel_mm: Of the image.
    """

    shape: tuple[int, int]
    part: tuple[int, int, int]
    breast: int
    coarse: tuple[int, int]
    pixel_mm: float


def sheet(exact: Pose, pixel_mm: float, step_mm: float, fold: bool) -> Sheet:
    """Find the part of the detector that a breast's shadow can reach.

    Args:
        exact: How the breast is held.
        pixel_mm: Of the image.
        step_mm: Between the rays that are followed.
        fold: Whether the belly below the breast is shown.
    """
    outline, half = rim(exact), exact.squeeze.half_mm
    slide = torch.tensor([1.0, *exact.slide], dtype=torch.float64)
    places = torch.cat([to_detector(exact, outline + up * slide) for up in (-half, 0.0, half)])
    rows, columns = (round(length / pixel_mm) for length in exact.size)
    top = max(0.0, float(places[:, 0].min()) - MARGIN_MM)
    bottom = min(exact.size[0], float(places[:, 0].max()) + MARGIN_MM)
    right = min(exact.size[1], float(places[:, 1].max()) + MARGIN_MM)
    first, breast, end = int(top / pixel_mm), round(bottom / pixel_mm), round(right / pixel_mm)
    last = rows if fold else breast
    step = max(pixel_mm, step_mm)
    coarse = (
        max(2, round((breast - first) * pixel_mm / step)),
        max(2, round(end * pixel_mm / step)),
    )
    return Sheet((rows, columns), (first, last, end), breast, coarse, pixel_mm)


def coarse_grid(sheet: Sheet, device: torch.device) -> tuple[Tensor, Tensor]:
    """Where rays meet the detector: mm down (rows, 1) and across (1, columns)."""
    first, _, end = sheet.part
    rows, columns = sheet.coarse
    down = (torch.arange(rows, device=device) + 0.5) * ((sheet.breast - first) / rows) + first
    across = (torch.arange(columns, device=device) + 0.5) * (end / columns)
    return down[:, None] * sheet.pixel_mm, across[None] * sheet.pixel_mm


def fine_grid(sheet: Sheet, device: torch.device) -> tuple[Tensor, Tensor]:
    """The centres of the part's pixels: mm down (rows, 1) and across (1, columns)."""
    first, last, end = sheet.part
    down = torch.arange(first, last, device=device) + 0.5
    across = torch.arange(end, device=device) + 0.5
    return down[:, None] * sheet.pixel_mm, across[None] * sheet.pixel_mm


def part_of(image: Tensor, sheet: Sheet) -> Tensor:
    """The part of a whole image that holds tissue; a view of it."""
    first, last, end = sheet.part
    return image[first:last, :end]


def whole(part: Tensor, sheet: Sheet) -> Tensor:
    """An image of the detector with zeros around the part that holds tissue."""
    image = torch.zeros(sheet.shape, dtype=part.dtype, device=part.device)
    part_of(image, sheet).copy_(part)
    return image


def pixels(place: Tensor, pixel_mm: float) -> np.ndarray:
    """Mm down and across on the detector as (row, column), the chest wall on the left."""
    return place.cpu().numpy() / pixel_mm - 0.5
