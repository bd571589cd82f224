"""Random views of breasts, drawn where the network is, and what is known of them."""

from collections.abc import Callable, Sequence
from typing import Final

import torch
from jaxtyping import Float
from torch import Tensor

from mammoscope.learn.data import Tensors
from mammoscope.learn.resident import Stacked, VaryingView
from mammoscope.learn.varied import (
    Moves,
    canvas,
    decorated,
    drawn,
    heat,
    inside,
    moved,
    moved_boxes,
)
from mammoscope.screening.pooled.examples import Example
from mammoscope.screening.pooled.loss import Truth
from mammoscope.screening.pooled.questions import IMAGE, MASS, RIGHT
from mammoscope.screening.pooled.recipe import Recipe

MOST: Final = 6
"""Masses of an image that are learnt; those beyond teach nothing."""


def stacked(examples: Sequence[Example]) -> Stacked:
    """Fused images of 8 bits, sizes, boxes and answers of masses, answers of images; NaN: none."""
    images, sizes = canvas([one.breast.image for one in examples])
    boxes = torch.full((len(examples), MOST, 4), torch.nan)
    masses = torch.full((len(examples), MOST, len(MASS)), torch.nan)
    about = torch.full((len(examples), len(IMAGE)), torch.nan)
    for place, one in enumerate(examples):
        count = min(len(one.masses), MOST)
        boxes[place, :count] = torch.from_numpy(one.breast.boxes[:count])
        masses[place, :count] = torch.from_numpy(one.masses[:count])
        about[place] = torch.from_numpy(one.about)
    return images, sizes, boxes, masses, about


def varied(recipe: Recipe) -> VaryingView:
    """Each breast turned, resized, mirrored and shown in another way: a mass, or any part of it."""

    def view(stack: Stacked, generator: torch.Generator) -> Tensors:
        images, sizes, boxes, masses, about = stack
        moves = drawn(sizes, recipe.variation, inside(recipe.crop), generator)
        moves = towards(boxes, moves, recipe.near, recipe.shift, generator)
        shown = decorated(moved(images, moves, recipe.crop), recipe.variation, generator)
        return shown, _truth(boxes, masses, about, moves, recipe)

    return view


def towards(
    boxes: Float[Tensor, "batch boxes 4"],
    moves: Moves,
    near: float,
    shift: float,
    generator: torch.Generator,
) -> Moves:
    """Some views moved to one of their masses, whichever.

    Args:
        boxes: NaN where there is none.
        moves: Where views lie.
        near: Share of views that are moved.
        shift: Largest way from a view's middle to that of its mass, in pixels of the view.
        generator: Of the device.
    """

    def draw(*shape: int) -> Tensor:
        return torch.rand(len(boxes), *shape, generator=generator, device=boxes.device)

    middles = (boxes[..., :2] + boxes[..., 2:]) / 2
    there = ~torch.isnan(middles[..., 0])
    chosen = torch.where(there, draw(boxes.shape[1]), -1.0).argmax(dim=1)
    middle = middles[torch.arange(len(boxes), device=boxes.device), chosen]
    apart = torch.einsum("bij,bj->bi", moves.linear, shift * (2 * draw(2) - 1))
    moved_there = (draw() < near) & there.any(dim=1)
    return moves._replace(middle=torch.where(moved_there[:, None], middle + apart, moves.middle))


def still(recipe: Recipe) -> Callable[[Example], Tensors]:
    """The breast as it is, its middle in the middle."""

    def whole(example: Example) -> Tensors:
        images, sizes, boxes, masses, about = stacked([example])
        moves = Moves.none(sizes)
        truth = _truth(boxes, masses, about, moves, recipe)
        return moved(images, moves, recipe.crop)[0], Truth(*(part[0] for part in truth))

    return whole


def _truth(boxes: Tensor, masses: Tensor, about: Tensor, moves: Moves, recipe: Recipe) -> Truth:
    """Of a mirrored breast the side is the other."""
    placed = moved_boxes(boxes, moves, recipe.crop)
    around, _ = heat(placed, recipe.crop, recipe.spread)
    side = torch.where(moves.mirrored, 1 - about[:, RIGHT], about[:, RIGHT])
    about = about.index_copy(1, torch.tensor([RIGHT], device=about.device), side[:, None])
    return Truth(torch.nan_to_num(around, nan=0.0), masses, about)
