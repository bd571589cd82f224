"""The shipped segmentation weights from the data folder, in one command.

    python scripts/train_segmentation.py DATA WORK [--start CHECKPOINT] [--epochs N] [--resume]

Makes the masks (`make_masks.py`), brings images to the network's scale, trains `Recipe.default()`
and writes segmentation.onnx with its card to WORK/weights. `measure_segmentation.py` then measures
them on the women who were held out and writes the figures into the card.
"""

import argparse
from dataclasses import replace
from pathlib import Path

import make_masks
import torch
from attribution import TRAINING_DATA

from mammoscope.io.annotations import SegmentationRecord, read_records
from mammoscope.runtime import register
from mammoscope.segmentation.prepare import prepare
from mammoscope.segmentation.recipe import Recipe
from mammoscope.segmentation.train import NOT_FOR, export, train_examples

SKIN = 0.8
"""Raises the background's score. Trained networks drew films' skin line 1 mm or so outside their
masks; with this, chosen on the validation women, the body is 1.5 to 2 % larger than the masks, which
lie inside faint skin, instead of 3 to 4 %."""
LIMITS = (
    *NOT_FOR,
    "implants, magnification and spot views: none was in the training data",
    "an area in mm² where the file gives no spacing: the nominal scale is no measure",
)


def main() -> None:
    """Train and export."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--start", type=Path, help="checkpoint whose weights to begin with")
    parser.add_argument("--epochs", type=int, default=Recipe.default().optimisation.epochs)
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    arguments = parser.parse_args()
    recipe = Recipe.default()
    optimisation = replace(recipe.optimisation, epochs=arguments.epochs, patience=arguments.epochs)
    recipe = replace(recipe, optimisation=optimisation)
    masks = arguments.work / "masks"
    make_masks.write(arguments.data, masks)
    training = balanced(read_records(masks / "train.csv"))
    validation = read_records(masks / "validation.csv")
    cache = arguments.work / "prepared"
    network = train_examples(
        prepare(training, recipe, cache), prepare(validation, recipe, cache), recipe,
        arguments.work / "training", resume=arguments.resume, start=arguments.start,
    )  # fmt: skip
    weights = arguments.work / "weights"
    with torch.no_grad():
        network.layers[-1][0].bias[0] += SKIN
    print(export(network, recipe, weights, TRAINING_DATA, not_for=LIMITS))
    register(weights, "segmentation", "segmentation.onnx", "segmentation.json")


def balanced(records: list[SegmentationRecord]) -> list[SegmentationRecord]:
    """Half of the easy CC films, and the few digital images with a muscle twice."""
    easy = [record for record in records if record.view == "CC" and record.kind == "film"]
    hard = [record for record in records if record.view == "MLO" and record.kind == "processed"]
    others = [record for record in records if record not in easy]
    return [*easy[::2], *others, *hard]


if __name__ == "__main__":
    main()
