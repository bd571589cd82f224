"""The segmentation room for the checks over all rooms."""

import numpy as np

from mammoscope.core import About, Frame, Mammogram
from mammoscope.core.settings import with_settings
from mammoscope.image.patches import crop, flip
from mammoscope.image.resample import to_shape
from mammoscope.learn.data import Example, padded
from mammoscope.learn.export import Probabilities
from mammoscope.segmentation import train
from mammoscope.segmentation.infer import Segmenter
from mammoscope.segmentation.recipe import Recipe
from tests.rooms import Room
from tests.segmentation import miniature

SEED = 50


def examples():
    masks = [miniature.labels(seed, muscle=True) for seed in range(4)]
    return [Example(miniature.picture(mask, seed), mask) for seed, mask in enumerate(masks)]


def taught(folder):
    recipe = with_settings(miniature.tiny(), {"optimisation.epochs": "12"})
    network = train.train_examples(examples(), examples()[3:], recipe, folder / "training")
    return Probabilities(network), train.export(network, recipe, folder / "weights")


def source():
    mask = miniature.labels(SEED, muscle=True)
    pixels = (miniature.picture(mask, SEED) / np.float32(255)).astype(np.float32)
    return Mammogram(pixels, About("synthetic", miniature.SHAPE), Frame.of(miniature.SHAPE))


def agrees(plain, moved):
    assert moved.shape == miniature.SHAPE
    truth = miniature.labels(SEED, muscle=True)
    for labels in (plain, moved):
        assert ((labels > 0) == (truth > 0)).mean() > 0.93
    assert (plain == moved).mean() > 0.9


SEGMENTATION = Room(
    name="segmentation",
    recipes=(Recipe.paper(), Recipe.default()),
    tiny=miniature.tiny,
    examples=examples,
    whole=lambda recipe: padded(recipe.network.multiple),
    module=train.training_module,
    train=train.train_examples,
    taught=taught,
    shapes=((16, 16), (64, 48), (2, 130)),
    source=source,
    changed={
        "crop": lambda: crop(source(), 2, 0, 60, 44),
        "flip": lambda: flip(source()),
        "respacing": lambda: to_shape(source(), (80, 60)),
    },
    answer=lambda session, mammogram: Segmenter(session)(mammogram).mask.labels,
    agrees=agrees,
)
