"""Small images with and without cancer, and the paper's networks for the checks over all rooms."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from mammoscope.core import About, Frame, Mammogram
from mammoscope.image.patches import crop, flip
from mammoscope.image.resample import to_shape
from mammoscope.learn.kept import Kept
from mammoscope.learn.module import Optimisation
from mammoscope.screening import train
from mammoscope.screening.augment import Augmentation
from mammoscope.screening.cached import OUTLINE, resized
from mammoscope.screening.network import Head, Probability, Settings
from mammoscope.screening.recipe import Recipe
from tests.rooms import Room

SIZE = 32
SHAPE = (160, 120)
HEADS = (Head("laterality", ("L", "R")), Head("density", ("1", "2", "3")))


def picture(cancer, seed=0):
    """A breast on the left, 0–1; a cancer is a bright disc in it."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]].astype(float)
    breast = ((rows - 80) / 70) ** 2 + (columns / 100) ** 2 < 1
    row, column = rng.uniform(55, 105), rng.uniform(25, 60)
    mass = (rows - row) ** 2 + (columns - column) ** 2 < 15**2
    grain = 0.02 * rng.standard_normal(SHAPE)
    return np.clip(breast * (0.4 + grain) + (mass & breast) * 0.5 * cancer, 0, 1).astype(np.float32)


def mammogram(cancer=True, seed=0):
    return Mammogram(picture(cancer, seed), About("synthetic", SHAPE), Frame.of(SHAPE))


def small(view, recipe):
    """The image as the network sees it, uint8."""
    return np.rint(resized(view, recipe, OUTLINE) * 255).astype(np.uint8)


def examples(count=4, recipe=None):
    """With cancer and without in turn; the fourth knows no density."""
    recipe = recipe or tiny()
    images = [small(mammogram(number % 2 == 0, number), recipe) for number in range(count)]
    kept = Kept(
        tuple(Path(str(number)) for number in range(count)), lambda path: images[int(path.name)]
    )
    return [
        train.Example(kept, place, place % 2 == 0, np.array([0, -1 if place == 3 else place % 3]))
        for place in range(count)
    ]


def tiny(backbone="test_resnet", **changes):
    settings = {"learning_rate": 1e-3, "batch": 2, "epochs": 2} | changes
    return Recipe(
        pretrained=False,
        augmentation=Augmentation(flip=0.5, rotation=5.0),
        network=Settings(backbone, SIZE, heads=HEADS),
        optimisation=Optimisation(**settings),
    )


def taught(folder):
    recipe = tiny(learning_rate=3e-3, batch=8, epochs=15, patience=15, schedule="one cycle", steps=4)
    recipe = replace(recipe, augmented=False)
    learnt = examples(16, recipe)
    network = train.train_examples(learnt, learnt, recipe, folder / "training")
    return Probability(network), train.export(network, recipe, folder / "weights")


def answer(session, view):
    """The probability of cancer."""
    pixels = small(view, tiny()).astype(np.float32) / np.float32(255)
    return session.run(pixels[None, None])[0]


def agrees(plain, moved):
    for probability in (plain, moved):
        assert probability > 0.6


PAPER = Room(
    name="screening, the paper's",
    recipes=(Recipe.paper("cnn"), Recipe.paper("vit")),
    tiny=tiny,
    examples=examples,
    whole=lambda recipe: train.whole,
    module=train.training_module,
    train=train.train_examples,
    taught=taught,
    shapes=((SIZE, SIZE),),
    source=mammogram,
    changed={
        "crop": lambda: crop(mammogram(), 6, 0, 150, 110),
        "flip": lambda: flip(mammogram()),
        "respacing": lambda: to_shape(mammogram(), (SHAPE[0] * 6 // 5, SHAPE[1] * 6 // 5)),
    },
    answer=answer,
    agrees=agrees,
)
