"""The shipped positioning weights from the data folder, in one command.

    python scripts/train_positioning.py DATA WORK

Women are dealt to five folds. For each fold both looks of the heatmap network learn from the marked
images of the other four, and what they say of the fold they never saw is kept: every figure in the
card is made of it (`measure_positioning.py`). Last, the five together mark the images that nobody
marked, and the network that ships learns from all images of all women. A stage that is done is not
done again.
"""

import argparse
import pickle
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import cv2
import make_masks
import numpy as np
import torch
from attribution import POSITIONING_DATA
from positioning_examples import FOLDS, Marked, read_all

from mammoscope.positioning.heatmaps.examples import Example, padded
from mammoscope.positioning.heatmaps.layout import CHANNELS
from mammoscope.positioning.heatmaps.network import FINER, Expectation
from mammoscope.positioning.heatmaps.recipe import Recipe
from mammoscope.positioning.heatmaps.train import NOT_FOR, export, load_checkpoint, train_examples
from mammoscope.runtime import register

LIMITS = (
    *NOT_FOR,
    "the pectoral muscle on CC views: it was not marked there",
    "implants, magnification and spot views: none was in the training data",
    "a length in mm where the file gives no spacing: the nominal scale is no measure",
)
Look = Literal["whole", "near"]
RECIPES = {"whole": Recipe.default(), "near": Recipe.near()}
LAST_EPOCHS = {"whole": 30, "near": 40}
"""Epochs of the network that ships: it sees more images in each."""
ON_CC = ("nipple", "chest wall upper", "chest wall lower")
"""What is learnt on CC views: there the pectoral line and the fold were not looked for."""
TRUST = 0.4
"""How much a mark that networks made counts."""
SURE = 16.0
"""Largest standard deviation, in pixels of 0.5 mm, of a mark that networks make."""
CERTAIN = 0.9
"""How sure they must be that a landmark is shown, or that it is not."""


def main() -> None:
    """Do every stage that is not done."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--folds", type=int, nargs="*", default=range(FOLDS), help="0 to 4")
    parser.add_argument("--looks", nargs="*", default=["whole", "near"], help="whole, near")
    parser.add_argument("--last", action="store_true", help="only the networks that ship")
    arguments = parser.parse_args()
    cv2.setNumThreads(0)
    work = arguments.work
    images = {look: examples_in(arguments.data, work, look) for look in arguments.looks}
    for fold in () if arguments.last else arguments.folds:
        for look in arguments.looks:
            others = [image.example for image in images[look] if image.fold != fold and image.marked]
            learn(others, work / f"{look}-{fold}", RECIPES[look])
    if arguments.last or list(arguments.folds) == list(range(FOLDS)):
        last(arguments.data, work, arguments.looks)


def last(data: Path, work: Path, looks: Sequence[Look]) -> None:
    """The networks that ship, after what the five say of every image is kept."""
    fine = examples_in(data, work, "near")
    networks = [both(work, fold) for fold in range(FOLDS)]
    keep_answers(networks, fine, work / "answers.pkl")
    marks = marks_of_the_unmarked(networks, fine, work / "marks.pkl")
    for look in looks:
        scale = FINER if look == "whole" else 1
        examples = [with_marks(image, marks, scale) for image in examples_in(data, work, look)]
        learn(examples, work / f"{look}-last", last_recipe(look))
    shipped = both(work, "last")
    weights = work / "weights"
    recipes = last_recipe("whole"), last_recipe("near")
    print(export(shipped.whole, shipped.near, weights, recipes, POSITIONING_DATA, not_for=LIMITS))
    register(weights, "positioning", "positioning.onnx", "positioning.json")


def last_recipe(look: Look) -> Recipe:
    """Of the network that ships."""
    recipe, epochs = RECIPES[look], LAST_EPOCHS[look]
    return replace(recipe, optimisation=replace(recipe.optimisation, epochs=epochs, patience=epochs))


def examples_in(data: Path, work: Path, look: Look) -> list[Marked]:
    """Every image as an example at a look's scale, kept in a file."""
    path = work / f"{look}.pkl"
    if not path.is_file():
        make_masks.write(data, work / "masks")
        path.write_bytes(pickle.dumps(read_all(data, work / "masks", RECIPES[look])))
    return pickle.loads(path.read_bytes())


def learn(examples: Sequence[Example], folder: Path, recipe: Recipe) -> None:
    """Train to the end; the average of the last weights is taken, no image chooses it."""
    if (folder / "done").is_file():
        return
    resume = (folder / "last.ckpt").is_file()
    train_examples(examples, examples[:8], recipe, folder, resume=resume)
    (folder / "done").touch()


def both(work: Path, fold: int | Literal["last"]) -> Expectation:
    """Both looks of a fold, or those that ship."""
    whole, near = (load_checkpoint(work / f"{look}-{fold}" / "last.ckpt") for look in RECIPES)
    return Expectation(whole, near).eval()


def answer(network: Expectation, example: Example) -> np.ndarray:
    """What a network says of an image at the finer scale."""
    image, _ = padded(FINER * network.whole.settings.multiple)(example)
    with torch.inference_mode():
        return network(image[None])[0].numpy()


def keep_answers(networks: Sequence[Expectation], images: Sequence[Marked], path: Path) -> None:
    """What each fold's network says of the marked images of its fold, by the image's name."""
    said = {
        image.record.image.name: answer(networks[image.fold], image.example)
        for image in images
        if image.marked
    }
    path.write_bytes(pickle.dumps(said))


def marks_of_the_unmarked(
    networks: Sequence[Expectation], images: Sequence[Marked], path: Path
) -> dict[str, dict[str, np.ndarray | None]]:
    """Landmarks that all networks agree on, by the image's name, in pixels of the finer scale."""
    if not path.is_file():
        marks = {}
        for image in images:
            if not image.marked:
                answers = np.stack([answer(network, image.example) for network in networks])
                marks[image.record.image.name] = agreed(answers)
        path.write_bytes(pickle.dumps(marks))
    return pickle.loads(path.read_bytes())


def agreed(answers: np.ndarray) -> dict[str, np.ndarray | None]:
    """Means of what networks say; None where they agree that a landmark is not shown."""
    marks: dict[str, np.ndarray | None] = {}
    for place, name in enumerate(CHANNELS):
        said = answers[:, place].astype(float)
        shown = float(said[:, 5].mean())
        spread = float((said[:, 2] + said[:, 4]).mean() / 2 + said[:, :2].var(axis=0).mean())
        if shown < 1 - CERTAIN:
            marks[name] = None
        elif shown > CERTAIN and spread**0.5 < SURE:
            marks[name] = said[:, :2].mean(axis=0)
    return marks


def with_marks(image: Marked, marks: dict[str, dict[str, np.ndarray | None]], scale: int) -> Example:
    """A marked image as it is; an unmarked one with the networks' marks, at a scale."""
    example = image.example
    if image.marked:
        return example
    said = {
        name: None if point is None else (point + 0.5) / scale - 0.5
        for name, point in marks[image.record.image.name].items()
        if image.record.view == "MLO" or name in ON_CC
    }
    trust = dict.fromkeys(said, TRUST) | dict.fromkeys(example.points, 1.0) | dict(example.trust)
    return replace(example, points={**said, **example.points}, trust=trust)


if __name__ == "__main__":
    main()
