"""Every number of the training of the network that ships; all are ours."""

from dataclasses import dataclass, field

from mammoscope.core.card import RawLook
from mammoscope.learn.module import Optimisation
from mammoscope.learn.varied import Variation
from mammoscope.screening.pooled.loss import Weights
from mammoscope.screening.pooled.network import Settings


@dataclass(frozen=True)
class Recipe:
    """How the network is trained, and run.

    Attributes:
        spacing_mm: Size of a pixel that the network sees.
        raw: How images for processing are shown to it.
        spread: Deviation of the heat around a mass, in half sides of its box.
        crop: Rows and columns of a training view: a window and whole strides.
        near: Share of training views that show a mass; others show any part of the breast.
        shift: Largest way from such a view's middle to that of its mass, in pixels.
        mirrored: Whether the mirror image is asked too.
        network: What it is made of.
        weights: Of the parts of the loss.
        variation: Of training views.
        optimisation: How weights are moved.
    """

    spacing_mm: float = 0.3
    raw: RawLook = "log inverted"
    spread: float = 0.45
    crop: tuple[int, int] = (416, 416)
    near: float = 0.8
    shift: float = 48.0
    mirrored: bool = False
    network: Settings = field(default_factory=Settings)
    weights: Weights = field(default_factory=Weights)
    variation: Variation = field(
        default_factory=lambda: Variation(
            scale=0.2, aspect=0.15, gamma=0.5, contrast=0.4, brightness=0.15, apart=0.1, noise=0.05
        )
    )
    optimisation: Optimisation = field(
        default_factory=lambda: Optimisation(
            "adamw", 1e-3, 1e-1, "one cycle", clip=5.0, average=0.997, batch=16, epochs=8, steps=100,
            patience=8, precision="bf16-mixed",
        )
    )  # fmt: skip

    @classmethod
    def default(cls) -> "Recipe":
        """What ships."""
        return cls()
