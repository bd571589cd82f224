"""The shared blocks pretrained as a detector of the same lesions (section 4, pretraining).

The paper trains a Faster R-CNN for 80 epochs. Its second stage needs operators (pooling of regions,
suppression of what is not maximal) that torchvision does not bring where its build does not fit
torch's, as on any CPU installed from the package index. What stands here is its first stage, which
needs none and trains the same blocks with the same boxes: on each place of conv4_x, every 16 pixels,
whether a lesion's box holds the place, and how far its four edges are. One box a place instead of
anchors of several shapes, as in Tian et al., FCOS, ICCV 2019.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from mammoscope.learn.data import Tensors
from mammoscope.registration.examples import Example
from mammoscope.registration.loss import giou
from mammoscope.registration.network import Features, Settings

STRIDE: Final = 16
RARE: Final = 0.01
"""Probability of a lesion at a place that the head says at first (Lin et al., ICCV 2017)."""
FOCUS: Final = 2.0
"""γ of the focal loss."""
BALANCE: Final = 0.25
"""α of the focal loss."""


class Proposed(NamedTuple):
    """What the detector says of each place.

    Attributes:
        score: Before the sigmoid, (views, rows, columns).
        boxes: (views, rows, columns, 4): least x, least y, most x, most y, in pixels of the square.
    """

    score: Tensor
    boxes: Tensor


class Marked(NamedTuple):
    """What is true of each place.

    Attributes:
        lesion: Whether a lesion's box holds it, (batch, 2, rows, columns), 0 or 1.
        boxes: That box in pixels of the square, (batch, 2, rows, columns, 4); anything elsewhere.
    """

    lesion: Tensor
    boxes: Tensor


class Detector(nn.Module):
    """Squares of both views, (batch, 2, size, size), to proposals on each."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.features = Features(settings)
        wide = 4 * settings.planes[2]
        self.hidden = nn.Conv2d(wide, wide // 2, 3, padding=1)
        self.score, self.edges = nn.Conv2d(wide // 2, 1, 1), nn.Conv2d(wide // 2, 4, 1)
        nn.init.constant_(self.score.bias, float(np.log(RARE / (1 - RARE))))  # type: ignore[arg-type]

    def forward(self, images: Float[Tensor, "batch 2 size size"]) -> Proposed:
        """What is proposed on each view, the views of a pair one after the other."""
        hidden = torch.relu(self.hidden(self.features(images.flatten(0, 1)[:, None])))
        reach = STRIDE * torch.exp(self.edges(hidden).clamp(-4, 4)).permute(0, 2, 3, 1)
        places = _places(reach.shape[1:3]).to(reach)
        boxes = torch.cat([places - reach[..., :2], places + reach[..., 2:]], dim=-1)
        return Proposed(self.score(hidden)[:, 0], boxes)


def tensors(example: Example) -> Tensors:
    """Both squares, and what is true of each place of them."""
    images = torch.from_numpy(example.pixels())
    size = images.shape[-1]
    boxes = torch.from_numpy(((example.boxes + 1) * size - 1) / 2).float()
    marked = [_marked(boxes[:, view], size) for view in (0, 1)]
    lesion, around = zip(*marked, strict=True)
    return images, Marked(torch.stack(lesion), torch.stack(around))


def loss(said: Proposed, true: Marked) -> Float[Tensor, ""]:
    """Focal loss of the scores, and 1 - GIoU of the boxes where there is a lesion, per such place."""
    lesion, boxes = true.lesion.flatten(0, 1), true.boxes.flatten(0, 1)
    held = lesion > 0
    entropy = functional.binary_cross_entropy_with_logits(said.score, lesion, reduction="none")
    missed = 1 - torch.exp(-entropy)
    focal = torch.where(held, BALANCE, 1 - BALANCE) * missed**FOCUS * entropy
    apart = 1 - giou(said.boxes[held], boxes[held])
    return (focal.sum() + apart.sum()) / held.sum().clamp(min=1)


def found(said: Proposed, true: Marked) -> Mapping[str, Tensor]:
    """Share of views whose likeliest place lies in a lesion's box."""
    best = said.score.flatten(1).argmax(dim=1, keepdim=True)
    hit = true.lesion.flatten(0, 1).flatten(1).gather(1, best)
    return {"lesions found first": hit.mean()}


def _places(shape: torch.Size | tuple[int, ...]) -> Float[Tensor, "rows columns 2"]:
    """Where each place of conv4_x lies, (x, y) in pixels."""
    down, across = (STRIDE * torch.arange(length, dtype=torch.float32) for length in shape)
    y, x = torch.meshgrid(down, across, indexing="ij")
    return torch.stack([x, y], dim=-1)


def _marked(
    boxes: Float[Tensor, "lesions 4"], size: int
) -> tuple[Float[Tensor, "rows columns"], Float[Tensor, "rows columns 4"]]:
    """Places that a box holds, and the smallest one; the nearest to its middle is always held."""
    count = -(-size // STRIDE)
    places = _places((count, count))
    lesion, around = torch.zeros(count, count), torch.zeros(count, count, 4)
    for box in sorted(boxes, key=lambda one: -float((one[2:] - one[:2]).prod())):
        held = ((places >= box[:2]) & (places <= box[2:])).all(dim=-1)
        x, y = ((box[:2] + box[2:]) / 2 / STRIDE).round().long().clamp(0, count - 1).tolist()
        held[y, x] = True
        lesion[held], around[held] = 1.0, box
    return lesion, around
