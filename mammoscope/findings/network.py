"""The paper's classifier: a backbone, its output flattened, two layers of 512 hidden units."""

from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple, cast

import torch
from jaxtyping import Float
from torch import Tensor, nn

from mammoscope.core.findings import FINDINGS, FindingKind
from mammoscope.errors import SettingsError
from mammoscope.findings.preprocess import CHANNELS
from mammoscope.image.windows import WINDOW
from mammoscope.learn.pretrained import backbone

Backbone = Literal["resnet50", "efficientnetv2", "densenet", "swin", "mobilenet", "vgg19"]
STRIDE: Final = 32
"""Pixels between neighbouring places of every backbone's last feature map."""


class Make(NamedTuple):
    """A backbone in timm.

    Attributes:
        name: What timm calls it.
        behind: Parts of it behind its last feature map, which the classifier replaces.
        sized: Whether it takes images of one size only, which it is told.
    """

    name: str
    behind: tuple[str, ...] = ()
    sized: bool = False


BACKBONES: Final[dict[Backbone, Make]] = {
    "resnet50": Make("resnet50"),
    "efficientnetv2": Make("tf_efficientnetv2_s"),
    "densenet": Make("densenet121"),
    "swin": Make("swin_tiny_patch4_window7_224", sized=True),
    "mobilenet": Make("mobilenetv3_large_100", ("conv_head", "norm_head", "act2")),
    "vgg19": Make("vgg19", ("pre_logits",)),
}
"""The paper names ResNet50 and VGG19 in full; the size of the others, and V3 of MobileNet, are ours."""


@dataclass(frozen=True)
class Settings:
    """What the classifier is made of.

    Attributes:
        backbone: One of the paper's six.
        hidden: Units of the layer behind the flattened features. Paper: 512.
        kinds: What the output units stand for, in their order. Paper: 10 units.
        size: Rows and columns of a patch. Paper: 256.

    Raises:
        SettingsError: If a network of these settings cannot be.
    """

    backbone: Backbone = "efficientnetv2"
    hidden: int = 512
    kinds: tuple[FindingKind, ...] = field(default=FINDINGS)
    size: int = WINDOW

    def __post_init__(self) -> None:
        if self.size < STRIDE or self.size % STRIDE:
            raise SettingsError(f"a patch's size is a multiple of {STRIDE}, got {self.size}")
        if self.hidden < 1 or not self.kinds or len(set(self.kinds)) < len(self.kinds):
            raise SettingsError(
                f"a hidden unit or more and kinds that differ were expected, got {self.hidden} and "
                f"{', '.join(self.kinds) or 'no kind'}"
            )

    @property
    def places(self) -> int:
        """Rows and columns of the last feature map."""
        return self.size // STRIDE


class Network(nn.Module):
    """Patches (batch, 3, size, size) in 0–1 to one score a kind (batch, kinds), before the sigmoid."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        make = BACKBONES[settings.backbone]
        parts = {"img_size": settings.size} if make.sized else {}
        self.body = cast(Any, backbone(make.name, CHANNELS, 0, parts))
        for part in make.behind:
            setattr(self.body, part, nn.Identity())
        inputs = self.body.num_features * settings.places**2
        self.mlp = nn.Sequential(
            nn.Linear(inputs, settings.hidden), nn.ReLU(),
            nn.Linear(settings.hidden, len(settings.kinds)),
        )  # fmt: skip

    def forward(self, patches: Float[Tensor, "batch 3 size size"]) -> Float[Tensor, "batch kinds"]:
        """Scores; their sigmoids are the probabilities."""
        return self.mlp(self.features(patches).flatten(1))

    def features(
        self, patches: Float[Tensor, "batch 3 rows columns"]
    ) -> Float[Tensor, "batch channels small_rows small_columns"]:
        """The backbone's last feature map."""
        features: Tensor = self.body.forward_features(patches)
        nested = getattr(self.body, "output_fmt", "NCHW") == "NHWC"
        return features.permute(0, 3, 1, 2) if nested else features


def probabilities(network: Network) -> nn.Module:
    """The network that ends in its sigmoid: what is exported."""
    return nn.Sequential(network, nn.Sigmoid())


@torch.no_grad()
def scores(
    network: nn.Module, patches: Float[Tensor, "batch 3 size size"]
) -> Float[Tensor, "batch kinds"]:
    """Probabilities of a batch, wherever the network lies, on the CPU."""
    device = next(network.parameters()).device
    return torch.sigmoid(network(patches.to(device))).cpu()
