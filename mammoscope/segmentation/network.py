"""The U-Net of section 2.2.1: one class for the paper's network and for the slim one."""

from dataclasses import dataclass
from itertools import pairwise

from jaxtyping import Float
from torch import Tensor, nn

from mammoscope.errors import SettingsError
from mammoscope.learn.blocks import DoubleConvolution, Down, Up


@dataclass(frozen=True)
class Settings:
    """What the network is made of.

    Attributes:
        channels: Filters at each scale, finest first. Paper: 64, doubled at each of four steps down.
        classes: Background, breast, pectoral muscle.
        dropout: Probability that a class score is dropped before the softmax. Paper: 0.5.

    Raises:
        SettingsError: If a network of these settings cannot be.
    """

    channels: tuple[int, ...] = (64, 128, 256, 512, 1024)
    classes: int = 3
    dropout: float = 0.5

    def __post_init__(self) -> None:
        if len(self.channels) < 2 or min(self.channels) < 1 or self.classes < 2:
            raise SettingsError(f"a U-Net needs two scales and two classes or more, got {self}")
        if not 0 <= self.dropout < 1:
            raise SettingsError(f"dropout must be at least 0 and less than 1, got {self.dropout}")

    @property
    def multiple(self) -> int:
        """Rows and columns that the network takes without padding are multiples of this."""
        return 1 << (len(self.channels) - 1)


class Network(nn.Module):
    """Mammograms (batch, 1, rows, columns) in 0–1 to class scores (batch, classes, rows, columns).

    Parameters are named as in the authors' published checkpoint: ``layers.0`` the first double
    convolution, then the steps down, the steps up, and last a 1 × 1 convolution. The paper applies
    dropout "in this layer", before the softmax; the checkpoint, whose last convolution comes first
    in its layer, leaves it the place behind: the scores are dropped.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        channels = settings.channels
        steps = list(pairwise(channels))
        self.layers = nn.ModuleList([
            DoubleConvolution(1, channels[0]),
            *(Down(fine, coarse) for fine, coarse in steps),
            *(Up(coarse, fine) for fine, coarse in reversed(steps)),
            nn.Sequential(nn.Conv2d(channels[0], settings.classes, 1), nn.Dropout(settings.dropout)),
        ])  # fmt: skip
        self.apply(_initialise)

    def forward(
        self, images: Float[Tensor, "batch 1 rows columns"]
    ) -> Float[Tensor, "batch classes rows columns"]:
        """Class scores before the softmax, for an image of any size.

        Rows and columns that are no multiple of ``Settings.multiple`` are padded with zeros
        below and on the right, and the scores are cropped back.
        """
        rows, columns = images.shape[-2:]
        short = -rows % self.settings.multiple, -columns % self.settings.multiple
        if any(short):
            padded = nn.functional.pad(images, (0, short[1], 0, short[0]))
            return self._scores(padded)[..., :rows, :columns]
        return self._scores(images)

    def _scores(self, images: Tensor) -> Tensor:
        depth = len(self.settings.channels)
        first, downs, ups, last = (
            self.layers[0],
            self.layers[1:depth],
            self.layers[depth:-1],
            self.layers[-1],
        )
        skips = [first(images)]
        for down in downs:
            skips.append(down(skips[-1]))
        features = skips.pop()
        for up in ups:
            features = up(features, skips.pop())
        return last(features)


def _initialise(module: nn.Module) -> None:
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_uniform_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
