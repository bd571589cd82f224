"""Marked images as the heatmap network learns from them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import cv2
import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from mammoscope.core import Mammogram
from mammoscope.image.scale import stretched
from mammoscope.learn.augment import Augmentation, decorated
from mammoscope.learn.data import Tensors, View
from mammoscope.learn.warp import Geometry, draw_warp
from mammoscope.positioning.heatmaps.layout import CHANNELS
from mammoscope.positioning.heatmaps.network import STRIDE

UNKNOWN: Final = 255
BEYOND: Final = 4.0
"""How many pixels a landmark may lie outside of a view and still be looked for at its edge."""


@dataclass(frozen=True, eq=False)
class Example:
    """An image as `layout.seen` gives it, with what is known of it.

    Attributes:
        image: Uint8, its range stretched, the chest wall on the left.
        mask: 0 background, 1 breast, 2 muscle, 255 unknown.
        points: Where each channel's landmark lies; None: not shown; absent: unknown.
        trust: How much each landmark's mark counts, 1 where absent.
        in_profile: Whether the nipple is; None where unknown.
        name: For messages; free of identity.
    """

    image: UInt8[np.ndarray, "rows columns"]
    mask: UInt8[np.ndarray, "rows columns"]
    points: Mapping[str, Float[np.ndarray, "2"] | None]
    trust: Mapping[str, float] = field(default_factory=dict)
    in_profile: bool | None = None
    name: str = ""


class Truth(NamedTuple):
    """What is known of a view; NaN where nothing is.

    Attributes:
        points: Row, column and trust of each channel's landmark, in the view's pixels.
        shown: 1 or 0 for each channel's landmark and, last, the nipple's being in profile. Nothing is
            known of a landmark that lies outside of the view: whole images show it.
        mask: Class of each second pixel; 255 where unknown.
    """

    points: Float[Tensor, "*batch landmarks 3"]
    shown: Float[Tensor, "*batch landmarks_and_profile"]
    mask: Tensor


def grey(mammogram: Mammogram) -> UInt8[np.ndarray, "rows columns"]:
    """An image at the network's scale as 8 bits, stretched as it will be when the network runs."""
    return np.rint(stretched(mammogram.pixels) * 255).astype(np.uint8)


def augmented(augmentation: Augmentation, around: str | None = None) -> View:
    """A random view: the same warp moves picture, mask and points.

    Args:
        augmentation: What is drawn.
        around: A landmark near which the view lies, the only one that its truth holds; None: the
            view lies anywhere, and its truth holds all.
    """
    channels = CHANNELS if around is None else (around,)

    def view(example: Example, rng: np.random.Generator) -> Tensors:
        middle = None if around is None else example.points[around]
        warp = draw_warp(example.image.shape, augmentation.geometry, rng, middle)
        image = warp.of(example.image.astype(np.float32) / 255)
        mask = warp.of(example.mask, cv2.INTER_NEAREST)
        known = np.where(mask == UNKNOWN, 1, mask).astype(np.uint8)
        image, _ = decorated(image, known, augmentation, rng)
        image = stretched(image)
        names = [name for name in channels if example.points.get(name) is not None]
        places = np.array([example.points[name] for name in names]).reshape(-1, 2)
        moved = dict(zip(names, warp.points(places), strict=True))
        return _tensors(example, image, mask, moved, channels)

    return view


def still(augmentation: Augmentation, around: str) -> Callable[[Example], Tensors]:
    """A view around a landmark that is always the same and changes nothing else."""
    geometry = Geometry(0.0, 0.0, 0.0, 0.0, 1.0, 0.0, augmentation.geometry.crop, 0)
    plain = Augmentation(0.0, geometry, gamma=(1.0, 1.0), noise=(0.0, 0.0))
    view = augmented(plain, around)
    return lambda example: view(example, np.random.default_rng(0))


def padded(multiple: int) -> Callable[[Example], Tensors]:
    """The whole image, with zeros to multiples of a number."""

    def whole(example: Example) -> Tensors:
        short = [(0, -length % multiple) for length in example.mask.shape]
        image = np.pad(example.image.astype(np.float32) / 255, short)
        points = {name: point for name, point in example.points.items() if point is not None}
        return _tensors(example, image, np.pad(example.mask, short), points, CHANNELS)

    return whole


def _tensors(
    example: Example,
    image: np.ndarray,
    mask: np.ndarray,
    points: Mapping[str, np.ndarray],
    channels: Sequence[str],
) -> Tensors:
    limit = np.array(image.shape) - 1 + BEYOND
    lines, shown = np.full((len(channels), 3), np.nan), np.full(len(channels) + 1, np.nan)
    for place, name in enumerate(channels):
        if name not in example.points:
            continue
        point = points.get(name)
        if point is None:
            shown[place] = 0
        elif ((point >= -BEYOND) & (point <= limit)).all():
            shown[place] = 1
            lines[place] = *point, example.trust.get(name, 1.0)
    if example.in_profile is not None and shown[channels.index("nipple")] == 1:
        shown[-1] = example.in_profile
    coarse = np.ascontiguousarray(mask[::STRIDE, ::STRIDE]).astype(np.int64)
    truth = Truth(torch.tensor(lines).float(), torch.tensor(shown).float(), torch.from_numpy(coarse))
    return torch.from_numpy(np.ascontiguousarray(image, np.float32))[None], truth
