"""The paper's classifiers for the checks over all rooms."""

from dataclasses import replace
from functools import partial
from typing import get_args

import numpy as np

from mammoscope.findings import train, windows
from mammoscope.findings.network import Backbone, probabilities
from mammoscope.findings.preprocess import prepare
from mammoscope.findings.recipe import Recipe
from mammoscope.image.patches import crop, flip
from mammoscope.image.resample import to_shape
from tests.findings.miniature import CENTRE, SHAPE, SIZE, examples, mammogram, tiny
from tests.rooms import Room

NEAR = 20.0
"""In pixels of the source, whose disc has a radius of 14."""


def taught(folder):
    recipe = tiny()
    optimisation = replace(
        recipe.optimisation, learning_rate=2e-3, schedule="one cycle", batch=12, epochs=20,
        patience=20, steps=6,
    )  # fmt: skip
    recipe = replace(recipe, optimisation=optimisation)
    learnt = examples(12)
    network = train.train_examples(learnt, learnt, recipe, folder / "training")
    return probabilities(network), train.export(network, recipe, folder / "weights")


def answer(session, view):
    """The middle of the windows that say mass loudest, in source pixels."""
    channels, inside, frame = prepare(view)
    places = windows.on(inside, windows.corners(frame.shape, SIZE, 8), SIZE)
    said = windows.probabilities(channels, windows.by_session(session), places, SIZE)[:, 0]
    loudest = places[said >= 0.9 * said.max()].mean(axis=0) + (SIZE - 1) / 2
    return frame.to_source(loudest)


def agrees(plain, moved):
    for point in (plain, moved):
        assert np.linalg.norm(point - CENTRE) < NEAR


FINDINGS = Room(
    name="findings, the paper's",
    recipes=(*(Recipe.paper(backbone) for backbone in get_args(Backbone)), Recipe.default()),
    tiny=tiny,
    examples=partial(examples, 4),
    whole=lambda recipe: lambda example: train.tensors(example, recipe),
    module=train.training_module,
    train=train.train_examples,
    taught=taught,
    shapes=((SIZE, SIZE),),
    source=mammogram,
    changed={
        "crop": lambda: crop(mammogram(), 8, 0, 220, 168),
        "flip": lambda: flip(mammogram()),
        "respacing": lambda: to_shape(mammogram(), (SHAPE[0] * 7 // 6, SHAPE[1] * 7 // 6)),
    },
    answer=answer,
    agrees=agrees,
    channels=3,
)
