"""What the dense network is taught: soft scores of cells by a focal loss, and boxes."""

from typing import Final, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from mammoscope.learn.focal import soft_focal

NEAR: Final = 0.3
"""Cells whose target is above this learn the finding's box."""


class Truth(NamedTuple):
    """What is known of a batch, in cells.

    Attributes:
        heat: Of each class 1 at the middle of a finding, falling towards its edges.
        box: From the cell's middle to the box's, and logarithms of its sides, of the nearest finding.
    """

    heat: Float[Tensor, "batch classes rows columns"]
    box: Float[Tensor, "batch 4 rows columns"]


def loss(
    answer: Float[Tensor, "batch answers rows columns"], truth: Truth, gamma: float, box: float
) -> Float[Tensor, ""]:
    """The focal loss of the scores, and `box` times the smooth L1 loss of the boxes near findings."""
    classes = truth.heat.shape[1]
    scores, boxes = answer[:, :classes], answer[:, classes:]
    near = truth.heat.amax(dim=1, keepdim=True)
    near = torch.where(near > NEAR, near, 0)
    off = nn.functional.smooth_l1_loss(boxes, truth.box, reduction="none").mean(dim=1, keepdim=True)
    placed = (near * off).sum() / near.sum().clamp(min=1)
    return soft_focal(scores, truth.heat, gamma).sum() / truth.heat.sum().clamp(min=1) + box * placed
