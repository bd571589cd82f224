"""One image under two names: told by its pixels, whatever the names and the containers of its files.

A digest is of the order of the grey levels: it stays where a container scales them otherwise. Copies
that were compressed with loss, cropped or resized apart are not caught.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np
from jaxtyping import Real

from mammoscope.errors import InputError, UsageError
from mammoscope.io import Reader
from mammoscope.io.recorded import read_recorded
from mammoscope.io.screening import FoundScreening, ScreeningImage
from mammoscope.learn.kept import key_of

MOST: Final = np.iinfo(np.uint16).max
AGAIN: Final = "images that are another of the same woman again"


def digest(pixels: Real[np.ndarray, "rows columns"]) -> str:
    """SHA-256 of shape and ranks of the grey levels, of which 16 bits tell apart.

    Example:
        >>> pixels = np.array([[0, 10], [10, 255]], np.uint8)
        >>> digest(pixels) == digest(pixels / np.float32(255)) != digest(pixels.T[::-1])
        True
    """
    low, high = float(pixels.min()), float(pixels.max())
    scale = np.float32(MOST / ((high - low) or 1.0))
    levels = np.rint((pixels.astype(np.float32) - np.float32(low)) * scale).astype(np.uint16)
    ranks = np.cumsum(np.bincount(levels.ravel(), minlength=MOST + 1) > 0) - 1
    told = hashlib.sha256(repr(pixels.shape).encode())
    told.update(np.ascontiguousarray(ranks.astype(np.uint16)[levels]).data)
    return told.hexdigest()


def digests(
    records: Sequence[ScreeningImage], kept: Path, advance: Callable[[], None] = lambda: None
) -> list[str | None]:
    """Of the image of each record; what a file keeps from before is not read again.

    Args:
        records: What to read, one after another.
        kept: A file of lines; it grows by one for each image that is read.
        advance: Called after each image.

    Returns:
        A digest for each record; None where its image cannot be read, which whoever uses it will say.
    """
    known = _known(kept)
    found: list[str | None] = []
    with Reader() as reader, kept.open("a", encoding="utf-8") as file:
        file.write("\n" if known else "")
        for record in records:
            key = key_of((record.image,))
            if key not in known and (told := _read(record, reader)):
                known[key] = told
                file.write(json.dumps([key, told]) + "\n")
                file.flush()
            found.append(known.get(key))
            advance()
    return found


def distinct(images: Sequence[ScreeningImage], digests: Sequence[str | None]) -> FoundScreening:
    """Every image once: of those of one woman with the same pixels the first is kept.

    Args:
        images: Of one data set or several.
        digests: Of each: of its pixels, or of an array that was made of them; None: of no other.

    Raises:
        UsageError: If images with the same pixels are of two women, or disagree about side, view or
            cancer.
    """
    first: dict[str, ScreeningImage] = {}
    kept: list[ScreeningImage] = []
    for image, told in zip(images, digests, strict=True):
        if told is None or told not in first:
            kept.append(image)
        if told is not None:
            _check(first.setdefault(told, image), image)
    again = len(images) - len(kept)
    return FoundScreening(kept, {AGAIN: again} if again else {})


def _read(record: ScreeningImage, reader: Reader) -> str | None:
    try:
        return digest(read_recorded(record.image, record.kind, record.spacing, reader).pixels)
    except InputError:
        return None


def _check(one: ScreeningImage, other: ScreeningImage) -> None:
    both = (
        f"{one.image.name} of {one.woman} and {other.image.name} of {other.woman} hold the same pixels"
    )
    if (one.dataset, one.woman) != (other.dataset, other.woman):
        raise UsageError(f"{both}: an image is of one woman, correct the table or take both out")
    if _about(one) != _about(other):
        raise UsageError(f"{both}, but differ in side, view or cancer: correct the table")


def _about(image: ScreeningImage) -> tuple[object, ...]:
    return image.laterality, image.view, image.cancer


def _known(kept: Path) -> dict[str, str]:
    """Digests by key; a line that an earlier run had no time to finish says nothing."""
    found: dict[str, str] = {}
    for line in kept.read_text(encoding="utf-8").splitlines() if kept.is_file() else ():
        with suppress(ValueError):
            key, told = json.loads(line)
            found[key] = told
    return found
