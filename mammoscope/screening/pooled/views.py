"""Random views of breasts, drawn where the network is, and what is known of them."""

from collections.abc import Callable, Sequence
from typing import Final

import torch
from torch import Tensor

from mammoscope.learn.data import Tensors
from mammoscope.learn.resident import Stacked, VaryingView
from mammoscope.learn.varied import Moves, canvas, decorated, drawn, heat, moved, moved_boxes
from mammoscope.screening.pooled.examples import Example
from mammoscope.screening.pooled.frame import CELL
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
    """Each breast turned, resized, shifted, mirrored and shown in another way."""

    def view(stack: Stacked, generator: torch.Generator) -> Tensors:
        images, sizes, boxes, masses, about = stack
        moves = drawn(sizes, recipe.variation, recipe.crop, generator)
        shown = decorated(moved(images, moves, recipe.crop), recipe.variation, generator)
        return shown, _truth(boxes, masses, about, moves, recipe)

    return view


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
    around, _ = heat(placed, recipe.crop, recipe.spread, margin=0, cell=CELL)
    side = torch.where(moves.mirrored, 1 - about[:, RIGHT], about[:, RIGHT])
    about = about.index_copy(1, torch.tensor([RIGHT], device=about.device), side[:, None])
    return Truth(torch.nan_to_num(around, nan=0.0), masses, about)
