"""The screening room's pooled network for the checks over all rooms."""

import numpy as np

from mammoscope.image.patches import crop, flip
from mammoscope.image.resample import to_shape
from mammoscope.screening.infer import Scorer
from mammoscope.screening.pooled import train
from mammoscope.screening.pooled.network import Answers
from mammoscope.screening.pooled.recipe import Recipe
from mammoscope.screening.pooled.views import still
from tests.rooms import Room
from tests.screening.miniature import CENTRE, SHAPE, examples, longer, mammogram, tiny

NEAR = 24.0
"""In pixels of the source, whose mass has a radius of 22."""


def taught(folder):
    recipe = longer(tiny(), epochs=6, steps=12)
    network = train.train_examples(examples(8), examples(8)[:1], recipe, folder / "training")
    return Answers(network), train.export(network, recipe, folder / "weights")


def answer(session, view):
    """Where the network looks most, in source pixels."""
    return np.array(Scorer(session)(view).place)


def agrees(plain, moved):
    for place in (plain, moved):
        assert np.linalg.norm(place - CENTRE) < NEAR


SCREENING = Room(
    name="screening, pooled",
    recipes=(Recipe.default(),),
    tiny=tiny,
    examples=lambda: examples(4),
    whole=still,
    module=train.training_module,
    train=train.train_examples,
    taught=taught,
    shapes=((16, 16), (192, 160)),
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
