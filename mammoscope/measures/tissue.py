"""The fat behind the gland along the posterior nipple line.

A strip of fat between the gland and the muscle (MLO) or the chest-wall edge (CC) shows that the
whole gland is in the image. Gland is what is brighter than Otsu's threshold inside the breast, once
the image is smoothed.
"""

from typing import Final, NamedTuple

import cv2
import numpy as np
from jaxtyping import Bool, Float, Float32, UInt8

from mammoscope.core import BREAST, PECTORAL, About, Landmarks, Measurement, Segmentation
from mammoscope.measures.picture import Picture, inwards, picture

NAME: Final = "retroglandular fat"
STEP_MM: Final = 1.0
SMOOTH_MM: Final = 1.5
SKIN_MM: Final = 6.0
BESIDE_MUSCLE_MM: Final = 2.0
SPECK_MM: Final = 4.0
HALF_BAND_MM: Final = 8.0
SEPARATED: Final = 0.6
FATTY, DENSE = 0.03, 0.7
SHIFT: Final = 0.15

Gland = Bool[np.ndarray, "rows columns"]


class Tissue(NamedTuple):
    """Grey values of the breast's inside, the threshold between fat and gland, and half the step."""

    grey: Float32[np.ndarray, "rows columns"]
    inside: Bool[np.ndarray, "rows columns"]
    threshold: float
    shift: float

    def gland(self, shifts: float = 0.0) -> Gland:
        """What is brighter than the threshold, without specks."""
        bright = self.inside & (self.grey > self.threshold + shifts * self.shift)
        size = int(SPECK_MM / STEP_MM) | 1
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
        return cv2.morphologyEx(bright.astype(np.uint8), cv2.MORPH_OPEN, kernel) > 0


def retroglandular_fat(
    segmentation: Segmentation,
    landmarks: Landmarks,
    about: About,
    preview: UInt8[np.ndarray, "rows columns"],
) -> Measurement:
    """Width in mm of the fat behind the gland along the posterior nipple line."""
    if about.spacing is None:
        return _none("no spacing")
    axis = _axis(landmarks, about)
    if isinstance(axis, str):
        return _none(axis)
    seen = picture(segmentation, about, preview, STEP_MM)
    if seen is None:
        return _none("no breast in the outline")
    tissue = separate(seen)
    if isinstance(tissue, str):
        return _none(tissue)
    widths = [_width(tissue.gland(shifts), seen, axis) for shifts in (0.0, -1.0, 1.0)]
    if widths[0] is None:
        return _none("no gland on the posterior nipple line")
    spread = [width - widths[0] for width in widths[1:] if width is not None]
    sd = float(np.hypot(STEP_MM, np.abs(spread).mean() if spread else widths[0]))
    return Measurement(NAME, widths[0], "mm", sd)


def separate(seen: Picture) -> Tissue | str:
    """The threshold between fat and gland, or why there is none."""
    grey = cv2.GaussianBlur(seen.grey, (0, 0), SMOOTH_MM / seen.step)
    breast = seen.labels == BREAST
    inside = breast & (inwards(seen.body) * seen.step > SKIN_MM)
    inside &= inwards(seen.labels != PECTORAL) * seen.step > BESIDE_MUSCLE_MM
    values = grey[inside]
    if values.size < 100 or np.ptp(values) < 8:
        return "too little of the breast to tell fat from gland"
    level, _ = cv2.threshold(values.astype(np.uint8), 0, 255, cv2.THRESH_OTSU)
    bright = values > level
    share = float(bright.mean())
    if not FATTY <= share <= DENSE:
        return f"the breast is too {'fatty' if share < FATTY else 'dense'} to tell fat from gland"
    difference = float(values[bright].mean() - values[~bright].mean())
    if share * (1 - share) * difference**2 < SEPARATED * float(values.var()):
        return "fat and gland cannot be told apart"
    return Tissue(grey, inside, float(level), SHIFT * difference)


def _axis(landmarks: Landmarks, about: About) -> Float[np.ndarray, "2 2"] | str:
    """The nipple and the foot of the posterior nipple line in mm, or why there is none."""
    oblique = landmarks.seen("pectoral upper", "pectoral lower")
    view = about.view.value if about.view else None
    names = ("pectoral upper", "pectoral lower")
    if view in ("CC", "XCC", "XCCL", "XCCM") or not oblique:
        names = ("chest wall upper", "chest wall lower")
    if not landmarks.seen("nipple"):
        return "the nipple is not seen"
    scale = _scale(about)
    nipple = np.array(landmarks.points["nipple"].point) * scale
    if landmarks.seen(*names):
        start, end = (np.array(landmarks.points[name].point) * scale for name in names)
    else:
        start, end = np.array([[0.0, 0.0], [1.0, 0.0]]) * scale
        if landmarks.chest_wall == "right":
            start[1] = end[1] = (about.shape[1] - 1) * scale[1]
    along = end - start
    squared = float(along @ along)
    if squared == 0:
        return "the ends of the line coincide"
    return np.stack([nipple, start + ((nipple - start) @ along / squared) * along])


def _width(gland: Gland, seen: Picture, axis: Float[np.ndarray, "2 2"]) -> float | None:
    """Median over parallel lines of the way from the foot, or the image's edge, to the gland."""
    nipple, foot = axis
    length = float(np.linalg.norm(nipple - foot))
    if length < HALF_BAND_MM:
        return None
    forwards = (nipple - foot) / length
    places = np.arange(0, length, STEP_MM / 2)
    aside = np.arange(-HALF_BAND_MM, HALF_BAND_MM + 0.1, STEP_MM)[:, None, None]
    sideways = np.array([-forwards[1], forwards[0]])
    points = foot + places[None, :, None] * forwards + aside * sideways
    down, across = np.moveaxis(points / seen.step, -1, 0).round().astype(int)
    rows, columns = seen.labels.shape
    within = (down >= 0) & (down < rows) & (across >= 0) & (across < columns)
    down, across = down.clip(0, rows - 1), across.clip(0, columns - 1)
    found = gland[down, across] & within
    hit = found.any(axis=1)
    if hit.mean() < 0.5:
        return None
    widths = (places[found.argmax(axis=1)] - places[within.argmax(axis=1)])[hit]
    return float(np.median(widths))


def _scale(about: About) -> Float[np.ndarray, " 2"]:
    spacing = about.spacing
    return np.array([spacing.row, spacing.column] if spacing else [1.0, 1.0])


def _none(reason: str) -> Measurement:
    return Measurement(NAME, None, "mm", reason=reason)
