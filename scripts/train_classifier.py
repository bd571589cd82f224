"""The paper's way at a size for a CPU: MobileNet on patches of masses on film.

    python scripts/train_classifier.py LESIONS WORK [--set optimisation.epochs=4 ...]

LESIONS is a table of lesions beside its images, or its folder. Learns by `Recipe.default()`, far below
`Recipe.paper()`, and prints the paper's second table of women who were not learnt from, and what is
said of their masses at several scales. WORK holds checkpoints: what was broken off goes on.
"""

import argparse
from pathlib import Path

import cv2

from mammoscope.core.settings import with_settings
from mammoscope.faces.words import split as settings_of
from mammoscope.findings.recipe import Recipe
from mammoscope.findings.sets import SOURCES, split
from mammoscope.findings.study import Study, write_sizes
from mammoscope.findings.tables import by_finding


def main() -> None:
    """Train, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lesions", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--set", nargs="*", default=[])
    arguments = parser.parse_args()
    cv2.setNumThreads(0)
    recipe = with_settings(Recipe.default(), settings_of(arguments.set))
    sets = split(SOURCES["lesions"].read(arguments.lesions, lambda: None).images)
    study = Study(sets, recipe, arguments.work, arguments.work / "prepared", tell=print)
    print(by_finding(study.said).text())
    print(write_sizes(study, arguments.work / "sizes").text())


if __name__ == "__main__":
    main()
