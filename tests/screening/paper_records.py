"""Small images in files with records: women with a bright disc, which is cancer, and without."""

from dataclasses import replace

import cv2
import numpy as np

from mammoscope.io.screening import ScreeningImage
from mammoscope.screening.folds import split
from mammoscope.screening.study import Study
from tests.screening.paper_room import picture, tiny


def write(folder, women=16, images=2):
    """Every other woman has a cancer on all of her images; densities follow her number."""
    folder.mkdir(parents=True, exist_ok=True)
    records = []
    for woman in range(women):
        for number in range(images):
            path = folder / f"synthetic-{woman}-{number}.png"
            pixels = picture(woman % 2 == 0, woman * images + number)
            cv2.imwrite(str(path), np.rint(pixels * 255).astype(np.uint8))
            records.append(
                ScreeningImage(
                    path, f"w{woman}", "synthetic", "L", "MLO" if number else "CC", woman % 2 == 0,
                    "film", density="ABCD"[woman % 4] if woman % 5 else None, age=45.0 + woman,
                )
            )  # fmt: skip
    return records


def parted(records, test=0.25, folds=2):
    return split([one.woman for one in records], [bool(one.cancer) for one in records], test, folds)


def study(records, folder, recipe=None, parts=None, **changes):
    recipe = recipe or replace(tiny(epochs=1, steps=1), folds=2)
    parts = parts or parted(records)
    return Study(records, parts, recipe, folder / "row", folder / "prepared", **changes)
