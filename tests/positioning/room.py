"""The positioning room's two kinds of network for the checks over all rooms."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import get_args

import numpy as np

from mammoscope.image.patches import crop, flip
from mammoscope.image.resample import to_shape
from mammoscope.io.marks import MarkedImage
from mammoscope.learn.augment import Augmentation
from mammoscope.learn.kept import levels
from mammoscope.learn.module import Optimisation
from mammoscope.learn.warp import Geometry
from mammoscope.positioning import train
from mammoscope.positioning.heatmaps import examples, prepare
from mammoscope.positioning.heatmaps import network as heatmap_network
from mammoscope.positioning.heatmaps import train as heatmap_train
from mammoscope.positioning.heatmaps.recipe import Recipe as HeatmapRecipe
from mammoscope.positioning.infer import Locator
from mammoscope.positioning.network import Model
from mammoscope.positioning.prepare import Example
from mammoscope.positioning.preprocess import ORDER, preprocess
from mammoscope.positioning.recipe import Recipe
from tests.positioning.frames import SIDE, mlo, tiny
from tests.rooms import Room

CHANGED = {
    "crop": lambda: crop(mlo(), 12, 0, 108, 84),
    "flip": lambda: flip(mlo()),
    "respacing": lambda: to_shape(mlo(), (140, 100)),
}
NEAR = 8.0
"""In pixels of a source of 120 × 90."""
POINTS = np.array([[60.0, 8.0], [8.0, 34.0], [66.0, 58.0]])
"""Of the synthetic view: lower and upper end of the pectoral line, nipple."""


def regressor_examples():
    views = [mlo(), *(change() for change in CHANGED.values())]
    frames = [preprocess(view, SIDE) for view in views] * 4
    return [Example(levels(one), one.frame.from_source(POINTS), False, one.frame) for one in frames]


def regressor_taught(folder):
    recipe = tiny("coordatt u-net")
    optimisation = replace(
        recipe.optimisation, schedule="one cycle", learning_rate=1e-2, batch=4, epochs=32, patience=32
    )
    network = replace(recipe.network, channels=(8, 12, 16))
    recipe = replace(recipe, network=network, optimisation=optimisation)
    learnt = regressor_examples()
    made = train.train_examples(learnt, learnt[3:], recipe, folder / "training")
    return made, train.export(made, recipe, folder / "weights")


def heatmap_tiny(recipe=None, crop=(112, 80)):
    geometry = Geometry(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, crop=crop, outside=8)
    return replace(
        recipe or HeatmapRecipe.default(),
        network=heatmap_network.Settings((8, 12, 16), dropout=0.0),
        augmentation=Augmentation(0.0, geometry, gamma=(1.0, 1.0), noise=(0.0, 0.0)),
        optimisation=Optimisation(learning_rate=1e-2, batch=2, epochs=2),
    )


def heatmap_examples(recipe=None):
    points = {name: tuple(point) for name, point in zip(ORDER, POINTS.tolist(), strict=True)}
    record = MarkedImage(
        Path("synthetic.png"), "synthetic", "synthetic", "MLO", "film", (120, 90), points
    )
    return [prepare.example(record, mlo(), recipe or heatmap_tiny())] * 8


def heatmap_taught(folder):
    looks, recipes = [], []
    for recipe in (heatmap_tiny(), heatmap_tiny(HeatmapRecipe.near(), (128, 128))):
        cycle = Optimisation(learning_rate=1e-2, schedule="one cycle", batch=4, epochs=20, patience=20)
        recipes.append(replace(recipe, optimisation=cycle))
        learnt = heatmap_examples(recipe)
        training = folder / f"training {len(looks)}"
        looks.append(heatmap_train.train_examples(learnt, learnt[7:], recipes[-1], training))
    path = heatmap_train.export(*looks, folder / "weights", tuple(recipes))
    return heatmap_network.Expectation(*looks), path


def answer(session, mammogram):
    said = Locator(session)(mammogram)
    return np.array([said.points[name].point for name in ORDER])


def agrees(plain, moved):
    for points in (plain, moved):
        assert np.linalg.norm(points - POINTS, axis=1).max() < NEAR


REGRESSORS = Room(
    name="positioning, the paper's",
    recipes=tuple(Recipe.paper(model) for model in get_args(Model)),
    tiny=tiny,
    examples=regressor_examples,
    whole=lambda recipe: partial(train.tensors, classifies=False),
    module=train.training_module,
    train=train.train_examples,
    taught=regressor_taught,
    shapes=((SIDE, SIDE),),
    source=mlo,
    changed=CHANGED,
    answer=answer,
    agrees=agrees,
)
HEATMAPS = Room(
    name="positioning, heatmaps",
    recipes=(HeatmapRecipe.default(), HeatmapRecipe.near()),
    tiny=heatmap_tiny,
    examples=heatmap_examples,
    whole=lambda recipe: examples.padded(recipe.network.multiple),
    module=heatmap_train.training_module,
    train=heatmap_train.train_examples,
    taught=heatmap_taught,
    shapes=((64, 64), (256, 192)),
    source=mlo,
    changed=CHANGED,
    answer=answer,
    agrees=agrees,
)
