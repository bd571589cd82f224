"""An image together with its contrast equalised at two scales."""

from typing import Final

import cv2
import numpy as np
from jaxtyping import Float32

CLIP: Final = 2.0
TILES: Final = (4, 16)
"""Tiles a side of either CLAHE, coarse and fine. The findings paper leaves clip limit and scales open:
ours."""


def fused(
    pixels: Float32[np.ndarray, "rows columns"],
) -> Float32[np.ndarray, "3 rows columns"]:
    """An image in 0–1 with its two equalised versions, channel-wise: original, coarse, fine.

    Source:
        Pizer et al., Contrast-limited adaptive histogram equalization, VBC 1990, by OpenCV at 8 bits.
    """
    grey = np.rint(np.clip(pixels, 0, 1) * 255).astype(np.uint8)
    equalised = [cv2.createCLAHE(CLIP, (tiles, tiles)).apply(grey) for tiles in TILES]
    channels = [np.clip(pixels, 0, 1), *(image / np.float32(255) for image in equalised)]
    return np.stack(channels).astype(np.float32)
