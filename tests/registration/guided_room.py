"""The registration room's guided network for the checks over all rooms."""

from dataclasses import replace

import numpy as np

from mammoscope.image.patches import crop
from mammoscope.image.resample import to_shape
from mammoscope.learn.augment import Augmentation
from mammoscope.learn.module import Optimisation
from mammoscope.registration.guided import train
from mammoscope.registration.guided.examples import Jitter, still
from mammoscope.registration.guided.frame import COLUMNS, ROWS
from mammoscope.registration.guided.network import Answers, Settings
from mammoscope.registration.guided.prepare import example
from mammoscope.registration.guided.recipe import Recipe
from mammoscope.registration.infer import Registrar
from tests.registration.guided_pairs import (
    PLACES,
    SHAPE,
    landmarks,
    mammogram,
    mirrored,
    pair,
    views,
)
from tests.rooms import Room

VIEWS = ("CC", "MLO")
NEAR = 8.0
"""In pixels of a source of 230 × 160."""


def tiny():
    return Recipe(
        network=Settings((6, 6, 8, 8, 8), features=6, dropout=0.0),
        augmentation=Augmentation(0.0, gamma=(1.0, 1.0), noise=(0.0, 0.0)),
        jitter=Jitter(0.0, 0.0, 0.0, 0.0),
        optimisation=Optimisation(learning_rate=1e-2, batch=2, epochs=2),
    )


def examples():
    return [example(pair(), views())] * 8


def taught(folder):
    cycle = Optimisation(learning_rate=2e-2, schedule="one cycle", batch=4, epochs=16, patience=16)
    recipe = replace(tiny(), optimisation=cycle)
    made = train.train_examples(examples(), examples()[7:], recipe, folder / "training")
    return Answers(made), train.export(made, recipe, folder / "weights")


def source():
    return [(mammogram(view), landmarks(view)) for view in VIEWS]


def of_images(change):
    return lambda: [(change(mammogram(view)), landmarks(view)) for view in VIEWS]


CHANGED = {
    "crop": of_images(lambda one: crop(one, 4, 0, SHAPE[0] - 8, SHAPE[1] - 6)),
    "flip": lambda: [mirrored(view) for view in VIEWS],
    "respacing": of_images(lambda one: to_shape(one, (SHAPE[0] * 2, SHAPE[1] * 2))),
}


def answer(session, pair):
    """Where the CC lesion is mapped, seen with the chest wall on the left."""
    registrar = Registrar(session)
    aligned = registrar(*(registrar.prepare(*one) for one in pair))
    row, column = PLACES["CC"]
    turned = pair[0][1].chest_wall == "right"
    asked = (row, SHAPE[1] - 1 - column) if turned else (row, column)
    row, column = aligned.search("CC", asked, None).mapped
    return np.array([row, SHAPE[1] - 1 - column if turned else column])


def agrees(plain, moved):
    for place in (plain, moved):
        assert np.linalg.norm(place - PLACES["MLO"]) < NEAR


GUIDED = Room(
    name="registration, guided",
    recipes=(Recipe.default(),),
    tiny=tiny,
    examples=examples,
    whole=lambda recipe: still(),
    module=train.training_module,
    train=train.train_examples,
    taught=taught,
    shapes=((ROWS, COLUMNS),),
    source=source,
    changed=CHANGED,
    answer=answer,
    agrees=agrees,
    channels=2,
)
