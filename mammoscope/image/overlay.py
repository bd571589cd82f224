"""Pictures with a map of numbers over them in colours."""

from typing import Final

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

SHARE: Final = 0.4
"""Of the colours where there are any."""


def overlay(
    picture: UInt8[np.ndarray, "rows columns"], values: Float32[np.ndarray, "rows columns"]
) -> UInt8[np.ndarray, "rows columns 3"]:
    """A picture with a map in colours, red where it is highest.

    Args:
        picture: Grey, 0–255.
        values: Of the same shape; what is not above 0 is left without colour.

    Returns:
        Blue, green, red, as OpenCV writes it.
    """
    positive = np.clip(values, 0, None)
    strength = positive / max(float(positive.max()), np.finfo(np.float32).tiny)
    grey = cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR).astype(np.float32)
    colours = cv2.applyColorMap(np.rint(strength * 255).astype(np.uint8), cv2.COLORMAP_JET)
    share = (SHARE * (strength > 0)).astype(np.float32)[..., None]
    return np.rint(grey * (1 - share) + colours * share).astype(np.uint8)
