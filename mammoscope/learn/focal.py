"""The focal loss of the findings paper, for targets between 0 and 1 too."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


def soft_focal(
    scores: Float[Tensor, "*any"], target: Float[Tensor, "*any"], gamma: float
) -> Float[Tensor, "*any"]:
    """The paper's focal loss for a target between 0 and 1; at 0 and at 1 it is the paper's.

    Source:
        Li et al., Generalized focal loss, NeurIPS 2020, Eq. 3.
    """
    entropy = nn.functional.binary_cross_entropy_with_logits(scores, target, reduction="none")
    return (target - torch.sigmoid(scores)).abs() ** gamma * entropy
