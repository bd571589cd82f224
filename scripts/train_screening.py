"""The screening weights that ship, from prepared examples, in one command.

    python scripts/train_screening.py EXAMPLES ANSWERS WORK --detectors FINDINGS_WORK

Women are dealt to five parts, each within one of the three folds of the detectors of findings. For each
part the network begins with the detector that never saw the women of its fold, learns from all women of
other parts, and says what it thinks of those whom neither ever saw: every figure in the card is made of
that. Last, the network that ships learns from all women. A part that is done is not done again.
Nothing here reads DICOM.
"""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from attribution import SCREENING_DATA
from folds import PARTS, part_of, weights_of

from mammoscope.core.settings import to_plain, with_settings
from mammoscope.learn.checkpoint import read_checkpoint, save_half
from mammoscope.learn.fit import LAST as LATEST
from mammoscope.runtime import register
from mammoscope.screening.pooled.examples import Example, load
from mammoscope.screening.pooled.network import Network
from mammoscope.screening.pooled.recipe import Recipe
from mammoscope.screening.pooled.train import export, load_checkpoint, train_examples

LAST: Final = "last0"
"""A part that nobody belongs to; it begins with the detector of its number."""
VALIDATED: Final = 8
"""Breasts whose loss is looked at while learning; none of them chooses the weights."""


def main() -> None:
    """Do every part that is not done."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("examples", "answers", "work"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--detectors", type=Path, required=True, help="where train_findings.py worked")
    parser.add_argument("--parts", nargs="*", default=[*PARTS, LAST])
    parser.add_argument("--set", nargs="*", default=[], metavar="KEY=VALUE", help="of the recipe")
    arguments = parser.parse_args()
    recipe = with_settings(Recipe.default(), dict(one.split("=", 1) for one in arguments.set))
    examples, work = load(arguments.examples, arguments.answers), arguments.work
    networks = {
        part: learnt(examples, recipe, work, part, arguments.detectors) for part in arguments.parts
    }
    for part in PARTS:
        if part in networks:
            exported([networks[part]], recipe, weights_of(work, part))
    if LAST in networks:
        exported([networks[LAST]], recipe, weights_of(work, "last"))


def learnt(
    examples: Sequence[Example], recipe: Recipe, work: Path, part: str, detectors: Path
) -> Network:
    """Trained to the end: the average of the last weights is taken, no breast chooses it."""
    done = work / f"{part}.pt"
    if not done.is_file():
        folder, begun = work / "checkpoints" / part, time.monotonic()
        others = [one for one in examples if part_of(one.breast.woman) != part]
        detector = read_checkpoint(detectors / f"{detector_of(part)}.pt").state
        resume = (folder / LATEST).is_file()
        train_examples(others, others[:VALIDATED], recipe, folder, detector=detector, resume=resume)
        save_half(done, load_checkpoint(folder / LATEST), to_plain(recipe))
        print(f"{part}: {len(others)} breasts, {time.monotonic() - begun:.0f} s", flush=True)
    return load_checkpoint(done)


def detector_of(part: str) -> str:
    """The fold whose women the detector that a part begins with never saw."""
    return part.removeprefix("last")[0]


def exported(networks: Sequence[Network], recipe: Recipe, folder: Path) -> None:
    """Weights and card, listed in the folder."""
    export(networks, recipe, folder, SCREENING_DATA)
    register(folder, "screening", "screening.onnx", "screening.json")


if __name__ == "__main__":
    main()
