"""Every number of the training of the paper's five models (section 3.5).

What the paper leaves open, taken from the code that its authors published: the U-Nets' batch, 8
images; the cycle's steps, 2,000 up (torch's own) and 50 down, for the classifier 10. Of the
classifier the paper keeps the best "by a range of metrics", here that of lowest validation loss, as
of the others. Nothing is augmented, since the paper speaks of no augmentation.
"""

from dataclasses import dataclass, field, replace
from typing import Final

from mammoscope.learn.module import Cycle, Optimisation
from mammoscope.positioning.loss import Wing
from mammoscope.positioning.network import Model, Settings
from mammoscope.positioning.preprocess import MARGIN

RUNS: Final = 5
EPOCHS: Final[dict[Model, int]] = {
    "u-net": 300, "attention u-net": 300, "coordatt u-net": 300, "r-resnext50": 150, "resnext50": 30,
}  # fmt: skip


@dataclass(frozen=True)
class Recipe:
    """How one of the paper's networks is trained.

    Attributes:
        margin: How far inside the image's border the pectoral line ends, in its pixels. Paper: 10
            (section 3.1).
        pretrained: Whether training begins with ImageNet weights. Paper: both ResNeXt50.
        runs: How often it is repeated, each time with another seed. Paper: 5 (Table 2).
        network: Section 3.3.
        wing: Section 3.2; the classifier's loss is the cross entropy instead.
        optimisation: Section 3.5.
    """

    margin: float = MARGIN
    pretrained: bool = False
    runs: int = RUNS
    network: Settings = field(default_factory=Settings)
    wing: Wing = field(default_factory=Wing)
    optimisation: Optimisation = field(default_factory=Optimisation)

    @classmethod
    def paper(cls, model: Model = "coordatt u-net") -> "Recipe":
        """One of the paper's five.

        Adam from 1e-4 within a triangular cycle of rates from 1e-5 to 5e-4, which begins at its
        lowest whatever Adam's own; 300 epochs, R-ResNeXt50 150, ResNeXt50 30; batches of 8. Training
        never stops early: the checkpoint of lowest validation loss is kept.
        """
        network = Settings(model)
        down = 10 if network.classifies else 50
        optimisation = Optimisation(
            "adam", 1e-4, 0.0, "cyclic", cycle=Cycle(1e-5, 5e-4, 2000, down), batch=8,
            epochs=EPOCHS[model], patience=EPOCHS[model],
        )  # fmt: skip
        return cls(pretrained=network.backbone, network=network, optimisation=optimisation)

    def repeated(self) -> tuple["Recipe", ...]:
        """One recipe a run, with seeds from this one's on."""
        first = self.optimisation
        seeds = range(first.seed, first.seed + self.runs)
        return tuple(replace(self, optimisation=replace(first, seed=seed)) for seed in seeds)
