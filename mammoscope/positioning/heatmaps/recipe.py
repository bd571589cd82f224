"""Every number of the heatmap networks' training; all of them are ours."""

from dataclasses import dataclass, field, replace
from typing import Literal

from mammoscope.core.card import RawLook
from mammoscope.learn.augment import Augmentation
from mammoscope.learn.looks import Looks
from mammoscope.learn.module import Optimisation
from mammoscope.learn.warp import Geometry
from mammoscope.positioning.heatmaps.layout import CHANNELS
from mammoscope.positioning.heatmaps.loss import Weights
from mammoscope.positioning.heatmaps.network import FINER, PATCH, Settings

GEOMETRY = Geometry(
    flip=0.0, rotation=10.0, scale=0.22, elastic_alpha=120.0, elastic_sigma=18.0, elastic_affine=5.0,
    crop=(256, 160), outside=24,
)  # fmt: skip
LOOKS = Looks(curve=0.5, detail=0.25, background=0.15, skin=0.15, raw=0.08, film=0.4, blur=0.2)


@dataclass(frozen=True)
class Recipe:
    """How a heatmap network is trained.

    Attributes:
        around: The landmark near which the network looks, the only one that it learns; None: it sees
            the whole breast and learns all.
        spacing_mm: Size of a pixel that the network sees.
        raw: How images for processing are shown to it.
        network: Its channels.
        weights: Of the parts of the loss.
        augmentation: Of the training images; nothing is flipped, since every image is turned so
            that the chest wall lies on the left.
        optimisation: How weights are moved.
    """

    around: Literal["nipple"] | None = None
    spacing_mm: float = 1.0
    raw: RawLook = "log inverted"
    network: Settings = field(default_factory=Settings)
    weights: Weights = field(default_factory=Weights)
    augmentation: Augmentation = field(
        default_factory=lambda: Augmentation(0.0, GEOMETRY, LOOKS, (0.7, 1.4), (0.0, 0.04))
    )
    optimisation: Optimisation = field(
        default_factory=lambda: Optimisation(
            "adamw", 2e-3, 1e-2, "one cycle", batch=8, epochs=28, patience=28,
            precision="bf16-mixed", average=0.995,
        )
    )  # fmt: skip

    @property
    def landmarks(self) -> tuple[str, ...]:
        """What the network's heatmaps mean."""
        return CHANNELS if self.around is None else (self.around,)

    @classmethod
    def default(cls) -> "Recipe":
        """The first look, at the whole breast."""
        return cls()

    @classmethod
    def near(cls) -> "Recipe":
        """The second look, twice as fine, at a patch around the nipple."""
        geometry = Geometry(
            flip=0.0, rotation=20.0, scale=0.22, elastic_alpha=120.0, elastic_sigma=18.0,
            elastic_affine=3.0, crop=(PATCH, PATCH), outside=24,
        )  # fmt: skip
        whole = cls()
        return cls(
            around="nipple",
            spacing_mm=whole.spacing_mm / FINER,
            network=Settings((24, 48, 64, 96)),
            weights=Weights(shown=0.1, mask=0.3),
            augmentation=replace(whole.augmentation, geometry=geometry, noise=(0.0, 0.03)),
            optimisation=replace(whole.optimisation, batch=16, average=0.99, epochs=36),
        )
