"""Skin folds, motion blur and exposure as quantities. See docs/positioning-measures.md for limits."""

from typing import Final

import cv2
import numpy as np
from jaxtyping import Bool, Float, Float32, UInt8
from scipy import ndimage

from mammoscope.core import BREAST, About, Measurement, Segmentation
from mammoscope.measures.picture import Picture, inwards, picture

Preview = UInt8[np.ndarray, "rows columns"]

FOLD_STEP_MM: Final = 0.5
FOLD_WIDTHS_MM: Final = (0.75, 1.25)
NEAR_SKIN_MM: Final = 25.0
SKIN_MM: Final = 3.0
LEAST_FOLD_MM: Final = 15.0
RIDGE: Final = 5.0
SLENDER: Final = 0.4

COARSEST_MM: Final = 0.3
PATCH: Final = 64
BAND: Final = (0.12, 0.3)

BLACK, WHITE = 2, 253


def skin_folds(segmentation: Segmentation, about: About, preview: Preview) -> Measurement:
    """Length of bright narrow ridges near the skin, in mm; in % of the body's height if unscaled."""
    seen = picture(segmentation, about, preview, FOLD_STEP_MM)
    unit = "mm" if about.spacing else "%"
    if seen is None:
        return Measurement("skin folds", None, unit, reason="no breast in the outline")
    length = float(folds(seen).sum())
    value = length * seen.step if seen.known else 100 * length / seen.height
    return Measurement("skin folds", value, unit)


def folds(seen: Picture) -> Bool[np.ndarray, "rows columns"]:
    """The crests of bright narrow ridges that are long enough to be a fold."""
    depth = inwards(seen.body) * seen.step
    near = (depth > SKIN_MM) & (depth < NEAR_SKIN_MM)
    crest = np.zeros(seen.grey.shape, bool)
    for width in FOLD_WIDTHS_MM:
        crest |= _crest(seen.grey, width / seen.step)
    parts, _ = ndimage.label(crest & near, np.ones((3, 3)))
    sizes = np.bincount(parts.ravel())
    sizes[0] = 0
    return (sizes * seen.step >= LEAST_FOLD_MM)[parts]


def _crest(grey: Float32[np.ndarray, "rows columns"], sigma: float) -> Bool[np.ndarray, "rows columns"]:
    """Where a bright ridge of this width has its greatest height across itself."""
    smooth = cv2.GaussianBlur(grey, (0, 0), sigma)
    dy, dx = (
        cv2.Sobel(smooth, cv2.CV_32F, 0, 1, scale=1 / 8),
        cv2.Sobel(smooth, cv2.CV_32F, 1, 0, scale=1 / 8),
    )
    dyy, dxx = (
        cv2.Sobel(dy, cv2.CV_32F, 0, 1, scale=1 / 8),
        cv2.Sobel(dx, cv2.CV_32F, 1, 0, scale=1 / 8),
    )
    dxy = cv2.Sobel(dx, cv2.CV_32F, 0, 1, scale=1 / 8)
    middle, half = (dxx + dyy) / 2, np.hypot((dxx - dyy) / 2, dxy)
    across, along = middle - half, middle + half
    angle = 0.5 * np.arctan2(2 * dxy, dxx - dyy) + np.pi / 2
    ridge = -across * sigma**2
    offset = dx * np.cos(angle) + dy * np.sin(angle)
    on_top = np.abs(offset) <= 0.6 * np.abs(across)
    return (ridge > RIDGE) & (np.abs(along) < SLENDER * np.abs(across)) & on_top


def motion_blur(segmentation: Segmentation, about: About, preview: Preview) -> Measurement:
    """How much less fine detail there is in the poorest direction than in the one across it."""
    name = "motion blur"
    seen = picture(segmentation, about, preview, 0.0)
    if seen is None:
        return Measurement(name, None, reason="no breast in the outline")
    if seen.source_step > COARSEST_MM:
        return Measurement(name, None, reason=f"pixels coarser than {COARSEST_MM} mm")
    power = _spectrum(seen)
    if power is None:
        return Measurement(name, None, reason="too little of the breast to look at")
    return Measurement(name, _anisotropy(power))


def _spectrum(seen: Picture) -> Float[np.ndarray, "patch patch"] | None:
    inside = cv2.erode((seen.labels == BREAST).astype(np.uint8), np.ones((5, 5)))
    window = np.outer(np.hanning(PATCH), np.hanning(PATCH))
    total, count = np.zeros((PATCH, PATCH)), 0
    rows, columns = inside.shape
    for top in range(0, rows - PATCH, PATCH):
        for left in range(0, columns - PATCH, PATCH):
            part = slice(top, top + PATCH), slice(left, left + PATCH)
            if not inside[part].all():
                continue
            patch = seen.grey[part]
            total += np.log(np.abs(np.fft.fft2((patch - patch.mean()) * window)) ** 2 + 1e-3)
            count += 1
    return total / count if count >= 8 else None


def _anisotropy(power: Float[np.ndarray, "patch patch"]) -> float:
    v, u = np.meshgrid(np.fft.fftfreq(PATCH), np.fft.fftfreq(PATCH), indexing="ij")
    radius, angle = np.hypot(u, v), np.arctan2(v, u) % np.pi
    band = (radius >= BAND[0]) & (radius <= BAND[1])
    sector = (angle / np.pi * 8).astype(int) % 8
    level = np.array([power[band & (sector == one)].mean() for one in range(8)])
    return float((np.roll(level, 4) - level).max())


def exposure(segmentation: Segmentation, about: About, preview: Preview) -> Measurement:
    """Share of the breast's pixels in % that are clipped at black or at white."""
    seen = picture(segmentation, about, preview, 0.0)
    if seen is None or not (seen.labels == BREAST).any():
        return Measurement("clipped pixels", None, "%", reason="no breast in the outline")
    values = seen.grey[seen.labels == BREAST]
    return Measurement(
        "clipped pixels", float(100 * ((values <= BLACK) | (values >= WHITE)).mean()), "%"
    )
