"""Bright narrow lines near the skin: what a skin fold looks like.

A line is found where a stretch of `HALF_MM` on either side of a point is brighter, on average, than
the strips at `BESIDE_MM` to its left and to its right: an edge is brighter than one strip only, a
vessel or a strand that bends or ends does not last for both stretches.
"""

from typing import Final

import cv2
import numpy as np
from jaxtyping import Bool, Float32
from scipy import ndimage

from mammoscope.core import PECTORAL
from mammoscope.image import chest_wall_side
from mammoscope.measures.picture import Picture, from_skin, inwards

STEP_MM: Final = 0.75
HALF_MM: Final = 7.0
WIDTH_MM: Final = 0.8
BESIDE_MM: Final = 2.2
ANGLES: Final = 16

SKIN_MM: Final = 4.0
NEAR_MM: Final = 40.0
AT_AXILLA, ELSEWHERE = 0.6, 0.35
"""Share of the breast's depth from the chest wall in which folds are looked for."""
CONTRAST: Final = 6.0
ABOVE_TEXTURE: Final = 1.2
TEXTURE_MM: Final = 20.0
LEAST_MM: Final = 12.0

Grey = Float32[np.ndarray, "rows columns"]
Region = Bool[np.ndarray, "rows columns"]


def region(seen: Picture) -> Region:
    """Where folds are looked for: at the axilla and over the muscle, and in the posterior corners.

    The chest wall lies on the left.
    """
    margin = inwards(np.pad(seen.body, 1))[1:-1, 1:-1] * seen.step
    near = from_skin(seen.body) * seen.step < NEAR_MM
    columns = np.flatnonzero(seen.body.any(axis=0))
    muscle = seen.labels == PECTORAL
    beside_muscle = muscle.any(axis=1, keepdims=True)
    front = columns[0] + np.where(beside_muscle, AT_AXILLA, ELSEWHERE) * len(columns)
    posterior = np.arange(seen.body.shape[1]) < front
    return (margin > SKIN_MM) & (muscle | (near & posterior))


def turned_by_outline(seen: Picture) -> Picture:
    """The same with the chest wall on the left, by the outline's flat side."""
    return seen.turned(chest_wall_side(seen.grey, seen.body))


def texture(seen: Picture, where: Region) -> Grey:
    """Mean height of fine detail around each pixel, in grey values."""
    fine = cv2.GaussianBlur(seen.grey, (0, 0), WIDTH_MM / seen.step)
    coarse = cv2.GaussianBlur(seen.grey, (0, 0), 3.0 / seen.step)
    size = int(TEXTURE_MM / seen.step) | 1
    weight = where.astype(np.float32)
    detail = cv2.boxFilter(np.abs(fine - coarse) * weight, -1, (size, size))
    return detail / np.maximum(cv2.boxFilter(weight, -1, (size, size)), 0.05)


def line_contrast(grey: Grey, step: float) -> Grey:
    """How much brighter the best line through each pixel is than both of its sides."""
    best = np.full(grey.shape, -np.inf, np.float32)
    for angle in np.arange(ANGLES) * (np.pi / ANGLES):
        along = np.array([np.sin(angle), np.cos(angle)])
        across = np.array([np.cos(angle), -np.sin(angle)]) * BESIDE_MM / step
        mean = cv2.filter2D(grey, -1, _stretch(along, step), borderType=cv2.BORDER_REPLICATE)
        above = mean - np.maximum(_shifted(mean, across), _shifted(mean, -across))
        halfway = along * HALF_MM / 2 / step
        best = np.maximum(best, np.minimum(_shifted(above, halfway), _shifted(above, -halfway)))
    return best


def fold_lengths(seen: Picture) -> list[float]:
    """Lengths in mm of the lines that are long enough to be a fold, the longest first.

    The chest wall lies on the left.
    """
    where = region(seen)
    contrast = line_contrast(seen.grey, seen.step)
    line = where & (contrast > np.maximum(CONTRAST, ABOVE_TEXTURE * (1 + texture(seen, where))))
    parts, _ = ndimage.label(line, np.ones((3, 3)))
    spans = (
        np.hypot(*(each.stop - each.start for each in part)) for part in ndimage.find_objects(parts)
    )
    lengths = [float(span) * seen.step for span in spans]
    return sorted((length for length in lengths if length >= LEAST_MM), reverse=True)


def _stretch(along: np.ndarray, step: float) -> Grey:
    """The kernel of a mean over a straight stretch, soft across."""
    reach = int((HALF_MM / 2 + 3 * WIDTH_MM) / step) + 1
    down, right = np.mgrid[-reach : reach + 1, -reach : reach + 1] * step
    ahead, aside = down * along[0] + right * along[1], down * along[1] - right * along[0]
    kernel = np.exp(-((aside / WIDTH_MM) ** 2) / 2) * (np.abs(ahead) <= HALF_MM / 2)
    return (kernel / kernel.sum()).astype(np.float32)


def _shifted(image: Grey, by: np.ndarray) -> Grey:
    matrix = np.array([[1, 0, by[1]], [0, 1, by[0]]], np.float32)
    return cv2.warpAffine(image, matrix, image.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
