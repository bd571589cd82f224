"""How the grey values of two sets of images compare: their power spectrum and their histogram."""

from typing import Final

import numpy as np
from jaxtyping import Bool, Float, Float32

from mammoscope.errors import UsageError

SIDE_MM: Final = 25.6
BAND: Final = (0.15, 0.7)
"""Cycles per mm between which the exponent is fitted."""
RANGE: Final = (2.0, 98.0)
"""Percentiles that become 0 and 1 before histograms are compared."""
Shares = Float[np.ndarray, " bins"]


def spectral_exponent(
    image: Float32[np.ndarray, "rows columns"],
    inside: Bool[np.ndarray, "rows columns"],
    spacing_mm: float,
) -> float:
    """The exponent b of a power spectrum that falls as 1 / f^b, in one image.

    Squares of `SIDE_MM` that lie wholly inside, half overlapping, are each freed of their plane and
    multiplied with a Hann window; the mean of their power spectra is averaged over rings and a
    straight line is fitted to its logarithm between the frequencies of `BAND`.

    Args:
        image: Grey values.
        inside: Where the tissue is.
        spacing_mm: Of a pixel.

    Returns:
        The exponent; NaN where no square fits.

    Raises:
        UsageError: If pixels are too coarse for the band.

    Source:
        Burgess, Jacobson and Judy, Human observer detection experiments with mammograms and power-law
        noise, Med. Phys. 28:419-437 (2001).
    """
    if 0.5 / spacing_mm < BAND[1]:
        raise UsageError(f"pixels of {0.5 / BAND[1]:.2f} mm or finer were expected, got {spacing_mm:g}")
    side = round(SIDE_MM / spacing_mm)
    window = np.outer(np.hanning(side), np.hanning(side))
    total, squares = np.zeros((side, side)), 0
    for top in range(0, image.shape[0] - side + 1, side // 2):
        for left in range(0, image.shape[1] - side + 1, side // 2):
            part = slice(top, top + side), slice(left, left + side)
            if inside[part].all():
                total += np.abs(np.fft.fft2(without_plane(image[part]) * window)) ** 2
                squares += 1
    return slope_of(total, spacing_mm) if squares else float("nan")


def without_plane(image: Float32[np.ndarray, "rows columns"]) -> Float[np.ndarray, "rows columns"]:
    """What is left of an image when the plane that fits it best is taken away."""
    down, across = np.indices(image.shape).reshape(2, -1)
    plane = np.stack([np.ones(down.size), down - down.mean(), across - across.mean()], axis=1)
    weights = np.linalg.lstsq(plane, image.ravel().astype(float), rcond=None)[0]
    return image - (plane @ weights).reshape(image.shape)


def slope_of(power: Float[np.ndarray, "side side"], spacing_mm: float) -> float:
    """The exponent of a power spectrum as `numpy.fft.fft2` orders it."""
    side = len(power)
    across = np.fft.fftfreq(side, spacing_mm)
    ring = np.rint(np.hypot(across[:, None], across[None]) * side * spacing_mm).astype(int)
    count = np.bincount(ring.ravel())
    mean = np.bincount(ring.ravel(), power.ravel()) / np.maximum(count, 1)
    frequency = np.arange(len(mean)) / (side * spacing_mm)
    fitted = (frequency >= BAND[0]) & (frequency <= BAND[1]) & (mean > 0)
    if fitted.sum() < 2:
        return float("nan")
    return -float(np.polyfit(np.log(frequency[fitted]), np.log(mean[fitted]), 1)[0])


def grey_shares(
    image: Float32[np.ndarray, "rows columns"], inside: Bool[np.ndarray, "rows columns"], bins: int = 64
) -> Shares:
    """Shares of the pixels inside by grey value, with the percentiles of `RANGE` brought to 0 and 1.

    Raises:
        UsageError: If there is no pixel inside.
    """
    values = image[inside]
    if not values.size:
        raise UsageError("a histogram needs at least one pixel inside, got none")
    low, high = np.percentile(values, RANGE)
    scaled = np.clip((values - low) / max(high - low, 1e-9), 0, 1)
    counts, _ = np.histogram(scaled, bins, (0, 1))
    return counts / values.size


def jensen_shannon(one: Shares, other: Shares) -> float:
    """Jensen-Shannon distance of two histograms: 0 for the same, 1 where they share no bin.

    Example:
        >>> jensen_shannon(np.array([1.0, 0.0]), np.array([0.0, 1.0]))
        1.0

    Source:
        Endres and Schindelin, A new metric for probability distributions, IEEE Trans. Inf. Theory
        49:1858-1860 (2003), with the logarithm to base 2.
    """
    middle = (one + other) / 2
    divergence = 0.0
    for shares in (one, other):
        held = shares > 0
        divergence += 0.5 * float((shares[held] * np.log2(shares[held] / middle[held])).sum())
    return float(np.sqrt(max(divergence, 0.0)))


def wasserstein(one: Shares, other: Shares) -> float:
    """How far shares must be moved on average to turn one histogram into the other, of a range of 1.

    Example:
        >>> wasserstein(np.array([1.0, 0.0]), np.array([0.0, 1.0]))
        0.5
    """
    return float(np.abs(np.cumsum(one - other)).sum()) / len(one)
