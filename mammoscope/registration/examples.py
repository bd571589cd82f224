"""Pairs to squares with boxes, kept in files."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from jaxtyping import Bool, Float

from mammoscope.core import Frame, Mammogram
from mammoscope.core.settings import from_plain, to_plain
from mammoscope.io import Reader, Source
from mammoscope.io.pairs import Pair, PairedLesion
from mammoscope.learn.kept import Keeping, Kept, keep, key_of, levels
from mammoscope.registration.affine import normalised
from mammoscope.registration.prepare import prepare
from mammoscope.scores.boxes import Box, corners, rectified

IMAGES: Final = ".images.npy"
TRUTH: Final = ".truth.json"


@dataclass(frozen=True, eq=False)
class Example:
    """Both views of a breast on one square, with the lesions of both.

    Attributes:
        images: Uint8 or uint16, (2, size, size), the CC view first; the whole range of its type is
            0–1.
        boxes: Of each lesion, (lesions, 2, 4), the CC view first: least x, least y, most x, most y,
            normalised as in `mammoscope.registration.affine`.
        frames: Of the CC and of the MLO view's square.
        name: For messages; free of identity.
    """

    images: np.ndarray
    boxes: Float[np.ndarray, "lesions 2 4"]
    frames: tuple[Frame, Frame]
    name: str = ""

    def pixels(self) -> np.ndarray:
        """Float32 in 0–1, (2, size, size)."""
        return self.images.astype(np.float32) / np.float32(np.iinfo(self.images.dtype).max)

    def films(self) -> Bool[np.ndarray, "2 size size"]:
        """Where each square holds film and no padding."""
        return np.stack([film(frame) for frame in self.frames])


def prepared(
    pairs: Sequence[Pair], size: int, folder: Path, advance: Callable[[], None] = lambda: None
) -> Kept:
    """Examples of pairs in their order, kept in a folder and read from it where they are kept.

    Args:
        pairs: What to read.
        size: Rows and columns of the squares.
        folder: Where prepared arrays are kept.
        advance: Called after each pair.

    Raises:
        InputError: If an image cannot be read.
    """
    how = Keeping(partial(_key, size=size), partial(_make, size=size), load, TRUTH)
    return keep(pairs, how, folder, advance)


def example(
    cc: Mammogram, mlo: Mammogram, lesions: Sequence[PairedLesion], size: int, name: str = ""
) -> Example:
    """Both views of a breast as the network takes them."""
    squares = prepare(cc, size), prepare(mlo, size)
    frames = squares[0].frame, squares[1].frame
    boxes = [[_on(frames[0], one.cc), _on(frames[1], one.mlo)] for one in lesions]
    return Example(np.stack([levels(one) for one in squares]), np.array(boxes), frames, name)


def film(frame: Frame) -> Bool[np.ndarray, "size size"]:
    """Where the square of a view shows its source."""
    ends = np.array([[-0.5, -0.5], [frame.source[0] - 0.5, frame.source[1] - 0.5]])
    edges = np.rint(np.sort(frame.from_source(ends), axis=0) + 0.5).astype(int)
    (top, left), (bottom, right) = edges.tolist()
    shown = np.zeros(frame.shape, bool)
    shown[top:bottom, left:right] = True
    return shown


def load(path: Path) -> Example:
    """A kept example; its pixels are read when they are looked at."""
    images = np.load(path.with_suffix(IMAGES), mmap_mode="r")
    held = json.loads(path.with_suffix(TRUTH).read_text())
    frames = [from_plain(Frame, one) for one in held["frames"]]
    return Example(images, np.array(held["boxes"], float), (frames[0], frames[1]), path.name)


def _make(path: Path, pair: Pair, reader: Reader, size: int) -> None:
    cc, mlo = (reader.read(Source(image.name, image)) for image in (pair.cc, pair.mlo))
    made = example(cc, mlo, pair.lesions, size)
    np.save(path.with_suffix(IMAGES), made.images)
    held = {"boxes": made.boxes.tolist(), "frames": [to_plain(frame) for frame in made.frames]}
    partial_file = path.with_suffix(".partial")
    partial_file.write_text(json.dumps(held))
    partial_file.replace(path.with_suffix(TRUTH))


def _key(pair: Pair, size: int) -> str:
    boxes = [(one.identifier, one.cc, one.mlo) for one in pair.lesions]
    return key_of((pair.cc, pair.mlo), boxes, size)


def _on(frame: Frame, box: Box) -> list[float]:
    """A box of the source as least x, least y, most x, most y of the square."""
    points = normalised(frame.from_source(corners(np.array(box, float))), frame.shape[0])
    return rectified(points).tolist()
