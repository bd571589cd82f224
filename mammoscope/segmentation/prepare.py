"""Records to examples: read, shown as the network is to see them, at the recipe's scale."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from jaxtyping import UInt8, UInt16

from mammoscope.core import BACKGROUND, BREAST, CLASSES, PECTORAL, Mammogram, Spacing
from mammoscope.errors import InputError, UsageError
from mammoscope.image import breast_outline, to_shape
from mammoscope.image.scale import as_shown, at_network_scale
from mammoscope.io import Reader, Source
from mammoscope.io.annotations import SegmentationRecord, read_labels
from mammoscope.io.inbreast import read_muscle
from mammoscope.learn.data import Example
from mammoscope.segmentation.recipe import Recipe

Labels = UInt8[np.ndarray, "rows columns"]
IMAGE, LOOKS, MASK = ".image.npy", ".looks.npy", ".mask.npy"


@dataclass(frozen=True)
class Prepared(Sequence[Example]):
    """Examples in files, opened when asked for: thousands would be more than a system keeps open."""

    paths: tuple[Path, ...]

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: Any) -> Any:
        """One example, or for a slice several."""
        if isinstance(index, slice):
            return Prepared(self.paths[index])
        path = self.paths[index]
        image, mask = (np.load(path.with_suffix(end), mmap_mode="r") for end in (IMAGE, MASK))
        others = path.with_suffix(LOOKS)
        looks = np.load(others, mmap_mode="r") if others.is_file() else ()
        return Example(image, mask, path.name, looks=tuple(looks))


def prepare(
    records: Sequence[SegmentationRecord],
    recipe: Recipe,
    folder: Path,
    advance: Callable[[], None] = lambda: None,
) -> Prepared:
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
    paths = []
    with Reader() as reader:
        for record in records:
            path = folder / _key(record, recipe)
            if not path.with_suffix(MASK).is_file():
                _prepare(path, record, recipe, reader)
            paths.append(path)
            advance()
    return Prepared(tuple(paths))


def read(record: SegmentationRecord, reader: Reader, look: int = 0) -> Mammogram:
    """A record's mammogram, with what the record knows of its kind and spacing.

    Args:
        record: What to read.
        reader: Open.
        look: See `mammoscope.io.looks`.

    Raises:
        InputError: If the image cannot be read.
    """
    mammogram = reader.read(Source(record.image.name, record.image), look)
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


def _prepare(path: Path, record: SegmentationRecord, recipe: Recipe, reader: Reader) -> None:
    """Keep an image, its other looks and its mask; the mask appears last."""
    mammogram = read(record, reader)
    small, _ = at_network_scale(as_shown(mammogram, recipe.raw), recipe.spacing_mm)
    others = _other_looks(mammogram, record, reader)
    looks = [_levels(to_shape(as_shown(other, recipe.raw), small.frame.shape)) for other in others]
    np.save(path.with_suffix(IMAGE), _levels(small))
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


def _levels(mammogram: Mammogram) -> UInt16[np.ndarray, "rows columns"]:
    most = np.iinfo(np.uint16).max
    return np.rint(np.clip(mammogram.pixels, 0, 1) * most).astype(np.uint16)


def _key(record: SegmentationRecord, recipe: Recipe) -> str:
    files = [(path.resolve(), path.stat()) for path in (record.image, record.truth)]
    stamps = [(str(path), stat.st_size, stat.st_mtime_ns) for path, stat in files]
    how = (record.kind, record.spacing_mm, record.says, record.mapping, recipe.spacing_mm, recipe.raw)
    return hashlib.sha256(repr((stamps, how)).encode()).hexdigest()[:24]
