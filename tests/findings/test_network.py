from typing import get_args

import pytest
import torch

from mammoscope.core.findings import FINDINGS
from mammoscope.errors import SettingsError
from mammoscope.findings.network import BACKBONES, STRIDE, Backbone, Network, Settings, scores

SMALL = 64


@pytest.mark.parametrize("backbone", get_args(Backbone))
def test_every_backbone_ends_in_a_map_of_a_place_for_32_pixels(backbone):
    network = Network(Settings(backbone, 8, size=SMALL)).eval()
    with torch.no_grad():
        features = network.features(torch.rand(1, 3, SMALL, SMALL))
        said = network(torch.rand(2, 3, SMALL, SMALL))
    assert features.shape[2:] == (SMALL // STRIDE, SMALL // STRIDE)
    assert network.mlp[0].in_features == features[0].numel()
    assert said.shape == (2, len(FINDINGS))


@pytest.mark.parametrize("backbone", get_args(Backbone))
def test_nothing_of_a_backbone_is_idle(backbone):
    network = Network(Settings(backbone, 8, size=SMALL)).train()
    network(torch.rand(2, 3, SMALL, SMALL)).sum().backward()
    assert [name for name, one in network.named_parameters() if one.grad is None] == []


def test_the_paper_flattens_places_and_has_512_hidden_and_10_output_units():
    network = Network(Settings("mobilenet"))
    assert (network.settings.hidden, network.settings.size) == (512, 256)
    assert network.mlp[0].weight.shape == (512, 960 * 8 * 8)
    assert network.mlp[2].weight.shape == (10, 512)


def test_probabilities_are_sigmoids():
    network = Network(Settings("mobilenet", 8, size=SMALL)).eval()
    patches = torch.rand(2, 3, SMALL, SMALL)
    with torch.no_grad():
        expected = 1 / (1 + torch.exp(-network(patches)))
    torch.testing.assert_close(scores(network, patches), expected)


def test_settings_that_cannot_be_are_refused():
    with pytest.raises(SettingsError, match="multiple of 32"):
        Settings(size=100)
    with pytest.raises(SettingsError, match="no kind"):
        Settings(kinds=())
    with pytest.raises(SettingsError, match="mass, mass"):
        Settings(kinds=("mass", "mass"))


def test_the_backbones_are_the_papers_six():
    assert set(BACKBONES) == set(get_args(Backbone))
