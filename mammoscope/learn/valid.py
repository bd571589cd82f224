"""Convolutions without padding: what a place answers depends on what lies around it, and never on
where the image ends. So a network of them says of a window, cut out by itself, what it says of the
same place of the whole image.
"""

from typing import Final

from torch import Tensor, nn

GROWTH: Final = 2
"""How much wider a block is in its middle."""


def normed(inputs: int, outputs: int, kernel: int, stride: int = 1) -> nn.Sequential:
    """Convolution without padding, batch norm, rectified linear unit."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, bias=False), nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )  # fmt: skip


def halved(inputs: int, outputs: int) -> nn.Sequential:
    """Every square of 2 × 2 becomes one place: no margin is lost, and places stay nested."""
    return normed(inputs, outputs, 2, 2)


class Inward(nn.Module):
    """A residual block that loses one place a side: convolution 3 × 3, then 1 × 1 wide and back."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        wide = GROWTH * channels
        self.net = nn.Sequential(
            *normed(channels, channels, 3), *normed(channels, wide, 1),
            nn.Conv2d(wide, channels, 1, bias=False), nn.BatchNorm2d(channels),
        )  # fmt: skip
        self.active = nn.ReLU(inplace=True)

    def forward(self, features: Tensor) -> Tensor:
        """Two rows and two columns fewer."""
        return self.active(self.net(features) + inner(features, 1))


def inner(features: Tensor, margin: int) -> Tensor:
    """Without so many places a side."""
    return features[..., margin:-margin, margin:-margin] if margin else features
