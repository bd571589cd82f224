"""How bright: raw images brought to a display look, and previews.

A raw image (for processing) comes in one of three forms, told apart by its pixels alone:

- *exposure*: linear in exposure, air is brightest;
- *inverted exposure*: the same, inverted once by MONOCHROME1, air is darkest and all tissue lies
  crowded near white, for a breast lets through a few per cent of what air does;
- *attenuation*: already log-inverted, air is darkest and tissue spreads over the range.

The first two become attenuation by Beer's law, −log(exposure / air). All three then have air at 0
and the 99.5th percentile of the tissue at 1.

Limits: the form is a judgement by the border (air covers more of it than the breast does) and by
where the tissue's median lies; a breast that fills the field, or a collimator's shadow around it,
can mislead it. No vendor's own processing is imitated: thickness is not equalised, so the breast's
edge stays darker than its middle.
"""

from dataclasses import replace
from typing import Final, Literal

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from mammoscope.core import Mammogram
from mammoscope.image.resample import to_shape

SAMPLE_ROWS: Final = 256
CROWDED: Final = 0.9
LEAST_EXPOSURE: Final = 1e-3
LEVELS: Final = 1 << 16

Raw = Literal["exposure", "inverted exposure", "attenuation"]
Pixels = Float32[np.ndarray, "rows columns"]


def for_display(mammogram: Mammogram) -> Mammogram:
    """A raw image with a display look: attenuation bright, air black, 0–1.

    Any other kind of image is returned as it is.

    Source:
        Linear detectors: Beer's law; see the module for how the form is told and its limits.
    """
    if mammogram.about.kind != "for processing":
        return mammogram
    sample = _sample(mammogram)
    form = raw_form(sample)
    air, dense = _range(_attenuation(sample, form))
    levels = np.linspace(0, 1, LEVELS, dtype=np.float32)[None]
    shown = (_attenuation(levels, form)[0] - air) / max(dense - air, 1e-6)
    words = cv2.multiply(mammogram.pixels, LEVELS - 1, dtype=cv2.CV_16U)
    pixels = cv2.LUT(words, np.clip(shown, 0, 1).astype(np.float32))
    if mammogram.valid is not None:
        pixels[~mammogram.valid] = 0
    return replace(mammogram, pixels=pixels)


def raw_form(pixels: Pixels) -> Raw:
    """In which of the three forms of the module a raw image is."""
    level, border = _otsu(pixels), _border(pixels)
    if (border > level).mean() > 0.5:
        return "exposure"
    tissue = pixels[pixels > level]
    top = float(pixels.max())
    crowded = tissue.size and float(np.median(tissue)) > CROWDED * top
    return "inverted exposure" if crowded else "attenuation"


def to_preview(mammogram: Mammogram, rows: int = 1600) -> UInt8[np.ndarray, "few_rows columns"]:
    """The image as it is, 8 bits, at most so many rows."""
    tall, wide = mammogram.pixels.shape
    if tall > rows:
        mammogram = to_shape(mammogram, (rows, max(1, round(wide * rows / tall))))
    return to_grey(mammogram.pixels)


def to_grey(pixels: Pixels) -> UInt8[np.ndarray, "rows columns"]:
    """0–1 to 0–255, rounded; what lies outside is clipped."""
    return cv2.convertScaleAbs(np.maximum(pixels, 0), alpha=255)


def _sample(mammogram: Mammogram) -> Pixels:
    """Few enough pixels to judge by; air in place of padding."""
    step = max(1, mammogram.pixels.shape[0] // SAMPLE_ROWS)
    pixels = mammogram.pixels[::step, ::step].copy()
    if mammogram.valid is not None:
        valid = mammogram.valid[::step, ::step]
        if valid.any():
            pixels[~valid] = np.median(
                _border(pixels)[_border(valid)] if _border(valid).any() else pixels[valid]
            )
    return pixels


def _border(pixels: np.ndarray) -> np.ndarray:
    wide = max(1, min(pixels.shape) // 50)
    return np.concatenate(
        [
            pixels[:wide].ravel(),
            pixels[-wide:].ravel(),
            pixels[:, :wide].ravel(),
            pixels[:, -wide:].ravel(),
        ]
    )


def _otsu(pixels: Pixels) -> float:
    level, _ = cv2.threshold(to_grey(pixels), 0, 255, cv2.THRESH_OTSU)
    return level / 255


def _attenuation(pixels: Pixels, form: Raw) -> Pixels:
    if form == "attenuation":
        return pixels.copy()
    exposure = pixels if form == "exposure" else 1 - pixels
    return -cv2.log(np.maximum(exposure, np.float32(LEAST_EXPOSURE)))


def _range(attenuation: Pixels) -> tuple[float, float]:
    """Attenuation of air, and of the densest tissue."""
    scaled = (attenuation - attenuation.min()) / max(float(np.ptp(attenuation)), 1e-6)
    level = _otsu(scaled)
    air, tissue = attenuation[scaled <= level], attenuation[scaled > level]
    if not (air.size and tissue.size):
        return float(attenuation.min()), float(attenuation.max())
    return float(np.median(air)), float(np.percentile(tissue, 99.5))
