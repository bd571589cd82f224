"""The screening weights that ship, from prepared examples, in one command.

    python scripts/train_screening.py EXAMPLES ANSWERS WORK

Women are dealt to three folds. For each fold the network learns from the women of the other two, and
says what it thinks of those whom it never saw: every figure in the card is made of that. Last, the
network that ships learns from all women. A part that is done is not done again. Nothing here reads
DICOM.
"""

import argparse
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import torch
from folds import FOLDS, fold_of

from mammoscope.core.settings import to_plain, with_settings
from mammoscope.learn.boxed import resized
from mammoscope.learn.checkpoint import save_half
from mammoscope.screening.pooled.examples import Example, load
from mammoscope.screening.pooled.predict import logits
from mammoscope.screening.pooled.recipe import Recipe
from mammoscope.screening.pooled.train import train_examples

LOOKS: Final = ((1.0, False), (1.0, True), (0.8, False), (0.8, True))
"""In which images are shown: size, and whether mirrored."""


def main() -> None:
    """Do every part that is not done."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("examples", "answers", "work"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--spacing", type=float, default=0.3, help="of the examples' pixels, in mm")
    parser.add_argument("--parts", nargs="*", default=[*map(str, range(FOLDS)), "last"])
    parser.add_argument("--set", nargs="*", default=[], metavar="KEY=VALUE", help="of the recipe")
    arguments = parser.parse_args()
    cv2.setNumThreads(0)
    recipe = with_settings(Recipe.default(), dict(one.split("=", 1) for one in arguments.set))
    size = arguments.spacing / recipe.spacing_mm
    examples = [
        replace(one, breast=resized(one.breast, size))
        for one in load(arguments.examples, arguments.answers)
    ]
    for part in arguments.parts:
        learn(examples, recipe, arguments.work, part)


def learn(examples: list[Example], recipe: Recipe, work: Path, part: str) -> None:
    """Train to the end; the average of the last weights is taken, no image chooses it."""
    weights = work / f"screening_{part}.pt"
    if weights.is_file():
        return
    began = time.monotonic()
    others = [one for one in examples if str(fold_of(one.breast.woman)) != part]
    unseen = [one for one in examples if str(fold_of(one.breast.woman)) == part]
    network = train_examples(others, (unseen or others)[:8], recipe, work / part)
    save_half(weights, network, to_plain(recipe))
    trained = time.monotonic()
    if unseen:
        predict(network, unseen, work / f"screening_{part}.npz")
    print(
        f"part {part}: {len(others)} images learnt in {trained - began:.0f} s, "
        f"{len(unseen)} scored in {time.monotonic() - trained:.0f} s",
        flush=True,
    )


def predict(network: torch.nn.Module, unseen: list[Example], path: Path) -> None:
    """Keep what a network says of women it never saw."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    said = logits(network, unseen, LOOKS, device)
    names = [one.breast.name for one in unseen]
    known = np.array([one.malignant for one in unseen])
    np.savez(
        path, names=names, women=[one.breast.woman for one in unseen],
        breasts=[name.rsplit("_", 1)[0] for name in names], malignant=known, logits=said,
    )  # fmt: skip
    for column, look in enumerate(LOOKS):
        print(f"  look {look}: AUC {area(said[:, column], known):.3f}")
    print(f"  mean of looks: AUC {area(said.mean(axis=1), known):.3f}")


def area(scores: np.ndarray, known: np.ndarray) -> float:
    """Area under the ROC curve; NaN where all are malignant, or none is."""
    yes, no = scores[known == 1], scores[known == 0]
    if not len(yes) or not len(no):
        return float("nan")
    above = (yes[:, None] > no).mean()
    return float(above + (yes[:, None] == no).mean() / 2)


if __name__ == "__main__":
    main()
