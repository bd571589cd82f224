"""Every number of the paper's training, by its section or table; what the paper leaves open is ours."""

from dataclasses import dataclass, field
from typing import Final, Literal

from mammoscope.errors import SettingsError
from mammoscope.learn.module import Optimisation
from mammoscope.screening.augment import Augmentation
from mammoscope.screening.network import Settings

Model = Literal["cnn", "vit"]
BACKBONES: Final[dict[Model, str]] = {"cnn": "seresnext50_32x4d", "vit": "deit3_base_patch16_384"}
"""By timm's names (5.6)."""
RATES: Final[dict[Model, float]] = {"cnn": 8e-4, "vit": 2e-4}
"""The ends of the paper's range (5.5): which is whose is ours."""
EPOCHS: Final[dict[Model, int]] = {"cnn": 10, "vit": 3}
"""The ends of the paper's range, "depending on the backbone model" (5.5): which is whose is ours."""


@dataclass(frozen=True)
class Recipe:
    """How one row of the paper's Table 3 is made.

    Attributes:
        roi: Whether an image is cropped to its breast (5.1). The paper takes a public crop; ours is by
            the breast's outline.
        margin: What is kept around the breast, in shares of its height: ours.
        searched: Whether the threshold is searched by F1 on validation (5.3.2, 5.6); else 0.5.
        augmented: Whether training images vary (5.2).
        auxiliary: Whether the other columns of the data are predicted too (5.3.3).
        pretrained: Whether the backbone begins with ImageNet weights (5).
        cancer_weight: Of a cancer image in the loss, another weighing 1 (5.3.1); None: as many as there
            are others for each cancer. The paper prints no value.
        auxiliary_weight: Of the mean of the auxiliary losses against cancer's. The paper prints no
            value.
        test: Share of the women who test: "split with a 4:1 ratio" (4). By woman is ours.
        folds: Of the cross-validation (5.5). Grouped by woman and stratified is ours.
        rounds: How many folds validate in turn; 0: all, as in the paper.
        network: Backbone (5.6) and what it answers.
        augmentation: What varies (5.2). Its sizes are ours, "minor alterations" (5.6).
        optimisation: Batch 16, rates of 2e-4 to 8e-4, 3–10 epochs (5.5). AdamW, its decay and one cycle
            of the rate are ours.

    Raises:
        SettingsError: If there are no two folds, or nobody or everybody tests.
    """

    roi: bool = True
    margin: float = 0.02
    searched: bool = True
    augmented: bool = True
    auxiliary: bool = True
    pretrained: bool = True
    cancer_weight: float | None = None
    auxiliary_weight: float = 1.0
    test: float = 0.2
    folds: int = 5
    rounds: int = 0
    network: Settings = field(default_factory=Settings)
    augmentation: Augmentation = field(default_factory=Augmentation)
    optimisation: Optimisation = field(
        default_factory=lambda: Optimisation(
            "adamw", RATES["cnn"], 1e-2, "one cycle", batch=16, epochs=EPOCHS["cnn"],
            patience=EPOCHS["cnn"],
        )
    )  # fmt: skip

    def __post_init__(self) -> None:
        if not (0 < self.test < 1 and self.folds >= 2 and 0 <= self.rounds <= self.folds):
            raise SettingsError(
                "a share of women who test, two folds or more and no more rounds than folds were "
                f"expected, got test {self.test}, folds {self.folds}, rounds {self.rounds}"
            )

    @classmethod
    def paper(cls, model: Model = "cnn") -> "Recipe":
        """The last rows of Table 3: everything on."""
        epochs = EPOCHS[model]
        return cls(
            network=Settings(BACKBONES[model]),
            optimisation=Optimisation(
                "adamw", RATES[model], 1e-2, "one cycle", batch=16, epochs=epochs, patience=epochs
            ),
        )
