"""The findings room's dense network for the checks over all rooms."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from mammoscope.findings.dense import train
from mammoscope.findings.dense.network import Settings
from mammoscope.findings.dense.prepare import example
from mammoscope.findings.dense.recipe import Recipe
from mammoscope.findings.dense.views import still
from mammoscope.findings.infer import Finder
from mammoscope.image.patches import crop, flip
from mammoscope.image.resample import to_shape
from mammoscope.image.windows import WINDOW
from mammoscope.io.findings import BoxedFinding, FindingsImage
from mammoscope.learn.module import Optimisation
from mammoscope.learn.varied import Variation
from tests.findings.dense.bright import SHAPE, SIDE, breast
from tests.rooms import Room

TOP, LEFT = 200, 80
CENTRE = np.array([TOP, LEFT]) + (SIDE - 1) / 2
NEAR = 12.0
"""In pixels of 0.3 mm; the square's sides are of 33."""


def tiny():
    return Recipe(
        network=Settings((6, 8, 12, 12), fused=12, hidden=16, dropout=0.0),
        levels=(1.0,),
        crop=(WINDOW + 224, WINDOW + 160),
        variation=Variation(turn=5.0, scale=0.05, shift=24.0, gamma=0.1, contrast=0.1),
        optimisation=Optimisation(learning_rate=1e-2, batch=2, epochs=2),
    )


def record(top, left):
    box = (top - 0.5, left - 0.5, top + SIDE - 0.5, left + SIDE - 0.5)
    found = (BoxedFinding(("mass",), box),)
    return FindingsImage(Path("square.png"), "a", "bright squares", "L", "CC", "film", found)


def examples():
    places = [
        (TOP, LEFT),
        (150, 40),
        (260, 90),
        (120, 100),
        (240, 30),
        (180, 130),
        (290, 60),
        (170, 70),
    ]
    return [example(breast(*place), record(*place), tiny()) for place in places]


def taught(folder):
    optimisation = Optimisation(
        learning_rate=2e-2, schedule="one cycle", batch=4, epochs=12, patience=12, steps=5
    )
    recipe = replace(tiny(), optimisation=optimisation)
    network = train.train_examples(examples(), examples()[:1], recipe, folder / "training")
    return train.Mean([network], mirrored=True), train.export([network], recipe, folder / "weights")


def answer(session, image):
    """The middle of the best finding, in source pixels."""
    return np.array(Finder(session)(image).findings[0].centre)


def agrees(plain, moved):
    for place in (plain, moved):
        assert np.linalg.norm(place - CENTRE) < NEAR


DENSE = Room(
    name="findings, dense",
    recipes=(Recipe.default(),),
    tiny=tiny,
    examples=examples,
    whole=still,
    module=train.training_module,
    train=train.train_examples,
    taught=taught,
    shapes=((WINDOW, WINDOW), (WINDOW + 64, WINDOW + 32)),
    source=partial(breast, TOP, LEFT),
    changed={
        "crop": lambda: crop(breast(TOP, LEFT), 7, 0, SHAPE[0] - 12, SHAPE[1] - 5),
        "flip": lambda: flip(breast(TOP, LEFT)),
        "respacing": lambda: to_shape(breast(TOP, LEFT), (SHAPE[0] * 2, SHAPE[1] * 2)),
    },
    answer=answer,
    agrees=agrees,
    channels=3,
)
