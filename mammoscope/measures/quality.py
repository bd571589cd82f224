"""Skin folds, motion blur and exposure as quantities; their limits: docs/positioning-measures.md.

None of them is a verdict, and none was measured on images that a reader called bad: the figures of
the page come from real images degraded on purpose.
"""

from typing import Final

import cv2
import numpy as np
from jaxtyping import Float, Float32, UInt8

from mammoscope.core import BREAST, About, Measurement, Segmentation
from mammoscope.measures import folds
from mammoscope.measures.picture import Picture, inwards, picture

MOTION_STEP_MM: Final = 0.33
COARSEST_MM: Final = 0.35
PATCH: Final = 64
LEAST_PATCHES: Final = 6
DETAIL: Final = (0.2, 0.4)
"""Band of fine detail in cycles a pixel of `MOTION_STEP_MM`: 0.6 to 1.2 a mm."""
DIRECTIONS: Final = 8
EDGE_MM: Final = 5.0
BLACK, WHITE = 2, 253
RANGE: Final = (1, 99)
MOST_TEXTURE: Final = 5.0

Preview = UInt8[np.ndarray, "rows columns"]


def skin_folds(segmentation: Segmentation, about: About, preview: Preview) -> Measurement:
    """Length of bright narrow lines near the skin, in mm; unscaled in % of the breast's height."""
    name, unit = "skin folds", "mm" if about.spacing else "%"
    seen = picture(segmentation, about, preview, folds.STEP_MM)
    if seen is None:
        return Measurement(name, None, unit, reason="no breast in the outline")
    seen = folds.turned_by_outline(seen)
    where = folds.region(seen)
    if not where.any():
        return Measurement(name, None, unit, reason="no breast near the skin to look at")
    if float(np.median(folds.texture(seen, where)[where])) > MOST_TEXTURE:
        return Measurement(name, None, unit, reason="the tissue's texture would hide folds")
    length = sum(folds.fold_lengths(seen), 0.0)
    height = seen.height * seen.step
    return Measurement(name, length if seen.known else 100 * length / height, unit)


def motion_blur(segmentation: Segmentation, about: About, preview: Preview) -> Measurement:
    """By how many % fine detail is weaker in its poorest direction than in the one across it.

    Detail is the amplitude of 0.6 to 1.2 cycles a mm, the median over patches of the breast. A
    motion weakens it along itself only; a blur that is the same in every direction is not seen.
    """
    name = "motion blur"
    seen = picture(segmentation, about, preview, MOTION_STEP_MM)
    if seen is None:
        return Measurement(name, None, "%", reason="no breast in the outline")
    if seen.source_step > COARSEST_MM:
        reason = f"pixels larger than {COARSEST_MM} mm hold no fine detail"
        return Measurement(name, None, "%", reason=reason)
    power = _log_power(seen)
    if power is None:
        return Measurement(name, None, "%", reason="too little of the breast to look at")
    return Measurement(name, 100 * (1 - float(np.exp(-_imbalance(power) / 2))), "%")


def exposure(segmentation: Segmentation, about: About, preview: Preview) -> Measurement:
    """Share of the breast's pixels, in %, that the display look shows as black or as white."""
    values = _breast_values(segmentation, about, preview)
    if values is None:
        return Measurement("clipped pixels", None, "%", reason="no breast in the outline")
    clipped = (values <= BLACK) | (values >= WHITE)
    return Measurement("clipped pixels", 100 * float(clipped.mean()), "%")


def grey_range(segmentation: Segmentation, about: About, preview: Preview) -> Measurement:
    """Share of the display's grey scale, in %, that the breast's 1st to 99th percentile span."""
    values = _breast_values(segmentation, about, preview)
    if values is None:
        return Measurement("grey range", None, "%", reason="no breast in the outline")
    return Measurement("grey range", float(np.ptp(np.percentile(values, RANGE))) * 100 / 255, "%")


def _breast_values(
    segmentation: Segmentation, about: About, preview: Preview
) -> Float32[np.ndarray, " n"] | None:
    """Grey values of the breast without muscle and without the soft edge at the skin."""
    seen = picture(segmentation, about, preview, 0.0)
    if seen is None:
        return None
    values = seen.grey[(seen.labels == BREAST) & (inwards(seen.body) * seen.step > EDGE_MM)]
    return values if values.size else None


def _log_power(seen: Picture) -> Float[np.ndarray, "patch patch"] | None:
    """The median over patches inside the body of the logarithm of their spectrum."""
    inside = (inwards(np.pad(seen.body, 1))[1:-1, 1:-1] * seen.step > EDGE_MM).astype(np.uint8)
    whole = cv2.erode(inside, np.ones((PATCH, PATCH), np.uint8), anchor=(0, 0), borderValue=0)
    corners = np.argwhere(whole[:: PATCH // 2, :: PATCH // 2]) * (PATCH // 2)
    if len(corners) < LEAST_PATCHES:
        return None
    patches = np.stack([seen.grey[top : top + PATCH, left : left + PATCH] for top, left in corners])
    level = patches.mean(axis=(1, 2), keepdims=True)
    window = np.outer(np.hanning(PATCH), np.hanning(PATCH))
    power = np.abs(np.fft.fft2((patches - level) * window)) ** 2
    return np.median(np.log(power + 1), axis=0)


def _imbalance(power: Float[np.ndarray, "patch patch"]) -> float:
    """The greatest difference of the detail's log power between a direction and the one across."""
    down, across = np.meshgrid(*[np.fft.fftfreq(len(power))] * 2, indexing="ij")
    radius, turn = np.hypot(down, across), np.arctan2(down, across) / np.pi
    sector = np.round(turn * DIRECTIONS).astype(int) % DIRECTIONS
    detail = (radius >= DETAIL[0]) & (radius <= DETAIL[1])
    levels = np.array([power[detail & (sector == one)].mean() for one in range(DIRECTIONS)])
    return float((np.roll(levels, DIRECTIONS // 2) - levels).max())
