"""The network that ships: cells that say where a mass lies and what it is, pooled to one score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from mammoscope.errors import SettingsError, WeightsError
from mammoscope.learn.valid import BLOCKS, PATCH, Encoder, Unsurrounded, initialise
from mammoscope.screening.pooled.questions import CLASSES, IMAGE, MASS

SHARP: Final = 2.0
"""How much more sharply attention is drawn at first than a mass is found."""
RARE: Final = -4.0
"""Before it has learnt anything the network says of every cell that no mass is there."""


@dataclass(frozen=True)
class Settings:
    """What the network is made of: as the detector of findings, so that it can begin with its weights.

    Attributes:
        channels: At a quarter, an eighth, a sixteenth and a thirty-second of the image's size.
        inputs: The image and its two equalised versions.
        fused: Channels of a cell of both scales together.
        hidden: Units of a cell's answer.
        dropout: Probability that a hidden unit is dropped.

    Raises:
        SettingsError: If a network of these settings cannot be.
    """

    channels: tuple[int, int, int, int] = (32, 64, 128, 192)
    inputs: int = 3
    fused: int = 128
    hidden: int = 256
    dropout: float = 0.4

    def __post_init__(self) -> None:
        if len(self.channels) != len(BLOCKS) or min(*self.channels, self.fused, self.hidden) < 1:
            raise SettingsError(f"{len(BLOCKS)} scales and a channel or more are needed, got {self}")
        if not 0 <= self.dropout < 1:
            raise SettingsError(f"dropout must be at least 0 and less than 1, got {self.dropout}")


class Said(NamedTuple):
    """The network's answer, in cells, before sigmoids.

    Attributes:
        where: A score for the mass's lying there.
        attention: Logarithm of the cell's share in the image's score.
        mass: Of the mass there, `mammoscope.screening.pooled.questions.MASS`.
        image: Of the image, as far as the cell's surroundings show it, `questions.IMAGE`.
    """

    where: Float[Tensor, "batch rows columns"]
    attention: Float[Tensor, "batch rows columns"]
    mass: Float[Tensor, "batch mass rows columns"]
    image: Float[Tensor, "batch image rows columns"]


class Network(nn.Module):
    """Fused images (batch, 3, 256 + 32 i, 256 + 32 j) to answers for 2 + 2 i rows of 2 + 2 j cells."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.encoder = Encoder(settings.inputs, settings.channels, settings.fused)
        self.flatten = nn.Conv2d(settings.fused, settings.hidden, PATCH)
        self.found = nn.Conv2d(settings.hidden, 1, 1)
        self.described = nn.Conv2d(settings.hidden, len(CLASSES) - 1, 1)
        self.active, self.drop = nn.ReLU(inplace=True), nn.Dropout(settings.dropout)
        self.sharp = nn.Parameter(torch.tensor(SHARP))
        self.apply(initialise)
        with torch.no_grad():
            nn.init.constant_(self.found.bias, RARE)  # type: ignore[arg-type]
            nn.init.normal_(self.described.weight, std=0.01)

    def forward(self, images: Float[Tensor, "batch inputs rows columns"]) -> Said:
        """Every cell's answers."""
        return self.said(self.encoder(images))

    def said(self, features: Float[Tensor, "batch fused rows columns"]) -> Said:
        """Of the encoder's features."""
        cells = self.drop(self.active(self.flatten(features)))
        where = self.found(cells)[:, 0].float()
        mass, image = self.described(cells).split([len(MASS), len(IMAGE)], dim=1)
        attention = torch.log_softmax(self.sharp * where.flatten(1), dim=1).reshape(where.shape)
        return Said(where, attention, mass, image)

    def begin_with(self, detector: Mapping[str, Tensor]) -> None:
        """Take the weights of a detector of findings of the same settings: what it sees, and where.

        Args:
            detector: Its state; the first answer of its last layer is the score of a mass.

        Raises:
            WeightsError: If it is of other settings.
        """
        last = {name: detector.get(f"mlp.2.{name}", torch.zeros(0))[:1] for name in ("weight", "bias")}
        shared = {name: one for name, one in detector.items() if not name.startswith("mlp.")}
        shared |= {f"found.{name}": one for name, one in last.items()}
        own = self.state_dict()
        other = [
            name for name, one in shared.items() if name not in own or own[name].shape != one.shape
        ]
        if other:
            raise WeightsError(
                "a detector of findings of the same channels was expected, got one whose "
                f"{other[0]} is another: name its settings for this network too"
            )
        self.load_state_dict(shared, strict=False)


class Answers(nn.Module):
    """Networks that answer together by one array of probabilities: what is exported.

    It takes images (batch, 3, 32 i, 32 j) without a margin: what lies around them is nothing.

    Args:
        networks: Of the same settings: what they say is averaged.
        mirrored: Whether each is asked about the mirror image too, which is one more answer.
    """

    def __init__(self, networks: Sequence[Network], mirrored: bool = False) -> None:
        super().__init__()
        self.networks = nn.ModuleList(Whole(network) for network in networks)
        self.mirrored = mirrored

    def forward(self, images: Tensor) -> Tensor:
        """Shape (batch, classes, rows, columns); those of where the mass lies sum to one."""
        said = [network(images) for network in self.networks]
        if self.mirrored:
            turned = images.flip(-1)
            said += [_unmirrored(network(turned)) for network in self.networks]
        return torch.stack(said).mean(dim=0)


class Whole(nn.Module):
    """A network in evaluation mode, asked about whole images around which there is nothing."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network, self.encoder = network.eval(), Unsurrounded(network.encoder)

    def forward(self, images: Tensor) -> Tensor:
        """Probabilities of every cell."""
        said = self.network.said(self.encoder(images))
        sure = [torch.exp(said.attention)[:, None], torch.sigmoid(said.mass), torch.sigmoid(said.image)]
        return torch.cat(sure, dim=1)


def _unmirrored(answer: Tensor) -> Tensor:
    """Of a mirror image: cells back in their places, and its side is the other one's."""
    back = answer.flip(-1)
    side = CLASSES.index("right")
    return torch.cat([back[:, :side], 1 - back[:, side : side + 1], back[:, side + 1 :]], dim=1)
