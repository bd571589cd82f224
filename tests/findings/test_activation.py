import numpy as np
import pytest
import torch

from mammoscope.errors import UsageError
from mammoscope.findings.activation import activation_map, picture
from mammoscope.findings.network import Network
from tests.findings.miniature import tiny


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return Network(tiny().network).eval()


def window():
    return np.random.default_rng(0).random((3, 64, 64)).astype(np.float32)


def test_without_biases_the_places_sum_up_to_the_score(network):
    for layer in (network.mlp[0], network.mlp[2]):
        torch.nn.init.zeros_(layer.bias)
    with torch.no_grad():
        scores = network(torch.from_numpy(window())[None])[0]
    for place, kind in enumerate(network.settings.kinds):
        values = activation_map(network, window(), kind)
        assert values.shape == (2, 2)
        assert values.sum() == pytest.approx(scores[place].item(), abs=1e-5)


def test_a_place_whose_features_count_alone_has_all_the_map(network):
    torch.manual_seed(1)
    only = Network(tiny().network).eval()
    with torch.no_grad():
        weights = only.mlp[0].weight.view(8, -1, 2, 2)
        weights[:, :, 0] = 0
        weights[:, :, 1, 0] = 0
    values = activation_map(only, window(), "mass")
    assert values[1, 1] != 0
    assert not values.ravel()[:3].any()


def test_a_picture_is_as_large_as_the_window(network):
    assert picture(network, window(), "mass").shape == (64, 64, 3)


def test_a_kind_that_the_network_does_not_know_is_refused(network):
    with pytest.raises(UsageError, match="'skin thickening'"):
        activation_map(network, window(), "skin thickening")
