"""Section 3.1: masked mean squared error and generalised intersection over union, all differentiable.

What the paper leaves open, and what is done here:

- Eq. 2 sums squared errors; λ = 1000 presumes a mean. Here it is the mean over the overlap, on the
  scale 0–255 (ImageNet's mean, which is subtracted from both views, cancels).
- The overlap (Fig. 2): where the film of the registered CC view and that of the MLO view both reach.
  Padding belongs to neither. It is binary, so no gradient flows through it. Where nothing overlaps
  the mean is over the MLO view's film, else to push the CC view out of the picture would cost nothing.
- Of a pair with several lesions L_GIoU is the mean over those that are given.
"""

from typing import Final, NamedTuple

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from mammoscope.registration.network import Registered, resampled

SCALE: Final = 255.0
LEAST: Final = 1e-9
"""No area is smaller than this, in squared units of the boxes."""


class Truth(NamedTuple):
    """What a batch is measured against.

    Attributes:
        mlo: The fixed view, (batch, 1, size, size), in 0–1.
        films: Where the square holds film and no padding, (batch, 2, size, size), bool, CC first.
        boxes: Of the lesions, (batch, lesions, 2, 4), CC first: least x, least y, most x, most y,
            normalised.
    """

    mlo: Tensor
    films: Tensor
    boxes: Tensor


class Parts(NamedTuple):
    """The loss of a batch in its two parts, before λ."""

    mse: Tensor
    giou: Tensor


def parts(said: Registered, true: Truth) -> Parts:
    """L_MSE and L_GIoU (Eq. 2 and 1 - Eq. 3), averaged over the batch."""
    shared = overlap(said.theta, true.films)
    cc, mlo = true.boxes.unbind(dim=2)
    mapped = rectified(through_inverse(corners(cc), said.theta))
    return Parts(masked_mse(true.mlo, said.cc, shared).mean(), (1 - giou(mlo, mapped)).mean())


def total(said: Registered, true: Truth, weight: float) -> Float[Tensor, ""]:
    """Eq. 4: L_MSE + λ L_GIoU.

    Args:
        said: What the network answered.
        true: What it is measured against.
        weight: λ.
    """
    mse, giou_loss = parts(said, true)
    return mse + weight * giou_loss


def masked_mse(
    fixed: Float[Tensor, "batch 1 size size"],
    registered: Float[Tensor, "batch 1 size size"],
    mask: Bool[Tensor, "batch 1 size size"],
) -> Float[Tensor, " batch"]:
    """Eq. 2 as a mean over the mask, on the scale 0–255."""
    squared = (SCALE * (fixed - registered) * mask) ** 2
    return squared.sum(dim=(1, 2, 3)) / mask.sum(dim=(1, 2, 3))


def overlap(
    theta: Float[Tensor, "batch 2 3"], films: Bool[Tensor, "batch 2 size size"]
) -> Bool[Tensor, "batch 1 size size"]:
    """M of Eq. 2: where the registered film of the CC view and that of the MLO view both reach.

    All of the MLO view's film where they have nothing in common.
    """
    with torch.no_grad():
        moved, fixed = resampled(films[:, :1].to(theta), theta) > 0.5, films[:, 1:]
        shared = moved & fixed
        return shared | (fixed & ~shared.flatten(1).any(dim=1)[:, None, None, None])


def corners(boxes: Float[Tensor, "*any 4"]) -> Float[Tensor, "*any 4 2"]:
    """The four corners (x, y) of upright boxes."""
    left, top, right, bottom = boxes.unbind(dim=-1)
    pairs = [(left, top), (right, top), (right, bottom), (left, bottom)]
    return torch.stack([torch.stack(pair, dim=-1) for pair in pairs], dim=-2)


def through_inverse(
    points: Float[Tensor, "batch lesions n 2"], theta: Float[Tensor, "batch 2 3"]
) -> Float[Tensor, "batch lesions n 2"]:
    """Points (x, y) of the CC view on the MLO view: p with θ p = point."""
    moved = points - theta[:, None, None, :, 2]
    return torch.linalg.solve(theta[:, None, :, :2], moved.mT).mT


def rectified(points: Float[Tensor, "*any n 2"]) -> Float[Tensor, "*any 4"]:
    """The smallest upright box around points."""
    return torch.cat([points.amin(dim=-2), points.amax(dim=-2)], dim=-1)


def giou(one: Float[Tensor, "*any 4"], other: Float[Tensor, "*any 4"]) -> Float[Tensor, "*any"]:
    """Eq. 3: IoU - (A_c - U) / A_c. The numpy twin is `mammoscope.scores.boxes.giou`."""
    (start, end), (first, last) = (torch.tensor_split(box, 2, dim=-1) for box in (one, other))
    shared = _area(torch.maximum(start, first), torch.minimum(end, last))
    union = (_area(start, end) + _area(first, last) - shared).clamp(min=LEAST)
    around = _area(torch.minimum(start, first), torch.maximum(end, last)).clamp(min=LEAST)
    return shared / union - (around - union) / around


def _area(first: Float[Tensor, "*any 2"], last: Float[Tensor, "*any 2"]) -> Float[Tensor, "*any"]:
    return (last - first).clamp(min=0).prod(dim=-1)
