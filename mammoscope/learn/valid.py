"""Convolutions without padding: what a place answers never depends on where the image ends.

So a network of them says of a window, cut out by itself, what it says of the
same place of the whole image.
"""

from itertools import pairwise
from typing import Final

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

GROWTH: Final = 2
"""How much wider a block is in its middle."""
BLOCKS: Final = (2, 3, 2, 1)
"""Residual blocks at a quarter, an eighth, a sixteenth and a thirty-second of the size. Each takes one
place a side: with a last patch of three cells the margin is 112 pixels, that of a window of 256 which
answers for its middle 32."""
STEM: Final = 4
"""Side of the squares that become the first places."""
PATCH: Final = 3
"""Side of the patch of cells that is looked at last."""
NEEDED: Final = 3
"""Features of a sixteenth beyond an image, a side, that its last patches look at."""
WIDEST: Final = 256
"""Side of a window, of which a few places are left at each scale."""


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


class Encoder(nn.Module):
    """Images (batch, inputs, 256 + 32 i, 256 + 32 j) to features of cells of 16 × 16 pixels.

    One cell more a side than the windows answer for: what a patch of three takes.

    Args:
        inputs: Channels of the images.
        channels: At a quarter, an eighth, a sixteenth and a thirty-second of the image's size.
        fused: Channels of a cell of the last two scales together.
    """

    def __init__(self, inputs: int, channels: tuple[int, int, int, int], fused: int) -> None:
        super().__init__()
        self.inputs = inputs
        quarter, eighth, cell, coarsest = channels
        self.fine = nn.Sequential(
            normed(inputs, quarter, STEM, STEM), *_blocks(quarter, 0),
            halved(quarter, eighth), *_blocks(eighth, 1),
            halved(eighth, cell), *_blocks(cell, 2),
        )  # fmt: skip
        self.coarse = nn.Sequential(halved(cell, coarsest), *_blocks(coarsest, 3))
        self.upward = nn.Upsample(scale_factor=2, mode="nearest")
        self.fuse = normed(cell + coarsest, fused, 1)

    def forward(
        self, images: Float[Tensor, "batch inputs rows columns"]
    ) -> Float[Tensor, "batch fused cell_rows cell_columns"]:
        """Features of a sixteenth and of a thirty-second, fused at a sixteenth."""
        return self.together(self.fine(images))

    def together(
        self, fine: Float[Tensor, "batch channels rows columns"]
    ) -> Float[Tensor, "batch fused cell_rows cell_columns"]:
        """Features of a sixteenth with what a thirty-second adds to them."""
        coarse = self.upward(self.coarse(fine))
        return self.fuse(torch.cat([inner(fine, 2 * BLOCKS[3]), coarse], dim=1))


class Unsurrounded(nn.Module):
    """An encoder of images around which there is nothing: what it makes of nothing is worked out once.

    Images (batch, inputs, 32 i, 32 j) to the features that the encoder has for them within 112 zeros
    a side. After each scale is entered, what lies so far out that no pixel of the image has a part in
    it is filled in, not convolved.

    Args:
        encoder: In evaluation mode; its weights are shared, what it makes of nothing is that of now.
    """

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder
        first = [sum(BLOCKS[:scale]) + scale for scale in range(4)]
        layers = list(encoder.fine)
        self.enter = nn.ModuleList(layers[place] for place in first[:3])
        self.blocks = nn.ModuleList(
            nn.Sequential(*layers[place + 1 : after]) for place, after in pairwise(first)
        )
        features = torch.zeros(1, encoder.inputs, WIDEST, WIDEST)
        with torch.no_grad():
            for scale, (enter, blocks) in enumerate(zip(self.enter, self.blocks, strict=True)):
                features = enter(features)
                self.register_buffer(f"nothing{scale}", features[..., :1, :1].clone())
                features = blocks(features)

    def forward(
        self, images: Float[Tensor, "batch inputs rows columns"]
    ) -> Float[Tensor, "batch fused cell_rows cell_columns"]:
        """Features of every cell and of one more a side, as by `Encoder`."""
        features, beyond = images, 0
        for scale, (enter, blocks) in enumerate(zip(self.enter, self.blocks, strict=True)):
            nothing, around = self.get_buffer(f"nothing{scale}"), 2 * BLOCKS[scale]
            features = F.pad(enter(features) - nothing, [around] * 4) + nothing
            features, beyond = blocks(features), beyond // 2 + BLOCKS[scale]
        return self.encoder.together(inner(features, beyond - NEEDED))


def _blocks(channels: int, scale: int) -> list[nn.Module]:
    return [Inward(channels) for _ in range(BLOCKS[scale])]


def initialise(module: nn.Module) -> None:
    """Draw the weights of a convolution before rectified linear units; for `nn.Module.apply`."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)


def inner(features: Tensor, margin: int) -> Tensor:
    """Without so many places a side."""
    return features[..., margin:-margin, margin:-margin] if margin else features
