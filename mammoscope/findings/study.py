"""The paper's classifiers trained on one's own images: what each says of test patches; its weights."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import torch

from mammoscope.core.card import TrainingData
from mammoscope.core.findings import FindingKind
from mammoscope.findings import activation, sizes, train
from mammoscope.findings.evaluate import CLASSES, Said, classified
from mammoscope.findings.network import Network, scores
from mammoscope.findings.prepare import NORMAL, Example, examples, prepare
from mammoscope.findings.recipe import Recipe
from mammoscope.findings.sampling import cut
from mammoscope.findings.sets import Images, Sets
from mammoscope.findings.sizes import SCALES, Sizes, at_scales, spread
from mammoscope.learn.fit import once
from mammoscope.runtime import register
from mammoscope.scores.boxes import Box, areas, rescaled
from mammoscope.scores.table import Table

AROUND: Final = 2.0
"""Side of a picture with an activation map over the side of its finding."""
COLUMNS: Final = ("backbone", "woman", "shows", *CLASSES[1:])


@dataclass(frozen=True)
class Study:
    """What training one of the paper's classifiers needs.

    Attributes:
        sets: Split by woman.
        recipe: Every number.
        folder: Where checkpoints, figures and weights go.
        prepared: Where prepared images are kept: those of every backbone are the same.
        imagenet: File of ImageNet weights of the backbone; None: timm's cache.
        tell: Called with a line about what happens.
        progress: Show training's progress bar.
    """

    sets: Sets
    recipe: Recipe
    folder: Path
    prepared: Path
    imagenet: Path | None = None
    tell: Callable[[str], None] = lambda line: None
    progress: bool = False

    @property
    def weights(self) -> Path:
        """Folder of the weights."""
        return self.folder / "weights"

    @cached_property
    def network(self) -> Network:
        """The network of lowest validation loss, trained once."""
        backbone = self.recipe.network.backbone

        def taught(resume: bool) -> Network:
            training, validation = map(self.examples, (self.sets.training, self.sets.validation))
            self.tell(f"{backbone}: training on patches of {len(training)} findings and normal breasts")
            return train.train_examples(
                training, validation, self.recipe, self.folder / "training",
                resume=resume, progress=self.progress, imagenet=self.imagenet,
            )  # fmt: skip

        network = once(self.folder / "training", taught, train.load_checkpoint)
        return network.to("cuda" if torch.cuda.is_available() else "cpu")

    @cached_property
    def test(self) -> list[Example]:
        """Findings and normal breasts of the women who test."""
        return self.examples(self.sets.test)

    @cached_property
    def said(self) -> Said:
        """What the network says of one patch of each of these."""
        return classified(self.classify, self.test, self.recipe)

    def classify(self, patches: np.ndarray) -> np.ndarray:
        """Probabilities (batch, kinds) of patches (batch, 3, size, size)."""
        return scores(self.network, torch.from_numpy(patches)).numpy()

    def examples(self, records: Images) -> list[Example]:
        """What patches of images are cut from, prepared once."""
        return examples(prepare(records, self.recipe, self.prepared), self.recipe)

    def write(self, data: Sequence[TrainingData] = (), figures: Sequence[dict[str, Any]] = ()) -> None:
        """Weights with their card, listed in the folder's manifest."""
        written = train.export(self.network.cpu(), self.recipe, self.weights, data, figures)
        register(self.weights, train.NAME, written.name, f"{written.stem}.json")


def write_patches(said: Mapping[str, Said], path: Path) -> None:
    """A row for each test patch: what it shows, and the probability of each kind."""
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.DictWriter(file, COLUMNS)
        lines.writeheader()
        for backbone, of in said.items():
            for woman, truth, values in zip(of.women, of.truth, of.probabilities, strict=True):
                shows = " + ".join(truth) or NORMAL
                probabilities = dict(zip(of.kinds, values.round(5).tolist(), strict=True))
                lines.writerow({"backbone": backbone, "woman": woman, "shows": shows} | probabilities)


def write_maps(study: Study, folder: Path) -> None:
    """A picture of every test finding and around it, with what speaks for its kind in colours."""
    folder.mkdir(parents=True, exist_ok=True)
    size = study.recipe.network.size
    for name, example, box in _findings(study):
        around = rescaled(np.array(box), float(areas(np.array(box))) * AROUND**2)
        window = cut(example.image.channels(), _as_box(around), size)
        shown = activation.picture(study.network, window, example.kinds[0])
        cv2.imwrite(str(folder / f"{name}.png"), shown)


def write_sizes(study: Study, folder: Path) -> Table:
    """A picture of every test finding at several scales; quartiles of what is said of each kind."""
    folder.mkdir(parents=True, exist_ok=True)
    by_kind: dict[FindingKind, list[Sizes]] = defaultdict(list)
    for name, example, box in _findings(study):
        kind, network = example.kinds[0], study.recipe.network
        found = at_scales(study.classify, example, box, network.kinds.index(kind), network.size)
        cv2.imwrite(str(folder / f"{name}.png"), sizes.picture(found))
        by_kind[kind].append(found)
    rows = tuple((kind, str(len(found)), *_quartiles(found)) for kind, found in by_kind.items())
    head = ("kind", "N", *(f"{scale:g} x" for scale in SCALES))
    title = "Probability of findings at several scales: side of the crop over the finding's"
    return Table(f"{title}: {study.recipe.network.backbone}", head, rows, ("Median (quartiles).",))


def _findings(study: Study) -> Iterator[tuple[str, Example, Box]]:
    """Every test finding with a name for its picture."""
    for number, example in enumerate(study.test):
        if example.box is not None:
            stem = example.image.record.image.stem
            yield f"{stem}-{number}-{example.kinds[0].replace(' ', '-')}", example, example.box


def _quartiles(found: Sequence[Sizes]) -> Iterator[str]:
    for low, middle, high in spread(found).T.tolist():
        yield f"{middle:.2f} ({low:.2f}–{high:.2f})"


def _as_box(edges: np.ndarray) -> Box:
    top, left, bottom, right = edges.tolist()
    return top, left, bottom, right
