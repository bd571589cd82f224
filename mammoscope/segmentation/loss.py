"""Weighted cross entropy and weighted focal loss as in section 2.2.3, Eq. 1–3.

Both sum over all classes: where a class is not the truth, its term is -log(1 - p). This is not
the usual cross entropy, which has the true class's term only.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor


def weighted_loss(
    scores: Float[Tensor, "batch classes rows columns"],
    truth: Int[Tensor, "batch rows columns"],
    alpha: Float[Tensor, " classes"],
    gamma: float,
) -> Float[Tensor, ""]:
    """Mean over all pixels of - sum over c of alpha_c (1 - p_t,c)^gamma log p_t,c.

    p_t,c is p_c where c is the truth and 1 - p_c elsewhere (Eq. 2). With gamma 0 it is the
    weighted cross entropy (Eq. 1), with gamma 2 the paper's focal loss (Eq. 3). The paper's remark
    that gamma = 1 gives cross entropy must mean 0. It is silent on how pixels are
    put together: we take the mean.

    Args:
        scores: Class scores before the softmax.
        truth: Class of each pixel.
        alpha: Weight of each class; the paper: 1, 1 and 2 for the pectoral muscle.
        gamma: 0 or more.
    """
    likelihood = _log_likelihood(scores, truth)
    if gamma:
        likelihood = likelihood * (1 - likelihood.exp()) ** gamma
    return -(likelihood * alpha[:, None, None]).sum(dim=1).mean()


def _log_likelihood(scores: Tensor, truth: Tensor) -> Tensor:
    """The logarithm of p_t,c, exact where a probability rounds to 0 or 1."""
    whole = torch.logsumexp(scores, dim=1, keepdim=True)
    classes = range(scores.shape[1])
    others = torch.stack(
        [torch.logsumexp(scores[:, [k for k in classes if k != c]], dim=1) for c in classes], dim=1
    )
    is_truth = truth[:, None] == torch.arange(scores.shape[1], device=truth.device)[:, None, None]
    return torch.where(is_truth, scores, others) - whole
