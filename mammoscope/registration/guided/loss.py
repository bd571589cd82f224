"""What the guided network is taught: where partners lie, by anatomy alone and by all it sees."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from mammoscope.registration.guided.examples import Truth
from mammoscope.registration.guided.frame import CELL, RARE, WIDE
from mammoscope.registration.guided.network import VIEWS, Said, sampled

FAR: Final = 10.0
"""In mm."""


@dataclass(frozen=True)
class Weights:
    """Of the parts of the loss.

    Attributes:
        sigma: Of the Gaussian around a true partner that a search is to find, in mm.
        anatomy: Of how surprising partners are by anatomy alone.
        warp: Of the distance of partners from the warp, for each `FAR` it is off.
        lesion: Of lesions found on each view by itself.
        smooth: Of the squared change of the shift from cell to cell.
    """

    sigma: float = 3.0
    anatomy: float = 0.3
    warp: float = 0.2
    lesion: float = 0.5
    smooth: float = 0.02


class Expected(NamedTuple):
    """Where anatomy alone expects the partners of points, in mm of the frame."""

    centre: Float[Tensor, "batch points 2"]
    spread: Float[Tensor, "batch points 2"]


def loss(said: Said, truth: Truth, weights: Weights) -> Float[Tensor, ""]:
    """Cross entropies of searches and of lesions, surprise of the warp, and its roughness."""
    total = weights.lesion * lesion_loss(said, truth) + weights.smooth * roughness(said)
    for view in range(VIEWS):
        partners, trust = truth.partners[:, view], truth.trust[:, view]
        expected = by_anatomy(said, truth.points[:, view], view)
        scores = search(said, truth.points[:, view], expected, view)
        each = crossed(scores, partners, weights.sigma)
        each = each + weights.anatomy * surprise(expected, partners)
        off = warped(said, truth.points[:, view], view) - partners
        each = each + weights.warp * torch.sqrt((off / FAR).square().sum(dim=2) + 0.01)
        total = total + (each * trust).sum() / (VIEWS * trust.sum().clamp(min=1e-6))
    return total


def by_anatomy(said: Said, points: Float[Tensor, "batch points 2"], view: int) -> Expected:
    """The mean place of partners of points of a view, and how far around they may lie."""
    centre = points + at(said.centre[:, view], points)
    return Expected(centre, torch.exp(at(said.spread[:, view], points)))


def warped(
    said: Said, points: Float[Tensor, "batch points 2"], view: int
) -> Float[Tensor, "batch points 2"]:
    """Points of a view through the warp, on the other view."""
    return points + at(said.shift[:, view], points)


def search(
    said: Said, points: Float[Tensor, "batch points 2"], expected: Expected, view: int
) -> Float[Tensor, "batch points rows columns"]:
    """Logarithms of the probability of each cell of the other view, for each point of this one."""
    asks, answers = at(said.asks[:, view], points), said.answers[:, 1 - view]
    alike = torch.einsum("bpf,bfrc->bprc", asks, answers) / answers.shape[1] ** 0.5
    rows, columns = answers.shape[-2:]
    down = centres(rows, answers)[:, None] - expected.centre[..., 0, None, None]
    across = centres(columns, answers) - expected.centre[..., 1, None, None]
    scores = alike + density(down, across, expected.spread[..., None, None, :])
    return torch.log_softmax(scores.flatten(2), dim=2).reshape(scores.shape)


def density(down: Tensor, across: Tensor, spread: Tensor) -> Tensor:
    """Logarithm of a normal density with a wider one beneath it, for what lies far off."""
    squared = (down / spread[..., 0]) ** 2 + (across / spread[..., 1]) ** 2
    scale = torch.log(spread).sum(dim=-1)
    narrow = torch.log(squared.new_tensor(1 - RARE)) - squared / 2
    wide = torch.log(squared.new_tensor(RARE / WIDE**2)) - squared / (2 * WIDE**2)
    return torch.logaddexp(narrow, wide) - scale


def surprise(expected: Expected, partners: Tensor) -> Float[Tensor, "batch points"]:
    """Minus the logarithm of the density, by anatomy alone, at the true partners."""
    off = partners - expected.centre
    return -density(off[..., 0], off[..., 1], expected.spread)


def crossed(scores: Tensor, partners: Tensor, sigma: float) -> Float[Tensor, "batch points"]:
    """Cross entropy of searches against a Gaussian around the true partners."""
    rows, columns = scores.shape[-2:]
    down = centres(rows, scores) - partners[..., 0, None]
    across = centres(columns, scores) - partners[..., 1, None]
    by_row = torch.softmax(-(down**2) / (2 * sigma**2), dim=-1)
    by_column = torch.softmax(-(across**2) / (2 * sigma**2), dim=-1)
    return -torch.einsum("bprc,bpr,bpc->bp", scores, by_row, by_column)


def lesion_loss(said: Said, truth: Truth) -> Float[Tensor, ""]:
    """Cross entropy of where lesions lie, over the views that have marked ones."""
    wanted = truth.lesions.flatten(2)
    known = wanted.sum(dim=2)
    scores = torch.log_softmax(said.lesion.flatten(2), dim=2)
    return -(wanted * scores).sum() / known.sum().clamp(min=1e-6)


def roughness(said: Said) -> Float[Tensor, ""]:
    """Mean squared change of the shift from one cell to the next."""
    shift = said.shift.flatten(0, 1)
    down, across = shift.diff(dim=2), shift.diff(dim=3)
    return (down**2).mean() + (across**2).mean()


def figures(said: Said, truth: Truth) -> Mapping[str, Tensor]:
    """Mean distance, in mm, of true partners from the warp's and from the likeliest place."""
    apart: dict[str, list[Tensor]] = {"warp mm": [], "mean mm": [], "search mm": []}
    for view in range(VIEWS):
        certain = truth.trust[:, view] > 0
        partners = truth.partners[:, view]
        expected = by_anatomy(said, truth.points[:, view], view)
        scores = search(said, truth.points[:, view], expected, view)
        apart["mean mm"].append((expected.centre - partners).norm(dim=2)[certain])
        by_warp = warped(said, truth.points[:, view], view)
        apart["warp mm"].append((by_warp - partners).norm(dim=2)[certain])
        apart["search mm"].append((likeliest(scores) - partners).norm(dim=2)[certain])
    return {name: torch.cat(values).mean() for name, values in apart.items()}


def likeliest(scores: Float[Tensor, "batch points rows columns"]) -> Float[Tensor, "batch points 2"]:
    """The middle of the cell of highest probability, in mm of the frame."""
    best = scores.flatten(2).argmax(dim=2)
    columns = scores.shape[-1]
    return torch.stack([best // columns, best % columns], dim=2) * CELL + (CELL - 1) / 2


def at(
    values: Float[Tensor, "batch channels rows columns"], points: Float[Tensor, "batch points 2"]
) -> Float[Tensor, "batch points channels"]:
    """Values of the cells at points in mm of the frame, bilinear."""
    cells = (points - (CELL - 1) / 2) / CELL
    return sampled(values, cells[:, None])[:, :, 0].transpose(1, 2)


def centres(count: int, like: Tensor) -> Tensor:
    """Where cells lie in mm of the frame: 1.5, 5.5, 9.5."""
    return torch.arange(count, dtype=like.dtype, device=like.device) * CELL + (CELL - 1) / 2
