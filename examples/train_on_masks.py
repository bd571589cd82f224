"""Train on images with masks beside them: python examples/train_on_masks.py FOLDER OUT [KEY=VALUE…].

``x.png`` has its mask in ``x_mask.png``: 0 background, 1 breast, 2 muscle. A third of the images
tests, a third validates.
"""

import sys
from pathlib import Path

from mammoscope.core.settings import with_settings
from mammoscope.io.annotations import masks_beside
from mammoscope.runtime import register
from mammoscope.segmentation.experiments import Study
from mammoscope.segmentation.recipe import Recipe
from mammoscope.segmentation.sets import split
from mammoscope.segmentation.tables import by_view
from mammoscope.segmentation.train import export

folder, out = Path(sys.argv[1]), Path(sys.argv[2])
recipe = with_settings(Recipe.default(), dict(word.split("=", 1) for word in sys.argv[3:]))
records = masks_beside(folder, folder, dataset="mine", spacing_mm=1.0)
sets = split(records, test=len(records) // 3, validation=len(records) // 3)
study = Study(sets, recipe, out)
network = study.train("training", sets)
print(by_view(study.measure(network, sets.test)).text())
weights = export(network, recipe, out / "weights")
register(weights.parent, "segmentation", weights.name, f"{weights.stem}.json")
print(f"use it: mammoscope analyze … --weights {weights.parent}")
