import numpy as np
import pytest
import torch
from torch import nn

from mammoscope.errors import UsageError
from mammoscope.findings import windows
from mammoscope.findings.convolved import convolved
from mammoscope.findings.network import Network, Settings

SIZE = 64


class Unpadded(nn.Module):
    """A backbone that neither pads nor pools: every 32 × 32 pixels to one place."""

    def __init__(self):
        super().__init__()
        self.forward_features = nn.Conv2d(3, 960, 32, 32)


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return Network(Settings("mobilenet", 8, size=SIZE)).eval()


def slid(network, image):
    """What windows say one by one, (kinds, down, across)."""
    places = windows.corners(image.shape[1:], SIZE, 32)
    with torch.no_grad():
        said = windows.probabilities(
            image, lambda batch: network(torch.from_numpy(batch)).numpy(), places, SIZE
        )
    down, across = ((length - SIZE) // 32 + 1 for length in image.shape[1:])
    return said.T.reshape(-1, down, across)


def test_without_padding_and_pooling_both_ways_say_the_same(network):
    torch.manual_seed(1)
    plain = Network(Settings("mobilenet", 8, size=SIZE)).eval()
    plain.body = Unpadded()
    image = np.random.default_rng(0).random((3, 160, 192)).astype(np.float32)
    with torch.no_grad():
        dense = convolved(plain, torch.from_numpy(image)[None])[0].numpy()
    np.testing.assert_allclose(dense, slid(plain, image), atol=1e-5)


def test_one_window_is_what_the_classifier_says(network):
    image = torch.rand(2, 3, SIZE, SIZE)
    with torch.no_grad():
        torch.testing.assert_close(convolved(network, image)[..., 0, 0], network(image))


def test_padding_and_pooling_move_what_is_said(network):
    image = np.random.default_rng(0).random((3, 128, 128)).astype(np.float32)
    with torch.no_grad():
        dense = convolved(network, torch.from_numpy(image)[None])[0].numpy()
    assert dense.shape == (10, 3, 3)
    assert np.abs(dense - slid(network, image)).max() > 1e-4


def test_swin_and_odd_images_are_refused(network):
    with pytest.raises(UsageError, match="slide windows"):
        convolved(Network(Settings("swin", 8, size=SIZE)), torch.rand(1, 3, SIZE, SIZE))
    with pytest.raises(UsageError, match="100 x 128"):
        convolved(network, torch.rand(1, 3, 100, 128))
    with pytest.raises(UsageError, match="32 x 128"):
        convolved(network, torch.rand(1, 3, 32, 128))
