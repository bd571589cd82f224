"""Random views of breasts, drawn where the network is, and what is to be said of them."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from mammoscope.findings.dense.loss import Truth
from mammoscope.findings.dense.recipe import Recipe
from mammoscope.image.windows import CELL
from mammoscope.learn.boxed import Example
from mammoscope.learn.data import Tensors
from mammoscope.learn.resident import Stacked, VaryingView
from mammoscope.learn.varied import (
    LEAST,
    Moves,
    canvas,
    decorated,
    drawn,
    heat,
    inside,
    moved,
    moved_boxes,
)


def stacked(examples: Sequence[Example]) -> Stacked:
    """Fused images of 8 bits, (n, 3, rows, columns), sizes, boxes and their kinds, -1: none."""
    images, sizes = canvas([one.image for one in examples])
    most = max(1, *(len(one.boxes) for one in examples))
    boxes, kinds = torch.zeros(len(examples), most, 4), torch.full((len(examples), most), -1)
    for place, one in enumerate(examples):
        boxes[place, : len(one.boxes)] = torch.from_numpy(one.boxes).float()
        kinds[place, : len(one.kinds)] = torch.from_numpy(one.kinds)
    return images, sizes, boxes, kinds


def varied(recipe: Recipe) -> VaryingView:
    """Each breast turned, resized, shifted, mirrored and shown in another way."""

    def view(stack: Stacked, generator: torch.Generator) -> Tensors:
        images, sizes, boxes, kinds = stack
        moves = drawn(sizes, recipe.variation, inside(recipe.crop), generator)
        shown = decorated(moved(images, moves, recipe.crop), recipe.variation, generator)
        return shown, _truth(moved_boxes(boxes, moves, recipe.crop), kinds, recipe)

    return view


def still(recipe: Recipe) -> Callable[[Example], Tensors]:
    """The breast as it is, its middle in the middle."""

    def whole(example: Example) -> Tensors:
        images, sizes, boxes, kinds = stacked([example])
        moves = Moves.none(sizes)
        shown = moved(images, moves, recipe.crop)
        truth = _truth(moved_boxes(boxes, moves, recipe.crop), kinds, recipe)
        return shown[0], Truth(*(part[0] for part in truth))

    return whole


def _truth(boxes: Tensor, kinds: Tensor, recipe: Recipe) -> Truth:
    """Heat and boxes of the cells of a view."""
    around, ways = heat(boxes, recipe.crop, recipe.spread)
    around = around * (kinds >= 0)[..., None, None]
    nearest = around.argmax(dim=1, keepdim=True)
    logs = torch.log(2 * boxes[..., 2:].clamp(min=LEAST * CELL) / CELL)[..., None, None]
    box = torch.cat([ways / CELL, logs.expand_as(ways)], dim=2)
    box = box.gather(1, nearest[:, :, None].expand(-1, 1, 4, -1, -1))[:, 0]
    of_class = [
        torch.where((kinds == kind)[..., None, None], around, 0).amax(dim=1)
        for kind in range(recipe.network.classes)
    ]
    return Truth(torch.stack(of_class, dim=1), box)
