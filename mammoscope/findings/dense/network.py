"""The detector that ships: residual blocks without padding, a flattened patch, the paper's MLP."""

from dataclasses import dataclass
from typing import Final

import torch
from jaxtyping import Float
from torch import Tensor, nn

from mammoscope.errors import SettingsError
from mammoscope.findings.dense.layout import BOX
from mammoscope.learn.valid import Inward, halved, inner, normed

BLOCKS: Final = (1, 3, 4, 3)
"""Residual blocks at a half, a quarter, an eighth and a sixteenth. Each takes one place a side: with
the stem of six and the patch of five the margin is 112 pixels, that of a window of 256 which answers
for its middle 32."""
STEM: Final = 6
PATCH: Final = 5
"""Side of the patch of cells that is flattened for the MLP."""


@dataclass(frozen=True)
class Settings:
    """What the network is made of.

    Attributes:
        channels: At a half, a quarter, an eighth and a sixteenth of the image's size.
        inputs: The image and its two equalised versions.
        fused: Channels of a cell of both scales together.
        hidden: Units of the MLP. Paper: 512.
        classes: Kinds of findings that are told apart.
        dropout: Probability that a hidden unit is dropped.

    Raises:
        SettingsError: If a network of these settings cannot be.
    """

    channels: tuple[int, ...] = (32, 64, 128, 192)
    inputs: int = 3
    fused: int = 128
    hidden: int = 512
    classes: int = 1
    dropout: float = 0.3

    def __post_init__(self) -> None:
        if len(self.channels) != len(BLOCKS) or min(self.channels) < 1 or self.classes < 1:
            raise SettingsError(f"{len(BLOCKS)} scales and a class or more are needed, got {self}")
        if not 0 <= self.dropout < 1:
            raise SettingsError(f"dropout must be at least 0 and less than 1, got {self.dropout}")


class Network(nn.Module):
    """Fused images (batch, 3, 256 + 32 i, 256 + 32 j) to answers (batch, classes + 4, 4 + 4 i, 4 + 4 j).

    Of each cell the answer holds a score of every class before its sigmoid, then the box of
    `mammoscope.findings.dense.layout.BOX`.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        half, quarter, eighth, sixteenth = settings.channels
        self.fine = nn.Sequential(
            normed(settings.inputs, half, STEM, 2), *_blocks(half, 0),
            halved(half, quarter), *_blocks(quarter, 1),
            halved(quarter, eighth), *_blocks(eighth, 2),
        )  # fmt: skip
        self.coarse = nn.Sequential(halved(eighth, sixteenth), *_blocks(sixteenth, 3))
        self.upward = nn.Upsample(scale_factor=2, mode="nearest")
        self.fuse = normed(eighth + sixteenth, settings.fused, 1)
        self.flatten = nn.Conv2d(settings.fused, settings.hidden, PATCH)
        self.mlp = nn.Sequential(
            nn.ReLU(inplace=True), nn.Dropout(settings.dropout),
            nn.Conv2d(settings.hidden, settings.classes + len(BOX), 1),
        )  # fmt: skip
        self.apply(_initialise)
        nn.init.constant_(self.mlp[-1].bias[: settings.classes], -4.0)

    def forward(
        self, images: Float[Tensor, "batch inputs rows columns"]
    ) -> Float[Tensor, "batch answers cell_rows cell_columns"]:
        """Scores and boxes of the cells that lie a margin within the images."""
        fine = self.fine(images)
        coarse = self.upward(self.coarse(fine))
        cells = self.fuse(torch.cat([inner(fine, 2 * BLOCKS[3]), coarse], dim=1))
        return self.mlp(self.flatten(cells))


def _blocks(channels: int, scale: int) -> list[nn.Module]:
    return [Inward(channels) for _ in range(BLOCKS[scale])]


def _initialise(module: nn.Module) -> None:
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
