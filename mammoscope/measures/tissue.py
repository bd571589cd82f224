"""The fat behind the gland along the posterior nipple line.

A strip of fat between the gland and the muscle (MLO) or the chest-wall edge (CC) shows that the
whole gland is in the image. Gland is what stands out above the fat at the same distance from the
skin, for the breast thins towards it, by Otsu's threshold inside the breast. How bright fat is and
where the threshold lies is tried in nine ways; the value is their median, and where they disagree
there is none. See docs/positioning-measures.md.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import cv2
import numpy as np
from jaxtyping import Bool, Float, Float32, UInt8

from mammoscope.core import (
    BREAST,
    PECTORAL,
    About,
    LandmarkName,
    Landmarks,
    Measurement,
    Segmentation,
    Spacing,
    View,
)
from mammoscope.measures.picture import Picture, from_skin, inwards, picture
from mammoscope.scores.landmarks import foot

NAME: Final = "retroglandular fat"
FROM_ABOVE: Final[frozenset[View]] = frozenset({"CC", "XCC", "XCCL", "XCCM"})
PECTORAL_LINE: Final[tuple[LandmarkName, LandmarkName]] = ("pectoral upper", "pectoral lower")
CHEST_WALL: Final[tuple[LandmarkName, LandmarkName]] = ("chest wall upper", "chest wall lower")

STEP_MM: Final = 1.0
SMOOTH_MM: Final = 1.5
SKIN_MM: Final = 4.0
BESIDE_MUSCLE_MM: Final = 3.0
SPECK_MM: Final = 4.0
HALF_BAND_MM: Final = 8.0
BAND_MM, BANDS = 2.0, 20

FAT_PERCENTILES: Final = (5.0, 15.0, 30.0)
SHIFTS: Final = (-0.15, 0.0, 0.15)
SEPARATED: Final = 0.55
LEAST_CONTRAST: Final = 12.0
LEAST_PIXELS: Final = 400
FATTY, DENSE = 0.03, 0.8
LEAST_PART: Final = 0.1
WORST_SD_MM: Final = 10.0
NIPPLE_MM: Final = 10.0
SOLID: Final = 0.5

Gland = Bool[np.ndarray, "rows columns"]
Grey = Float32[np.ndarray, "rows columns"]


class Inside(NamedTuple):
    """The part of a breast that is looked at, the chest wall on the left.

    Attributes:
        grey: Smoothed grey values.
        depth: Distance from the skin in mm.
        pixels: Where fat and gland are told apart: not at the skin, not at the muscle.
    """

    grey: Grey
    depth: Grey
    pixels: Bool[np.ndarray, "rows columns"]


class Unclear(NamedTuple):
    """Why fat and gland cannot be told apart."""

    reason: str


def retroglandular_fat(
    segmentation: Segmentation,
    landmarks: Landmarks,
    about: About,
    preview: UInt8[np.ndarray, "rows columns"],
) -> Measurement:
    """Width in mm of the fat behind the gland along the posterior nipple line.

    It begins at the pectoral line (MLO) or the chest-wall edge (CC), or where the line leaves the
    breast in the image, whichever the line meets first from the nipple.
    """
    if about.spacing is None:
        return _none("no spacing")
    axis = _axis(landmarks, about, about.spacing)
    if isinstance(axis, Unclear):
        return _none(axis.reason)
    seen = picture(segmentation, about, preview, STEP_MM)
    if seen is None:
        return _none("no breast in the outline")
    seen = seen.turned(landmarks.chest_wall)
    glands = list(_glands(inside(seen)))
    known = [gland for gland in glands if not isinstance(gland, Unclear)]
    if len(known) <= len(glands) / 2:
        return _none(next(gland.reason for gland in glands if isinstance(gland, Unclear)))
    return _agreed([_width(gland, seen, axis) for gland in known])


def _agreed(widths: list[float | None]) -> Measurement:
    met = [width for width in widths if width is not None]
    if len(met) <= len(widths) / 2:
        return _none("no gland on the posterior nipple line")
    known = [width for width in met if np.isfinite(width)]
    sd = float(np.hypot(STEP_MM, np.std(known))) if known else np.inf
    if len(known) <= len(met) / 2 or sd > WORST_SD_MM:
        return _none("where the gland ends is not clear")
    return Measurement(NAME, float(np.median(known)), "mm", sd)


def inside(seen: Picture) -> Inside:
    """What of a breast is looked at."""
    depth = from_skin(seen.body) * np.float32(seen.step)
    beside = inwards(seen.labels != PECTORAL) * seen.step
    pixels = (seen.labels == BREAST) & (depth > SKIN_MM) & (beside > BESIDE_MUSCLE_MM)
    return Inside(cv2.GaussianBlur(seen.grey, (0, 0), SMOOTH_MM / seen.step), depth, pixels)


def gland_above(part: Inside, fat: Grey, shift: float = 0.0) -> Gland | Unclear:
    """What is brighter than fat by Otsu's threshold, without specks and small parts.

    Args:
        part: Of the breast.
        fat: How bright fat is at each pixel.
        shift: Added to the threshold, as a share of the two classes' difference.
    """
    level = part.grey - fat
    values = level[part.pixels]
    threshold = otsu(values)
    bright = values > threshold
    share = float(bright.mean())
    difference = float(values[bright].mean() - values[~bright].mean()) if 0 < share < 1 else 0.0
    if difference < LEAST_CONTRAST:
        return Unclear("fat and gland look alike")
    if not FATTY <= share <= DENSE:
        tissue = "fatty" if share < FATTY else "dense"
        return Unclear(f"the breast is too {tissue} to tell fat from gland")
    if share * (1 - share) * difference**2 < SEPARATED * float(values.var()):
        return Unclear("fat and gland cannot be told apart")
    return _large(part.pixels & (level > threshold + shift * difference))


def fat_level(part: Inside, percentile: float) -> Grey:
    """How bright fat is at each pixel: a percentile at its distance from the skin, never falling."""
    values = part.grey[part.pixels]
    bands = (part.depth[part.pixels] / BAND_MM).astype(int).clip(0, BANDS - 1)
    known = np.flatnonzero(np.bincount(bands, minlength=BANDS))
    curve = [np.percentile(values[bands == band], percentile) for band in known]
    places = (known + 0.5) * BAND_MM
    return np.interp(part.depth, places, np.maximum.accumulate(curve)).astype(np.float32)


def otsu(values: Float32[np.ndarray, " n"]) -> float:
    """The threshold that parts values into the two classes that differ most."""
    low, high = (float(limit) for limit in np.percentile(values, (0.5, 99.5)))
    words = ((values - low) * (255 / max(high - low, 1e-6))).clip(0, 255).astype(np.uint8)
    level, _ = cv2.threshold(words, 0, 255, cv2.THRESH_OTSU)
    return low + (level + 0.5) * (high - low) / 255


def _glands(part: Inside) -> Iterator[Gland | Unclear]:
    if part.pixels.sum() < LEAST_PIXELS:
        yield Unclear("too little of the breast to tell fat from gland")
        return
    for percentile in FAT_PERCENTILES:
        fat = fat_level(part, percentile)
        yield from (gland_above(part, fat, shift) for shift in SHIFTS)


def _large(bright: Gland) -> Gland:
    size = int(SPECK_MM / STEP_MM) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    opened = cv2.morphologyEx(bright.astype(np.uint8), cv2.MORPH_OPEN, kernel)
    _, parts, stats, _ = cv2.connectedComponentsWithStats(opened)
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    return (areas > LEAST_PART * areas.max(initial=0))[parts]


def _axis(landmarks: Landmarks, about: About, spacing: Spacing) -> Float[np.ndarray, "2 2"] | Unclear:
    """Nipple and foot of the posterior nipple line in mm, mirrored to a chest wall on the left."""
    from_above = about.view is not None and about.view.value in FROM_ABOVE
    names = CHEST_WALL if from_above else PECTORAL_LINE
    marks = [landmarks.points[name].point for name in ("nipple", *names)]
    nipple, start, end = marks
    if nipple is None:
        return Unclear("the nipple is not seen")
    if start is None or end is None:
        return Unclear(f"the {'chest-wall edge' if from_above else 'pectoral line'} is not seen")
    points = np.array([nipple, start, end])
    if landmarks.chest_wall == "right":
        points[:, 1] = about.shape[1] - 1 - points[:, 1]
    points *= (spacing.row, spacing.column)
    if np.array_equal(points[1], points[2]):
        return Unclear("the two ends of the line coincide")
    return np.stack([points[0], foot(*points)])


def _width(gland: Gland, seen: Picture, axis: Float[np.ndarray, "2 2"]) -> float | None:
    """Median over lines beside the axis: from the foot, or the breast's end in the image, to gland.

    Returns:
        None where there is no gland; NaN where less than half of what lies in front of it is gland.
    """
    nipple, end = axis
    length = float(np.linalg.norm(nipple - end))
    if length < HALF_BAND_MM:
        return None
    forwards = (nipple - end) / length
    places = np.arange(0, length, STEP_MM / 2)
    aside = np.arange(-HALF_BAND_MM, HALF_BAND_MM + 0.1, STEP_MM)[:, None, None]
    sideways = np.array([-forwards[1], forwards[0]])
    points = (end + places[:, None] * forwards + aside * sideways) / seen.step
    down, across = np.moveaxis(points, -1, 0).round().astype(int)
    rows, columns = gland.shape
    within = (down >= 0) & (down < rows) & (across >= 0) & (across < columns)
    down, across = down.clip(0, rows - 1), across.clip(0, columns - 1)
    within &= seen.body[down, across]
    found = within & gland[down, across]
    hit = found.any(axis=1)
    if hit.mean() < 0.5:
        return None
    begins = np.where(hit, places[found.argmax(axis=1)], np.inf)
    beyond = (places >= begins[:, None]) & (places < length - NIPPLE_MM)
    if found[beyond].sum() < SOLID * beyond.sum():
        return np.nan
    return float(np.median((begins - places[within.argmax(axis=1)])[hit]))


def _none(reason: str) -> Measurement:
    return Measurement(NAME, None, "mm", reason=reason)
