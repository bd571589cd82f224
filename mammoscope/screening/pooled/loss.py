"""What the network is taught: where masses lie, what they are, and the score that is pooled of both."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from mammoscope.learn.focal import soft_focal
from mammoscope.screening.pooled.network import Said

SEEN: Final = 0.5
"""A mass counts where the heat of some cell is more: its middle lies in the view."""
LEAST: Final = 1e-4
GAMMA: Final = 2.0
"""Exponent of the focal loss."""


class Truth(NamedTuple):
    """What is known of images. Answers are 1 yes, 0 no, NaN unknown.

    Attributes:
        heat: Of each mass 1 at its middle, falling to its edges, in cells; 0 of one that is not there.
        mass: Answers of `mammoscope.screening.pooled.questions.MASS`, of each mass.
        image: Answers of `questions.IMAGE`.
    """

    heat: Float[Tensor, "*batch masses rows columns"]
    mass: Float[Tensor, "*batch masses questions"]
    image: Float[Tensor, "*batch about"]


@dataclass(frozen=True)
class Weights:
    """Of the parts of the loss.

    Attributes:
        where: Of finding masses.
        malignant: Of the malignancy of their cells.
        described: Of every other question about a mass.
        image: Of every question about the image.
        pooled: Of the image's score.
        smooth: Share of doubt in a pathology: a malignant image is taught 1 - smooth.
    """

    where: float = 0.5
    malignant: float = 1.0
    described: float = 0.1
    image: float = 0.05
    pooled: float = 1.0
    smooth: float = 0.05


def loss(said: Said, truth: Truth, weights: Weights) -> Float[Tensor, ""]:
    """All parts; a question without an answer, and a mass beyond the view, teach nothing."""
    seen = truth.heat.flatten(2).amax(dim=2) > SEEN
    of_mass = mass_losses(said, truth, seen, weights.smooth)
    each = [weights.malignant] + [weights.described] * (of_mass.shape[0] - 1)
    return (
        weights.where * where_loss(said, truth)
        + (of_mass * of_mass.new_tensor(each)).sum()
        + weights.image * image_losses(said, truth).sum()
        + weights.pooled * pooled_loss(said, truth, seen, weights.smooth)
    )


def where_loss(said: Said, truth: Truth) -> Float[Tensor, ""]:
    """The findings paper's focal loss of where masses lie, over all cells, per mass of heat one."""
    near = truth.heat.amax(dim=1)
    return soft_focal(said.where, near, GAMMA).sum() / near.sum().clamp(min=1)


def mass_losses(
    said: Said, truth: Truth, seen: Bool[Tensor, "batch masses"], smooth: float = 0.0
) -> Float[Tensor, " questions"]:
    """Cross entropy of each question over the cells of each mass, weighted by its heat.

    Args:
        said: In cells.
        truth: Of the same images.
        seen: Masses that count.
        smooth: Share of doubt in malignancy.
    """
    heat = truth.heat.flatten(2)
    heat = heat / heat.sum(dim=2, keepdim=True).clamp(min=LEAST)
    scores = said.mass.flatten(2)
    known = ~torch.isnan(truth.mass) & seen[..., None]
    answers = torch.where(known, truth.mass, 0)
    doubt = torch.zeros(answers.shape[2], device=answers.device)
    doubt[0] = smooth
    answers = answers * (1 - 2 * doubt) + doubt
    no = torch.einsum("bmc,bqc->bmq", heat, nn.functional.softplus(scores))
    mean = torch.einsum("bmc,bqc->bmq", heat, scores)
    return masked_mean(no - answers * mean, known, dims=(0, 1))


def image_losses(said: Said, truth: Truth) -> Float[Tensor, " about"]:
    """Cross entropy of each question about the image, of the mean of its cells."""
    scores = said.image.flatten(2).mean(dim=2)
    known = ~torch.isnan(truth.image)
    answers = torch.where(known, truth.image, 0)
    each = nn.functional.binary_cross_entropy_with_logits(scores, answers, reduction="none")
    return masked_mean(each, known, dims=(0,))


def pooled_loss(
    said: Said, truth: Truth, seen: Bool[Tensor, "batch masses"], smooth: float = 0.0
) -> Float[Tensor, ""]:
    """Cross entropy of the pooled score: an image is malignant where one of its masses is."""
    malignant = truth.mass[..., 0]
    wanted = torch.nan_to_num(malignant, nan=0.0).amax(dim=1)
    known = seen.any(dim=1) & ~torch.isnan(malignant).all(dim=1)
    wanted = wanted * (1 - 2 * smooth) + smooth
    yes, no = log_pooled(said)
    return masked_mean(-(wanted * yes + (1 - wanted) * no), known)


def log_pooled(said: Said) -> tuple[Float[Tensor, " batch"], Float[Tensor, " batch"]]:
    """Logarithms of the score and of one minus it: malignancy of the cells, weighted by attention."""
    attention, malignant = said.attention.flatten(1), said.mass[:, 0].flatten(1)
    yes = torch.logsumexp(attention + nn.functional.logsigmoid(malignant), dim=1)
    no = torch.logsumexp(attention + nn.functional.logsigmoid(-malignant), dim=1)
    return yes, no


def masked_mean(
    values: Tensor, known: Bool[Tensor, "*any"], dims: tuple[int, ...] | None = None
) -> Tensor:
    """The mean of known values over some dimensions, or all; 0 where none is known."""
    over = dims or tuple(range(values.ndim))
    kept = torch.where(known, values, 0)
    return kept.sum(dim=over) / known.sum(dim=over).clamp(min=1)
