"""One image under two names: told by its pixels, whatever the names and the containers of its files.

A digest is of the order of the grey levels: it stays where a container scales them otherwise. Copies
that were compressed with loss, cropped or resized apart are not caught.
"""

import hashlib
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
from mammoscope.learn.kept import Keeping, keep, key_of

MOST: Final = np.iinfo(np.uint16).max
SUFFIX: Final = ".sha256"
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


def once(
    records: Sequence[ScreeningImage],
    folder: Path,
    workers: int = 1,
    advance: Callable[[], None] = lambda: None,
) -> FoundScreening:
    """Records whose image is no other's, and how many were; see `distinct`.

    Args:
        records: Of one data set or several.
        folder: Where digests are kept: an image is read once, and again where its file has changed.
        workers: Processes that read, each one image at a time.
        advance: Called after each file.

    Raises:
        UsageError: As `distinct`.
    """
    return distinct(records, digests(records, folder, workers, advance))


def digests(
    records: Sequence[ScreeningImage],
    folder: Path,
    workers: int = 1,
    advance: Callable[[], None] = lambda: None,
) -> list[str | None]:
    """Of each record's image, see `once`; None where it cannot be read, as its next reader says."""
    files = {record.image: record for record in records}
    how = Keeping(lambda record: key_of((record.image,), "digest"), _keep, _kept, SUFFIX)
    told = dict(zip(files, keep(list(files.values()), how, folder, advance, workers), strict=True))
    return [told[record.image] or None for record in records]


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


def _check(one: ScreeningImage, other: ScreeningImage) -> None:
    names = [f"{name} of {of.woman}" for name, of in zip(_names(one, other), (one, other), strict=True)]
    both = f"{' and '.join(names)} hold the same pixels"
    if (one.dataset, one.woman) != (other.dataset, other.woman):
        raise UsageError(f"{both}: an image is of one woman, correct the table or take both out")
    if _about(one) != _about(other):
        raise UsageError(f"{both}, but differ in side, view or cancer: correct the table")


def _names(one: ScreeningImage, other: ScreeningImage) -> tuple[str, str]:
    """Their places from where these part."""
    parts, others = one.image.parts, other.image.parts
    pairs = enumerate(zip(parts, others, strict=False))
    first = next((place for place, (this, that) in pairs if this != that), -1)
    return "/".join(parts[first:]), "/".join(others[first:])


def _about(image: ScreeningImage) -> tuple[object, ...]:
    return image.laterality, image.view, image.cancer


def _keep(path: Path, record: ScreeningImage, reader: Reader) -> None:
    """A file with a digest; with nothing for an image that cannot be read."""
    told = ""
    with suppress(InputError):
        told = digest(read_recorded(record.image, record.kind, record.spacing, reader).pixels)
    unfinished = path.with_suffix(f"{SUFFIX}-unfinished")
    unfinished.write_text(told, encoding="ascii")
    unfinished.replace(path.with_suffix(SUFFIX))


def _kept(path: Path) -> str:
    return path.with_suffix(SUFFIX).read_text(encoding="ascii")
