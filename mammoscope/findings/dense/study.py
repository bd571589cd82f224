"""The dense network trained on one's own images, and its weights."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from mammoscope.core.card import TrainingData
from mammoscope.findings.classes import named
from mammoscope.findings.dense import train
from mammoscope.findings.dense.network import Network
from mammoscope.findings.dense.prepare import examples
from mammoscope.findings.dense.recipe import Recipe
from mammoscope.findings.sets import Sets
from mammoscope.learn.fit import once
from mammoscope.runtime import Session, open_session, register


@dataclass(frozen=True)
class Study:
    """What training the dense network needs.

    Attributes:
        sets: Split by woman.
        recipe: Every number.
        folder: Where checkpoints, figures and weights go.
        tell: Called with a line about what happens.
        progress: Show training's progress bar.
    """

    sets: Sets
    recipe: Recipe
    folder: Path
    tell: Callable[[str], None] = lambda line: None
    progress: bool = False

    @property
    def weights(self) -> Path:
        """Folder of the weights."""
        return self.folder / "weights"

    @cached_property
    def network(self) -> Network:
        """The network of lowest validation loss, trained once."""

        def taught(resume: bool) -> Network:
            training, validation = (
                examples(images, self.recipe) for images in (self.sets.training, self.sets.validation)
            )
            self.tell(f"dense: training on {len(training)} images")
            return train.train_examples(
                training, validation, self.recipe, self.folder / "training",
                resume=resume, progress=self.progress,
            )  # fmt: skip

        return once(self.folder / "training", taught, train.load_checkpoint)

    def session(self) -> Session:
        """The network as it is when it is exported."""
        self.write()
        return open_session(train.NAME, self.weights)

    def write(self, data: Sequence[TrainingData] = (), figures: Sequence[dict[str, Any]] = ()) -> None:
        """Weights with their card, listed in the folder's manifest."""
        classes = named(self.recipe.classes, self.sets.training)
        written = train.export(
            [self.network.cpu()], self.recipe, self.weights, data, figures, classes=classes
        )
        register(self.weights, train.NAME, written.name, f"{written.stem}.json")
