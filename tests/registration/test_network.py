"""The paper's network: its first rotation, its shared weights, its sampler."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from mammoscope.errors import SettingsError
from mammoscope.registration.network import Network, Settings, Transformation, resampled

TINY = Settings((1, 1, 1, 1), (4, 4, 8, 8), 64)


@pytest.fixture
def network():
    torch.manual_seed(0)
    return Network(TINY)


def test_the_paper_is_a_resnet50():
    with torch.device("meta"):
        features = Network(Settings()).features
    assert sum(isinstance(part, nn.Conv2d) for part in features.modules()) == 43  # 1 + 9 + 12 + 18 + 3
    network = Network(replace(TINY, planes=(64, 128, 256, 512)))
    conv5 = network.localisation.conv5[0]
    assert (conv5.conv1.in_channels, network.localisation.dense.in_features) == (2048, 2048)
    assert conv5.downsample[0].weight.shape == (2048, 2048, 1, 1)


def test_without_features_the_first_transformation_is_the_paper_s_rotation(network):
    nn.init.zeros_(network.localisation.dense.weight)
    said = network.eval()(torch.rand(1, 2, 64, 64)).theta[0]
    half = 0.5**0.5
    torch.testing.assert_close(said, torch.tensor([[half, half, 0.0], [-half, half, 0.0]]))


def test_glorot_weights(network):
    limit = (6 / (32 + 6)) ** 0.5
    weights = network.localisation.dense.weight.detach()
    assert weights.shape == (6, 32)
    assert weights.abs().max() <= limit
    assert float(weights.std()) == pytest.approx(limit / 3**0.5, rel=0.2)


def test_both_views_go_through_the_same_blocks(network):
    images = torch.rand(1, 2, 64, 64)
    seen = []
    network.localisation.conv5[0].conv1.register_forward_pre_hook(
        lambda _, given: seen.append(given[0])
    )
    network.eval()(images)
    network(images.flip(1))
    channels = seen[0].shape[1] // 2
    assert channels == 32
    torch.testing.assert_close(seen[0][:, :channels], seen[1][:, channels:])


def test_the_cc_view_is_registered(network):
    images = torch.rand(2, 2, 64, 64)
    said = network.eval()(images)
    torch.testing.assert_close(said.cc, resampled(images[:, :1], said.theta))
    torch.testing.assert_close(Transformation(network)(images), said.theta)


def test_nothing_is_shown_beyond_the_film():
    theta = torch.tensor([[[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]])
    shown = resampled(torch.ones(1, 1, 8, 8), theta)[0, 0]
    assert (shown[:, :4] == 1).all()
    assert (shown[:, 4:] == 0).all()


@pytest.mark.parametrize("norms", ["fixed", "own"])
def test_norms_do_the_same_in_training_and_in_use(norms):
    torch.manual_seed(0)
    network = Network(replace(TINY, norms=norms))
    images = torch.rand(2, 2, 64, 64)
    taught = network.train()(images).theta
    torch.testing.assert_close(network.eval()(images).theta, taught)
    alone = torch.cat([network(one[None]).theta for one in images])
    torch.testing.assert_close(alone, taught, atol=1e-4, rtol=1e-4)


def test_fixed_norms_keep_what_was_loaded():
    network = Network(TINY).train()
    norm = network.features.first[1]
    norm.running_mean.fill_(0.5)
    network(torch.rand(1, 2, 64, 64))
    assert (norm.running_mean == 0.5).all()


@pytest.mark.parametrize(
    "wrong", [{"blocks": (1, 1)}, {"planes": (4, 4, 4)}, {"blocks": (1, 1, 1, 0)}, {"size": 8}]
)
def test_a_network_that_cannot_be_is_refused(wrong):
    with pytest.raises(SettingsError, match="expected"):
        replace(TINY, **wrong)
