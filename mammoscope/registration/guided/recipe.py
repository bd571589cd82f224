"""Every number of the guided network's training; all of them are ours."""

from dataclasses import dataclass, field

from mammoscope.learn.augment import Augmentation
from mammoscope.learn.looks import Looks
from mammoscope.learn.module import Optimisation
from mammoscope.registration.guided.examples import Jitter
from mammoscope.registration.guided.loss import Weights
from mammoscope.registration.guided.network import Settings

LOOKS = Looks(curve=0.4, detail=0.25, background=0.15, skin=0.1, raw=0.08, film=0.3, blur=0.3)


@dataclass(frozen=True)
class Recipe:
    """How a guided network is trained.

    Attributes:
        network: Its channels.
        weights: Of the parts of the loss.
        augmentation: Of the look of each view.
        jitter: Of its place.
        optimisation: How weights are moved.
    """

    network: Settings = field(default_factory=Settings)
    weights: Weights = field(default_factory=Weights)
    augmentation: Augmentation = field(
        default_factory=lambda: Augmentation(0.0, looks=LOOKS, gamma=(0.7, 1.4), noise=(0.0, 0.03))
    )
    jitter: Jitter = field(default_factory=Jitter)
    optimisation: Optimisation = field(
        default_factory=lambda: Optimisation(
            "adamw", 2e-3, 2e-2, "one cycle", batch=8, epochs=20, patience=20,
            precision="bf16-mixed", average=0.99,
        )
    )  # fmt: skip

    @classmethod
    def default(cls) -> "Recipe":
        """What ships."""
        return cls()
