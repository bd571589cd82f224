"""What the heatmap network sees and says: channels, and the way from an image to it. No torch."""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

import numpy as np
from jaxtyping import Float

from mammoscope.core import LandmarkName, Mammogram, Point, Side
from mammoscope.image import breast_outline, chest_wall_side, nominal_spacing, to_spacing
from mammoscope.image.patches import crop, flip

ALONG: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Shares of the pectoral line's length from its upper to its lower end, a channel each."""
LINE: Final = tuple(f"pectoral line {share:g}" for share in ALONG)
SINGLE: Final[tuple[LandmarkName, ...]] = (
    "nipple", "inframammary fold", "chest wall upper", "chest wall lower",
)  # fmt: skip
CHANNELS: Final = (*SINGLE, *LINE)
PROFILE: Final = "nipple in profile"
MARGIN: Final = 0.08
ABOVE: Final = 0.2
"""Shares of the breast's height by which its box is widened: on all sides, and above, where dark
muscle may be left out of the outline."""


class Seen(NamedTuple):
    """An image as the network sees it: its breast, the chest wall on the left, at its scale."""

    mammogram: Mammogram
    side: Side
    scale: Literal["spacing", "nominal"]


def seen(mammogram: Mammogram, spacing_mm: float) -> Seen:
    """Crop to the breast, mirror so that the chest wall lies on the left, bring to a scale.

    Args:
        mammogram: With the look that the network takes.
        spacing_mm: Size of a pixel of the result; by a nominal scale where the image has none.
    """
    body = breast_outline(mammogram.pixels)
    side = chest_wall_side(mammogram.pixels, body)
    part = crop(mammogram, *_box(body))
    turned = flip(part) if side == "right" else part
    if mammogram.spacing is not None:
        return Seen(to_spacing(turned, spacing_mm), side, "spacing")
    return Seen(to_spacing(turned, spacing_mm, nominal=nominal_spacing(body)), side, "nominal")


def channels(
    points: Mapping[LandmarkName, Point | None],
) -> dict[str, Float[np.ndarray, "2"] | None]:
    """Marked points as those that the channels mean; what was not looked for is left out."""
    said: dict[str, np.ndarray | None] = {
        name: _array(points[name]) for name in SINGLE if name in points
    }
    if "pectoral upper" in points and "pectoral lower" in points:
        upper, lower = _array(points["pectoral upper"]), _array(points["pectoral lower"])
        for name, share in zip(LINE, ALONG, strict=True):
            said[name] = None if upper is None or lower is None else upper + share * (lower - upper)
    return said


def _array(point: Point | None) -> np.ndarray | None:
    return None if point is None else np.asarray(point, np.float64)


def _box(body: np.ndarray) -> tuple[int, int, int, int]:
    """First row and column, rows and columns: the breast's box, wider, within the image."""
    down, across = np.flatnonzero(body.any(axis=1)), np.flatnonzero(body.any(axis=0))
    if not len(down):
        return 0, 0, body.shape[0], body.shape[1]
    height = down[-1] + 1 - down[0]
    margin = round(MARGIN * height)
    top, left = max(0, down[0] - round(ABOVE * height)), max(0, across[0] - margin)
    bottom, right = (
        min(body.shape[0], down[-1] + 1 + margin),
        min(body.shape[1], across[-1] + 1 + margin),
    )
    return int(top), int(left), int(bottom - top), int(right - left)
