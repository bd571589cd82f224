"""The five models of section 3.3.

What the paper leaves open, and what is done here:

- Filters of the U-Nets: 64 to 1,024 over five scales, as in the code that its authors published.
- How a U-Net yields six numbers: as in that code, six channels, averaged over a grid of 16 × 16,
  and one linear layer over all of them. What it says is a fraction of the frame, times its size.
- W_gate and W_x: 1 × 1, as in that code, with as many filters as X has, for the formula multiplies
  them one by one. That code ends the gate in one channel more, with a convolution and batch norms
  that the paper does not write; the formula of section 3.3 is what stands here. Since the sigmoid is
  of a rectified sum, ψ is never below one half.
- The finest skip connection has no gate, as in that code.
- CoordConv stands in the place of the first scale's convolutions, as in that code.
- Upsampling and the plain U-Net's batch norms and padding: as in the segmentation room. In that
  code the plain U-Net has neither.
- ResNeXt50 with one channel: ImageNet's filters summed over the colours. In that code they are
  drawn anew.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn

from mammoscope.errors import SettingsError
from mammoscope.learn.blocks import DoubleConvolution, Down, Up
from mammoscope.learn.pretrained import backbone
from mammoscope.positioning.preprocess import OUTPUTS, QUALITY, SIZE

Model = Literal["u-net", "attention u-net", "coordatt u-net", "r-resnext50", "resnext50"]
GRID: Final = 16
COARSEST: Final = 32
RESNEXT: Final = "resnext50_32x4d"


@dataclass(frozen=True)
class Settings:
    """What the network is made of.

    Attributes:
        model: One of the paper's five.
        channels: Filters of a U-Net at each scale, finest first. Paper: silent.
        size: Rows and columns of the frame. Paper: 512 (section 3.1).

    Raises:
        SettingsError: If a network of these settings cannot be.
    """

    model: Model = "coordatt u-net"
    channels: tuple[int, ...] = (64, 128, 256, 512, 1024)
    size: int = SIZE

    def __post_init__(self) -> None:
        if len(self.channels) < 2 or min(self.channels) < 1:
            raise SettingsError(f"a U-Net needs two scales or more, got {self.channels}")
        if self.size < COARSEST or self.size % self.multiple:
            raise SettingsError(f"the frame's size is a multiple of {self.multiple}, got {self.size}")

    @property
    def multiple(self) -> int:
        """The frame's size is a multiple of this."""
        return COARSEST if self.backbone else max(GRID, 1 << (len(self.channels) - 1))

    @property
    def backbone(self) -> bool:
        """Whether it is a ResNeXt50."""
        return self.model in ("r-resnext50", "resnext50")

    @property
    def classifies(self) -> bool:
        """Whether it says good or poor instead of landmarks."""
        return self.model == "resnext50"


class CoordConv(nn.Module):
    """CC(I) = R(B(C(A(I, {x, y})))): x_j = j / (W - 1) and y_i = i / (H - 1) as further channels."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs + 2, outputs, 3, padding=1)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, images: Tensor) -> Tensor:
        """Keep the size, change the channels."""
        return torch.relu(self.norm(self.conv(with_coordinates(images))))


def with_coordinates(
    images: Float[Tensor, "batch channels rows columns"],
) -> Float[Tensor, "batch channels+2 rows columns"]:
    """A(I, {x, y}): the channels, then x from 0 to 1 across, then y from 0 to 1 down."""
    batch, _, rows, columns = images.shape
    across = torch.linspace(0, 1, columns, device=images.device, dtype=images.dtype)
    down = torch.linspace(0, 1, rows, device=images.device, dtype=images.dtype)
    x = across.expand(batch, 1, rows, columns)
    y = down[:, None].expand(batch, 1, rows, columns)
    return torch.cat([images, x, y], dim=1)


class Gate(nn.Module):
    """A = X · ψ with ψ = σ(ReLU(W_gate * G + W_x * X)): what the decoder asks of the encoder."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.of_gate = nn.Conv2d(channels, channels, 1)
        self.of_features = nn.Conv2d(channels, channels, 1)

    def forward(self, gate: Tensor, features: Tensor) -> Tensor:
        """The features, attended."""
        return features * torch.sigmoid(torch.relu(self.of_gate(gate) + self.of_features(features)))


class GatedUp(nn.Module):
    """A step up whose skip connection goes through a gate (Fig. 1)."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.up, self.gate = Up(inputs, outputs), Gate(outputs)

    def forward(self, features: Tensor, skip: Tensor) -> Tensor:
        """Double rows and columns to those of the skip connection."""
        raised = self.up.raised(features)
        return self.up.joined(raised, self.gate(raised, skip))


class UNet(nn.Module):
    """A U-Net that ends in six channels, and these in six numbers."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        channels, model = settings.channels, settings.model
        steps = list(pairwise(channels))
        first = CoordConv if model == "coordatt u-net" else DoubleConvolution
        coarse = Up if model == "u-net" else GatedUp
        self.first = first(1, channels[0])
        self.downs = nn.ModuleList([Down(fine, below) for fine, below in steps])
        self.ups = nn.ModuleList([coarse(below, fine) for fine, below in reversed(steps[1:])])
        self.ups.append(Up(channels[1], channels[0]))
        self.last = nn.Conv2d(channels[0], len(OUTPUTS), 1)
        self.pool = nn.AvgPool2d(settings.size // GRID)
        self.linear = nn.Linear(len(OUTPUTS) * GRID * GRID, len(OUTPUTS))

    def forward(self, images: Tensor) -> Tensor:
        """Six fractions of the frame."""
        skips = [self.first(images)]
        for down in self.downs:
            skips.append(down(skips[-1]))
        features = skips.pop()
        for up in self.ups:
            features = up(features, skips.pop())
        return self.linear(self.pool(self.last(features)).flatten(1))


class Network(nn.Module):
    """Frames (batch, 1, size, size) in 0–1 to landmarks in pixels of the frame, or to class scores.

    Six numbers in the order of `mammoscope.positioning.preprocess.OUTPUTS`, or two in that of
    `QUALITY` before the softmax.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        outputs = QUALITY if settings.classifies else OUTPUTS
        self.body: Any = backbone(RESNEXT, 1, len(outputs)) if settings.backbone else UNet(settings)

    def forward(self, images: Float[Tensor, "batch 1 size size"]) -> Float[Tensor, "batch outputs"]:
        """Landmarks in pixels, or class scores."""
        numbers = self.body(images)
        return numbers if self.settings.classifies else numbers * self.settings.size
