"""The shipped detector of findings from prepared examples, in one command; a GPU makes it minutes.

    python scripts/findings_examples.py DATA EXAMPLES
    python scripts/train_findings.py EXAMPLES WORK [--parts FOLD ...]

Women are dealt to three folds. For each fold that is named a dense network learns from the breasts of
the other two; what it says of the fold it never saw is measured by `measure_findings.py`: every figure
in the card is made of it. These networks together are what ships, their scores averaged, so that of
two folds on every woman has taught it. A part that is done is not done again. `--start` begins with
the networks of an earlier folder: one more cycle of the learning rate.
"""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from attribution import FINDINGS_DATA
from folds import FOLDS, fold_of, weights_of

from mammoscope.core.settings import to_plain, with_settings
from mammoscope.findings.dense.network import Network
from mammoscope.findings.dense.recipe import Recipe
from mammoscope.findings.dense.train import export, load_checkpoint, train_examples
from mammoscope.learn.boxed import Example, load_examples
from mammoscope.learn.checkpoint import save_half
from mammoscope.runtime import register

VALIDATED: Final = 8
"""Breasts whose loss is looked at while learning; none of them chooses the weights."""


def main() -> None:
    """Do every part that is not done."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("examples", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--parts", nargs="*", default=[*map(str, range(FOLDS))])
    parser.add_argument("--start", type=Path, metavar="WORK", help="of an earlier cycle")
    parser.add_argument("--set", nargs="*", default=[], metavar="KEY=VALUE")
    arguments = parser.parse_args()
    examples, work = load_examples(arguments.examples), arguments.work
    settings = dict(each.split("=", 1) for each in arguments.set)
    recipe = with_settings(Recipe.default(), settings)
    networks = []
    for part in arguments.parts:
        others = [one for one in examples if str(fold_of(one.woman)) != part]
        start = load_checkpoint(arguments.start / f"{part}.pt") if arguments.start else None
        networks.append(learnt(others, recipe, work, part, start))
        exported(networks[-1:], recipe, weights_of(work, part))
    exported(networks, recipe, weights_of(work, "last"))


def learnt(
    examples: Sequence[Example], recipe: Recipe, work: Path, part: str, start: Network | None
) -> Network:
    """Trained to the end: the average of the last weights is taken, no breast chooses it."""
    done = work / f"{part}.pt"
    if not done.is_file():
        folder, begun = work / "checkpoints" / part, time.monotonic()
        resume = (folder / "last.ckpt").is_file()
        train_examples(examples, examples[:VALIDATED], recipe, folder, start=start, resume=resume)
        save_half(done, load_checkpoint(folder / "last.ckpt"), to_plain(recipe))
        print(f"{part}: {len(examples)} breasts, {time.monotonic() - begun:.0f} s", flush=True)
    return load_checkpoint(done)


def exported(networks: Sequence[Network], recipe: Recipe, folder: Path) -> None:
    """Weights and card, listed in the folder."""
    export(networks, recipe, folder, FINDINGS_DATA)
    register(folder, "findings", "findings.onnx", "findings.json")


if __name__ == "__main__":
    main()
