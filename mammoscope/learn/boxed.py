"""Breasts with boxes of their findings, kept small in one file. No torch."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from jaxtyping import Float, Int, UInt8

QUALITY: Final = 80
"""Of the JPEG that images are kept as."""


@dataclass(frozen=True, eq=False)
class Example:
    """One breast at the network's scale.

    Attributes:
        image: Uint8, its range stretched.
        boxes: Of its findings: top, left, bottom, right in pixels, edges as points.
        kinds: Of each, its place among the network's classes.
        name: Of the image; free of identity beyond the data set's pseudonyms.
        woman: A pseudonym: sets are split by her.
    """

    image: UInt8[np.ndarray, "rows columns"]
    boxes: Float[np.ndarray, "findings 4"]
    kinds: Int[np.ndarray, " findings"] = field(default_factory=lambda: np.zeros(0, int))
    name: str = ""
    woman: str = ""


def save_examples(path: Path, examples: Sequence[Example]) -> None:
    """Write examples to one file, images as JPEG."""
    coded = [_coded(one.image) for one in examples]
    np.savez(
        path,
        bytes=np.concatenate(coded),
        sizes=np.array([len(one) for one in coded]),
        boxes=np.concatenate([one.boxes for one in examples]),
        kinds=np.concatenate([one.kinds for one in examples]),
        counts=np.array([len(one.boxes) for one in examples]),
        names=np.array([one.name for one in examples]),
        women=np.array([one.woman for one in examples]),
    )


def load_examples(path: Path) -> list[Example]:
    """Read what `save_examples` wrote."""
    with np.load(path) as kept:
        stored = {name: kept[name] for name in kept.files}
    images = np.split(stored["bytes"], np.cumsum(stored["sizes"])[:-1])
    cuts = np.cumsum(stored["counts"])[:-1]
    boxes, kinds = np.split(stored["boxes"], cuts), np.split(stored["kinds"], cuts)
    names, women = stored["names"].tolist(), stored["women"].tolist()
    with ThreadPoolExecutor() as pool:
        grey = pool.map(lambda coded: cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), images)
        known = zip(grey, boxes, kinds, names, women, strict=True)
        return [Example(np.asarray(image), *others) for image, *others in known]


def resized(example: Example, size: float) -> Example:
    """The same at another scale.

    Args:
        example: At some scale.
        size: Over that: 0.6 from pixels of 0.3 mm to 0.5 mm.
    """
    if size == 1:
        return example
    image = cv2.resize(example.image, None, fx=size, fy=size, interpolation=cv2.INTER_AREA)
    return replace(example, image=image, boxes=(example.boxes + 0.5) * size - 0.5)


def _coded(image: np.ndarray) -> np.ndarray:
    _, coded = cv2.imencode(".jpg", image, (cv2.IMWRITE_JPEG_QUALITY, QUALITY))
    return coded.reshape(-1)
