"""The paper's network trained on pairs, as a method beside others, and as weights."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mammoscope.core.card import TrainingData
from mammoscope.learn.fit import once
from mammoscope.registration import train
from mammoscope.registration.evaluate import Method
from mammoscope.registration.examples import prepared
from mammoscope.registration.learnt import learnt
from mammoscope.registration.network import Network
from mammoscope.registration.recipe import Recipe
from mammoscope.registration.sets import Sets
from mammoscope.runtime import open_session, register


@dataclass(frozen=True)
class Study:
    """What training the paper's network needs.

    Attributes:
        sets: Split by woman.
        recipe: Every number.
        folder: Where prepared images, checkpoints, figures and weights go.
        imagenet: File of ImageNet weights; None: timm's cache.
        tell: Called with a line about what happens.
        progress: Show training's progress bar.
    """

    sets: Sets
    recipe: Recipe
    folder: Path
    imagenet: Path | None = None
    tell: Callable[[str], None] = lambda line: None
    progress: bool = False

    @property
    def training(self) -> Path:
        """Folder of the checkpoints and figures."""
        return self.folder / "paper"

    @property
    def weights(self) -> Path:
        """Folder of the weights."""
        return self.folder / "weights"

    @property
    def logs(self) -> list[Path]:
        """Figures of every epoch, a file each time that training was gone on with."""
        found = self.training.glob("log/version_*/metrics.csv")
        return sorted(found, key=lambda path: int(path.parent.name.split("_")[1]))

    def network(self) -> Network:
        """The network of lowest validation loss, trained once."""
        size, kept = self.recipe.network.size, self.folder / "prepared"
        training = prepared(self.sets.training, size, kept)
        validation = prepared(self.sets.validation, size, kept)

        def taught(resume: bool) -> Network:
            self.tell(f"paper: training on {len(training)} pairs")
            return train.train_examples(
                training, validation, self.recipe, self.training,
                resume=resume, progress=self.progress, imagenet=self.imagenet,
            )  # fmt: skip

        return once(self.training, taught, train.load_checkpoint)

    def method(self) -> Method:
        """The network as it is when it is exported: weights in a folder, then what they say."""
        self.write()
        return learnt(open_session(train.NAME, self.weights))

    def write(self, data: Sequence[TrainingData] = (), figures: Sequence[dict[str, Any]] = ()) -> None:
        """Weights with their card, listed in the folder's manifest."""
        written = train.export(self.network(), self.recipe, self.weights, data, figures)
        register(self.weights, train.NAME, written.name, f"{written.stem}.json")
