"""The heatmap of findings over a picture of its image."""

from typing import Final

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from mammoscope.core import Findings, Frame

OPAQUE: Final = 0.75
"""How much of the picture the highest score covers."""
CURVE: Final = 0.8
"""Below 1: faint scores are lifted, so that an eye sees them."""


def heat_on(found: Findings, shape: tuple[int, int]) -> Float32[np.ndarray, "rows columns"]:
    """The highest score of all kinds at each pixel of a picture of the whole image, 0–1.

    Args:
        found: Of the image.
        shape: Rows and columns of the picture.
    """
    highest = np.maximum.reduce([np.asarray(heat) for heat in found.heat.values()])
    picture = Frame.of(found.frame.source).resize(shape)
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    first, down, across = found.frame.from_source(picture.to_source(corners))[:, ::-1]
    to_cells = np.column_stack([across - first, down - first, first])
    laid: Float32[np.ndarray, "rows columns"] = cv2.warpAffine(
        highest, to_cells, shape[::-1], flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    )
    return laid


def coloured(heat: Float32[np.ndarray, "rows columns"]) -> UInt8[np.ndarray, "rows columns 4"]:
    """Scores as colours, the same colour for the same score on every image; 0 is transparent.

    Args:
        heat: 0–1.

    Returns:
        Red, green, blue, and how opaque.
    """
    lifted = np.clip(heat, 0, 1) ** CURVE
    colours = cv2.applyColorMap(np.round(lifted * 255).astype(np.uint8), cv2.COLORMAP_INFERNO)
    opaque = np.round(lifted * OPAQUE * 255).astype(np.uint8)
    return np.dstack([colours[..., ::-1], opaque])


def over(
    grey: UInt8[np.ndarray, "rows columns"], heat: Float32[np.ndarray, "rows columns"]
) -> UInt8[np.ndarray, "rows columns 3"]:
    """A picture in RGB under its heatmap."""
    colours = coloured(heat).astype(np.float32)
    share = colours[..., 3:] / 255
    mixed = (1 - share) * grey[..., None].astype(np.float32) + share * colours[..., :3]
    return np.round(mixed).astype(np.uint8)
