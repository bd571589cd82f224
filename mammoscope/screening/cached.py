"""Images read once, cropped to the breast where asked, resized and kept: one small file each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from mammoscope.core import Mammogram
from mammoscope.image import breast_crop, for_display
from mammoscope.io import Reader
from mammoscope.io.recorded import read_recorded
from mammoscope.io.screening import ScreeningImage
from mammoscope.learn.kept import Keeping, Kept, keep, key_of
from mammoscope.screening.recipe import Recipe

SUFFIX: Final = ".npy"


@dataclass(frozen=True)
class Roi:
    """A way to crop an image to its breast (5.1).

    Attributes:
        name: Of the way: images that were cropped in another are not taken for these.
        crop: From a mammogram and a margin, in shares of the breast's height, to its part.
    """

    name: str
    crop: Callable[[Mammogram, float], Mammogram]


OUTLINE: Final = Roi("outline", breast_crop)
"""By the breast's outline, without a network."""


def cached(
    records: Sequence[ScreeningImage],
    recipe: Recipe,
    folder: Path,
    roi: Roi = OUTLINE,
    workers: int = 1,
    advance: Callable[[], None] = lambda: None,
) -> Kept:
    """Images (size, size), uint8, in the order of their records; what is kept already is not read.

    Args:
        records: What to read.
        recipe: Size, and whether there is a crop.
        folder: Where arrays are kept.
        roi: How the breast is found.
        workers: Processes that read.
        advance: Called after each image.

    Raises:
        InputError: If an image cannot be read.
    """
    way = roi if recipe.roi else None
    how = Keeping(
        partial(_key, recipe=recipe, roi=way), partial(_make, recipe=recipe, roi=way), _load, SUFFIX
    )
    return keep(records, how, folder, advance, workers)


def resized(mammogram: Mammogram, recipe: Recipe, roi: Roi | None) -> Float32[np.ndarray, "size size"]:
    """The image, or its breast, in 0–1 at the network's size: "resized images" (5.5).

    Height and breadth are resized apart, as the paper's words read.
    """
    part = roi.crop(mammogram, recipe.margin) if roi else mammogram
    pixels = for_display(part).pixels
    low, high = float(pixels.min()), float(pixels.max())
    size = recipe.network.size
    small = cv2.resize(pixels, (size, size), interpolation=cv2.INTER_AREA)
    return (small - np.float32(low)) / np.float32((high - low) or 1.0)


def _make(path: Path, record: ScreeningImage, reader: Reader, recipe: Recipe, roi: Roi | None) -> None:
    mammogram = read_recorded(record.image, record.kind, record.spacing, reader)
    small = np.clip(resized(mammogram, recipe, roi), 0, 1)
    unfinished = path.with_suffix(".partial")
    with unfinished.open("wb") as file:
        np.save(file, np.rint(small * 255).astype(np.uint8))
    unfinished.replace(path.with_suffix(SUFFIX))


def _load(path: Path) -> UInt8[np.ndarray, "size size"]:
    return np.load(path.with_suffix(SUFFIX))


def _key(record: ScreeningImage, recipe: Recipe, roi: Roi | None) -> str:
    way = (roi.name, recipe.margin) if roi else None
    return key_of((record.image,), record.kind, record.spacing, recipe.network.size, way)
