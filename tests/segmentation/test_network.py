import pytest
import torch

from mammoscope.errors import SettingsError
from mammoscope.segmentation.network import Network, Settings

SLIM = Settings((4, 6, 8), dropout=0.0)


def test_the_papers_network_has_five_scales_from_64_to_1024_filters():
    assert Settings().channels == (64, 128, 256, 512, 1024)
    assert Settings().dropout == 0.5
    assert Settings().multiple == 16


def test_parameters_are_named_as_in_the_published_checkpoint():
    names = set(Network(Settings((2, 4, 8, 16, 32))).state_dict())
    assert "layers.0.net.4.running_mean" in names
    assert "layers.1.net.1.net.0.weight" in names
    assert "layers.8.upsample.1.bias" in names
    assert "layers.5.conv.net.3.weight" in names
    assert {name for name in names if name.startswith("layers.9")} == {
        "layers.9.0.weight", "layers.9.0.bias",
    }  # fmt: skip


@pytest.mark.parametrize("shape", [(8, 12), (7, 13), (1, 1)])
def test_scores_have_the_size_of_the_image(shape):
    assert Network(SLIM).eval()(torch.rand(2, 1, *shape)).shape == (2, 3, *shape)


def test_padding_adds_zeros_below_and_on_the_right():
    network = Network(SLIM).eval()
    image = torch.rand(1, 1, 6, 9)
    padded = torch.zeros(1, 1, 8, 12)
    padded[..., :6, :9] = image
    torch.testing.assert_close(network(image), network(padded)[..., :6, :9])


def test_dropout_drops_scores_in_training_only():
    network = Network(Settings((4, 8), dropout=0.5))
    image = torch.rand(1, 1, 64, 64)
    dropped = (network.train()(image) == 0).float().mean()
    assert 0.45 < dropped < 0.55
    assert (network.eval()(image) == 0).float().mean() < 0.2


def test_weights_are_kaiming_uniform():
    weight = Network(Settings()).layers[1].net[1].net[0].weight.detach()
    bound = (6 / (64 * 9)) ** 0.5
    assert weight.abs().max() <= bound
    assert weight.std() == pytest.approx(bound / 3**0.5, rel=0.02)


@pytest.mark.parametrize("wrong", [{"channels": (8,)}, {"channels": (0, 2)}, {"dropout": 1.0}])
def test_impossible_settings_are_refused(wrong):
    with pytest.raises(SettingsError, match=r"needs|dropout"):
        Settings(**wrong)
