"""The paper's network: its answers, its heads, a frozen backbone, ImageNet weights."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from mammoscope.errors import SettingsError, UsageError, WeightsError
from mammoscope.learn.pretrained import backbone, load_imagenet, sized
from mammoscope.screening.loss import MISSING
from mammoscope.screening.network import Head, Network, Settings, probabilities
from mammoscope.screening.recipe import Recipe
from mammoscope.screening.train import (
    load_checkpoint,
    right,
    train_examples,
    training_module,
    view,
    weight_of,
    whole,
)
from tests.screening.paper_room import HEADS, SIZE, examples, tiny


@pytest.mark.parametrize("name", ["test_resnet", "test_vit"])
def test_a_score_of_cancer_and_one_of_each_class(name):
    torch.manual_seed(0)
    network = Network(Settings(name, SIZE, heads=HEADS)).eval()
    images = torch.rand(3, 1, SIZE, SIZE)
    with torch.no_grad():
        said = network(images)
    assert said.cancer.shape == (3,)
    assert said.auxiliary.shape == (3, 5)
    torch.testing.assert_close(probabilities(network, images), torch.sigmoid(said.cancer))
    with torch.no_grad():
        assert Network(Settings(name, SIZE)).eval()(images).auxiliary.shape == (3, 0)


def test_the_papers_numbers():
    for model, name, rate in (
        ("cnn", "seresnext50_32x4d", 8e-4), ("vit", "deit3_base_patch16_384", 2e-4),
    ):  # fmt: skip
        recipe = Recipe.paper(model)
        assert recipe.network.backbone == name
        assert (recipe.folds, recipe.test) == (5, 0.2)
        assert recipe.optimisation.batch == 16
        assert 2e-4 <= recipe.optimisation.learning_rate == rate <= 8e-4
        assert 3 <= recipe.optimisation.epochs <= 10
        assert not recipe.network.frozen
        assert recipe.pretrained


def test_only_the_transformer_is_told_a_size():
    assert [sized(Recipe.paper(model).network.backbone) for model in ("cnn", "vit")] == [False, True]


def test_a_backbone_that_timm_does_not_know_is_refused():
    with pytest.raises(SettingsError, match=r"a backbone of timm for images of 32 pixels.*no_such_net"):
        Network(Settings("no_such_net", SIZE))


def test_a_frozen_backbone_stays_and_the_heads_learn(tmp_path):
    recipe = replace(tiny(epochs=1), network=replace(tiny().network, frozen=True))
    before = training_module(recipe).network.state_dict()
    after = train_examples(examples(4), examples(2), recipe, tmp_path).state_dict()
    moved = {name for name in before if not torch.equal(before[name], after[name])}
    assert {name.split(".")[0] for name in moved} == {"cancer", "auxiliary"}


def test_grey_values_are_shown_as_the_backbone_was_taught():
    network = Network(Settings("test_resnet", SIZE)).eval()
    with torch.no_grad():
        expected = network.cancer(network.body((torch.full((1, 3, SIZE, SIZE), 0.7) - 0.5) / 0.5))
        said = network(torch.full((1, 1, SIZE, SIZE), 0.7)).cancer
    torch.testing.assert_close(said, expected[:, 0])


def test_a_transformers_positions_are_brought_to_another_size(tmp_path):
    torch.manual_seed(7)
    taught = backbone("test_vit", 3, 1000)
    taught.pos_embed.data[:] = torch.arange(taught.pos_embed.shape[1])[:, None].float()
    torch.save(taught.state_dict(), tmp_path / "imagenet.pth")
    small = backbone("test_vit", 3, 0, {"img_size": SIZE})
    load_imagenet(small, tmp_path / "imagenet.pth")
    torch.testing.assert_close(small.blocks[0].attn.qkv.weight, taught.blocks[0].attn.qkv.weight)
    places = small.pos_embed[0, 1:, 0].reshape(SIZE // 16, SIZE // 16)
    # positions that rise by row and by column still do
    assert (places.diff(dim=0) > 0).all()
    assert (places.diff(dim=1) > 0).all()


def test_training_begins_with_imagenet_weights_or_says_that_they_are_missing(tmp_path):
    recipe = replace(tiny(), pretrained=True)
    with pytest.raises(WeightsError, match="no such file"):
        train_examples(examples(2), examples(2), recipe, tmp_path, imagenet=tmp_path / "a.safetensors")


def test_cancer_weighs_as_many_as_there_are_others_for_each():
    some = examples(8)
    one_in_four = [replace(one, cancer=place % 4 == 0) for place, one in enumerate(some)]
    assert weight_of(one_in_four, tiny()) == 3
    assert weight_of(some, replace(tiny(), cancer_weight=20.0)) == 20
    with pytest.raises(UsageError, match="0 with and 2 without"):
        weight_of([replace(one, cancer=False) for one in some[:2]], tiny())


def test_training_views_vary_where_the_recipe_says_and_know_their_side():
    one = examples(1)[0]
    plain = view(replace(tiny(), augmented=False))(one, np.random.default_rng(0))[0]
    torch.testing.assert_close(plain, whole(one)[0])
    drawn = [view(tiny())(one, np.random.default_rng(seed)) for seed in range(8)]
    assert not all(torch.equal(image, plain) for image, _ in drawn)
    # of "laterality": a left breast, or the mirror image of one
    sides = {int(truth.auxiliary[0]) for _, truth in drawn}
    assert sides == {0, 1}
    assert {int(truth.auxiliary[1]) for _, truth in drawn} == {0}


def test_a_missing_value_comes_through_to_the_loss():
    assert whole(examples(4)[3])[1].auxiliary.tolist() == [0, MISSING]


def test_right_counts_images_on_their_side_of_a_half():
    said = training_module(tiny()).network(torch.rand(4, 1, SIZE, SIZE))
    said = said._replace(cancer=torch.tensor([1.0, -1.0, 2.0, -2.0]))
    truth = whole(examples(1)[0])[1]._replace(cancer=torch.tensor([1.0, 0.0, 0.0, 0.0]))
    assert right(said, truth)["accuracy"] == 0.75


def test_it_learns_to_tell_cancer_and_a_checkpoint_of_another_is_refused(tmp_path):
    recipe = tiny(learning_rate=3e-3, batch=8, epochs=10, patience=10, steps=4)
    recipe = replace(recipe, augmented=False)
    learnt = examples(16, recipe)
    network = train_examples(learnt, learnt, recipe, tmp_path)
    images = torch.stack([whole(one)[0] for one in learnt])
    said = probabilities(network, images)
    assert said[::2].min() > said[1::2].max()
    torch.save({"record": {"network": {"dropout": 0.5}}, "state_dict": {}}, tmp_path / "a.ckpt")
    with pytest.raises(WeightsError, match="screening paper"):
        load_checkpoint(tmp_path / "a.ckpt")


def test_two_classes_of_a_head_differ():
    with pytest.raises(SettingsError, match="view"):
        Settings(heads=(Head("view", ("CC", "CC")),))
