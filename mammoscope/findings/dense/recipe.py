"""Every number of the training of the network that ships; all are ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from mammoscope.core.card import RawLook
from mammoscope.findings.dense.network import Settings
from mammoscope.learn.module import Optimisation
from mammoscope.learn.varied import Variation

MOVED: Final[Mapping[str, Any]] = {
    "optimiser": "adamw", "learning_rate": 2e-3, "weight_decay": 5e-2, "schedule": "one cycle",
    "clip": 5.0, "average": 0.997, "batch": 8, "epochs": 20, "steps": 100, "patience": 20,
    "precision": "bf16-mixed",
}  # fmt: skip


@dataclass(frozen=True)
class Recipe:
    """How the dense network is trained, and run.

    Attributes:
        spacing_mm: Size of a pixel that the network learns from.
        raw: How images for processing are shown to it.
        levels: The pyramid that it is asked at, the finest first: sizes of pixels over `spacing_mm`.
        mirrored: Whether at every level the mirror image is asked too.
        classes: Kinds of findings in the order of its outputs.
        gamma: Exponent of the focal loss.
        spread: Deviation of the target around a finding, in half sides of its box.
        box: Weight of the boxes in the loss.
        crop: Rows and columns of a training view: a window and whole strides.
        network: What it is made of.
        variation: Of training views.
        optimisation: How weights are moved.
    """

    spacing_mm: float = 0.3
    raw: RawLook = "log inverted"
    levels: tuple[float, ...] = (0.75, 1.0, 1.4)
    mirrored: bool = True
    classes: tuple[str, ...] = ("mass",)
    gamma: float = 2.0
    spread: float = 0.45
    box: float = 0.2
    crop: tuple[int, int] = (896, 608)
    network: Settings = field(default_factory=Settings)
    variation: Variation = field(default_factory=partial(Variation, turn=20.0, scale=0.25))
    optimisation: Optimisation = field(default_factory=partial(Optimisation, **MOVED))

    @classmethod
    def default(cls) -> "Recipe":
        """The network that ships."""
        return cls()
