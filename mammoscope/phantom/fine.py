"""Structure that is drawn into the projection: finer than the rays, and the muscle's bundles."""

from typing import Final

import torch
import torch.nn.functional as functional
from torch import Tensor

from mammoscope.phantom.anatomy import EXPONENT
from mammoscope.phantom.detector import gaussian
from mammoscope.phantom.fields import even, power_law
from mammoscope.phantom.rays import Paths
from mammoscope.phantom.sheet import Sheet

EDGE: Final = 0.75
"""Standard deviation, in steps of the rays, of the blur whose rest is their finest octave."""
BEYOND: Final = 1.1
"""The standard deviation of all finer octaves for that of the finest."""
AROUND: Final = 6.0
"""Over how many steps that is averaged."""
BUNDLES: Final = 0.05
"""How much the muscle's bundles vary, as a share of its length."""
BUNDLE_MM: Final = 12.0
COARSE_MM: Final = 0.8


def with_detail(
    lengths: Paths, coarse: Paths, area: Sheet, lean: float, generator: torch.Generator
) -> Paths:
    """Add fine structure to the gland and bundles to the muscle.

    Args:
        lengths: Maps at the image's pixels.
        coarse: The same as the rays found them.
        area: The part of the image that they show.
        lean: How far the muscle's bundles lean, columns a row upwards.
        generator: Draws the structure.
    """
    rows, columns = lengths.gland.shape
    bundles = 1 + BUNDLES * _bundles((rows, columns), area.pixel_mm, lean, generator)
    muscle = torch.minimum(lengths.muscle * bundles.clamp(min=0), lengths.thickness - lengths.skin)
    rest = (lengths.thickness - lengths.skin - muscle).clamp(min=0)
    gland = torch.minimum(lengths.gland, rest)
    if area.coarse != (area.breast - area.part[0], columns):
        step = area.pixel_mm * (area.breast - area.part[0]) / area.coarse[0]
        size = (even(rows), even(columns))
        noise = power_law(size, area.pixel_mm, EXPONENT, 1e3, generator, above=0.5 / step)
        fine = _like(_finest(coarse.gland), rows, columns, area) * noise[:rows, :columns]
        gland = torch.minimum((gland + BEYOND * fine).clamp(min=0), rest)
    return lengths._replace(gland=gland, muscle=muscle)


def _finest(gland: Tensor) -> Tensor:
    """How much the finest octave varies around each ray."""
    rest = gland - gaussian(gland, EDGE)
    return gaussian(rest**2, AROUND).sqrt()


def _like(image: Tensor, rows: int, columns: int, area: Sheet) -> Tensor:
    size = (area.breast - area.part[0], columns)
    fine = functional.interpolate(image[None, None], size=size, mode="bilinear")[0, 0]
    return functional.pad(fine, (0, 0, 0, rows - size[0]))


def _bundles(
    shape: tuple[int, int], pixel_mm: float, lean: float, generator: torch.Generator
) -> Tensor:
    """A field that runs along the muscle's edge, as its bundles do."""
    step = max(pixel_mm, COARSE_MM)
    small = tuple(even(length * pixel_mm / step) for length in shape)
    field = power_law(small, step, 2.5, BUNDLE_MM, generator, (5.0, 1.0))
    rows, columns = (torch.arange(length, device=field.device) for length in small)
    shifted = (columns + (lean * rows[:, None])).round().long() % small[1]
    field = field.gather(1, shifted)
    return functional.interpolate(field[None, None], size=shape, mode="bilinear")[0, 0]
