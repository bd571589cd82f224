"""Marked MLO images to square frames with three landmarks, and the paper's word for each."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from jaxtyping import Float

from mammoscope.core import Frame
from mammoscope.io import Reader
from mammoscope.io.marks import MarkedImage
from mammoscope.learn.kept import Keeping, Kept, keep, key_of, levels
from mammoscope.positioning.marked import is_poor, marked, read
from mammoscope.positioning.preprocess import extend_line, preprocess
from mammoscope.positioning.recipe import Recipe

IMAGE: Final = ".image.npy"
TRUTH: Final = ".truth.json"


@dataclass(frozen=True, eq=False)
class Example:
    """One frame and what is known of it.

    Attributes:
        image: Uint8 or uint16, the whole range of its type is 0–1.
        points: (row, column) in pixels of the frame, in the order of `preprocess.ORDER`, the line's
            ends extended; they may lie outside.
        poor: Whether the foot of the nipple line lies outside of the image.
        frame: Where the pixels lie in the source.
        name: For messages; free of identity.
    """

    image: np.ndarray
    points: Float[np.ndarray, "3 2"]
    poor: bool
    frame: Frame
    name: str = ""

    def pixels(self) -> np.ndarray:
        """Float32 in 0–1."""
        return self.image.astype(np.float32) / np.float32(np.iinfo(self.image.dtype).max)


def prepare(
    records: Sequence[MarkedImage],
    recipe: Recipe,
    folder: Path,
    advance: Callable[[], None] = lambda: None,
) -> Kept:
    """Examples of records in their order, kept in a folder and read from it where they are kept.

    Args:
        records: What to read, see `marked.usable`.
        recipe: Its frame's size and the margin of its lines.
        folder: Where prepared arrays are kept.
        advance: Called after each image.

    Raises:
        InputError: If an image cannot be read.
        UsageError: If a landmark was not marked, or on an image of another shape.
    """
    how = Keeping(partial(_key, recipe=recipe), partial(_make, recipe=recipe), load, TRUTH)
    return keep(records, how, folder, advance)


def load(path: Path) -> Example:
    """A kept example; its pixels are read when they are looked at."""
    image = np.load(path.with_suffix(IMAGE), mmap_mode="r")
    held = json.loads(path.with_suffix(TRUTH).read_text())
    down, across = held["matrix"]
    frame = Frame(image.shape, tuple(held["source"]), (tuple(down), tuple(across)))
    return Example(image, np.array(held["points"]), held["poor"], frame, path.name)


def _make(path: Path, record: MarkedImage, reader: Reader, recipe: Recipe) -> None:
    lower, upper, nipple = marked(record)
    prepared = preprocess(read(record, reader), recipe.network.size)
    upper, lower = extend_line(upper, lower, record.shape, recipe.margin)
    points = prepared.frame.from_source(np.stack([lower, upper, nipple]))
    np.save(path.with_suffix(IMAGE), levels(prepared))
    held = {
        "points": points.tolist(), "poor": is_poor(record), "source": record.shape,
        "matrix": prepared.frame.matrix,
    }  # fmt: skip
    partial_file = path.with_suffix(".partial")
    partial_file.write_text(json.dumps(held))
    partial_file.replace(path.with_suffix(TRUTH))


def _key(record: MarkedImage, recipe: Recipe) -> str:
    points = marked(record).tolist()
    how = (record.kind, record.shape, points, recipe.network.size, recipe.margin)
    return key_of((record.image,), *how)
