"""Percentiles of an image, by counting: sorting it takes several times as long."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from jaxtyping import Bool, Float32

STEPS: Final = 1 << 16


def percentiles(
    pixels: Float32[np.ndarray, "rows columns"],
    shares: Sequence[float],
    where: Bool[np.ndarray, "rows columns"] | None = None,
) -> list[float]:
    """What numpy's linear percentile is, within its rounding.

    Args:
        pixels: In 0–1.
        shares: In percent.
        where: Only these pixels count, one at least; None: all.

    Example:
        >>> percentiles(np.array([[0.0, 0.25, 0.5, 1.0]], np.float32), (0.0, 50.0, 100.0))
        [0.0, 0.375, 1.0]
    """
    levels = (np.clip(pixels, 0, 1) * np.float32(STEPS - 1)).astype(np.uint16)
    mask = None if where is None else where.view(np.uint8)
    below = np.cumsum(cv2.calcHist([levels], [0], mask, [STEPS], [0, STEPS]).ravel(), dtype=int)

    def ranked(rank: int) -> float:
        """The value that so many are below, from among those of its level."""
        level = int(np.searchsorted(below, rank, side="right"))
        alike = levels == level if where is None else (levels == level) & where
        place = rank - (int(below[level - 1]) if level else 0)
        return float(np.partition(pixels[alike], place)[place])

    found = []
    for share in shares:
        rank, rest = divmod(share / 100 * (int(below[-1]) - 1), 1)
        value = ranked(int(rank))
        found.append(value + rest * (ranked(int(rank) + 1) - value) if rest else value)
    return found
