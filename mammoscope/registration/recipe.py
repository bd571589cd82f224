"""Every number of the training (section 4).

What the paper leaves open: how the detector was trained that pretrains the shared blocks, but for its
80 epochs; here with the same optimiser. Nothing is augmented, since the paper speaks of no
augmentation. The weights of lowest validation loss are kept; the paper saw no overfitting.
"""

from dataclasses import dataclass, field

from mammoscope.errors import SettingsError
from mammoscope.learn.module import Optimisation
from mammoscope.registration.network import Settings


@dataclass(frozen=True)
class Recipe:
    """How the paper's network is trained.

    Attributes:
        weight: λ of Eq. 4. Paper: 1,000 (section 4, hyperparameter setup).
        validation: Share of the women of the development set that validate. Paper: 0.25 (section 4,
            dataset).
        pretrained: Whether the shared blocks begin with ImageNet weights. Paper: yes (section 4,
            pretraining).
        network: Section 3.
        detector: Of the detector that trains the shared blocks first; no epochs: none. Paper: 80
            epochs of a Faster R-CNN (section 4, pretraining), see
            `mammoscope.registration.pretrain`.
        optimisation: Section 4, hyperparameter setup.

    Raises:
        SettingsError: If norms would keep statistics that nothing has gathered.
    """

    weight: float = 1000.0
    validation: float = 0.25
    pretrained: bool = True
    network: Settings = field(default_factory=Settings)
    detector: Optimisation = field(default_factory=Optimisation)
    optimisation: Optimisation = field(default_factory=Optimisation)

    def __post_init__(self) -> None:
        if not self.pretrained and self.network.norms == "fixed":
            raise SettingsError(
                "norms that keep their statistics need pretrained blocks, got pretrained=false: set "
                "network.norms=own too"
            )

    @classmethod
    def paper(cls) -> "Recipe":
        """Adam at 1e-4, batches of one pair, 300 epochs of 500 batches; training never stops early."""
        epochs, detector = 300, 80
        return cls(
            detector=Optimisation(
                "adam", 1e-4, batch=1, epochs=detector, patience=detector, average=0.0
            ),
            optimisation=Optimisation(
                "adam", 1e-4, batch=1, epochs=epochs, patience=epochs, steps=500
            ),
        )  # fmt: skip
