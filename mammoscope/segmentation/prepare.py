"""Records to examples: read, shown as the network is to see them, at the recipe's scale."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from jaxtyping import UInt8

from mammoscope.core import BACKGROUND, BREAST, CLASSES, PECTORAL, Mammogram
from mammoscope.errors import InputError, UsageError
from mammoscope.image import breast_outline, to_shape
from mammoscope.image.scale import as_shown, at_network_scale
from mammoscope.io import Reader
from mammoscope.io.annotations import SegmentationRecord, read_labels
from mammoscope.io.inbreast import read_muscle
from mammoscope.io.recorded import read_recorded
from mammoscope.learn.data import Example
from mammoscope.learn.kept import Keeping, Kept, keep, key_of, levels
from mammoscope.segmentation.recipe import Recipe

Labels = UInt8[np.ndarray, "rows columns"]
IMAGE, LOOKS, MASK = ".image.npy", ".looks.npy", ".mask.npy"


def prepare(
    records: Sequence[SegmentationRecord],
    recipe: Recipe,
    folder: Path,
    advance: Callable[[], None] = lambda: None,
) -> Kept:
    """Examples of records in their order, kept in a folder and read from it where they are kept.

    An image of unknown spacing gets the nominal scale of `mammoscope.segmentation.infer`.

    Args:
        records: What to read.
        recipe: Its spacing, and how raw images are shown.
        folder: Where prepared arrays are kept.
        advance: Called after each image.

    Raises:
        InputError: If an image cannot be read.
        UsageError: If a mask does not fit its image.
    """
    how = Keeping(partial(_key, recipe=recipe), partial(_make, recipe=recipe), load, MASK)
    return keep(records, how, folder, advance)


def load(path: Path) -> Example:
    """A kept example; its pixels are read when they are looked at."""
    image, mask = (np.load(path.with_suffix(end), mmap_mode="r") for end in (IMAGE, MASK))
    others = path.with_suffix(LOOKS)
    looks = np.load(others, mmap_mode="r") if others.is_file() else ()
    return Example(image, mask, path.name, looks=tuple(looks))


def read(record: SegmentationRecord, reader: Reader, look: int = 0) -> Mammogram:
    """A record's mammogram, see `mammoscope.io.recorded.read_recorded`."""
    spacing = None if record.spacing_mm is None else (record.spacing_mm, record.spacing_mm)
    return read_recorded(record.image, record.kind, spacing, reader, look)


def truth_of(record: SegmentationRecord, mammogram: Mammogram) -> Labels:
    """The record's outlines as labels of the source's pixels.

    Where only the muscle's contour is known, the breast is what `breast_outline` finds: the
    authors began with Otsu's threshold there, and mended it by hand.

    Raises:
        UsageError: If a mask's shape is another than its image's.
    """
    if record.says == "mask":
        labels = read_labels(record)
        if labels.shape != mammogram.pixels.shape:
            raise UsageError(
                f"{record.truth.name}: a mask of {mammogram.pixels.shape} was expected, as large as "
                f"its image, got {labels.shape}"
            )
        return labels
    labels = np.where(breast_outline(mammogram.pixels), BREAST, BACKGROUND).astype(np.uint8)
    muscle = np.zeros_like(labels)
    contour = np.rint(read_muscle(record.truth)[:, ::-1]).astype(np.int32)
    cv2.fillPoly(muscle, [contour], 1)
    labels[muscle > 0] = PECTORAL
    return labels


def smaller(labels: Labels, shape: tuple[int, int]) -> UInt8[np.ndarray, "fewer_rows fewer_columns"]:
    """Labels at another resolution: the class that covers most of each pixel."""
    size = (shape[1], shape[0])
    covered = [
        cv2.resize((labels == number).astype(np.float32), size, interpolation=cv2.INTER_AREA)
        for number in range(len(CLASSES))
    ]
    return np.argmax(covered, axis=0).astype(np.uint8)


def _make(path: Path, record: SegmentationRecord, reader: Reader, recipe: Recipe) -> None:
    """Keep an image, its other looks and its mask; the mask appears last."""
    mammogram = read(record, reader)
    small, _ = at_network_scale(as_shown(mammogram, recipe.raw), recipe.spacing_mm)
    others = _other_looks(mammogram, record, reader)
    looks = [levels(to_shape(as_shown(other, recipe.raw), small.frame.shape)) for other in others]
    np.save(path.with_suffix(IMAGE), levels(small))
    if looks:
        np.save(path.with_suffix(LOOKS), np.stack(looks))
    partial = path.with_suffix(".partial.npy")
    np.save(partial, smaller(truth_of(record, mammogram), small.frame.shape))
    partial.replace(path.with_suffix(MASK))


def _other_looks(
    mammogram: Mammogram, record: SegmentationRecord, reader: Reader
) -> Iterator[Mammogram]:
    """What further tables and windows of the header show; one that shows nothing is left out."""
    for look in range(1, mammogram.about.looks):
        with suppress(InputError):
            yield read(record, reader, look)


def _key(record: SegmentationRecord, recipe: Recipe) -> str:
    how = (record.kind, record.spacing_mm, record.says, record.mapping, recipe.spacing_mm, recipe.raw)
    return key_of((record.image, record.truth), how)
