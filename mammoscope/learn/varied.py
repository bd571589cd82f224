"""Random views of whole breasts, drawn for a batch at once where the network is."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from mammoscope.image.equalised import fused
from mammoscope.image.windows import CELL, MARGIN

Crop = tuple[int, int]
LEAST: Final = 0.75
"""Least half side of a box, in cells: one cell at least is its own."""


@dataclass(frozen=True)
class Variation:
    """How a breast is shown in training, drawn anew at every step.

    Attributes:
        turn: Largest rotation, in degrees.
        scale: Largest logarithm of the size: most film here is of a nominal scale.
        aspect: Largest logarithm of height over width.
        shift: Largest way from the middle, in pixels.
        gamma: Largest logarithm of the exponent of grey values.
        contrast: Largest logarithm of the contrast around the mean.
        brightness: Largest shift of grey values.
        apart: The same, of each of the three channels by itself.
        noise: Largest deviation of Gaussian noise.
    """

    turn: float = 25.0
    scale: float = 0.3
    aspect: float = 0.1
    shift: float = 48.0
    gamma: float = 0.35
    contrast: float = 0.3
    brightness: float = 0.1
    apart: float = 0.05
    noise: float = 0.04


class Moves(NamedTuple):
    """Where views lie in their images.

    Attributes:
        linear: From points (row, column) around the middle of a view to points around `middle`.
        middle: Of each view, in pixels of its image.
    """

    linear: Float[Tensor, "batch 2 2"]
    middle: Float[Tensor, "batch 2"]

    @classmethod
    def none(cls, sizes: Tensor) -> "Moves":
        """Each image as it is, its middle in the middle of the view."""
        return cls(torch.eye(2, device=sizes.device).expand(len(sizes), 2, 2), (sizes - 1) / 2)

    @property
    def mirrored(self) -> Tensor:
        """Whether left and right have changed places, (batch,) of bool."""
        return self.linear[:, 1, 1] < 0


def canvas(images: Sequence[np.ndarray]) -> tuple[Tensor, Tensor]:
    """Fused images of 8 bits as one tensor, filled up with zeros, and the size of each.

    Args:
        images: Uint8, (rows, columns) of any size.

    Returns:
        (n, 3, rows, columns) of uint8, and (n, 2) of rows and columns.
    """
    sizes = torch.tensor([image.shape for image in images])
    channels = torch.zeros(len(images), 3, *sizes.amax(dim=0).tolist(), dtype=torch.uint8)

    def put(place: int) -> None:
        rows, columns = images[place].shape
        shown = np.rint(fused(images[place].astype(np.float32) / 255) * 255).astype(np.uint8)
        channels[place, :, :rows, :columns] = torch.from_numpy(shown)

    with ThreadPoolExecutor() as pool:
        list(pool.map(put, range(len(images))))
    return channels, sizes


def drawn(sizes: Tensor, variation: Variation, area: Crop, generator: torch.Generator) -> Moves:
    """Each breast turned, resized, mirrored either way, and shifted.

    Args:
        sizes: Rows and columns of each image, (batch, 2).
        variation: How much.
        area: Rows and columns of a view that are asked about: a larger image is seen in part.
        generator: Of the device.
    """

    def draw(*shape: int) -> Tensor:
        count = len(sizes)
        return 2 * torch.rand(count, *shape, generator=generator, device=sizes.device) - 1

    angle = torch.deg2rad(variation.turn * draw())
    turn = torch.stack([torch.cos(angle), -torch.sin(angle), torch.sin(angle), torch.cos(angle)], dim=1)
    size = variation.scale * draw(1) + variation.aspect * draw(2) / 2
    mirror = torch.where(draw(2) > 0, 1.0, -1.0)
    linear = turn.view(-1, 2, 2) * (torch.exp(-size) * mirror)[:, None, :]
    asked = torch.tensor(area, device=sizes.device)
    beyond = (sizes * torch.exp(size) - asked).clamp(min=0) / 2 + variation.shift
    return Moves(linear, (sizes - 1) / 2 + draw(2) * beyond * torch.exp(-size))


def moved(images: Tensor, moves: Moves, crop: Crop) -> Float[Tensor, "batch channels rows columns"]:
    """Images of 8 bits, as 0–1, at the points of their views; zeros beyond them."""
    steps = [torch.arange(side, device=images.device) - (side - 1) / 2 for side in crop]
    points = torch.stack(torch.meshgrid(*steps, indexing="ij"), dim=-1)
    places = torch.einsum("bij,rcj->brci", moves.linear, points) + moves.middle[:, None, None]
    shape = torch.tensor(images.shape[2:], device=images.device)
    grid = ((2 * places + 1) / shape - 1).flip(-1)
    return nn.functional.grid_sample(images.float() / 255, grid, align_corners=False)


def moved_boxes(
    boxes: Float[Tensor, "batch boxes 4"], moves: Moves, crop: Crop
) -> Float[Tensor, "batch boxes 4"]:
    """Middles and half sides (row, column, half height, half width) of boxes in pixels of a view.

    Boxes are top, left, bottom, right; a turned one has the sides of the ellipse in it.
    """
    centre = torch.tensor([(side - 1) / 2 for side in crop], device=boxes.device)
    back = torch.linalg.inv(moves.linear)
    middles = (boxes[..., :2] + boxes[..., 2:]) / 2 - moves.middle[:, None]
    middles = torch.einsum("bij,bnj->bni", back, middles)
    halves = (boxes[..., 2:] - boxes[..., :2]) / 2
    sides = torch.sqrt(torch.einsum("bij,bnj->bni", back**2, halves**2))
    return torch.cat([middles + centre, sides], dim=-1)


def inside(crop: Crop) -> Crop:
    """Rows and columns of a view that windows answer for."""
    return crop[0] - 2 * MARGIN, crop[1] - 2 * MARGIN


def heat(
    boxes: Float[Tensor, "batch boxes 4"],
    crop: Crop,
    spread: float,
    margin: int = MARGIN,
    cell: int = CELL,
) -> tuple[Float[Tensor, "batch boxes rows columns"], Float[Tensor, "batch boxes 2 rows columns"]]:
    """Around each box of `moved_boxes` a Gaussian of the cells, and ways from them to its middle.

    Args:
        boxes: None is taken to have smaller half sides than `LEAST` cells.
        crop: Rows and columns of a view.
        spread: Standard deviation in half sides of a box.
        margin: Of a view, for which there are no cells, in pixels.
        cell: Side of a cell, in pixels.

    Returns:
        1 at the middle of a box, falling to its edges; rows and columns of pixels.
    """
    rows, columns = (
        torch.arange((side - 2 * margin) // cell, device=boxes.device) * cell + margin + (cell - 1) / 2
        for side in crop
    )
    down = boxes[..., 0, None, None] - rows[:, None]
    across = boxes[..., 1, None, None] - columns
    halves = boxes[..., 2:].clamp(min=LEAST * cell)[..., None, None]
    far = (down / halves[:, :, 0]) ** 2 + (across / halves[:, :, 1]) ** 2
    ways = torch.stack([down.expand_as(far), across.expand_as(far)], dim=2)
    return torch.exp(-far / (2 * spread**2)), ways


def decorated(
    images: Float[Tensor, "batch channels rows columns"],
    variation: Variation,
    generator: torch.Generator,
) -> Float[Tensor, "batch channels rows columns"]:
    """Other grey values, the same in all channels but for a little, and noise."""
    count, channels, device = len(images), images.shape[1], images.device

    def draw(most: float, apart: float = 0.0) -> Tensor:
        common = 2 * torch.rand(count, 1, 1, 1, generator=generator, device=device) - 1
        alone = 2 * torch.rand(count, channels, 1, 1, generator=generator, device=device) - 1
        return most * common + apart * alone

    images = images.clamp(min=0) ** torch.exp(draw(variation.gamma, variation.apart))
    mean = images.mean(dim=(2, 3), keepdim=True)
    images = (images - mean) * torch.exp(draw(variation.contrast, variation.apart)) + mean
    images = images + draw(variation.brightness, variation.apart)
    deviation = variation.noise * torch.rand(count, 1, 1, 1, generator=generator, device=device)
    noise = torch.randn(images.shape, generator=generator, device=device)
    return (images + deviation * noise).clamp(0, 1)
