"""Evening out of thickness, and contrast by size: what all looks share."""

import itertools
from typing import Final

import cv2
import numpy as np
from jaxtyping import Bool, Float32

Attenuation = Float32[np.ndarray, "rows columns"]
Depth = Float32[np.ndarray, "rows columns"]
AIR: Final = 0.1
"""Attenuation below which a pixel is taken for air: what 2 mm of fat take away."""
SKIN: Final = 0.5
DEEP_MM: Final = 15.0
BAND_MM: Final = 10.0
LOW: Final = 25.0
COARSEST_MM: Final = 12.0


def in_breast(attenuation: Attenuation, spacing_mm: float) -> Bool[np.ndarray, "rows columns"]:
    """Where there is tissue, by the attenuation alone, as a machine must tell it."""
    smooth = cv2.GaussianBlur(attenuation, (0, 0), max(0.5, 0.5 / spacing_mm))
    over = (smooth > AIR).astype(np.uint8)
    count, parts, stats, _ = cv2.connectedComponentsWithStats(over)
    if count < 2:
        return np.zeros(attenuation.shape, bool)
    return np.asarray(parts == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax()))


def plateau(attenuation: Attenuation, depth_mm: Depth) -> float:
    """Attenuation of fat at full thickness: a low percentile of what lies deep within the breast."""
    inner = attenuation[depth_mm > min(DEEP_MM, 0.5 * float(depth_mm.max()))]
    return float(np.percentile(inner, LOW))


def levelled(attenuation: Attenuation, depth_mm: Depth, spacing_mm: float, share: float) -> Attenuation:
    """The attenuation with a slow change of thickness from row to row made up for: a tilted paddle.

    The low attenuation of each band of rows is taken for fat; a parabola through them for thickness.

    Args:
        attenuation: Of the image.
        depth_mm: Distance of each pixel to the skin line; 0 outside of the breast.
        spacing_mm: Of a pixel.
        share: How much is made up for.
    """
    high = max(1, round(BAND_MM / spacing_mm))
    inner = depth_mm > min(DEEP_MM, 0.5 * float(depth_mm.max()))
    tops = [top for top in range(0, len(inner), high) if inner[top : top + high].any()]
    bands = [attenuation[top : top + high][inner[top : top + high]] for top in tops]
    fat = np.array([np.percentile(band, LOW) for band in bands])
    if len(fat) < 4:
        return attenuation
    middles = np.array(tops) + (high - 1) / 2
    curve = np.polyfit(middles, fat, 2, w=np.sqrt([band.size for band in bands]))
    level = np.polyval(curve, np.clip(np.arange(len(inner)), tops[0], tops[-1] + high - 1))
    missing = np.float32(share) * (level.max() - level).astype(np.float32)[:, None]
    return attenuation + missing * held(attenuation, depth_mm, float(fat.max()))


def equalised(
    attenuation: Attenuation, depth_mm: Depth, fat: float, reach_mm: float, share: float
) -> Attenuation:
    """The attenuation with the thinning towards the skin line made up for; air stays.

    Args:
        attenuation: Of the image.
        depth_mm: Distance of each pixel to the skin line; 0 outside of the breast.
        fat: Attenuation of fat at full thickness.
        reach_mm: How far from the skin line the breast is taken to be thinner.
        share: How much is made up for.

    Source:
        Bick et al., Density correction of peripheral breast tissue on digital mammograms,
        RadioGraphics 16:1403-1411 (1996): what is usual at each distance from the skin line.
    """
    edges = np.linspace(0, reach_mm, 1 + max(4, round(reach_mm)))
    usual = [0.0]
    for near, far in itertools.pairwise(edges):
        ring = attenuation[(depth_mm > near) & (depth_mm <= far)]
        usual.append(max(usual[-1], float(np.percentile(ring, 60))) if ring.size else usual[-1])
    missing = usual[-1] - np.interp(depth_mm, (edges[1:] + edges[:-1]) / 2, usual[1:])
    lifted = np.float32(share) * missing * held(attenuation, depth_mm, fat)
    return (attenuation + lifted).astype(np.float32)


def held(attenuation: Attenuation, depth_mm: Depth, fat: float) -> Attenuation:
    """1 in the breast, less where it takes away less than `SKIN` of what fat does, 0 outside."""
    share = np.clip(attenuation / (SKIN * fat), 0, 1) * (depth_mm > 0)
    return np.asarray(share, np.float32)


def by_scale(
    level: Attenuation, gains: tuple[float, float, float, float], spacing_mm: float
) -> Attenuation:
    """Structures raised or lowered by their size, through a Laplacian pyramid.

    Args:
        level: An image.
        gains: At 0.2, 0.8, 3.2 and 12.8 mm; between them by the logarithm of the size.
        spacing_mm: Of a pixel.
    """
    layers: list[Attenuation] = []
    rest, size = level, 2 * spacing_mm
    while size < COARSEST_MM and min(rest.shape) > 2:
        smaller = cv2.pyrDown(rest)
        larger = cv2.pyrUp(smaller, dstsize=(rest.shape[1], rest.shape[0]))
        gain = np.interp(np.log2(size), np.log2((0.2, 0.8, 3.2, 12.8)), gains)
        layers.append((rest - larger) * np.float32(gain))
        rest, size = smaller, 2 * size
    for layer in reversed(layers):
        rest = cv2.pyrUp(rest, dstsize=(layer.shape[1], layer.shape[0])) + layer
    return rest
