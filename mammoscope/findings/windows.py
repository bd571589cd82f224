"""Windows slid over an image and the heatmap put together from them, as the paper writes: slowly.

The reference that dense evaluation is measured against. No torch.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from jaxtyping import Bool, Float32, Int

from mammoscope.errors import GeometryError
from mammoscope.image.windows import STRIDE, WINDOW
from mammoscope.runtime import Session

BATCH: Final = 16
Scores = Callable[[np.ndarray], np.ndarray]
"""From windows (batch, channels, size, size) to probabilities (batch, kinds)."""
Corners = Int[np.ndarray, "windows 2"]


def corners(shape: tuple[int, int], size: int = WINDOW, stride: int = STRIDE) -> Corners:
    """First row and column of every window, row by row; the last may reach beyond the image.

    The paper does not say what becomes of an image that the stride does not divide: here windows
    go on until every pixel lies in one, zeros around the image.

    Raises:
        GeometryError: If a size or a stride is below 1.

    Example:
        >>> corners((256, 300)).tolist()
        [[0, 0], [0, 32], [0, 64]]
    """
    if min(*shape, size, stride) < 1:
        raise GeometryError(f"1 pixel or more was expected, got {shape}, {size} and {stride}")
    rows, columns = (1 + -(-max(length - size, 0) // stride) for length in shape)
    return np.indices((rows, columns)).reshape(2, -1).T * stride


def on(
    inside: Bool[np.ndarray, "rows columns"], places: Corners, size: int = WINDOW
) -> Int[np.ndarray, "held 2"]:
    """Those windows that hold a pixel of the breast."""
    sums = np.pad(np.cumsum(np.cumsum(inside, axis=0), axis=1), ((1, 0), (1, 0)))
    rows, columns = inside.shape
    top, left = places.T
    bottom, right = np.minimum(top + size, rows), np.minimum(left + size, columns)
    held = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    return places[held > 0]


def probabilities(
    image: Float32[np.ndarray, "channels rows columns"],
    score: Scores,
    places: Corners,
    size: int = WINDOW,
    batch: int = BATCH,
) -> Float32[np.ndarray, "windows kinds"]:
    """What is said of each window, batch by batch.

    Args:
        image: What windows are cut from.
        score: Says it.
        places: First row and column of each, see `corners`.
        size: Rows and columns of a window.
        batch: Windows at once.
    """
    parts = [
        score(_cut(image, places[first : first + batch], size))
        for first in range(0, len(places), batch)
    ]
    return np.concatenate(parts).astype(np.float32)


def heatmap(
    said: Float32[np.ndarray, "windows kinds"],
    places: Corners,
    shape: tuple[int, int],
    size: int = WINDOW,
) -> Float32[np.ndarray, "kinds rows columns"]:
    """Each window's probability added over its area, divided by how many windows lie there.

    0 where none does. The paper says no more than "reconstruction of prediction heatmap from the
    overlapping windows": the mean is ours.
    """
    sums = np.zeros((said.shape[1], *shape), np.float64)
    counts = np.zeros(shape)
    for (top, left), values in zip(places.tolist(), said, strict=True):
        area = np.s_[top : top + size, left : left + size]
        sums[:, *area] += values[:, None, None]
        counts[area] += 1
    return (sums / np.maximum(counts, 1)).astype(np.float32)


def by_session(session: Session) -> Scores:
    """A classifier of the paper that was exported, window by window."""

    def score(windows: np.ndarray) -> np.ndarray:
        return np.concatenate([session.run(window[None]) for window in windows])

    return score


def _cut(image: np.ndarray, places: Corners, size: int) -> np.ndarray:
    windows = np.zeros((len(places), len(image), size, size), np.float32)
    for window, (top, left) in zip(windows, places.tolist(), strict=True):
        held = image[:, top : top + size, left : left + size]
        window[:, : held.shape[1], : held.shape[2]] = held
    return windows
