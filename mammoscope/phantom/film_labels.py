"""What is written on a film: lead letters, a strip with words, and where they fit."""

from typing import Final, NamedTuple

import cv2
import numpy as np
from jaxtyping import Bool, Float32, UInt8

FONT: Final = cv2.FONT_HERSHEY_DUPLEX
FONT_HEIGHT: Final = 21
"""Pixels of a capital at scale 1."""
EDGE_MM: Final = 1.5
INK: Final = 0.7
WORDS: Final = ("SYNTHETIC", "NOBODY", "NO. 0", "28 KV", "COPY")


class Picture(NamedTuple):
    """A label.

    Attributes:
        ink: How dark it is: 0 clear film, 1 the darkest.
        covered: Where it hides what was below.
    """

    ink: Float32[np.ndarray, "rows columns"]
    covered: Bool[np.ndarray, "rows columns"]


def lead_marker(name: str, spacing_mm: float, *, boxed: bool) -> Picture:
    """Letters 7 mm high: clear where lead stopped the beam, or cut into a clear block."""
    letters = written(name, 7.0, spacing_mm)
    if boxed:
        return Picture(letters * np.float32(INK), np.ones(letters.shape, bool))
    return Picture(np.zeros_like(letters), letters > 0)


def strip_of_words(spacing_mm: float, rng: np.random.Generator) -> Picture:
    """A clear strip with two printed lines and a scribble by hand."""
    lines = [written(" ".join(rng.permutation(WORDS)[:3]), 3.0, spacing_mm) for _ in range(2)]
    wide = max(line.shape[1] for line in lines)
    padded = [np.pad(line, ((0, 0), (0, wide - line.shape[1]))) for line in lines]
    scribble = np.zeros((round(8 / spacing_mm), wide), np.uint8)
    along = np.linspace(0.05, 0.6, 80)
    waves = 0.5 + 0.3 * np.cumsum(rng.normal(0, 0.35, 80)) / 3 + 0.25 * np.sin(along * 90)
    path = np.stack([along * wide, np.clip(waves, 0.05, 0.95) * len(scribble)], axis=1)
    width = max(1, round(0.5 / spacing_mm))
    cv2.polylines(scribble, [np.rint(path).astype(np.int32)], isClosed=False, color=1, thickness=width)
    ink = np.concatenate([*padded, scribble.astype(np.float32)]) * np.float32(INK)
    return Picture(ink, np.ones(ink.shape, bool))


def turned(picture: Picture) -> Picture:
    """The same by a quarter turn, as along the edge of a film."""
    return Picture(*(np.ascontiguousarray(np.rot90(part)) for part in picture))


def room_for(
    taken: UInt8[np.ndarray, "rows columns"], shape: tuple[int, int], rng: np.random.Generator
) -> tuple[slice, slice] | None:
    """A place for a label on which nothing lies; None where there is none."""
    (rows, columns), (high, wide) = taken.shape, shape
    if high > rows or wide > columns:
        return None
    total = cv2.integral((taken > 0).astype(np.uint8))
    within = total[high:, wide:] - total[:-high, wide:] - total[high:, :-wide] + total[:-high, :-wide]
    free = np.flatnonzero(within == 0)
    if not len(free):
        return None
    top, left = divmod(int(rng.choice(free)), within.shape[1])
    return slice(top, top + high), slice(left, left + wide)


def written(text: str, height_mm: float, spacing_mm: float) -> Float32[np.ndarray, "rows columns"]:
    """Letters as 1 on 0, with an edge around them."""
    scale = height_mm / spacing_mm / FONT_HEIGHT
    thick = max(1, round(0.16 * height_mm / spacing_mm))
    (wide, high), below = cv2.getTextSize(text, FONT, scale, thick)
    edge = round(EDGE_MM / spacing_mm) + thick
    image = np.zeros((high + below + 2 * edge, wide + 2 * edge), np.uint8)
    cv2.putText(image, text, (edge, edge + high), FONT, scale, 255, thick, cv2.LINE_AA)
    return image.astype(np.float32) / 255
