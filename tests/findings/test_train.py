"""What is this room's own; what all rooms share is in test_rooms.py."""

import json
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
import torch

from mammoscope.core.card import Card
from mammoscope.core.findings import FINDINGS
from mammoscope.errors import WeightsError
from mammoscope.findings.network import Backbone, Network, Settings
from mammoscope.findings.recipe import Recipe
from mammoscope.findings.sampling import Jitter
from mammoscope.findings.train import export, load_checkpoint, right, tensors, train_examples, view
from tests.findings.miniature import KINDS, examples, tiny


@pytest.mark.parametrize("backbone", get_args(Backbone))
def test_the_papers_numbers(backbone):
    recipe = Recipe.paper(backbone)
    assert recipe.network.backbone == backbone
    assert (recipe.network.hidden, recipe.network.size) == (512, 256)
    assert recipe.network.kinds == FINDINGS
    assert recipe.sampling.area == (0.05, 5.0)
    assert recipe.sampling.aspect == (0.33, 1.66)
    assert recipe.sampling.shift == 50
    optimisation = recipe.optimisation
    assert (optimisation.optimiser, optimisation.learning_rate) == ("adam", 1e-4)
    assert optimisation.schedule == "plateau"
    assert (optimisation.plateau.patience, optimisation.plateau.factor) == (5, 0.1)


def test_the_truth_is_one_unit_a_kind():
    with_mass, normal = (tensors(one, tiny())[1] for one in examples(2))
    assert with_mass.tolist() == [1.0, 0.0]
    assert normal.tolist() == [0.0, 0.0]


def test_validation_patches_stay_and_training_views_differ():
    recipe = replace(tiny(), jitter=Jitter())
    one = examples(1)[0]
    np.testing.assert_array_equal(tensors(one, recipe)[0], tensors(one, recipe)[0])
    draws = [view(recipe)(one, np.random.default_rng(seed))[0] for seed in (0, 0, 1)]
    assert torch.equal(draws[0], draws[1])
    assert not torch.equal(draws[0], draws[2])


def test_right_counts_patches_all_of_whose_kinds_are_told():
    scores = torch.tensor([[1.0, -1.0], [1.0, 1.0], [-1.0, -1.0], [-1.0, 1.0]])
    truth = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 0.0], [0.0, 1.0]])
    assert right(scores, truth)["right"] == 0.75


def test_a_card_holds_kinds_and_the_size_of_a_window(tmp_path):
    recipe = tiny()
    path = export(Network(recipe.network), recipe, tmp_path)
    card = Card.from_dict(json.loads(path.with_suffix(".json").read_text()))
    assert (card.system, card.classes) == ("findings", KINDS)
    assert card.settings == {
        "backbone": "mobilenet", "hidden": 8, "kinds": list(KINDS), "size": 64,
    }  # fmt: skip
    assert card.probe.shape == (1, 3, 64, 64)
    assert not card.input.stretch


def test_a_checkpoint_of_another_network_is_refused(tmp_path):
    path = tmp_path / "a.ckpt"
    torch.save({"record": {"network": {"dropout": 0.5}}, "state_dict": {}}, path)
    with pytest.raises(WeightsError, match="findings paper"):
        load_checkpoint(path)


def test_imagenet_weights_that_are_not_there_are_missed(tmp_path):
    recipe = replace(tiny(), pretrained=True)
    with pytest.raises(WeightsError, match="no such file"):
        train_examples(examples(2), examples(2), recipe, tmp_path, imagenet=tmp_path / "a.safetensors")


@pytest.mark.parametrize("backbone", ["mobilenet", "swin"])
def test_training_begins_with_imagenet_weights_of_a_file(tmp_path, backbone, monkeypatch):
    import timm
    from safetensors.torch import load_file, save_file

    from mammoscope.findings import train
    from mammoscope.findings.network import BACKBONES

    torch.manual_seed(7)
    path = tmp_path / "imagenet.safetensors"
    save_file(timm.create_model(BACKBONES[backbone].name).state_dict(), path)
    begun = {}

    def fit(module, *_, **__):
        begun.update(module.network.body.state_dict())
        raise InterruptedError

    monkeypatch.setattr(train, "fit", fit)
    recipe = replace(tiny(backbone), pretrained=True, network=Settings(backbone, 8))
    with pytest.raises(InterruptedError):
        train_examples(examples(2), examples(2), recipe, tmp_path / "run", imagenet=path)
    held = load_file(path)
    learnt = [name for name in begun if name in held and "num_batches" not in name]
    assert len(learnt) > 100
    for name in learnt:
        torch.testing.assert_close(begun[name], held[name], msg=name)
