"""The paper's patches: random boxes around a finding, or in a normal breast, and their augmentation.

Boxes are as in `mammoscope.scores.boxes`, in pixels of the image that is sampled: of its first pixel
the upper edge is at -0.5.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from jaxtyping import Bool, Float, Float32

from mammoscope.scores.boxes import Box

TRIES: Final = 50
"""Normal boxes are drawn so often, until one touches no finding."""
LEAST: Final = 1.0
"""Pixels: a box is never lower or narrower."""
Channels = np.ndarray
Patch = Float32[np.ndarray, "3 size size"]
Inside = Bool[np.ndarray, "small_rows small_columns"]


@dataclass(frozen=True)
class Sampling:
    """How boxes are drawn; every distribution is uniform.

    Attributes:
        area: Least and greatest, of the finding's area. Paper: 0.05 and 5.
        aspect: Least and greatest, of the finding's height over width. Paper: 0.33 and 1.66.
        shift: How far the centre moves down and across, in pixels. Paper: 50.
    """

    area: tuple[float, float] = (0.05, 5.0)
    aspect: tuple[float, float] = (0.33, 1.66)
    shift: float = 50.0


@dataclass(frozen=True)
class Jitter:
    """How patches are augmented. The paper names what is modified, not how much: all ours.

    Attributes:
        contrast: Largest relative change of each pixel's distance from the mean.
        brightness: Largest relative change of each pixel.
        saturation: Largest relative change of each channel's distance from the channels' mean.
        flip: Whether patches are mirrored, left to right and top to bottom, each in half of all.
        rotation: Largest angle in degrees.
    """

    contrast: float = 0.2
    brightness: float = 0.2
    saturation: float = 0.2
    flip: bool = True
    rotation: float = 15.0


def around_finding(box: Box, settings: Sampling, rng: np.random.Generator) -> Box:
    """A random box around a finding."""
    top, left, bottom, right = box
    down, across = rng.uniform(-settings.shift, settings.shift, 2)
    centre = (top + bottom) / 2 + down, (left + right) / 2 + across
    return _box(centre, (bottom - top, right - left), settings, rng)


def in_breast(
    inside: Inside,
    step: int,
    sizes: Float[np.ndarray, "n 2"],
    findings: Float[np.ndarray, "m 4"],
    settings: Sampling,
    rng: np.random.Generator,
) -> Box:
    """A random box of a breast that touches none of its findings, or as little as any of 50 does.

    Args:
        inside: Where the breast is, on a coarse grid; nowhere: the whole image.
        step: Rows and columns of the image in one place of that grid.
        sizes: Height and width of findings, of which one is drawn.
        findings: Boxes of the image's own; none where it is normal.
        settings: Area and aspect ratio, of the drawn size.
        rng: Of the draw.
    """
    places = np.argwhere(inside if inside.any() else np.ones_like(inside))
    drawn: list[tuple[float, Box]] = []
    while len(drawn) < TRIES and (not drawn or drawn[-1][0]):
        row, column = ((places[rng.integers(len(places))] + rng.uniform(0, 1, 2)) * step - 0.5).tolist()
        height, width = sizes[rng.integers(len(sizes))].tolist()
        box = _box((row, column), (height, width), settings, rng)
        drawn.append((_shared(box, findings), box))
    return min(drawn)[1]


def cut(channels: Channels, box: Box, size: int) -> Patch:
    """The part of an image in a box, resized to a square; zeros where it leaves the image.

    Args:
        channels: (3, rows, columns), uint8 or float32 in 0–1.
        box: Rounded to whole pixels, one at least.
        size: Rows and columns of the result.
    """
    top, left, bottom, right = (round(edge + 0.5) for edge in box)
    bottom, right = max(bottom, top + 1), max(right, left + 1)
    held = channels[:, max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
    whole = np.zeros((bottom - top, right - left, len(channels)), np.float32)
    first = max(-top, 0), max(-left, 0)
    if held.size:
        place = np.s_[first[0] : first[0] + held.shape[1], first[1] : first[1] + held.shape[2]]
        whole[place] = held.transpose(1, 2, 0)
    if channels.dtype == np.uint8:
        whole /= np.float32(255)
    shrinks = min(whole.shape[:2]) >= size
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    resized = cv2.resize(whole, (size, size), interpolation=method)
    return np.ascontiguousarray(resized.transpose(2, 0, 1))


def augmented(patch: Patch, settings: Jitter, rng: np.random.Generator) -> Patch:
    """A patch in 0–1 turned, mirrored, and with another contrast, brightness and saturation."""
    moved = _turned(patch, float(rng.uniform(-settings.rotation, settings.rotation)))
    if settings.flip:
        down, across = (1 - 2 * rng.integers(0, 2, 2)).tolist()
        moved = moved[:, ::down, ::across]
    changes = settings.contrast, settings.brightness, settings.saturation
    contrast, brightness, saturation = (1 + rng.uniform(-change, change) for change in changes)
    grey = moved.mean(axis=0, keepdims=True)
    changed = grey + saturation * (moved - grey)
    mean = changed.mean()
    changed = brightness * (mean + contrast * (changed - mean))
    return np.clip(changed, 0, 1).astype(np.float32)


def _box(
    centre: tuple[float, float],
    size: tuple[float, float],
    settings: Sampling,
    rng: np.random.Generator,
) -> Box:
    height, width = size
    area = height * width * rng.uniform(*settings.area)
    aspect = height / width * rng.uniform(*settings.aspect)
    half = max(np.sqrt(area * aspect), LEAST) / 2, max(np.sqrt(area / aspect), LEAST) / 2
    (row, column), (down, across) = centre, half
    return float(row - down), float(column - across), float(row + down), float(column + across)


def _shared(box: Box, findings: np.ndarray) -> float:
    """The largest share of the box, or of a finding, that lies in the other; 0 where none touch."""
    if not len(findings):
        return 0.0
    first = np.maximum(findings[:, :2], box[:2])
    last = np.minimum(findings[:, 2:], box[2:])
    common = np.prod(np.clip(last - first, 0, None), axis=1)
    own = (box[2] - box[0]) * (box[3] - box[1])
    theirs = np.prod(findings[:, 2:] - findings[:, :2], axis=1)
    return float((common / np.minimum(own, theirs)).max())


def _turned(patch: Patch, degrees: float) -> Patch:
    size = patch.shape[1]
    middle = ((size - 1) / 2,) * 2
    matrix = cv2.getRotationMatrix2D(middle, degrees, 1.0)
    turned = cv2.warpAffine(
        np.ascontiguousarray(patch.transpose(1, 2, 0)), matrix, (size, size),
        flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101,
    )  # fmt: skip
    return turned.transpose(2, 0, 1)
