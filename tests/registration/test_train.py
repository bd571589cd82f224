"""Training of the paper's network: what a step sees, the detector first, what is written."""

import csv
from dataclasses import replace

import numpy as np
import pytest
import torch

from mammoscope.errors import SettingsError, WeightsError
from mammoscope.registration import pretrain
from mammoscope.registration.network import Network, Settings, resnet
from mammoscope.registration.recipe import Recipe
from mammoscope.registration.train import (
    drawn,
    export,
    load_checkpoint,
    shared_imagenet,
    tensors,
    train_examples,
    training_module,
)
from mammoscope.runtime import open_session
from mammoscope.runtime.weights import register
from tests.registration.pairs import small_example
from tests.registration.room import tiny


def several():
    one = small_example(64)
    return replace(one, boxes=np.concatenate([one.boxes, one.boxes + 0.1, one.boxes - 0.1]))


def test_the_paper_s_numbers():
    recipe = Recipe.paper()
    optimisation = recipe.optimisation
    assert (optimisation.optimiser, optimisation.learning_rate) == ("adam", 1e-4)
    assert (optimisation.batch, optimisation.epochs, optimisation.steps) == (1, 300, 500)
    assert optimisation.patience >= optimisation.epochs
    assert (recipe.weight, recipe.validation, recipe.network.size) == (1000.0, 0.25, 600)
    assert recipe.detector.epochs == 80
    assert recipe.pretrained
    assert recipe.network.blocks == (3, 4, 6, 3)


def test_without_pretrained_blocks_norms_have_no_statistics_to_keep():
    with pytest.raises(SettingsError, match=r"set network\.norms=own"):
        Recipe(pretrained=False)


def test_a_step_sees_one_lesion_and_validation_all():
    example = several()
    images, truth = tensors(example)
    assert images.shape == (2, 64, 64)
    assert truth.boxes.shape == (3, 2, 4)
    assert truth.films.shape == (2, 64, 64)
    assert (truth.mlo == images[1]).all()
    rng = np.random.default_rng(0)
    seen = {float(drawn(example, rng)[1].boxes[0, 0, 0]) for _ in range(30)}
    assert len(seen) == 3


def test_a_detector_comes_first_and_only_once(tmp_path):
    recipe = tiny()
    recipe = replace(recipe, detector=replace(recipe.optimisation, epochs=1))
    examples = [small_example(96, seed) for seed in range(2)]
    network = train_examples(examples, examples, recipe, tmp_path)
    held = (tmp_path / "detector" / "finished").stat().st_mtime_ns
    first = next(csv.DictReader((tmp_path / "detector" / "log" / "version_0" / "metrics.csv").open()))
    assert 0 <= float(first["lesions found first"]) <= 1
    again = train_examples(examples, examples, recipe, tmp_path / "again")
    assert (tmp_path / "detector" / "finished").stat().st_mtime_ns == held
    for name, value in network.state_dict().items():
        torch.testing.assert_close(again.state_dict()[name], value)


def test_shared_blocks_begin_where_the_detector_ended(tmp_path, monkeypatch):
    recipe = tiny()
    recipe = replace(recipe, detector=replace(recipe.optimisation, epochs=1))
    began = []

    def stop(module, *_, **__):
        if isinstance(module.network, Network):
            began.append(module.network.features.state_dict())
            raise InterruptedError
        return fit(module, *_, **__)

    fit = pytest.importorskip("mammoscope.learn.fit").fit
    monkeypatch.setattr("mammoscope.registration.train.fit", stop)
    examples = [small_example(96)]
    with pytest.raises(InterruptedError):
        train_examples(examples, examples, recipe, tmp_path)
    held = torch.load(tmp_path / "detector" / "best.ckpt", weights_only=True)["state_dict"]
    for name, value in began[0].items():
        torch.testing.assert_close(value, held[f"network.features.{name}"])
    fresh = training_module(recipe).network.features.state_dict()
    assert any(not torch.equal(fresh[name], began[0][name]) for name in fresh)


def test_imagenet_weights_see_what_they_were_trained_on(tmp_path):
    settings = Settings((1, 1, 1, 1), (4, 4, 8, 8), 64)
    whole = resnet(settings).eval()
    for part in whole.modules():
        if isinstance(part, torch.nn.BatchNorm2d):
            part.running_mean.uniform_(-1, 1)
    file = tmp_path / "imagenet.pth"
    torch.save(whole.state_dict(), file)
    features = pretrain.Detector(settings).features.eval()
    features.load_state_dict(shared_imagenet(settings, file))
    grey = torch.rand(1, 1, 64, 64)
    mean = torch.tensor([0.485, 0.456, 0.406])[None, :, None, None]
    deviation = torch.tensor([0.229, 0.224, 0.225])[None, :, None, None]
    usual = (grey - mean) / deviation
    for part in (whole.conv1, whole.bn1, whole.act1, whole.maxpool, whole.layer1, whole.layer2,
                 whole.layer3):  # fmt: skip
        usual = part(usual)
    torch.testing.assert_close(features(grey), usual, rtol=1e-3, atol=1e-4)


def test_without_imagenet_weights_the_remedy_is_told(tmp_path):
    recipe = replace(tiny(), pretrained=True)
    examples = [small_example(64)]
    with pytest.raises(WeightsError, match=r"there is no such file"):
        train_examples(examples, examples, recipe, tmp_path, imagenet=tmp_path / "nowhere.pth")


def test_curves_are_logged(tmp_path):
    examples = [small_example(96)]
    train_examples(examples, examples, tiny(), tmp_path)
    lines = list(csv.DictReader((tmp_path / "log" / "version_0" / "metrics.csv").open()))
    for name in ("training MSE", "training GIoU loss", "validation MSE", "validation GIoU loss"):
        assert sum(bool(line[name]) for line in lines) == 2, name


def test_weights_are_written_with_their_card(tmp_path):
    recipe = tiny()
    path = export(training_module(recipe).network, recipe, tmp_path)
    register(tmp_path, path.stem, path.name, path.with_suffix(".json").name)
    session = open_session("registration", tmp_path)
    assert session.card.input.channels == 2
    assert session.card.input.multiple == recipe.network.size
    assert session.run(session.card.probe.image()).shape == (1, 2, 3)


def test_a_checkpoint_of_another_room_is_refused(tmp_path):
    file = tmp_path / "other.ckpt"
    torch.save({"record": {"network": {"model": "u-net"}}, "state_dict": {}}, file)
    with pytest.raises(WeightsError, match="registration paper"):
        load_checkpoint(file)
