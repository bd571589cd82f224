"""The paper's network: a backbone, a score of cancer, and a branch for each auxiliary target."""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple, cast

import torch
from jaxtyping import Float
from torch import Tensor, nn

from mammoscope.errors import SettingsError
from mammoscope.learn.pretrained import backbone, sized

COLOURS: Final = 3
"""Of the images that backbones were pretrained on: grey values are given to each."""


@dataclass(frozen=True)
class Head:
    """One auxiliary target (5.3.3).

    Attributes:
        name: Of the data's column.
        classes: The values it can have, two or more.

    Raises:
        SettingsError: If there is nothing to tell apart.
    """

    name: str
    classes: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(set(self.classes)) < max(2, len(self.classes)):
            raise SettingsError(
                f"two classes or more of {self.name}, all different, were expected, got "
                f"{', '.join(self.classes) or 'none'}"
            )


@dataclass(frozen=True)
class Settings:
    """What the network is made of.

    Attributes:
        backbone: By timm's name (5.6).
        size: Rows and columns of an image. That of deit3's name; of the CNN the paper is silent.
        frozen: Whether the backbone stays as it was pretrained; all was better without (5.5).
        heads: The auxiliary targets, which follow the columns that the data have.

    Raises:
        SettingsError: If the size is not positive.
    """

    backbone: str = "seresnext50_32x4d"
    size: int = 384
    frozen: bool = False
    heads: tuple[Head, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 1:
            raise SettingsError(f"an image of one row or more was expected, got {self.size}")


class Said(NamedTuple):
    """What the network says of images, before sigmoid and softmax.

    Attributes:
        cancer: One score an image.
        auxiliary: The scores of every class of every head, one head after the other.
    """

    cancer: Float[Tensor, " *batch"]
    auxiliary: Float[Tensor, "*batch classes"]


class Network(nn.Module):
    """Grey images (batch, 1, size, size) in 0–1 to a score of cancer, and of every auxiliary class."""

    mean: Tensor
    std: Tensor

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.body = cast(Any, made(settings))
        features = self.body.num_features
        self.cancer = nn.Linear(features, 1)
        self.auxiliary = nn.ModuleList(
            nn.Linear(features, len(head.classes)) for head in settings.heads
        )
        about = self.body.pretrained_cfg
        for name in ("mean", "std"):
            self.register_buffer(name, torch.tensor(about[name])[:, None, None], persistent=False)
        if settings.frozen:
            self.body.requires_grad_(requires_grad=False).eval()

    def forward(self, images: Float[Tensor, "batch 1 size size"]) -> Said:
        """Scores; the sigmoid of cancer's is the probability."""
        coloured = (images.expand(-1, COLOURS, -1, -1) - self.mean) / self.std
        features = self.body(coloured)
        others = [branch(features) for branch in self.auxiliary]
        none = features.new_zeros(len(features), 0)
        return Said(self.cancer(features)[:, 0], torch.cat([none, *others], dim=1))

    def train(self, mode: bool = True) -> "Network":
        """A frozen backbone keeps its running means too."""
        super().train(mode)
        if self.settings.frozen:
            self.body.eval()
        return self


def made(settings: Settings) -> nn.Module:
    """The backbone with weights drawn at random; a transformer is told the size of its images.

    Raises:
        SettingsError: If timm knows none of this name, or cannot make it for this size.
    """
    try:
        parts = {"img_size": settings.size} if sized(settings.backbone) else {}
        return backbone(settings.backbone, COLOURS, 0, parts)
    except (RuntimeError, ValueError, AssertionError) as error:
        raise SettingsError(
            f"a backbone of timm for images of {settings.size} pixels was expected, got "
            f"{settings.backbone}: {error}"
        ) from error


class Probability(nn.Module):
    """The probability of cancer (batch, 1): what is exported."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor) -> Tensor:
        """The sigmoid of cancer's score."""
        return torch.sigmoid(self.network(image).cancer)[:, None]


@torch.no_grad()
def probabilities(
    network: Network, images: Float[Tensor, "batch 1 size size"]
) -> Float[Tensor, " batch"]:
    """Of cancer, wherever the network lies, on the CPU."""
    device = next(network.parameters()).device
    return torch.sigmoid(network(images.to(device)).cancer).float().cpu()
