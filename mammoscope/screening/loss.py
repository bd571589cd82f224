"""The paper's loss: cancer weighted against its rarity, and what else each image is known to be."""

from typing import Final, NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from mammoscope.screening.network import Head, Said

MISSING: Final = -1
"""The class of a value that nobody knows."""


class Truth(NamedTuple):
    """What is known of images.

    Attributes:
        cancer: 1 or 0.
        auxiliary: The class of each head; `MISSING` where unknown.
    """

    cancer: Float[Tensor, " *batch"]
    auxiliary: Int[Tensor, "*batch heads"]


def loss(
    said: Said, truth: Truth, heads: tuple[Head, ...], cancer_weight: float, auxiliary_weight: float
) -> Float[Tensor, ""]:
    """Cancer's loss, and the mean of the heads' times a weight (5.3.1, 5.3.3).

    Args:
        said: By the network.
        truth: Of the same images.
        heads: What the auxiliary scores stand for.
        cancer_weight: Of a cancer image; another weighs 1.
        auxiliary_weight: Of the mean of the heads' losses.
    """
    total = cancer_loss(said.cancer, truth.cancer, cancer_weight)
    if not heads:
        return total
    return total + auxiliary_weight * auxiliary_losses(said.auxiliary, truth.auxiliary, heads).mean()


def cancer_loss(
    scores: Float[Tensor, " batch"], cancer: Float[Tensor, " batch"], weight: float
) -> Float[Tensor, ""]:
    """Mean cross entropy, a cancer's times a weight (5.3.1)."""
    return nn.functional.binary_cross_entropy_with_logits(
        scores, cancer, pos_weight=scores.new_tensor(weight)
    )


def auxiliary_losses(
    scores: Float[Tensor, "batch classes"],
    truth: Int[Tensor, "batch heads"],
    heads: tuple[Head, ...],
) -> Float[Tensor, " heads"]:
    """Mean cross entropy of each head over the images whose value is known; 0 where none is.

    "Cross-entropy auxiliary targets" (3), of eleven columns (5.3.3). That a missing value teaches
    nothing is ours: the paper is silent.
    """
    parts = torch.split(scores, [len(head.classes) for head in heads], dim=1)
    sums = [
        nn.functional.cross_entropy(part, truth[:, place], ignore_index=MISSING, reduction="sum")
        for place, part in enumerate(parts)
    ]
    return torch.stack(sums) / (truth != MISSING).sum(dim=0).clamp(min=1)
