"""The network of the paper's Fig. 1: shared features, localisation network, sampler.

What the paper leaves open, and what is done here:

- Both views of a batch go through the shared blocks together.
- Between conv5_x and the dense layer: the mean over all places, as in a ResNet50 (the paper names no
  pooling, a dense layer on 19 × 19 × 2,048 numbers would hold 4.4 million weights).
- conv5_x takes the 2 × 1,024 channels as they are: its first block is as wide as a ResNet50's.
- Batch norms: they keep the statistics of their pretraining, as Faster R-CNN's do, since one pair is no
  batch to take statistics of. Where training begins with weights drawn at random there are none to
  keep: each view is then normalised by its own, in use as in training (``norms=own``). Statistics that
  batch norms gather over batches of one pair do not serve: measured on 30 validation pairs after 450
  steps, a GIoU loss of 1.47 with the pair's own became 1.68 with those.
- Weights of conv5_x are drawn as a ResNet50's, the dense layer's by Glorot's rule (section 4).
"""

from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Literal, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from mammoscope.errors import SettingsError
from mammoscope.learn.pretrained import backbone
from mammoscope.registration.affine import TURN, turning
from mammoscope.registration.prepare import SIZE

RESNET: Final = "resnet50"
STRIDE: Final = 32
IMAGENET_MEAN: Final = (123.675, 116.28, 103.53)
"""Of red, green and blue on the scale 0–255."""


@dataclass(frozen=True)
class Settings:
    """What the network is made of.

    Attributes:
        blocks: Residual blocks of conv2_x to conv5_x. Paper: a ResNet50's (section 3).
        planes: Their narrow channels, a quarter of what they give.
        size: Rows and columns of the square. Paper: the largest dimension is 600 (section 4).
        norms: Whether batch norms keep their statistics, or each view is normalised by its own.

    Raises:
        SettingsError: If a network of these settings cannot be.
    """

    blocks: tuple[int, ...] = (3, 4, 6, 3)
    planes: tuple[int, ...] = (64, 128, 256, 512)
    size: int = SIZE
    norms: Literal["fixed", "own"] = "fixed"

    def __post_init__(self) -> None:
        if len(self.blocks) != 4 or len(self.planes) != 4 or min(*self.blocks, *self.planes) < 1:
            raise SettingsError(
                f"blocks and planes of conv2_x to conv5_x were expected, got {self.blocks} and "
                f"{self.planes}: give four of each"
            )
        if self.size < STRIDE:
            raise SettingsError(f"a square of {STRIDE} pixels or more was expected, got {self.size}")


class Registered(NamedTuple):
    """What the network answers.

    Attributes:
        theta: (batch, 2, 3), see `mammoscope.registration.affine`.
        cc: The registered CC view, (batch, 1, size, size), in 0–1; 0 where it does not reach.
    """

    theta: Tensor
    cc: Tensor


class FixedNorm(nn.BatchNorm2d):
    """A batch norm that keeps its statistics, in training too."""

    def forward(self, features: Tensor) -> Tensor:
        """Normalise by the statistics that were loaded."""
        return functional.batch_norm(
            features, self.running_mean, self.running_var, self.weight, self.bias, eps=self.eps
        )


NORMS: Final = {"fixed": FixedNorm, "own": partial(nn.InstanceNorm2d, affine=True)}


class Features(nn.Module):
    """Grey views (batch, 1, rows, columns) in 0–1 to features of a ResNet50 up to conv4_x."""

    mean: Tensor

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        whole = resnet(settings)
        self.first = nn.Sequential(whole.conv1, whole.bn1, whole.act1, whole.maxpool)
        self.conv2, self.conv3, self.conv4 = whole.layer1, whole.layer2, whole.layer3
        mean = torch.tensor(IMAGENET_MEAN)[None, :, None, None]
        self.register_buffer("mean", mean, persistent=False)

    def forward(self, views: Tensor) -> Tensor:
        """Grey replicated over red, green and blue, on the scale 0–255, less ImageNet's mean."""
        coloured = 255 * views.expand(-1, 3, -1, -1) - self.mean
        return self.conv4(self.conv3(self.conv2(self.first(coloured))))


class Localisation(nn.Module):
    """Concatenated features to θ: conv5_x, the mean over all places, a dense layer."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.conv5 = _conv5(settings)
        self.dense = nn.Linear(4 * settings.planes[3], 6)
        nn.init.xavier_uniform_(self.dense.weight)
        self.dense.bias.data = torch.tensor(turning(TURN)).flatten()

    def forward(self, features: Tensor) -> Tensor:
        """θ, (batch, 2, 3)."""
        return self.dense(self.conv5(features).mean(dim=(2, 3))).reshape(-1, 2, 3)


class Network(nn.Module):
    """Squares of the CC and the MLO view, (batch, 2, size, size) in 0–1, to θ and the registered CC."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.features = Features(settings)
        self.localisation = Localisation(settings)

    def forward(self, images: Float[Tensor, "batch 2 size size"]) -> Registered:
        """From left to right of Fig. 1."""
        theta = self.transformation(images)
        return Registered(theta, resampled(images[:, :1], theta))

    def transformation(self, images: Float[Tensor, "batch 2 size size"]) -> Float[Tensor, "batch 2 3"]:
        """θ alone."""
        cc, mlo = self.features(torch.cat([images[:, :1], images[:, 1:]])).chunk(2)
        theta: Tensor = self.localisation(torch.cat([cc, mlo], dim=1))
        return theta


class Transformation(nn.Module):
    """A network that answers with θ alone: what is exported."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor) -> Tensor:
        """θ, (batch, 2, 3)."""
        return self.network.transformation(image)


def resampled(
    moving: Float[Tensor, "batch channels size size"], theta: Float[Tensor, "batch 2 3"]
) -> Float[Tensor, "batch channels size size"]:
    """The sampler: at each place of the fixed view's grid what the moving view shows at θ of it.

    Bilinear; 0 beyond the moving view.
    """
    grid = functional.affine_grid(theta, list(moving.shape), align_corners=False)
    return functional.grid_sample(moving, grid, padding_mode="zeros", align_corners=False)


def resnet(settings: Settings) -> Any:
    """A ResNet50 of timm with weights drawn at random."""
    norm = NORMS[settings.norms]
    parts = {"layers": settings.blocks, "channels": settings.planes, "norm_layer": norm}
    return backbone(RESNET, 3, 0, parts)


def _conv5(settings: Settings) -> nn.Sequential:
    """The last residual blocks of a ResNet50, on twice the channels of conv4_x."""
    whole = resnet(settings)
    blocks: nn.Sequential = whole.layer4
    first, wide = whole.layer4[0], 8 * settings.planes[2]
    first.conv1 = _widened(first.conv1, wide)
    first.downsample[0] = _widened(first.downsample[0], wide)
    return blocks


def _widened(convolution: Any, inputs: int) -> nn.Conv2d:
    """The same 1 × 1 convolution of another number of channels, its weights drawn as a ResNet's."""
    made = nn.Conv2d(inputs, convolution.out_channels, 1, convolution.stride, bias=False)
    nn.init.kaiming_normal_(made.weight, mode="fan_out", nonlinearity="relu")
    return made
