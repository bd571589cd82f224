"""From the detector's signal to what a reader gets: raw for processing, or a look for presentation.

The looks are ours. Each is named after the maker whose images it resembles to the eye and says so
with "like": no maker's processing is known to us, none is claimed. All share one chain: logarithm,
equalisation of the thinning towards the skin line, contrast by scale, a window.
"""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import cv2
import numpy as np
from jaxtyping import Float, Float32, UInt8, UInt16
from scipy.interpolate import CubicHermiteSpline

from mammoscope.errors import UsageError
from mammoscope.io.voi import Window, apply_window
from mammoscope.phantom.contrast import Attenuation, by_scale, equalised, in_breast, levelled, plateau
from mammoscope.phantom.film_labels import written

Photometric = Literal["MONOCHROME1", "MONOCHROME2"]
RAW_BITS: Final = 14
RAW_AIR: Final = 15000
LEAST_EXPOSURE: Final = 1e-4
LETTERS_MM: Final = 6.0
SHOWN: Final = (2.0, 80.0, 99.5)
"""Percentiles of what lies `RIM_MM` within the breast that a look brings to its three grey values."""
RIM_MM: Final = 8.0


@dataclass(frozen=True)
class Look:
    """How one family of machines shows a breast.

    Attributes:
        equalised: Share of what thinning takes away, towards the skin line and from row to row, that is
            made up for.
        reach_mm: How far from the skin line the breast is taken to be thinner.
        detail: Gain of structures of 0.2, 0.8, 3.2 and 12.8 mm.
        greys: Shares of the stored range at which the percentiles of `SHOWN` lie; what is darker
            than the first runs out in a toe.
        bits: Of a stored value.
        photometric: Whether low values are bright (MONOCHROME1).
        function: Of the window.
        windows: Explanation, centre and width of each, in shares of the stored range.
    """

    equalised: float
    reach_mm: float
    detail: tuple[float, float, float, float]
    greys: tuple[float, float, float]
    bits: int
    photometric: Photometric
    function: Literal["LINEAR", "SIGMOID"]
    windows: tuple[tuple[str, float, float], ...]


LOOKS: Final[dict[str, Look]] = {
    "hologic-like": Look(
        0.75, 25.0, (1.3, 1.5, 1.3, 1.0), (0.12, 0.5, 0.85), 12, "MONOCHROME2", "LINEAR",
        (("NORMAL", 0.5, 1.0),),
    ),
    "ge-like": Look(
        0.85, 30.0, (1.2, 1.4, 1.5, 1.1), (0.08, 0.42, 0.8), 12, "MONOCHROME2", "LINEAR",
        (("NORMAL", 0.5, 1.0), ("HARDER", 0.45, 0.7), ("SOFTER", 0.5, 1.3)),
    ),
    "siemens-like": Look(
        0.9, 35.0, (1.5, 1.6, 1.2, 0.9), (0.18, 0.52, 0.85), 12, "MONOCHROME2", "LINEAR",
        (("NORMAL", 0.5, 1.0), ("HARDER", 0.5, 0.7)),
    ),
    "fuji-like": Look(
        0.5, 20.0, (1.8, 1.4, 1.1, 1.0), (0.2, 0.5, 0.75), 10, "MONOCHROME1", "SIGMOID",
        (("NORMAL", 0.5, 0.65),),
    ),
}  # fmt: skip


class Stored(NamedTuple):
    """An image as a file stores it.

    Attributes:
        pixels: Stored values.
        bits: How many of a value's bits are used.
        photometric: Whether low values are bright (MONOCHROME1).
        windows: How to show it, the usual one first; empty for raw images.
        explained: What each window is called.
    """

    pixels: UInt16[np.ndarray, "rows columns"]
    bits: int
    photometric: Photometric
    windows: tuple[Window, ...] = ()
    explained: tuple[str, ...] = ()

    @property
    def white(self) -> int:
        """The stored value that is shown white."""
        return 0 if self.photometric == "MONOCHROME1" else (1 << self.bits) - 1


def raw(exposure: Float32[np.ndarray, "rows columns"]) -> Stored:
    """The image for processing: linear in exposure, 14 bits, `RAW_AIR` in air, dense tissue bright."""
    counts = np.clip(np.rint(exposure * RAW_AIR), 0, (1 << RAW_BITS) - 1)
    return Stored(counts.astype(np.uint16), RAW_BITS, "MONOCHROME1")


def presented(exposure: Float32[np.ndarray, "rows columns"], spacing_mm: float, look: str) -> Stored:
    """The image for presentation in one of `LOOKS`.

    Args:
        exposure: Signal as a share of the unattenuated beam's.
        spacing_mm: Of a pixel.
        look: Its name.

    Raises:
        UsageError: If there is no such look.
    """
    how = look_named(look)
    attenuation = -np.log(np.maximum(exposure, np.float32(LEAST_EXPOSURE)))
    body = in_breast(attenuation, spacing_mm)
    if not body.any():
        return _stored(np.zeros(exposure.shape, np.float32), how)
    depth = cv2.distanceTransform(body.astype(np.uint8), cv2.DIST_L2, 5) * np.float32(spacing_mm)
    level = levelled(attenuation, depth, spacing_mm, how.equalised)
    level = equalised(level, depth, plateau(level, depth), how.reach_mm, how.equalised)
    level = by_scale(level, how.detail, spacing_mm)
    inner = depth > min(RIM_MM, 0.5 * float(depth.max()))
    return _stored(toned(level, np.percentile(level[inner], SHOWN), how.greys), how)


def toned(
    level: Attenuation, at: Float[np.ndarray, "3"], greys: tuple[float, float, float]
) -> Attenuation:
    """Grey values through three points by a smooth curve: a toe below them, straight on above.

    Args:
        level: An image.
        at: Rising values of it.
        greys: What becomes of these.
    """
    at = np.maximum.accumulate(at) + np.array([0.0, 0.05, 0.1])
    first, last = np.diff(greys) / np.diff(at)
    curve = CubicHermiteSpline(at, greys, (first, 2 * first * last / (first + last), last))
    low, high = np.minimum(level - at[0], 0), np.maximum(level - at[-1], 0)
    toe = greys[0] * np.expm1(first * low / greys[0])
    return np.asarray(curve(np.clip(level, at[0], at[-1])) + toe + last * high, np.float32)


def shown(stored: Stored) -> Float32[np.ndarray, "rows columns"]:
    """A stored image as a reader sees it through its usual window: 0–1, dense tissue bright.

    An image without a window is shown from its lowest to its highest value.
    """
    values = stored.pixels.astype(np.float64)
    if stored.windows:
        bright = apply_window(values, stored.windows[0])
    else:
        bright = (values - values.min()) / max(float(np.ptp(values)), 1.0)
    return (1 - bright if stored.photometric == "MONOCHROME1" else bright).astype(np.float32)


def look_named(name: str) -> Look:
    """One of `LOOKS`.

    Raises:
        UsageError: If there is none of that name.
    """
    if name not in LOOKS:
        raise UsageError(f"a look is one of {', '.join(LOOKS)}, got {name!r}")
    return LOOKS[name]


def burnt_in(
    stored: Stored, labels: UInt8[np.ndarray, "rows columns"], text: str, spacing_mm: float
) -> Stored:
    """The image with white words in the corner that shows least of the breast.

    Args:
        stored: An image.
        labels: 0 where there is no breast.
        text: What is written, in letters 6 mm high, or lower where the image is narrow.
        spacing_mm: Of a pixel.
    """
    rows, columns = labels.shape
    words = written(text, LETTERS_MM, spacing_mm)
    shrunk = min(1.0, columns / words.shape[1], rows / words.shape[0])
    words = written(text, LETTERS_MM * shrunk, spacing_mm)[:rows, :columns] > 0.5
    high, wide = words.shape
    corners = [
        (slice(top, top + high), slice(left, left + wide))
        for top in (0, rows - high)
        for left in (0, columns - wide)
    ]
    pixels = stored.pixels.copy()
    pixels[min(corners, key=lambda corner: int((labels[corner] > 0).sum()))][words] = stored.white
    return stored._replace(pixels=pixels)


def _stored(level: Attenuation, how: Look) -> Stored:
    """Black at 0 and white at 1 as stored values with their windows."""
    top = (1 << how.bits) - 1
    values = np.rint(np.clip(level, 0, 1) * top)
    if how.photometric == "MONOCHROME1":
        values = top - values
    windows = tuple(
        Window(float(round(centre * (top + 1))), float(round(width * (top + 1))), how.function)
        for _, centre, width in how.windows
    )
    names = tuple(name for name, _, _ in how.windows)
    return Stored(values.astype(np.uint16), how.bits, how.photometric, windows, names)
