"""Training, prediction and export of the paper's models; what all rooms share is in test_rooms.py."""

import json
from dataclasses import replace

import numpy as np
import onnxruntime
import pytest
import torch
from safetensors.torch import save_file

from mammoscope.core import Frame
from mammoscope.core.card import Card
from mammoscope.core.settings import with_settings
from mammoscope.errors import WeightsError
from mammoscope.positioning.network import Network
from mammoscope.positioning.predict import deviations, in_source, predict
from mammoscope.positioning.preprocess import OUTPUTS, QUALITY, to_numbers
from mammoscope.positioning.train import (
    distances,
    export,
    load_checkpoint,
    right,
    train_examples,
    training_module,
)
from tests.positioning import frames


@pytest.fixture(scope="module")
def classifier(tmp_path_factory):
    """A classifier after two steps, and the folder of its weights."""
    folder = tmp_path_factory.mktemp("classifier")
    recipe = with_settings(frames.tiny("resnext50"), {"optimisation.epochs": "1"})
    network = train_examples(frames.examples(), frames.examples(2), recipe, folder / "training")
    return network, export(network, recipe, folder / "weights")


def test_the_classifiers_probabilities_are_of_good_and_poor(classifier):
    network, path = classifier
    card = Card.from_dict(json.loads(path.with_suffix(".json").read_text()))
    assert card.classes == QUALITY
    said = predict(network, frames.examples(2))
    image = frames.example(1).pixels()[None, None]
    (answer,) = onnxruntime.InferenceSession(path).run(None, {"image": image})
    np.testing.assert_allclose(answer[0], said[1], atol=1e-5)
    np.testing.assert_allclose(said.sum(axis=1), 1.0)


def test_the_classifier_learns_by_cross_entropy():
    module = training_module(frames.tiny("resnext50"))
    loss = module.loss(torch.tensor([[0.0, np.log(3.0)]]), torch.tensor([1]))
    assert loss.item() == pytest.approx(np.log(4 / 3))


def test_accuracy_is_the_share_told_right():
    scores = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 0.0]])
    assert right(scores, torch.tensor([0, 1, 1, 0]))["accuracy"] == 0.75


def test_distances_are_of_each_landmark_in_pixels():
    said = torch.tensor([[3.0, 4.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0, 2.0]])
    figures = distances(said, torch.zeros(2, 6))
    assert {name: value.item() for name, value in figures.items()} == {
        "pectoral lower px": 2.5, "pectoral upper px": 0.0, "nipple px": 1.0,
    }  # fmt: skip


def test_deviations_are_of_each_coordinate():
    examples = frames.examples(2)
    said = np.stack([to_numbers(example.points) for example in examples])
    said[0, :2] += [3.0, 4.0]
    said[1, 4:] += [0.0, 2.0]
    # (9 + 16 + 0 + 0) / 4 and (0 + 0 + 0 + 4) / 4
    expected = {"pectoral lower sd": 2.5, "pectoral upper sd": 0.0, "nipple sd": 1.0}
    assert deviations(said, examples) == pytest.approx(expected)


def test_predictions_land_in_source_pixels_after_crop_flip_and_respacing():
    frame = Frame.of((300, 200)).crop(20, 30, 128, 64).flip().resize((64, 64))
    plain = frames.example()
    placed = replace(plain, frame=frame)
    numbers = to_numbers(plain.points)[None]
    (points,) = in_source(numbers, [placed])
    # rows are twice as fine in the source, columns as they were, from the right
    expected = np.column_stack([20 + 2 * plain.points[:, 0] + 0.5, 30 + 63 - plain.points[:, 1]])
    np.testing.assert_allclose(points, expected, atol=1e-9)


def test_a_card_holds_the_meaning_of_the_output_and_its_deviations(tmp_path):
    recipe = frames.tiny()
    path = export(Network(recipe.network), recipe, tmp_path, calibration={"nipple sd": 2.0})
    card = Card.from_dict(json.loads(path.with_suffix(".json").read_text()))
    assert (card.system, card.classes) == ("positioning", OUTPUTS)
    assert card.calibration == {"nipple sd": 2.0}
    assert card.settings == {"model": "coordatt u-net", "channels": [4, 6, 8, 10, 12], "size": 64}
    assert (card.input.multiple, card.input.spacing_mm) == (64, 0.0)
    assert card.probe.shape == (1, 1, 64, 64)
    assert card.probe.tolerance == pytest.approx(0.0064)


def test_a_checkpoint_of_another_room_is_refused(tmp_path):
    path = tmp_path / "a.ckpt"
    torch.save({"record": {"network": {"dropout": 0.5}}, "state_dict": {}}, path)
    with pytest.raises(WeightsError, match="positioning paper"):
        load_checkpoint(path)


def test_training_learns_where_landmarks_are(tmp_path):
    recipe = frames.tiny("coordatt u-net")
    optimisation = replace(recipe.optimisation, epochs=30, patience=30, schedule="constant")
    recipe = replace(recipe, optimisation=replace(optimisation, learning_rate=5e-3))
    examples = frames.examples(6)
    before = deviations(predict(training_module(recipe).network, examples), examples)
    after = deviations(
        predict(train_examples(examples, examples, recipe, tmp_path), examples), examples
    )
    for name, value in after.items():
        assert value < before[name] / 3


@pytest.fixture(scope="module")
def imagenet(tmp_path_factory):
    """Weights like ImageNet's: three colours, 1,000 classes, drawn at random."""
    import timm

    torch.manual_seed(7)
    path = tmp_path_factory.mktemp("imagenet") / "resnext50.safetensors"
    save_file(timm.create_model("resnext50_32x4d").state_dict(), path)
    return path


@pytest.mark.parametrize("model", ["r-resnext50", "resnext50"])
def test_imagenet_weights_of_a_file_are_where_training_begins(tmp_path, imagenet, model, monkeypatch):
    from safetensors.torch import load_file

    begun = {}

    def no_training(module, *_, **__):
        begun.update(module.network.body.state_dict())
        raise KeyboardInterrupt

    monkeypatch.setattr("mammoscope.positioning.train.fit", no_training)
    recipe = replace(frames.tiny(model), pretrained=True)
    with pytest.raises(KeyboardInterrupt):
        train_examples(frames.examples(), frames.examples(), recipe, tmp_path, imagenet=imagenet)
    held = load_file(imagenet)
    torch.testing.assert_close(begun["layer4.2.conv3.weight"], held["layer4.2.conv3.weight"])
    torch.testing.assert_close(begun["conv1.weight"], held["conv1.weight"].sum(dim=1, keepdim=True))
    assert begun["fc.weight"].shape[0] == (2 if model == "resnext50" else 6)


def test_without_imagenet_weights_the_remedy_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("mammoscope.learn.pretrained.try_to_load_from_cache", lambda *_: None)
    recipe = replace(frames.tiny("resnext50"), pretrained=True)
    with pytest.raises(WeightsError, match=r"nothing is downloaded.*pretrained=false"):
        train_examples(frames.examples(), frames.examples(), recipe, tmp_path)
    with pytest.raises(WeightsError, match="no such file"):
        train_examples(
            frames.examples(), frames.examples(), recipe, tmp_path, imagenet=tmp_path / "none"
        )
