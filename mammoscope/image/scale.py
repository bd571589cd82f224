"""An image as a network takes it: its look, its scale, its range, its padding."""

from typing import Final, Literal

import numpy as np
from jaxtyping import Float32

from mammoscope.core import Mammogram
from mammoscope.core.card import CardInput, RawLook
from mammoscope.image.crop import nominal_spacing
from mammoscope.image.intensity import for_display
from mammoscope.image.outline import breast_outline
from mammoscope.image.percentiles import percentiles
from mammoscope.image.resample import to_spacing

LEAST_RANGE: Final = 0.05


def as_shown(mammogram: Mammogram, raw: RawLook) -> Mammogram:
    """An image as a network takes it: raw images log-inverted or as stored, others as they are."""
    return for_display(mammogram) if raw == "log inverted" else mammogram


def at_network_scale(
    mammogram: Mammogram, spacing_mm: float
) -> tuple[Mammogram, Literal["spacing", "nominal"]]:
    """An image at the network's scale, and whether its own spacing or a nominal one gave it.

    The nominal scale takes every breast to be as high as the median one: good enough for a network
    that was trained with scale jitter, never for a millimetre.
    """
    if mammogram.spacing is not None:
        return to_spacing(mammogram, spacing_mm), "spacing"
    nominal = nominal_spacing(breast_outline(mammogram.pixels))
    return to_spacing(mammogram, spacing_mm, nominal=nominal), "nominal"


def stretched(pixels: Float32[np.ndarray, "rows columns"]) -> Float32[np.ndarray, "rows columns"]:
    """The range that an image uses brought to 0–1: its 2nd percentile to 0, its 99.5th to 1."""
    low, high = percentiles(pixels, (2.0, 99.5))
    return np.clip((pixels - low) / max(high - low, LEAST_RANGE), 0, 1).astype(np.float32)


def network_input(
    pixels: Float32[np.ndarray, "rows columns"], taken: CardInput
) -> Float32[np.ndarray, "1 1 padded_rows padded_columns"]:
    """Pixels in 0–1, stretched where the card says so, padded with zeros below and on the right."""
    rows, columns = pixels.shape
    padding = ((0, -rows % taken.multiple), (0, -columns % taken.multiple))
    shown = stretched(pixels) if taken.stretch else pixels
    return np.clip(np.pad(shown, padding), 0, 1).astype(np.float32)[None, None]
