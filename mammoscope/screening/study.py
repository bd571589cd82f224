"""The paper's cross-validation on one's own images: what every network says; their weights."""

import csv
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import torch

from mammoscope.core.card import TrainingData
from mammoscope.io.screening import ScreeningImage
from mammoscope.learn.fit import BEST, LAST, once
from mammoscope.learn.kept import Kept
from mammoscope.runtime import register
from mammoscope.screening import train
from mammoscope.screening.cached import OUTLINE, Roi, cached
from mammoscope.screening.evaluate import Decision, Outcome, decide, outcome
from mammoscope.screening.folds import Split
from mammoscope.screening.network import Network
from mammoscope.screening.recipe import Recipe
from mammoscope.screening.targets import classes_of, heads_of
from mammoscope.screening.threshold import Validation

COLUMNS: Final = ("row", "set", "fold", "dataset", "woman", "image", "cancer", "probability", "called")


class Scores(NamedTuple):
    """What the network of one fold says.

    Attributes:
        validation: Of the images of its fold.
        test: Of the test images.
    """

    validation: np.ndarray
    test: np.ndarray


@dataclass(frozen=True)
class Study:
    """What training and measuring one row of Table 3 needs.

    Attributes:
        records: Of all women; whether each has cancer is known.
        split: Of their places.
        recipe: Every number.
        folder: Where checkpoints and scores go.
        prepared: Where images are kept: rows of one crop share them.
        imagenet: File of ImageNet weights of the backbone; None: timm's cache.
        roi: How the breast is found.
        workers: Processes that read images.
        keep: Whether the networks stay when what they say is known.
        tell: Called with a line about what happens.
        progress: Show training's progress bar.
    """

    records: Sequence[ScreeningImage]
    split: Split
    recipe: Recipe
    folder: Path
    prepared: Path
    imagenet: Path | None = None
    roi: Roi = OUTLINE
    workers: int = 1
    keep: bool = False
    tell: Callable[[str], None] = lambda line: None
    progress: bool = False

    @property
    def rounds(self) -> range:
        """Folds that validate in turn."""
        return range(self.recipe.rounds or len(self.split.folds))

    @cached_property
    def images(self) -> Kept:
        """All images, read once."""
        self.tell(f"{self.folder.name}: {len(self.records)} images, read once")
        return cached(self.records, self.recipe, self.prepared, self.roi, self.workers)

    @cached_property
    def fitted(self) -> Recipe:
        """The recipe with a head for each column that the women have who do not test."""
        if not self.recipe.auxiliary:
            return self.recipe
        testing = set(self.split.test)
        known = [one for place, one in enumerate(self.records) if place not in testing]
        return replace(self.recipe, network=replace(self.recipe.network, heads=heads_of(known)))

    @cached_property
    def scores(self) -> tuple[Scores, ...]:
        """Of every fold, each trained once."""
        return tuple(self._scored(number) for number in self.rounds)

    def network(self, number: int) -> Network:
        """The network of a fold with the lowest validation loss, trained once."""
        place, fold = self._place(number), self.split.folds[number]

        def taught(resume: bool) -> Network:
            training, validation = map(self._examples, (fold.training, fold.validation))
            self.tell(f"{self.folder.name}: fold {number + 1} learns from {len(training)} images")
            return train.train_examples(
                training, validation, self.fitted, place,
                resume=resume, progress=self.progress, imagenet=self.imagenet,
            )  # fmt: skip

        network = once(place, taught, train.load_checkpoint)
        (place / LAST).unlink(missing_ok=True)
        return network.to("cuda" if torch.cuda.is_available() else "cpu")

    def decision(self, *, searched: bool) -> Decision:
        """On the test images, by what the networks say and by validation truths only."""
        said = np.stack([one.test for one in self.scores])
        return decide(self.validation, said, searched=searched)

    @cached_property
    def validation(self) -> list[Validation]:
        """What each network says of its validation images, and what they are."""
        return [
            Validation(one.validation, self._cancer(self.split.folds[number].validation))
            for number, one in zip(self.rounds, self.scores, strict=True)
        ]

    def outcome(self, *, searched: bool) -> Outcome:
        """The row of Table 3."""
        decision = self.decision(searched=searched)
        validating = [place for number in self.rounds for place in self.split.folds[number].validation]
        women = self._women(validating), self._women(self.split.test)
        sides = tuple(self.records[place].laterality or "" for place in self.split.test)
        return outcome(self.validation, decision, self._cancer(self.split.test), women, sides)

    def write(self, data: Sequence[TrainingData], figures: Sequence[dict[str, Any]]) -> list[Path]:
        """Weights of every fold with their cards, each in a folder of its own."""
        folders = []
        thresholds = self.decision(searched=self.recipe.searched).thresholds
        for number, threshold in zip(self.rounds, thresholds, strict=True):
            folder = self.folder / f"fold-{number + 1}" / "weights"
            network = self.network(number).cpu()
            written = train.export(
                network, self.fitted, folder, data, figures, {"threshold": threshold}
            )
            register(folder, train.NAME, written.name, f"{written.stem}.json")
            folders.append(folder)
        return folders

    def _scored(self, number: int) -> Scores:
        """What a fold's network says, kept in a file; the truth of test images is not looked at."""
        file = self.folder / f"fold-{number + 1}" / "scores.npz"
        gone = self.keep and not (self._place(number) / BEST).is_file()
        if gone or not file.is_file():
            network, fold = self.network(number), self.split.folds[number]
            of_sets = [
                train.scored(network, self.images, places)
                for places in (fold.validation, self.split.test)
            ]
            unfinished = file.with_suffix(".partial")
            with unfinished.open("wb") as opened:
                np.savez(opened, validation=of_sets[0], test=of_sets[1])
            unfinished.replace(file)
        if not self.keep:
            shutil.rmtree(self._place(number), ignore_errors=True)
        with np.load(file) as held:
            return Scores(held["validation"], held["test"])

    def _place(self, number: int) -> Path:
        return self.folder / f"fold-{number + 1}" / "training"

    def _examples(self, places: Sequence[int]) -> list[train.Example]:
        heads = self.fitted.network.heads
        return [
            train.Example(
                self.images, place, bool(self.records[place].cancer),
                classes_of(self.records[place], heads),
            )
            for place in places
        ]  # fmt: skip

    def _cancer(self, places: Sequence[int]) -> np.ndarray:
        return np.array([bool(self.records[place].cancer) for place in places], bool)

    def _women(self, places: Sequence[int]) -> tuple[str, ...]:
        return tuple(self.records[place].woman for place in places)


def write_images(rows: Mapping[str, tuple[Study, Outcome]], path: Path) -> None:
    """A line for each image of each row: what it is, what was said of it, what it was called."""
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(COLUMNS)
        for name, (study, found) in rows.items():
            folds = [study.split.folds[number].validation for number in study.rounds]
            validating = [(number, place) for number, fold in enumerate(folds, 1) for place in fold]
            said = zip(found.validation.probabilities.tolist(), found.called.tolist(), strict=True)
            for (number, place), answer in zip(validating, said, strict=True):
                lines.writerow((name, "validation", number, *_line(study.records[place], *answer)))
            decided = found.decision
            said = zip(decided.probabilities.tolist(), decided.called.tolist(), strict=True)
            for place, answer in zip(study.split.test, said, strict=True):
                lines.writerow((name, "test", "", *_line(study.records[place], *answer)))


def _line(record: ScreeningImage, probability: float, called: bool) -> tuple[object, ...]:
    return (
        record.dataset, record.woman, record.image.name, int(bool(record.cancer)),
        f"{probability:.5f}", int(called),
    )  # fmt: skip
