"""The screening room's pooled network for the checks over all rooms."""

from dataclasses import replace

import numpy as np

from mammoscope.image.patches import crop, flip
from mammoscope.image.resample import to_shape
from mammoscope.screening.infer import Scorer
from mammoscope.screening.pooled import train
from mammoscope.screening.pooled.loss import Weights
from mammoscope.screening.pooled.network import Answers
from mammoscope.screening.pooled.recipe import Recipe
from mammoscope.screening.pooled.views import still
from tests.rooms import Room
from tests.screening.miniature import CENTRE, SHAPE, examples, longer, mammogram, tiny

NEAR = 24.0, 14.0
"""Of the cell that is looked at most, and of the middle of all attention, in pixels of the source: its
mass has a radius of 22, and the middle of attention that is the same everywhere is 21 away."""


def taught(folder):
    recipe = replace(longer(tiny(), epochs=8, steps=20), weights=Weights(where=3.0))
    network = train.train_examples(examples(8), examples(8)[:1], recipe, folder / "training")
    return Answers([network], recipe.mirrored), train.export([network], recipe, folder / "weights")


def answer(session, view):
    """Where the network looks most, and the middle of its attention, in source pixels."""
    said = Scorer(session)(view)
    middle = np.tensordot(np.indices(said.attention.shape), said.attention.astype(float), 2)
    return np.array([said.place, said.frame.to_source(middle)])


def agrees(plain, moved):
    for places in (plain, moved):
        assert (np.linalg.norm(places - CENTRE, axis=1) < NEAR).all()


SCREENING = Room(
    name="screening, pooled",
    recipes=(Recipe.default(),),
    tiny=tiny,
    examples=lambda: examples(4),
    whole=still,
    module=train.training_module,
    train=train.train_examples,
    taught=taught,
    shapes=((256, 256), (320, 288)),
    source=mammogram,
    changed={
        "crop": lambda: crop(mammogram(), 4, 0, SHAPE[0] - 8, SHAPE[1] - 4),
        "flip": lambda: flip(mammogram()),
        "respacing": lambda: to_shape(mammogram(), (SHAPE[0] * 6 // 5, SHAPE[1] * 6 // 5)),
    },
    answer=answer,
    agrees=agrees,
    channels=3,
)
