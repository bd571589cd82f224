"""The same checks over every room."""

from dataclasses import replace

import numpy as np
import onnxruntime
import pytest
import torch
from torch.utils.data import default_collate

from mammoscope.core.settings import from_plain, known_settings, to_plain, with_settings
from mammoscope.errors import SettingsError
from mammoscope.runtime import open_session
from mammoscope.runtime.weights import register
from tests.findings.dense.room import DENSE
from tests.findings.room import FINDINGS
from tests.positioning.room import HEATMAPS, REGRESSORS
from tests.registration.guided_room import GUIDED
from tests.registration.room import REGISTRATION
from tests.rooms import CHANGES
from tests.screening.paper_room import PAPER
from tests.screening.room import SCREENING
from tests.segmentation.room import SEGMENTATION

ROOMS = [SEGMENTATION, REGRESSORS, HEATMAPS, REGISTRATION, GUIDED, FINDINGS, DENSE, SCREENING, PAPER]
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
    recipe = room.tiny()
    module = room.module(recipe).train()
    whole = room.whole(recipe)
    images, truth = default_collate([whole(example) for example in room.examples()[:2]])
    optimiser = torch.optim.SGD(module.network.parameters(), lr=room.rate)
    before = module.loss(module.network(images), truth)
    before.backward()
    optimiser.step()
    assert module.loss(module.network(images), truth) < before


@every_room
def test_resumed_training_equals_uninterrupted_training(room, tmp_path):
    recipe = room.tiny()
    optimisation = replace(recipe.optimisation, epochs=4, patience=4, average=0.9)
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
def taught(request, tmp_path_factory):
    """The room, a tiny network of it that has learnt its examples, and the file of its weights."""
    room = request.param
    network, path = room.taught(tmp_path_factory.mktemp("room"))
    register(path.parent, path.stem, path.name, path.with_suffix(".json").name)
    return room, network, path


every_network = pytest.mark.parametrize("taught", ROOMS, indirect=True, ids=[r.name for r in ROOMS])


@every_network
def test_onnx_equals_torch(taught):
    room, network, path = taught
    engine = onnxruntime.InferenceSession(path)
    for shape in room.shapes:
        image = np.random.default_rng(0).random((1, room.channels, *shape), dtype=np.float32)
        (output,) = engine.run(None, {"image": image})
        with torch.no_grad():
            expected = network.eval()(torch.from_numpy(image)).numpy()
        np.testing.assert_allclose(output, expected, atol=1e-5, rtol=1e-4)


@every_network
@pytest.mark.parametrize("change", CHANGES)
def test_predictions_land_in_source_pixels(taught, change):
    room, _, path = taught
    session = open_session(path.stem, path.parent)
    plain = room.answer(session, room.source())
    room.agrees(plain, room.answer(session, room.changed[change]()))
