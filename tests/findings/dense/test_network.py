"""The dense network: what a window says by itself is what the whole image says there."""

import numpy as np
import pytest
import torch

from mammoscope.errors import SettingsError
from mammoscope.findings.dense.network import Network, Settings
from mammoscope.image.windows import CELL, MARGIN, STRIDE, WINDOW

SMALL = Settings((4, 6, 8, 8), fused=8, hidden=12, classes=2, dropout=0.0)


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    made = Network(SMALL)
    with torch.no_grad():  # statistics as after training, not those of nothing seen
        for module in made.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.running_mean.normal_(0, 0.2)
                module.running_var.uniform_(0.5, 2)
    return made.eval()


def test_a_window_answers_for_the_square_in_its_middle(network):
    side = STRIDE // CELL
    assert network(torch.zeros(1, 3, WINDOW, WINDOW)).shape == (1, 2 + 4, side, side)
    assert network(torch.zeros(2, 3, WINDOW + 64, WINDOW + 32)).shape == (2, 6, 3 * side, 2 * side)


@torch.no_grad()
def test_all_windows_together_say_what_the_whole_says(network):
    image = torch.rand(1, 3, WINDOW + 3 * STRIDE, WINDOW + 2 * STRIDE)
    whole = network(image)
    rows = [
        torch.cat(
            [network(image[..., top : top + WINDOW, left : left + WINDOW]) for left in (0, 32, 64)], 3
        )
        for top in (0, 32, 64, 96)
    ]
    torch.testing.assert_close(torch.cat(rows, 2), whole, atol=1e-5, rtol=1e-4)


def test_a_cell_sees_alike_on_both_sides(network):
    """Of the cell of a window's upper left: from the window's edge to its own mirror image."""
    image = torch.zeros(1, 3, WINDOW, WINDOW, requires_grad=True)
    network(image)[0, 0].sum().backward()
    seen = image.grad.abs().sum(dim=(0, 1)).numpy() > 0
    down, across = (np.flatnonzero(seen.any(axis=axis)) for axis in (1, 0))
    for places in (down, across):
        assert places[0] + places[-1] == WINDOW - 1
        assert places[0] < MARGIN / 2


@pytest.mark.parametrize(
    "settings", [{"channels": (4, 4, 4, 0)}, {"classes": 0}, {"dropout": 1.0}], ids=str
)
def test_a_network_that_cannot_be_is_refused(settings):
    with pytest.raises(SettingsError, match=r"needed|dropout"):
        Settings(**settings)
