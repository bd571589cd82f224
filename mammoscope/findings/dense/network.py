"""The detector that ships: residual blocks without padding, a flattened patch, the paper's MLP."""

from dataclasses import dataclass
from typing import Final

import torch
from jaxtyping import Float
from torch import Tensor, nn

from mammoscope.errors import SettingsError
from mammoscope.findings.dense.decode import BOX
from mammoscope.learn.valid import BLOCKS, PATCH, Encoder, initialise

RARE: Final = -4.0
"""Before it has learnt anything the network says of every cell that nothing is there."""


@dataclass(frozen=True)
class Settings:
    """What the network is made of.

    Attributes:
        channels: At a quarter, an eighth, a sixteenth and a thirty-second of the image's size.
        inputs: The image and its two equalised versions.
        fused: Channels of a cell of both scales together.
        hidden: Units of the MLP. Paper: 512; halved here, for the CPU.
        classes: Kinds of findings that are told apart.
        dropout: Probability that a hidden unit is dropped.

    Raises:
        SettingsError: If a network of these settings cannot be.
    """

    channels: tuple[int, int, int, int] = (32, 64, 128, 192)
    inputs: int = 3
    fused: int = 128
    hidden: int = 256
    classes: int = 1
    dropout: float = 0.1

    def __post_init__(self) -> None:
        if len(self.channels) != len(BLOCKS) or min(self.channels) < 1 or self.classes < 1:
            raise SettingsError(f"{len(BLOCKS)} scales and a class or more are needed, got {self}")
        if not 0 <= self.dropout < 1:
            raise SettingsError(f"dropout must be at least 0 and less than 1, got {self.dropout}")


class Network(nn.Module):
    """Fused images (batch, 3, 256 + 32 i, 256 + 32 j) to answers for 4 + 4 i rows of 4 + 4 j cells.

    Of each cell the answer holds a score of every class before its sigmoid, then the box of
    `mammoscope.findings.dense.decode.BOX`.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.encoder = Encoder(settings.inputs, settings.channels, settings.fused)
        self.flatten = nn.Conv2d(settings.fused, settings.hidden, PATCH)
        last = nn.Conv2d(settings.hidden, settings.classes + len(BOX), 1)
        self.mlp = nn.Sequential(nn.ReLU(inplace=True), nn.Dropout(settings.dropout), last)
        self.apply(initialise)
        with torch.no_grad():
            last.bias[: settings.classes] = RARE  # type: ignore[index]

    def forward(
        self, images: Float[Tensor, "batch inputs rows columns"]
    ) -> Float[Tensor, "batch answers cell_rows cell_columns"]:
        """Scores and boxes of the cells that lie a margin within the images."""
        return self.mlp(self.flatten(self.encoder(images)))
