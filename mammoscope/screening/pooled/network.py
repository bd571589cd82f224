"""The network that ships: cells that say where a mass lies and what it is, pooled to one score."""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, cast

import torch
from jaxtyping import Float
from torch import Tensor, nn

from mammoscope.errors import SettingsError
from mammoscope.learn.blocks import Residual
from mammoscope.screening.pooled.questions import CLASSES, IMAGE, MASS


@dataclass(frozen=True)
class Settings:
    """What the network is made of.

    Attributes:
        channels: At a half, a quarter, an eighth and a sixteenth of the image's size.
        blocks: Residual blocks at each of the last three.
        inputs: The image and its two equalised versions.
        fused: Channels of a cell of both scales together.
        hidden: Channels of the head.
        dropout: Probability that a feature of the head is dropped.

    Raises:
        SettingsError: If a network of these settings cannot be.
    """

    channels: tuple[int, int, int, int] = (32, 64, 128, 192)
    blocks: int = 2
    inputs: int = 3
    fused: int = 128
    hidden: int = 128
    dropout: float = 0.3

    def __post_init__(self) -> None:
        if min(*self.channels, self.blocks, self.fused, self.hidden) < 1:
            raise SettingsError(f"a channel and a block or more are needed, got {self}")
        if not 0 <= self.dropout < 1:
            raise SettingsError(f"dropout must be at least 0 and less than 1, got {self.dropout}")


class Said(NamedTuple):
    """The network's answer, in cells, before softmax and sigmoids.

    Attributes:
        where: A score for the mass's lying there.
        mass: Of the mass there, `mammoscope.screening.pooled.questions.MASS`.
        image: Of the image, as far as the cell's surroundings show it, `questions.IMAGE`.
    """

    where: Float[Tensor, "batch rows columns"]
    mass: Float[Tensor, "batch mass rows columns"]
    image: Float[Tensor, "batch image rows columns"]


class Network(nn.Module):
    """Fused images (batch, 3, 16 i, 16 j) to answers for 2 i rows of 2 j cells."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        half, quarter, eighth, sixteenth = settings.channels
        fused, hidden, dropout = settings.fused, settings.hidden, settings.dropout
        self.fine = nn.Sequential(
            *_normed(settings.inputs, half, 5, stride=2), Residual(half, half),
            *_halved(half, quarter, settings.blocks), *_halved(quarter, eighth, settings.blocks),
        )  # fmt: skip
        self.coarse = nn.Sequential(*_halved(eighth, sixteenth, settings.blocks))
        self.upward = nn.Upsample(scale_factor=2, mode="nearest")
        self.fuse = nn.Sequential(*_normed(eighth + sixteenth, fused, 1))
        self.head = nn.Sequential(
            nn.Dropout2d(dropout), *_normed(fused, hidden, 3),
            nn.Dropout2d(dropout), nn.Conv2d(hidden, len(CLASSES), 1),
        )  # fmt: skip
        nn.init.normal_(cast(Tensor, self.head[-1].weight), std=0.01)

    def forward(self, images: Float[Tensor, "batch inputs rows columns"]) -> Said:
        """Every cell's answers."""
        fine = self.fine(images)
        both = torch.cat([fine, self.upward(self.coarse(fine))], dim=1)
        answer = self.head(self.fuse(both))
        where, mass, image = answer.split([1, len(MASS), len(IMAGE)], dim=1)
        return Said(where[:, 0], mass, image)


class Answers(nn.Module):
    """A network whose answer is one array of probabilities: what is exported."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, images: Tensor) -> Tensor:
        """Shape (batch, classes, rows, columns); those of where the mass lies sum to one."""
        said = self.network(images)
        where = torch.softmax(said.where.flatten(1), dim=1).reshape(said.where.shape)
        return torch.cat([where[:, None], torch.sigmoid(said.mass), torch.sigmoid(said.image)], dim=1)


def _normed(inputs: int, outputs: int, kernel: int, stride: int = 1) -> list[nn.Module]:
    convolution = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
    return [convolution, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)]


def _halved(inputs: int, outputs: int, blocks: int) -> list[nn.Module]:
    sizes = [inputs] + [outputs] * blocks
    return [nn.MaxPool2d(2), *(Residual(one, other) for one, other in pairwise(sizes))]
