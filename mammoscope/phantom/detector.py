"""From lengths of tissue to what the detector records.

Scatter behind a grid grows with the thickness and is spread over centimetres (J. M. Boone et al.,
Scatter/primary in mammography, Med. Phys. 27:2408, 2000: 0.4 to 0.5 at 4 to 5 cm without a grid,
of which a grid leaves about a quarter).
"""

import math
from typing import Final, NamedTuple

import torch
import torch.nn.functional as functional
from torch import Tensor

from mammoscope.phantom.beam import Beam
from mammoscope.phantom.rays import Paths

SCATTER: Final = 0.0027
"""Scatter for primary behind the grid, a mm of tissue."""
SPREAD_MM: Final = ((0.4, 4.0), (0.6, 18.0))
"""Shares and standard deviations of the scatter's spread."""
BLUR_MM: Final = 0.055
"""Standard deviation of the detector's and the focal spot's blur."""
QUANTA: Final = 3.2e5
"""A mm² behind the densest part of the breast, as automatic exposure asks for."""
ELECTRONIC: Final = 2.5e3
"""Variance of the electronics, in quanta a mm²."""
BODY: Final = 1.06
"""What a lesion takes from the beam for the same length of gland."""
COARSE_MM: Final = 2.0
DENSEST: Final = 0.05


class Extras(NamedTuple):
    """What lesions put into the way of the rays, mm at each pixel.

    Attributes:
        body: Of masses and the like, in the place of the tissue around them.
        hydroxyapatite: Of that mineral.
        oxalate: Of calcium oxalate.
    """

    body: Tensor
    hydroxyapatite: Tensor
    oxalate: Tensor


def primary(lengths: Paths, beam: Beam, extras: Extras) -> Tensor:
    """The share of the beam that comes through untouched, as the detector weighs it."""
    fat = lengths.thickness - lengths.gland - lengths.skin - lengths.muscle
    body = torch.minimum(extras.body, fat + lengths.gland)
    left = 1 - body / (fat + lengths.gland).clamp(min=1e-3)
    gland = lengths.gland * left + BODY * body
    parts = (fat * left, gland, lengths.skin, lengths.muscle, extras.hydroxyapatite, extras.oxalate)
    through = torch.stack(parts).flatten(1)
    signal = torch.zeros(through.shape[1], device=fat.device)
    for weight, row in zip(beam.weights.tolist(), torch.from_numpy(beam.attenuation.T), strict=True):
        signal.add_(torch.exp(-(row.to(through) @ through)), alpha=weight)
    return signal.view(fat.shape)


def recorded(signal: Tensor, thickness: Tensor, pixel_mm: float, generator: torch.Generator) -> Tensor:
    """Add scatter, blur and noise to a primary signal.

    Args:
        signal: As `primary` gives it, 1 beside the breast.
        thickness: mm of tissue at each pixel.
        pixel_mm: Of the detector.
        generator: Draws the noise.
    """
    signal = signal + _scatter(signal, thickness, pixel_mm)
    within = signal[thickness > 1][::97]
    dense = torch.quantile(within, DENSEST) if len(within) else signal.mean()
    whole = float(QUANTA * pixel_mm**2 / dense)
    noise = torch.randn(signal.shape, generator=generator, device=signal.device)
    signal = gaussian(signal + noise * (signal / whole).sqrt(), BLUR_MM / pixel_mm)
    noise = torch.randn(signal.shape, generator=generator, device=signal.device)
    return (signal + noise * ((ELECTRONIC * pixel_mm**2) ** 0.5 / whole)).clamp(min=1e-6)


def gaussian(image: Tensor, sigma: float) -> Tensor:
    """Blur an image, its border repeated; nothing happens under a fifth of a pixel."""
    if sigma < 0.2:
        return image
    reach = max(1, round(3 * sigma))
    shares = [math.exp(-((step / sigma) ** 2) / 2) for step in range(-reach, reach + 1)]
    for axis in (0, 1):
        length = image.shape[axis]
        pad = (0, 0, reach, reach) if axis == 0 else (reach, reach, 0, 0)
        wide = functional.pad(image[None, None], pad, mode="replicate")[0, 0]
        image = torch.zeros_like(image)
        for step, share in enumerate(shares):
            image.add_(wide.narrow(axis, step, length), alpha=share / sum(shares))
    return image


def _scatter(signal: Tensor, thickness: Tensor, pixel_mm: float) -> Tensor:
    rows, columns = (max(2, round(length * pixel_mm / COARSE_MM)) for length in signal.shape)
    scattered = (signal * thickness * SCATTER)[None, None]
    source = functional.adaptive_avg_pool2d(scattered, (rows, columns))[0, 0]
    spread = sum(share * gaussian(source, sigma / COARSE_MM) for share, sigma in SPREAD_MM)
    return functional.interpolate(
        torch.as_tensor(spread)[None, None], size=signal.shape, mode="bilinear"
    )[0, 0]
