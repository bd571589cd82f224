"""Every number of the training of the paper's classifiers, by the title of its slide or figure."""

from dataclasses import dataclass, field
from typing import Literal

from mammoscope.findings.network import Backbone, Settings
from mammoscope.findings.sampling import Jitter, Sampling
from mammoscope.learn.module import Optimisation, Plateau


@dataclass(frozen=True)
class Recipe:
    """How one of the paper's classifiers is trained.

    Attributes:
        spacing_mm: Size of a pixel of the images that patches are cut from; 0: as they are. The
            paper is silent; its shift of 50 pixels reads as if it were 0.
        normals: Which images give No Finding patches. Paper: "for normal images". Of an image with
            findings they lie away from these.
        pretrained: Whether training begins with ImageNet weights. The paper is silent.
        gamma: Exponent of the focal loss. The paper prints no value: 2, as its source has.
        network: Backbone, two layers of 512 hidden units, 10 units (slide of the architectures).
        sampling: Area, aspect ratio and centre of patches (slide of the sampling).
        jitter: What the slide of the sampling names under "image augmentation".
        optimisation: Adam from 1e-4, a tenth of it after 5 epochs without a better one (slide of
            the focal loss). Batch, epochs and patience are ours.
    """

    spacing_mm: float = 0.0
    normals: Literal["normal images", "every image"] = "normal images"
    pretrained: bool = True
    gamma: float = 2.0
    network: Settings = field(default_factory=Settings)
    sampling: Sampling = field(default_factory=Sampling)
    jitter: Jitter = field(default_factory=Jitter)
    optimisation: Optimisation = field(
        default_factory=lambda: Optimisation(
            "adam", 1e-4, schedule="plateau", plateau=Plateau(patience=5, factor=0.1),
            batch=32, epochs=100, patience=15,
        )
    )  # fmt: skip

    @classmethod
    def paper(cls, backbone: Backbone = "efficientnetv2") -> "Recipe":
        """One of the paper's six; EfficientNetV2 is the one that it chooses."""
        return cls(network=Settings(backbone))

    @classmethod
    def default(cls) -> "Recipe":
        """Small enough to try on a CPU: MobileNet from random weights, masses on film at 0.25 mm."""
        return cls(
            spacing_mm=0.25,
            normals="every image",
            pretrained=False,
            network=Settings("mobilenet", kinds=("mass",)),
            sampling=Sampling(shift=20.0),
            optimisation=Optimisation(
                "adam", 1e-3, schedule="plateau", plateau=Plateau(2, 0.1), batch=32, epochs=12
            ),
        )
