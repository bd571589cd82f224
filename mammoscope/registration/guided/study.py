"""The guided network trained on one's own pairs, as a method beside others, and as weights."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mammoscope.core.card import TrainingData
from mammoscope.errors import UsageError
from mammoscope.io.pairs import Pair
from mammoscope.learn.fit import once
from mammoscope.registration.evaluate import Method, Views
from mammoscope.registration.guided import train
from mammoscope.registration.guided.examples import Example
from mammoscope.registration.guided.network import Network
from mammoscope.registration.guided.prepare import example
from mammoscope.registration.guided.recipe import Recipe
from mammoscope.registration.learnt import learnt
from mammoscope.registration.sets import Sets
from mammoscope.runtime import open_session, register


@dataclass(frozen=True)
class Study:
    """What training the guided network needs.

    Attributes:
        sets: Split by woman.
        recipe: Every number.
        folder: Where checkpoints, figures and weights go.
        look: Reads both views of a pair with their landmarks and masks.
        tell: Called with a line about what happens.
        progress: Show training's progress bar.
    """

    sets: Sets
    recipe: Recipe
    folder: Path
    look: Callable[[Pair], Views]
    tell: Callable[[str], None] = lambda line: None
    progress: bool = False

    @property
    def training(self) -> Path:
        """Folder of the checkpoints and figures."""
        return self.folder / "guided"

    @property
    def weights(self) -> Path:
        """Folder of the weights."""
        return self.folder / "weights"

    def network(self) -> Network:
        """The network of lowest validation loss, trained once."""

        def taught(resume: bool) -> Network:
            learnt_from, checked = (
                self._examples(pairs) for pairs in (self.sets.training, self.sets.validation)
            )
            self.tell(f"guided: training on {len(learnt_from)} pairs")
            return train.train_examples(
                learnt_from, checked, self.recipe, self.training,
                resume=resume, progress=self.progress,
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

    def _examples(self, pairs: Sequence[Pair]) -> list[Example]:
        found = [example(pair, self.look(pair)) for pair in pairs]
        kept = [one for one in found if one is not None]
        if not kept:
            raise UsageError(
                f"the nipple is seen in both views of none of {len(pairs)} pairs: the guided network "
                "lays views on each other by it; take other pairs, or the paper's network"
            )
        return kept
