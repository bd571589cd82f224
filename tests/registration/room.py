"""The registration room's network of the paper for the checks over all rooms."""

from dataclasses import replace

import numpy as np

from mammoscope.core.settings import with_settings
from mammoscope.image.patches import crop, flip
from mammoscope.image.resample import to_shape
from mammoscope.learn.module import Optimisation
from mammoscope.registration import train
from mammoscope.registration.evaluate import Seen, Views
from mammoscope.registration.examples import example
from mammoscope.registration.learnt import learnt
from mammoscope.registration.network import Settings, Transformation
from mammoscope.registration.recipe import Recipe
from tests.registration.pairs import BOX, cc, lesion, mlo, mlo_box
from tests.rooms import Room

SIDE = 96
NEAR = 6.0
"""In pixels of a source of 120 × 90."""


def tiny():
    optimisation = Optimisation(learning_rate=1e-2, batch=2, epochs=2)
    network = Settings((1, 1, 1, 1), (8, 8, 16, 16), SIDE, norms="own")
    return Recipe(
        pretrained=False, network=network, detector=replace(optimisation, epochs=0),
        optimisation=optimisation,
    )  # fmt: skip


def changed(change):
    return lambda: (change(cc()), change(mlo()))


CHANGED = {
    "crop": changed(lambda one: crop(one, 6, 0, 108, 88)),
    "flip": changed(flip),
    "respacing": changed(lambda one: to_shape(one, (140, 105))),
}


def examples():
    pairs = [(cc(), mlo()), *(change() for change in CHANGED.values())]
    return [example(*pair, [lesion()], SIDE) for pair in pairs]


def taught(folder):
    settings = {
        "optimisation.schedule": "one cycle", "optimisation.learning_rate": "3e-3",
        "optimisation.epochs": "60", "optimisation.patience": "60", "optimisation.steps": "2",
        "optimisation.batch": "4",
    }  # fmt: skip
    recipe = with_settings(tiny(), settings)
    made = train.train_examples(examples(), examples(), recipe, folder / "training")
    return Transformation(made), train.export(made, recipe, folder / "weights")


def answer(session, pair):
    """Where the middle of the CC lesion comes to lie."""
    said = learnt(session)(Views(*(Seen(one) for one in pair)))
    return said.to_mlo(np.array([(BOX[0] + BOX[2]) / 2, (BOX[1] + BOX[3]) / 2]))


def agrees(plain, moved):
    top, left, bottom, right = mlo_box()
    for point in (plain, moved):
        assert np.linalg.norm(point - np.array([(top + bottom) / 2, (left + right) / 2])) < NEAR


REGISTRATION = Room(
    name="registration, the paper's",
    recipes=(Recipe.paper(),),
    tiny=tiny,
    examples=examples,
    whole=lambda recipe: train.tensors,
    module=train.training_module,
    train=train.train_examples,
    taught=taught,
    shapes=((SIDE, SIDE),),
    source=lambda: (cc(), mlo()),
    changed=CHANGED,
    answer=answer,
    agrees=agrees,
    channels=2,
    rate=1e-9,
)
