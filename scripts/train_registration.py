"""The shipped registration weights from the data folder, in one command.

    python scripts/train_registration.py DATA WORK

Women are dealt to three folds. For each fold the guided network learns from the pairs of the other
two and from phantoms; what it says of the fold it never saw is measured by
`measure_registration.py`: every figure in the card is made of it. Last, the network that ships learns
from all pairs. A stage that is done is not done again.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import torch
from attribution import REGISTRATION_DATA
from folds import FOLDS, weights_of
from registration_examples import made, real

from mammoscope.registration.guided.examples import Example
from mammoscope.registration.guided.recipe import Recipe
from mammoscope.registration.guided.train import NOT_FOR, export, load_checkpoint, train_examples
from mammoscope.runtime import register

LIMITS: Final = (
    *NOT_FOR,
    "saying that a lesion is or is not there: for whatever is asked, a region is named",
    "implants, magnification and spot views: none was in the training data",
    "a length in mm where the file gives no spacing: the nominal scale is no measure",
)


def main() -> None:
    """Do every stage that is not done."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--parts", nargs="*", default=[*map(str, range(FOLDS)), "last"])
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    arguments = parser.parse_args()
    cv2.setNumThreads(0)
    torch.set_num_threads(arguments.threads)
    arguments.work.mkdir(parents=True, exist_ok=True)
    pairs = real(arguments.data, arguments.work / "real.pkl")
    phantoms = made(arguments.work / "phantoms.pkl")
    for part in arguments.parts:
        others = [known.example for known in pairs if str(known.fold) != part]
        learn([*others, *phantoms], arguments.work, part)


def learn(examples: Sequence[Example], work: Path, part: str) -> None:
    """Train to the end and export; the average of the last weights is taken, no pair chooses it."""
    folder, weights = work / part, weights_of(work, part)
    if (weights / "registration.onnx").is_file():
        return
    recipe = Recipe.default()
    resume = (folder / "last.ckpt").is_file()
    train_examples(examples, examples[:8], recipe, folder, resume=resume)
    network = load_checkpoint(folder / "last.ckpt")
    print(export(network, recipe, weights, REGISTRATION_DATA, not_for=LIMITS))
    register(weights, "registration", "registration.onnx", "registration.json")


if __name__ == "__main__":
    main()
