"""The paper's study: a model trained several times, each time with its answers to the test images.

Each run is trained below a folder of its own and goes on where it was broken off.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, Protocol

import cv2
import numpy as np
import torch

from mammoscope.core.card import TrainingData
from mammoscope.core.settings import with_settings
from mammoscope.image.overlay import overlay
from mammoscope.io import Reader
from mammoscope.learn.checkpoint import validation_loss
from mammoscope.learn.fit import BEST, once
from mammoscope.positioning import train
from mammoscope.positioning.activation import activation_map
from mammoscope.positioning.evaluate import Answer, answers_of
from mammoscope.positioning.heatmaps import prepare as heatmap_prepare
from mammoscope.positioning.heatmaps import train as heatmap_train
from mammoscope.positioning.heatmaps.recipe import Recipe as HeatmapRecipe
from mammoscope.positioning.infer import Locator
from mammoscope.positioning.marked import read
from mammoscope.positioning.network import Model, Network
from mammoscope.positioning.predict import deviations, in_source, predict
from mammoscope.positioning.prepare import prepare
from mammoscope.positioning.recipe import Recipe
from mammoscope.positioning.sets import Sets
from mammoscope.runtime import open_session, register

PICTURE_ROWS: Final = 1024
"""Rows of a picture with an activation map, at most."""


class Export(Protocol):
    """Write weights with a card; return the path of the ONNX file."""

    def __call__(
        self, folder: Path, data: Sequence[TrainingData], figures: Sequence[Mapping[str, object]], /
    ) -> Path:
        """See `mammoscope.positioning.train.export`."""


@dataclass(frozen=True)
class Study:
    """What every training needs.

    Attributes:
        sets: Split by woman.
        folder: Where prepared images, checkpoints and figures go.
        changes: Numbers of the recipe that a user changed, as text.
        imagenet: File of ImageNet weights for the ResNeXt50; None: timm's cache.
        tell: Called with a line about what happens.
        progress: Show training's progress bar.
    """

    sets: Sets
    folder: Path
    changes: Mapping[str, str] = field(default_factory=dict)
    imagenet: Path | None = None
    tell: Callable[[str], None] = lambda line: None
    progress: bool = False


class Trained(NamedTuple):
    """One run of one model.

    Attributes:
        network: Of lowest validation loss.
        validation_loss: Its own.
        answers: To the test images that the paper's models take, in their order.
        export: Writes it as weights.
    """

    network: Any
    validation_loss: float
    answers: list[Answer]
    export: Export


def check_changes(models: Iterable[Model | Literal["heatmaps"]], changes: Mapping[str, str]) -> None:
    """Make sure that each model's recipe knows the changes, before anything is prepared.

    Raises:
        SettingsError: If one does not.
    """
    for model in models:
        if model == "heatmaps":
            _heatmap_recipes(changes)
        else:
            with_settings(Recipe.paper(model), changes)


def paper_runs(study: Study, model: Model, runs: int) -> Iterator[Trained]:
    """One of the paper's five models, trained `runs` times."""
    recipe = with_settings(Recipe.paper(model), study.changes)
    sets, kept = study.sets.usable(), study.folder / "prepared"
    training, validation, test = (
        prepare(part, recipe, kept) for part in (sets.training, sets.validation, sets.test)
    )
    for run, one in enumerate(replace(recipe, runs=runs).repeated(), start=1):
        folder = _folder(study, model, run)
        network = _paper_network(study, one, folder, training, validation)
        said = predict(network, test)
        if recipe.network.classifies:
            answers, calibration = [Answer(None, bool(poor > good)) for good, poor in said], None
        else:
            answers = [Answer(points) for points in in_source(said, test)]
            calibration = deviations(predict(network, validation), validation)
        export = partial(_export, network.cpu(), one, calibration)
        yield Trained(network, validation_loss(folder / BEST), answers, export)


def heatmap_runs(study: Study, runs: int) -> Iterator[Trained]:
    """The heatmap network, trained `runs` times on what is marked, CC views too."""
    parts = study.sets.training, study.sets.validation
    first, second = _heatmap_recipes(study.changes)
    prepared = [[heatmap_prepare.prepare(part, recipe) for part in parts] for recipe in (first, second)]
    for run in range(1, runs + 1):
        folder = _folder(study, "heatmaps", run)
        recipes = _seeded(first, run), _seeded(second, run)
        whole, near = (
            _heatmap_network(study, recipe, folder / place, *sets)
            for place, recipe, sets in zip(("whole", "near"), recipes, prepared, strict=True)
        )
        export = partial(_export_heatmaps, whole, near, recipes)
        export(folder / "weights", (), ())
        locator = Locator(open_session(heatmap_train.NAME, folder / "weights"))
        answers = answers_of(locator, study.sets.usable().test)
        yield Trained(whole, validation_loss(folder / "whole" / BEST), answers, export)


def _heatmap_recipes(changes: Mapping[str, str]) -> tuple[HeatmapRecipe, HeatmapRecipe]:
    whole, near = HeatmapRecipe.default(), HeatmapRecipe.near()
    return with_settings(whole, changes), with_settings(near, changes)


def _seeded(recipe: HeatmapRecipe, run: int) -> HeatmapRecipe:
    optimisation = recipe.optimisation
    return replace(recipe, optimisation=replace(optimisation, seed=optimisation.seed + run - 1))


def write_maps(study: Study, network: Network, folder: Path) -> None:
    """Pictures of the test images with the classifier's activation map for ``poor`` (Fig. 2)."""
    records = study.sets.usable().test
    recipe = with_settings(Recipe.paper("resnext50"), study.changes)
    examples = prepare(records, recipe, study.folder / "prepared")
    folder.mkdir(parents=True, exist_ok=True)
    with Reader() as reader:
        for record, example in zip(records, examples, strict=True):
            rows, columns = record.shape
            small = min(1.0, PICTURE_ROWS / rows)
            size = (round(columns * small), round(rows * small))
            picture, values = (
                cv2.resize(whole, size, interpolation=cv2.INTER_AREA)
                for whole in (read(record, reader).pixels, activation_map(network, example))
            )
            grey = np.rint(picture * 255).astype(np.uint8)
            cv2.imwrite(str(folder / f"{record.image.stem}.png"), overlay(grey, values))


def _folder(study: Study, model: str, run: int) -> Path:
    return study.folder / model.replace(" ", "-") / f"run-{run}"


def _paper_network(
    study: Study, recipe: Recipe, folder: Path, training: Sequence[Any], validation: Sequence[Any]
) -> Network:
    def taught(resume: bool) -> Network:
        study.tell(f"{folder.parent.name}, {folder.name}: training on {len(training)} images")
        return train.train_examples(
            training, validation, recipe, folder,
            resume=resume, progress=study.progress, imagenet=study.imagenet,
        )  # fmt: skip

    network = once(folder, taught, train.load_checkpoint)
    return network.to("cuda" if torch.cuda.is_available() else "cpu")


def _heatmap_network(
    study: Study,
    recipe: HeatmapRecipe,
    folder: Path,
    training: Sequence[Any],
    validation: Sequence[Any],
) -> heatmap_train.Network:
    def taught(resume: bool) -> heatmap_train.Network:
        study.tell(f"{folder.parent.name}, {folder.name}: training on {len(training)} images")
        return heatmap_train.train_examples(
            training, validation, recipe, folder, resume=resume, progress=study.progress
        )

    return once(folder, taught, heatmap_train.load_checkpoint)


def _export(
    network: Network,
    recipe: Recipe,
    calibration: Mapping[str, float] | None,
    folder: Path,
    data: Sequence[TrainingData],
    figures: Sequence[Mapping[str, object]],
    /,
) -> Path:
    written = train.export(network, recipe, folder, data, figures, calibration=calibration)
    register(folder, train.NAME, written.name, f"{written.stem}.json")
    return written


def _export_heatmaps(
    whole: heatmap_train.Network,
    near: heatmap_train.Network,
    recipes: tuple[HeatmapRecipe, HeatmapRecipe],
    folder: Path,
    data: Sequence[TrainingData],
    figures: Sequence[Mapping[str, object]],
    /,
) -> Path:
    written = heatmap_train.export(whole, near, folder, recipes, data, figures)
    register(folder, heatmap_train.NAME, written.name, f"{written.stem}.json")
    return written
