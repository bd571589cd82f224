"""Every number of the training: the paper's, and those of the slim network that ships."""

from dataclasses import dataclass, field
from typing import Literal

from mammoscope.core.card import RawLook
from mammoscope.learn.augment import Augmentation
from mammoscope.learn.looks import Looks
from mammoscope.learn.module import Optimisation
from mammoscope.learn.warp import Geometry
from mammoscope.segmentation.network import Settings


@dataclass(frozen=True)
class Recipe:
    """How a segmentation network is trained. The defaults of every part are the paper's.

    Attributes:
        spacing_mm: Size of a pixel that the network sees. Paper: 0.4 (section 2.1).
        raw: How images for processing are shown to the network. Paper: as stored, nothing else is
            said of them. The weights' card says so to whoever runs them.
        stretch: Whether the weights are run on images whose range is brought to 0–1; training shows
            them as they are, in many looks. Paper: says nothing of it, hence not.
        loss: Weighted cross entropy or weighted focal loss. Paper: cross entropy (section 3).
        alpha_pectoral: Weight of the pectoral class, the others weigh 1. Paper: 2.0 (Table 4).
        gamma: Exponent of the focal loss. Paper: 2 (section 2.2.3).
        network: Section 2.2.1.
        augmentation: Table 3.
        optimisation: Early stopping after 10 epochs is the paper's; the rest is ours.
    """

    spacing_mm: float = 0.4
    raw: RawLook = "as stored"
    stretch: bool = False
    loss: Literal["cross entropy", "focal"] = "cross entropy"
    alpha_pectoral: float = 2.0
    gamma: float = 2.0
    network: Settings = field(default_factory=Settings)
    augmentation: Augmentation = field(default_factory=Augmentation)
    optimisation: Optimisation = field(default_factory=Optimisation)

    @classmethod
    def paper(cls) -> "Recipe":
        """The paper's: 64 to 1,024 filters at 0.4 mm, crops of 512 × 512, Table 3.

        Left open by the paper and set by us: Adam at a constant rate of 0.001, batches of 8, at
        most 200 epochs.
        """
        return cls()

    @classmethod
    def default(cls) -> "Recipe":
        """The slim network that ships: 16 to 128 filters over six scales at 1 mm.

        The scale jitter is there because the spacing of most film is unknown; looks of other
        displays, films and raw detectors because eight data sets are not at hand.
        """
        geometry = Geometry(
            rotation=12.0, scale=0.35, elastic_alpha=120.0, elastic_sigma=16.0, elastic_affine=7.0,
            crop=(208, 144), outside=32,
        )  # fmt: skip
        looks = Looks(
            curve=0.5, detail=0.25, background=0.15, skin=0.15, raw=0.1, film=0.5, cut=0.1, blur=0.2
        )
        return cls(
            spacing_mm=1.0,
            raw="log inverted",
            stretch=True,
            network=Settings((16, 32, 64, 96, 128, 128), dropout=0.0),
            augmentation=Augmentation(0.05, geometry, looks, gamma=(0.7, 1.4), noise=(0.0, 0.04)),
            optimisation=Optimisation(
                "adamw", 2e-3, 1e-2, "one cycle", batch=8, epochs=40, patience=40,
                precision="bf16-mixed", average=0.995,
            ),
        )  # fmt: skip
