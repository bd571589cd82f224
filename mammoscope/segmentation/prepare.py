"""Records to examples: read, shown as the network is to see them, at the recipe's scale."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from jaxtyping import UInt8

from mammoscope.core import BACKGROUND, BREAST, CLASSES, PECTORAL, Mammogram, Spacing
from mammoscope.errors import UsageError
from mammoscope.image import breast_outline, for_display
from mammoscope.io import Reader, Source
from mammoscope.io.annotations import SegmentationRecord, read_labels
from mammoscope.io.inbreast import read_muscle
from mammoscope.learn.data import Example
from mammoscope.segmentation.infer import at_network_scale
from mammoscope.segmentation.recipe import Recipe

Labels = UInt8[np.ndarray, "rows columns"]


def prepare(
    records: Sequence[SegmentationRecord],
    recipe: Recipe,
    folder: Path,
    advance: Callable[[], None] = lambda: None,
) -> list[Example]:
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
    folder.mkdir(parents=True, exist_ok=True)
    examples = []
    with Reader() as reader:
        for record in records:
            path = folder / _key(record, recipe)
            if not path.with_suffix(".mask.npy").is_file():
                _keep(path, *_prepared(read(record, reader), record, recipe))
            pixels, mask = (
                np.load(path.with_suffix(suffix), mmap_mode="r")
                for suffix in (".image.npy", ".mask.npy")
            )
            examples.append(Example(pixels, mask, path.name))
            advance()
    return examples


def read(record: SegmentationRecord, reader: Reader) -> Mammogram:
    """A record's mammogram, with what the record knows of its kind and spacing.

    Raises:
        InputError: If the image cannot be read.
    """
    mammogram = reader.read(Source(record.image.name, record.image))
    about = mammogram.about
    if record.spacing_mm is not None:
        about = replace(about, spacing=Spacing(record.spacing_mm, record.spacing_mm, "annotations"))
    if record.kind == "raw":
        about = replace(about, kind="for processing")
    return replace(mammogram, about=about)


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


def _prepared(
    mammogram: Mammogram, record: SegmentationRecord, recipe: Recipe
) -> tuple[np.ndarray, np.ndarray]:
    shown = for_display(mammogram) if recipe.raw == "log inverted" else mammogram
    small, _ = at_network_scale(shown, recipe.spacing_mm)
    image = np.rint(np.clip(small.pixels, 0, 1) * np.iinfo(np.uint16).max).astype(np.uint16)
    return image, smaller(truth_of(record, mammogram), small.frame.shape)


def _key(record: SegmentationRecord, recipe: Recipe) -> str:
    files = [(path.resolve(), path.stat()) for path in (record.image, record.truth)]
    stamps = [(str(path), stat.st_size, stat.st_mtime_ns) for path, stat in files]
    how = (record.kind, record.spacing_mm, record.says, record.mapping, recipe.spacing_mm, recipe.raw)
    return hashlib.sha256(repr((stamps, how)).encode()).hexdigest()[:24]


def _keep(path: Path, image: np.ndarray, mask: np.ndarray) -> None:
    np.save(path.with_suffix(".image.npy"), image)
    partial = path.with_suffix(".partial.npy")
    np.save(partial, mask)
    partial.replace(path.with_suffix(".mask.npy"))
