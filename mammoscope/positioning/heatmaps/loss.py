"""What the heatmap network is taught: places, whether they are shown, and the mask besides."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from mammoscope.positioning.heatmaps.examples import UNKNOWN, Truth
from mammoscope.positioning.heatmaps.network import Said, cell_centres, expectation


@dataclass(frozen=True)
class Weights:
    """Of the parts of the loss, and the width of a target.

    Attributes:
        sigma: Of the Gaussian around a marked point that the heatmap is to be, in input pixels.
        distance: Of the mean's distance from the mark, for each sigma it is off.
        shown: Of whether landmarks are shown.
        mask: Of the classes of pixels.
    """

    sigma: float = 3.0
    distance: float = 0.2
    shown: float = 0.3
    mask: float = 0.5


def loss(said: Said, truth: Truth, weights: Weights) -> Tensor:
    """Cross entropy of heatmaps, distance of their means, cross entropies of the rest.

    The heatmap that is taught with a Gaussian by cross entropy becomes the probability of the
    landmark's place, blurred by the Gaussian: its spread says how sure the network is.
    """
    return (
        places_loss(said, truth, weights.sigma)
        + weights.distance * distance_loss(said, truth, weights.sigma)
        + weights.shown * shown_loss(said, truth)
        + weights.mask * nn.functional.cross_entropy(said.mask, truth.mask, ignore_index=UNKNOWN)
    )


def places_loss(said: Said, truth: Truth, sigma: float) -> Tensor:
    """Cross entropy of each heatmap against a Gaussian around the mark, less the Gaussian's own."""
    rows, columns = said.heat.shape[-2:]
    off_row = cell_centres(rows, said.heat) - truth.points[..., 0, None]
    off_column = cell_centres(columns, said.heat) - truth.points[..., 1, None]
    by_row = torch.softmax(-(torch.nan_to_num(off_row) ** 2) / (2 * sigma**2), dim=-1)
    by_column = torch.softmax(-(torch.nan_to_num(off_column) ** 2) / (2 * sigma**2), dim=-1)
    scores = torch.log_softmax(said.heat.flatten(2), dim=2).reshape(said.heat.shape)
    crossed = -torch.einsum("blrc,blr,blc->bl", scores, by_row, by_column)
    own = -(torch.xlogy(by_row, by_row).sum(-1) + torch.xlogy(by_column, by_column).sum(-1))
    return _mean(crossed - own, truth)


def distance_loss(said: Said, truth: Truth, sigma: float) -> Tensor:
    """Distance of each heatmap's mean from the mark, in sigmas, smooth near zero."""
    off = (expectation(said.heat)[..., :2] - torch.nan_to_num(truth.points[..., :2])) / sigma
    return _mean(torch.sqrt((off**2).sum(dim=-1) + 0.01), truth)


def shown_loss(said: Said, truth: Truth) -> Tensor:
    """Cross entropy of what is shown, over what is known."""
    known = torch.isfinite(truth.shown)
    if not known.any():
        return said.shown.sum() * 0
    return nn.functional.binary_cross_entropy_with_logits(said.shown[known], truth.shown[known])


def figures(said: Said, truth: Truth, landmarks: Sequence[str]) -> dict[str, Tensor]:
    """Mean distance of each landmark from its mark, in input pixels."""
    off = (expectation(said.heat)[..., :2] - truth.points[..., :2]).norm(dim=-1)
    return {f"{name} px": torch.nanmean(off[:, place]) for place, name in enumerate(landmarks)}


def _mean(values: Tensor, truth: Truth) -> Tensor:
    """Mean over the marked landmarks, each as much as its mark is trusted."""
    trust = torch.nan_to_num(truth.points[..., 2])
    return (torch.nan_to_num(values) * trust).sum() / trust.sum().clamp(min=1e-6)
