"""Pairs of views as the guided network learns from them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import cv2
import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from mammoscope.image.scale import stretched
from mammoscope.learn.augment import Augmentation, decorated
from mammoscope.learn.data import Tensors, View
from mammoscope.registration.guided.frame import CELL, COLUMNS, MARGIN, NIPPLE, ROWS

POINTS: Final = 8
"""Pairs of points that are drawn of each training pair."""
WITHIN: Final = 0.3
"""How far from a lesion's middle a point is drawn, as a share of its box."""


class Lesion(NamedTuple):
    """A lesion's box on one view, in mm of the frame."""

    row: float
    column: float
    height: float
    width: float


@dataclass(frozen=True, eq=False)
class Example:
    """Both views of a breast in the common frame with a margin, CC first.

    Attributes:
        images: Uint8, each view's range stretched.
        masks: 0 outside, else breast or muscle.
        lesions: Of each view.
        pairs: The same lesion on both views: its place in each view's `lesions`.
        points: Places of the same tissue on both views, (n, 2, 2) in mm of the frame; of phantoms.
        weight: How often it is seen, relative to others.
        name: For messages; free of identity.
    """

    images: UInt8[np.ndarray, "2 wide_rows wide_columns"]
    masks: UInt8[np.ndarray, "2 wide_rows wide_columns"]
    lesions: tuple[tuple[Lesion, ...], tuple[Lesion, ...]]
    pairs: tuple[tuple[int, int], ...] = ()
    points: Float[np.ndarray, "n 2 2"] = field(default_factory=lambda: np.zeros((0, 2, 2)))
    weight: float = 1.0
    name: str = ""


class Truth(NamedTuple):
    """What is known of a pair, for points of CC and then of MLO.

    Attributes:
        points: Asked on each view, in mm of the frame.
        partners: Where they lie on the other.
        trust: 0 where nothing is known.
        lesions: Where lesions lie, in cells; a view's sum to one, or are zero where none is marked.
    """

    points: Float[Tensor, "*batch 2 points 2"]
    partners: Float[Tensor, "*batch 2 points 2"]
    trust: Float[Tensor, "*batch 2 points"]
    lesions: Float[Tensor, "*batch 2 rows columns"]


@dataclass(frozen=True)
class Jitter:
    """How each view is moved by itself, as landmarks that are a little off would move it.

    Attributes:
        shift: Standard deviation of the nipple's place, in mm.
        rotation: Of the axis, in degrees.
        scale: Of the logarithm of the size: of both views alike.
        apart: Of the logarithm of the size: of each view by itself.
    """

    shift: float = 2.5
    rotation: float = 4.0
    scale: float = 0.08
    apart: float = 0.04


def augmented(augmentation: Augmentation, jitter: Jitter, sigma: float = 4.0) -> View:
    """A random view of a pair: each image moved and shown in another way, the truth moved along."""

    def view(example: Example, rng: np.random.Generator) -> Tensors:
        common = rng.normal(0, jitter.scale)
        moves = [_move(jitter, common, rng) for _ in range(2)]
        images = []
        for image, mask, move in zip(example.images, example.masks, moves, strict=True):
            shown = _warped(image.astype(np.float32) / 255, move, cv2.INTER_LINEAR)
            known = _warped(mask, move, cv2.INTER_NEAREST)
            shown, _ = decorated(shown, known, augmentation, rng)
            images.append(stretched(shown))
        return torch.from_numpy(np.stack(images)), _truth(example, moves, sigma, rng)

    return view


def still(sigma: float = 4.0) -> Callable[[Example], Tensors]:
    """The pair as it is, without its margin, and its truth at the middles of its lesions."""

    def whole(example: Example) -> Tensors:
        inner = example.images[:, MARGIN : MARGIN + ROWS, MARGIN : MARGIN + COLUMNS]
        images = np.stack([stretched(image.astype(np.float32) / 255) for image in inner])
        rng = np.random.default_rng(0)
        truth = _truth(example, [np.eye(2, 3)] * 2, sigma, rng, within=0.0)
        return torch.from_numpy(images), truth

    return whole


def _move(jitter: Jitter, common: float, rng: np.random.Generator) -> np.ndarray:
    """From points (row, column) of the frame to where they are moved, about the nipple."""
    angle = np.radians(rng.normal(0, jitter.rotation))
    scale = np.exp(common + rng.normal(0, jitter.apart))
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = np.array(NIPPLE)
    shift = rng.normal(0, jitter.shift, 2)
    return np.column_stack([turn, middle - turn @ middle + shift])


def _warped(image: np.ndarray, move: np.ndarray, method: int) -> np.ndarray:
    """A prepared image without its margin, moved."""
    wide = move.copy()
    wide[:, 2] -= move[:, :2] @ np.full(2, MARGIN)
    columns_first = wide[::-1][:, [1, 0, 2]]
    return cv2.warpAffine(image, columns_first, (COLUMNS, ROWS), flags=method)


def _truth(
    example: Example,
    moves: list[np.ndarray],
    sigma: float,
    rng: np.random.Generator,
    within: float = WITHIN,
) -> Truth:
    asked, partners = np.zeros((2, POINTS, 2)), np.zeros((2, POINTS, 2))
    trust = np.zeros((2, POINTS))
    if len(example.points):
        drawn = example.points[rng.integers(len(example.points), size=POINTS)]
        asked[:] = drawn.transpose(1, 0, 2)
        partners[:] = asked[::-1]
        trust[:] = 1 / POINTS
    for place, (cc, mlo) in enumerate(example.pairs[:POINTS]):
        both = example.lesions[0][cc], example.lesions[1][mlo]
        for view, lesion in enumerate(both):
            off = rng.uniform(-within, within, 2) * (lesion.height, lesion.width) if within else 0
            asked[view, place] = np.array(lesion[:2]) + off
            partners[view, place] = both[1 - view][:2]
            trust[view, place] = 1
    for view in range(2):
        asked[view] = asked[view] @ moves[view][:, :2].T + moves[view][:, 2]
        partners[view] = partners[view] @ moves[1 - view][:, :2].T + moves[1 - view][:, 2]
    heat = np.stack([_heat(example.lesions[view], moves[view], sigma) for view in range(2)])
    return Truth(*(torch.from_numpy(part).float() for part in (asked, partners, trust, heat)))


def _heat(lesions: tuple[Lesion, ...], move: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussians around lesions, in cells; all zero where none is marked."""
    rows, columns = (np.arange(size // CELL) * CELL + (CELL - 1) / 2 for size in (ROWS, COLUMNS))
    heat = np.zeros((len(rows), len(columns)))
    for lesion in lesions:
        row, column = move[:, :2] @ np.array(lesion[:2]) + move[:, 2]
        down, across = (rows - row) / sigma, (columns - column) / sigma
        heat += np.exp(-(down[:, None] ** 2 + across**2) / 2)
    return heat / max(heat.sum(), 1e-6)
