"""Marked images to examples of the heatmap network."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import cv2
import numpy as np
from jaxtyping import UInt8

from mammoscope.core import Frame, Mammogram
from mammoscope.image.patches import flip
from mammoscope.image.scale import as_shown
from mammoscope.io import Reader
from mammoscope.io.marks import MarkedImage
from mammoscope.positioning.heatmaps.examples import UNKNOWN, Example, grey
from mammoscope.positioning.heatmaps.layout import LINE, channels, seen
from mammoscope.positioning.heatmaps.recipe import Recipe
from mammoscope.positioning.marked import read

TRUST: Final[Mapping[int, float]] = {1: 1.0, 2: 0.8, 3: 0.4}
"""How much a mark counts by its quality: sure, fair, guess."""

Mask = UInt8[np.ndarray, "rows columns"]


def prepare(
    records: Sequence[MarkedImage],
    recipe: Recipe,
    mask_of: Callable[[MarkedImage], Mask | None] = lambda record: None,
    advance: Callable[[], None] = lambda: None,
) -> list[Example]:
    """Examples of records in their order.

    Args:
        records: What to read.
        recipe: Its spacing, and how raw images are shown.
        mask_of: Breast and muscle of a record, in its image's pixels, where they are known.
        advance: Called after each image.

    Raises:
        InputError: If an image cannot be read.
        UsageError: If an image's shape is not that of its marks.
    """
    examples = []
    with Reader() as reader:
        for record in records:
            examples.append(example(record, read(record, reader), recipe, mask_of(record)))
            advance()
    return examples


def example(
    record: MarkedImage, mammogram: Mammogram, recipe: Recipe, mask: Mask | None = None
) -> Example:
    """One image as the network sees it, with its marks in the same pixels.

    Where the chest wall is marked on another side than the pixels seem to show, the mark counts.
    On CC views, where the pectoral line was not looked for, nothing is said of it.
    """
    small, side, _ = seen(as_shown(mammogram, recipe.raw), recipe.spacing_mm)
    if record.chest_wall not in (None, side):
        small = flip(small)
    points = {
        name: None if point is None else small.frame.from_source(point)
        for name, point in channels(record.points).items()
    }
    quality: dict[str, int] = {str(name): sure for name, sure in record.quality.items()}
    quality |= dict.fromkeys(LINE, quality.get("pectoral upper", 1))
    return Example(
        image=grey(small),
        mask=_seen(mask, small.frame),
        points=points,
        trust={name: TRUST[quality[name]] for name in points if name in quality},
        in_profile=record.in_profile,
        name=record.image.stem,
    )


def _seen(mask: Mask | None, frame: Frame) -> UInt8[np.ndarray, "seen_rows seen_columns"]:
    """A mask of the source in a frame's pixels; unknown where there is none."""
    if mask is None:
        return np.full(frame.shape, UNKNOWN, np.uint8)
    (down, _, top), (_, across, left) = frame.matrix
    matrix = np.array([[across, 0.0, left], [0.0, down, top]])
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(mask, matrix, frame.shape[::-1], flags=flags)
