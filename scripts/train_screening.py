"""The screening weights that ship, from prepared examples, in one command.

    python scripts/train_screening.py EXAMPLES ANSWERS WORK --detectors FINDINGS_WORK

Women are dealt to five parts, each within one of the three folds of the detectors of findings. For each
part the network begins with the detector that never saw the women of its fold, learns from all women of
other parts, and says what it thinks of those whom neither ever saw: every figure in the card is made of
that. Last, networks that learn from all women, each begun with another detector, ship together. A part
that is done is not done again. Nothing here reads DICOM.
"""

import argparse
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import torch
from folds import PARTS, part_of

from mammoscope.core.settings import to_plain, with_settings
from mammoscope.learn.boxed import resized
from mammoscope.learn.checkpoint import read_checkpoint, save_half
from mammoscope.learn.fit import LAST as LATEST
from mammoscope.screening.pooled.examples import Example, load
from mammoscope.screening.pooled.predict import logits
from mammoscope.screening.pooled.recipe import Recipe
from mammoscope.screening.pooled.train import load_checkpoint, train_examples

LOOKS: Final = ((1.0, False), (1.0, True), (1.2, False), (1.2, True))
"""In which images are shown: size, and whether mirrored."""
LAST: Final = ("last0", "last1")
"""Parts that nobody belongs to; each begins with the detector of its number."""
VALIDATED: Final = 8
"""Breasts whose loss is looked at while learning; none of them chooses the weights."""


def main() -> None:
    """Do every part that is not done."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("examples", "answers", "work"):
        parser.add_argument(name, type=Path)
    parser.add_argument(
        "--detectors", type=Path, help="where train_findings.py worked"
    )
    parser.add_argument("--spacing", type=float, default=0.3, help="of the examples' pixels, in mm")
    parser.add_argument("--parts", nargs="*", default=[*PARTS, *LAST])
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
        learn(examples, recipe, arguments.work, part, arguments.detectors)


def learn(
    examples: list[Example], recipe: Recipe, work: Path, part: str, detectors: Path | None
) -> None:
    """Train to the end; the average of the last weights is taken, no image chooses it."""
    weights = work / f"screening_{part}.pt"
    if weights.is_file():
        return
    began = time.monotonic()
    others = [one for one in examples if part_of(one.breast.woman) != part]
    unseen = [one for one in examples if part_of(one.breast.woman) == part]
    folder = work / part
    state = read_checkpoint(detectors / f"{detector_of(part)}.pt").state if detectors else None
    train_examples(
        others, others[:VALIDATED], recipe, folder, detector=state, resume=(folder / LATEST).is_file()
    )
    network = load_checkpoint(folder / LATEST)
    save_half(weights, network, to_plain(recipe))
    trained = time.monotonic()
    if unseen:
        predict(network, unseen, work / f"screening_{part}.npz")
    print(
        f"part {part}: {len(others)} images learnt in {trained - began:.0f} s, "
        f"{len(unseen)} scored in {time.monotonic() - trained:.0f} s",
        flush=True,
    )


def detector_of(part: str) -> str:
    """The fold whose women the detector that a part begins with never saw."""
    return part.removeprefix("last")[0]


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
