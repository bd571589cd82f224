"""Signs by which readers tell malignant masses from benign ones, as numbers. No torch.

A mass is brought to one size by its box. Told are its size, how bright it is and what surrounds it,
and at three scales how its edge falls off and whether lines run towards it: a round, sharp edge speaks
for a benign mass, spicules for a malignant one.

Sources:
    Radial gradient index: Kupinski and Giger, Automated seeded lesion segmentation on digital
    mammograms, IEEE Trans. Med. Imaging 17:510-517 (1998). Lines towards a place: Karssemeijer and te
    Brake, Detection of stellate distortions in mammograms, IEEE Trans. Med. Imaging 15:611-619 (1996).
"""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from jaxtyping import Bool, Float, Float32

from mammoscope.core import Mammogram
from mammoscope.image.percentiles import percentiles
from mammoscope.image.scale import LEAST_RANGE

SPACING_MM: Final = 0.2
"""Size of a pixel of the image of which signs are told."""
RADIUS: Final = 24
"""Of a mass where its signs are told, in pixels."""
SIDE: Final = 6 * RADIUS
MIDDLE: Final = (SIDE - 1) / 2
SCALES: Final = (1, 2, 4)
"""Deviations of Gaussian filters there."""
SMALLEST_MM: Final = 3.0
"""No mass is taken to be smaller."""
AIR: Final = 0.02
"""What is darker does not count in an image's range."""
TINY: Final = 1e-6
SHARPNESS: Final = 2
"""Exponent of a mass's score, where masses of an image are weighed."""
MOST: Final = 3
"""Masses of an image that count, the likeliest ones."""
SIGNS: Final = (
    "size", "brightness", "brightness around", "contrast", "contrast to noise", "variation within",
    "variation around",
    *(
        f"{sign}, {scale}"
        for scale in SCALES
        for sign in (
            "radial gradient index", "fall at the edge", "lines towards it around",
            "lines towards it at the edge", "lines around", "lines at the edge",
        )
    ),
)  # fmt: skip
Box = tuple[float, float, float, float]
Patch = Float32[np.ndarray, "side side"]
Zone = Bool[np.ndarray, "side side"]


def signs(
    image: Mammogram, boxes: Sequence[tuple[float, float, float, float]]
) -> Float[np.ndarray, "masses signs"]:
    """`SIGNS` of each mass.

    Args:
        image: With a display look, at `SPACING_MM`.
        boxes: Top, left, bottom, right in source pixels.
    """
    inside = image.pixels > AIR
    low, high = percentiles(image.pixels, (2.0, 99.5), inside if inside.any() else None)
    found = np.zeros((len(boxes), len(SIGNS)))
    for place, (top, left, bottom, right) in enumerate(boxes):
        corners = image.frame.from_source(np.array([(top, left), (bottom, right)]))
        patch, there = _patch(image.pixels, corners)
        shown = np.clip((patch - low) / max(high - low, LEAST_RANGE), 0, 1).astype(np.float32)
        size = np.log(_radius(corners) * SPACING_MM)
        found[place] = [size, *_greys(shown, there), *_edges(shown, there)]
    return found


def odds_by(
    coefficients: Float[np.ndarray, " coefficients"], found: Float[np.ndarray, "masses signs"]
) -> Float[np.ndarray, " masses"]:
    """Log odds that a mass is malignant, by its signs alone; the first coefficient is the offset."""
    return np.asarray(coefficients[0] + found @ coefficients[1:])


def together(scores: Sequence[float], told: Float[np.ndarray, " masses"]) -> float:
    """What masses tell of an image: the likelier one is a mass, the more it counts.

    Example:
        >>> together([0.5, 0.5], np.array([1.0, 3.0]))
        2.0
    """
    weights = np.clip(np.array(scores, float), TINY, 1) ** SHARPNESS
    return float(weights @ told / weights.sum())


def _radius(corners: Float[np.ndarray, "2 2"]) -> float:
    """Half the side of a square as large as the box, in pixels."""
    high, wide = np.abs(corners[1] - corners[0])
    return float(np.sqrt(max(high * wide, (SMALLEST_MM / SPACING_MM) ** 2)) / 2)


def _patch(pixels: Float32[np.ndarray, "rows columns"], corners: np.ndarray) -> tuple[Patch, Zone]:
    """A mass in the middle, brought to its size, and where there is an image."""
    larger = RADIUS / _radius(corners)
    row, column = corners.mean(axis=0)
    matrix = np.array(
        [[larger, 0, MIDDLE - column * larger], [0, larger, MIDDLE - row * larger]], np.float32
    )
    smooth = pixels if larger > 1 else cv2.GaussianBlur(pixels, (0, 0), 0.5 / larger)
    patch = cv2.warpAffine(smooth, matrix, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)
    there = cv2.warpAffine(np.ones(pixels.shape, np.uint8), matrix, (SIDE, SIDE))
    return np.asarray(patch, np.float32), there > 0


def _polar() -> tuple[Patch, Patch, Patch]:
    """Of each pixel the distance from the middle, in radii of the mass, and the way from there."""
    rows, columns = np.mgrid[:SIDE, :SIDE].astype(np.float32) - MIDDLE
    far = np.hypot(rows, columns)
    return far / RADIUS, rows / far, columns / far


AWAY, DOWN, ACROSS = _polar()
WITHIN: Final = AWAY < 0.6
EDGE: Final = (AWAY > 0.6) & (AWAY < 1.4)
AROUND: Final = (AWAY > 1) & (AWAY < 2.2)
RING: Final = (AWAY > 1.3) & (AWAY < 2)


def _greys(shown: Patch, there: Zone) -> list[float]:
    ring = shown[RING & there] if (RING & there).any() else shown[WITHIN]
    bright, around = float(shown[WITHIN].mean()), float(ring.mean())
    noise = float(ring.std()) + 0.01
    return [
        bright, around, bright - around, (bright - around) / noise,
        float(np.log(shown[WITHIN].std() + 0.005)), float(np.log(noise)),
    ]  # fmt: skip


def _edges(shown: Patch, there: Zone) -> list[float]:
    found = []
    edge, around = EDGE & there, AROUND & there
    for scale in SCALES:
        smooth = cv2.GaussianBlur(shown, (0, 0), scale)
        across, down = (cv2.Sobel(smooth, cv2.CV_32F, dx, 1 - dx) / 8 for dx in (1, 0))
        falling, steep = -(across * ACROSS + down * DOWN), np.hypot(across, down) + TINY
        lines, towards = _lines(smooth)
        found += [
            float(falling[edge].sum() / steep[edge].sum()), float(100 * falling[edge].mean()),
            *(
                float((lines * towards)[zone].sum() / (lines[zone].sum() + TINY))
                for zone in (around, edge)
            ),
            *(float(np.log(lines[zone].mean() + TINY)) for zone in (around, edge)),
        ]  # fmt: skip
    return found


def _lines(smooth: Patch) -> tuple[Patch, Patch]:
    """How much of a bright line each pixel is, and its course: 1 towards the middle, -1 around it."""
    across, down, both = (cv2.Sobel(smooth, cv2.CV_32F, dx, dy) for dx, dy in ((2, 0), (0, 2), (1, 1)))
    half, unlike = (across + down) / 2, np.hypot((across - down) / 2, both)
    lines = np.maximum(unlike - half, 0)
    # a line runs across the direction in which it curves most: (cos 2a, sin 2a) of its course
    along, slanting = (across - down) / 2 / (unlike + TINY), both / (unlike + TINY)
    towards = along * (ACROSS**2 - DOWN**2) + slanting * 2 * ACROSS * DOWN
    return lines, towards
