"""The shipped detector of findings from prepared examples, in one command; a GPU makes it minutes.

    python scripts/findings_examples.py DATA EXAMPLES
    python scripts/train_findings.py EXAMPLES WORK

Women are dealt to three folds. For each fold the dense network learns from the breasts of the other
two; what it says of the fold it never saw is measured by `measure_findings.py`: every figure in the
card is made of it. Last, the network that ships learns from all. A part that is done is not done again.
Weights of parts are kept at half precision, and shipped so.
"""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from folds import FOLDS, fold_of

from mammoscope.core.settings import to_plain, with_settings
from mammoscope.findings.dense.recipe import Recipe
from mammoscope.findings.dense.train import load_checkpoint, train_examples
from mammoscope.learn.boxed import Example, load_examples
from mammoscope.learn.checkpoint import save_half

VALIDATED: Final = 8
"""Breasts whose loss is looked at while learning; none of them chooses the weights."""


def main() -> None:
    """Do every part that is not done."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("examples", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--parts", nargs="*", default=[*map(str, range(FOLDS)), "last"])
    parser.add_argument("--set", nargs="*", default=[], metavar="KEY=VALUE")
    arguments = parser.parse_args()
    examples = load_examples(arguments.examples)
    settings = dict(each.split("=", 1) for each in arguments.set)
    recipe = with_settings(Recipe.default(), settings)
    for part in arguments.parts:
        others = [one for one in examples if str(fold_of(one.woman)) != part]
        learn(others, recipe, arguments.work, part)


def learn(examples: Sequence[Example], recipe: Recipe, work: Path, part: str) -> None:
    """Train to the end; the average of the last weights is taken, no breast chooses it."""
    done = work / f"{part}.pt"
    if done.is_file():
        return
    folder, begun = work / "checkpoints" / part, time.monotonic()
    resume = (folder / "last.ckpt").is_file()
    train_examples(examples, examples[:VALIDATED], recipe, folder, resume=resume)
    save_half(done, load_checkpoint(folder / "last.ckpt"), to_plain(recipe))
    print(f"{part}: {len(examples)} breasts, {time.monotonic() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    main()
