"""What each part of the first look's training adds, on the women of one fold.

    python scripts/ablate_positioning.py DATA WORK [--epochs 16] [--fold 0]

WORK is that of train_positioning.py. Each variant learns from the marked images of the other folds
for the same number of epochs and is measured on the fold it never saw. Prints a table.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import torch
from positioning_examples import Marked
from train_positioning import examples_in, learn

from mammoscope.learn.looks import Looks
from mammoscope.learn.warp import Geometry
from mammoscope.positioning.heatmaps.decode import pectoral_line
from mammoscope.positioning.heatmaps.examples import Example, padded
from mammoscope.positioning.heatmaps.layout import LINE
from mammoscope.positioning.heatmaps.network import NIPPLE, expectation
from mammoscope.positioning.heatmaps.recipe import Recipe
from mammoscope.positioning.heatmaps.train import load_checkpoint
from mammoscope.scores.landmarks import angle_error, line_angle


def variants() -> dict[str, Recipe]:
    """The recipe, and the same without one of its parts."""
    whole = Recipe.default()
    augmentation = whole.augmentation
    crop = augmentation.geometry.crop
    still = Geometry(0.0, 0.0, 0.0, 0.0, 1.0, 0.0, crop, augmentation.geometry.outside)
    plain = replace(augmentation, looks=Looks(), gamma=(1.0, 1.0), noise=(0.0, 0.0))
    return {
        "all": whole,
        "without masks": replace(whole, weights=replace(whole.weights, mask=0.0)),
        "without looks": replace(whole, augmentation=plain),
        "without motion": replace(whole, augmentation=replace(augmentation, geometry=still)),
    }


def main() -> None:
    """Train and measure every variant."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--epochs", type=int, default=16)
    parser.add_argument("--fold", type=int, default=0)
    arguments = parser.parse_args()
    cv2.setNumThreads(0)
    images = [image for image in examples_in(arguments.data, arguments.work, "whole") if image.marked]
    training = [image.example for image in images if image.fold != arguments.fold]
    held_out = [image for image in images if image.fold == arguments.fold]
    print("| Training | Nipple, mean (median), pixels of 1 mm | Pectoral angle, mean (median), ° |")
    print("|---|---|---|")
    for name, recipe in variants().items():
        folder = arguments.work / "ablation" / name.replace(" ", "-")
        epochs = arguments.epochs
        optimisation = replace(recipe.optimisation, epochs=epochs, patience=epochs)
        learn(training, folder, replace(recipe, optimisation=optimisation))
        print(f"| {name} | {' | '.join(measured(folder, held_out))} |", flush=True)


def measured(folder: Path, images: Sequence[Marked]) -> list[str]:
    """Mean and median of the nipple's distance and of the angle, over the images marked so."""
    network = load_checkpoint(folder / "last.ckpt")
    whole = padded(network.settings.multiple)
    off, turned = [], []
    for image in images:
        with torch.inference_mode():
            said = network(whole(image.example)[0][None])
        numbers = np.pad(expectation(said.heat)[0].numpy(), ((0, 1), (0, 1)))
        nipple = image.example.points.get("nipple")
        if nipple is not None:
            off.append(float(np.linalg.norm(numbers[NIPPLE, :2] - nipple)))
        if image.example.points.get(LINE[0]) is not None:
            turned.append(turn(numbers, image.example))
    return [f"{np.mean(values):.2f} ({np.median(values):.2f})" for values in (off, turned)]


def turn(numbers: np.ndarray, example: Example) -> float:
    """Angle between the said and the marked pectoral line."""
    marked = [np.asarray(example.points[name]) for name in (LINE[0], LINE[-1])]
    said = line_angle(*pectoral_line(numbers.astype(np.float32)))
    return float(angle_error(said, float(line_angle(*marked))))


if __name__ == "__main__":
    main()
