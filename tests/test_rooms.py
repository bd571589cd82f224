"""The same checks over every room."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch

from mammoscope.core import About, Frame, Mammogram
from mammoscope.core.settings import from_plain, known_settings, to_plain, with_settings
from mammoscope.errors import SettingsError
from mammoscope.image.patches import crop, flip
from mammoscope.image.resample import to_shape
from mammoscope.learn.data import Example
from mammoscope.runtime import open_session
from mammoscope.runtime.weights import register
from mammoscope.segmentation import train as segmentation_train
from mammoscope.segmentation.infer import Segmenter
from mammoscope.segmentation.recipe import Recipe as SegmentationRecipe
from tests.segmentation import miniature


@dataclass(frozen=True)
class Room:
    """What the checks need of a room."""

    name: str
    recipes: Sequence[Any]
    tiny: Callable[[], Any]
    examples: Callable[[], Sequence[Any]]
    module: Callable[[Any], Any]
    train: Callable[..., Any]
    export: Callable[[Any, Any, Path], Path]


def segmentation_examples():
    masks = [miniature.labels(seed, muscle=True) for seed in range(4)]
    return [Example(miniature.picture(mask, seed), mask) for seed, mask in enumerate(masks)]


ROOMS = [
    Room(
        "segmentation",
        (SegmentationRecipe.paper(), SegmentationRecipe.default()),
        miniature.tiny,
        segmentation_examples,
        segmentation_train.training_module,
        segmentation_train.train_examples,
        segmentation_train.export,
    ),
]
every_room = pytest.mark.parametrize("room", ROOMS, ids=[room.name for room in ROOMS])


@every_room
def test_settings_survive_a_round_trip(room):
    for recipe in (*room.recipes, room.tiny()):
        assert from_plain(type(recipe), to_plain(recipe)) == recipe


@every_room
def test_an_unknown_setting_is_refused_with_the_known_ones(room):
    with pytest.raises(SettingsError, match=r"'speed'.*optimisation\.epochs"):
        with_settings(room.tiny(), {"speed": "1"})
    assert "optimisation.seed" in known_settings(room.tiny())


@every_room
def test_a_step_lowers_the_loss_on_two_images(room):
    module = room.module(room.tiny()).train()
    pairs = [(example.pixels(), example.mask) for example in room.examples()[:2]]
    images = torch.from_numpy(np.stack([image for image, _ in pairs]))[:, None]
    truth = torch.from_numpy(np.stack([mask for _, mask in pairs]).astype(np.int64))
    optimiser = torch.optim.SGD(module.network.parameters(), lr=1e-2)
    before = module.loss(module.network(images), truth)
    before.backward()
    optimiser.step()
    assert module.loss(module.network(images), truth) < before


@every_room
def test_resumed_training_equals_uninterrupted_training(room, tmp_path):
    recipe = room.tiny()
    optimisation = replace(recipe.optimisation, epochs=4, average=0.9)
    recipe = replace(recipe, optimisation=optimisation)
    if hasattr(recipe.network, "dropout"):
        recipe = with_settings(recipe, {"network.dropout": "0.2"})
    examples = room.examples()
    whole = room.train(examples[:3], examples[3:], recipe, tmp_path / "whole")
    half = replace(recipe, optimisation=replace(optimisation, epochs=2))
    room.train(examples[:3], examples[3:], half, tmp_path / "halves")
    resumed = room.train(examples[:3], examples[3:], recipe, tmp_path / "halves", resume=True)
    for name, value in whole.state_dict().items():
        torch.testing.assert_close(resumed.state_dict()[name], value, msg=name)


@pytest.fixture(scope="module")
def exported(request, tmp_path_factory):
    """A tiny network of the room after a few epochs, and the folder of its weights."""
    room = request.param
    recipe = with_settings(room.tiny(), {"optimisation.epochs": "12"})
    folder = tmp_path_factory.mktemp(room.name)
    examples = room.examples()
    network = room.train(examples, examples[3:], recipe, folder / "training")
    path = room.export(network, recipe, folder / "weights")
    register(path.parent, room.name, path.name, path.with_suffix(".json").name)
    return network, path


every_export = pytest.mark.parametrize("exported", ROOMS, indirect=True, ids=[r.name for r in ROOMS])


@every_export
@pytest.mark.parametrize("shape", [(16, 16), (64, 48), (2, 130)])
def test_onnx_equals_torch(exported, shape):
    network, path = exported
    image = np.random.default_rng(0).random((1, 1, *shape), dtype=np.float32)
    (output,) = onnxruntime.InferenceSession(path).run(None, {"image": image})
    with torch.no_grad():
        expected = torch.softmax(network(torch.from_numpy(image)), dim=1).numpy()
    np.testing.assert_allclose(output, expected, atol=1e-5)


def mammogram():
    mask = miniature.labels(50, muscle=True)
    pixels = (miniature.picture(mask, 50) / np.float32(255)).astype(np.float32)
    return Mammogram(pixels, About("synthetic", miniature.SHAPE), Frame.of(miniature.SHAPE))


@every_export
@pytest.mark.parametrize("change", ["crop", "flip", "respacing"])
def test_predictions_land_in_source_pixels(exported, change):
    _, path = exported
    segmenter = Segmenter(open_session(path.stem, path.parent))
    source = mammogram()
    changed = {
        "crop": lambda: crop(source, 2, 0, 60, 44),
        "flip": lambda: flip(source),
        "respacing": lambda: to_shape(source, (80, 60)),
    }[change]()
    plain, moved = segmenter(source).mask.labels, segmenter(changed).mask.labels
    assert moved.shape == miniature.SHAPE
    truth = miniature.labels(50, muscle=True)
    for labels in (plain, moved):
        assert ((labels > 0) == (truth > 0)).mean() > 0.93
    assert (plain == moved).mean() > 0.9
