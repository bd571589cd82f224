import numpy as np
import pytest
import torch

from mammoscope.core import Frame
from mammoscope.screening.pooled.frame import cells_of, network_image
from mammoscope.screening.pooled.train import training_module
from tests.screening.miniature import tiny


@pytest.mark.parametrize(("shape", "cells"), [((190, 150), (24, 20)), ((192, 161), (24, 22))])
def test_a_cell_lies_in_the_middle_of_its_eight_pixels(shape, cells):
    """Those of row 3 and column 5 are 24–31 and 40–47."""
    frame = cells_of(Frame.of(shape))
    assert frame.shape == cells
    np.testing.assert_allclose(frame.to_source(np.array([3.0, 5.0])), [27.5, 43.5])


@pytest.mark.parametrize("shape", [(190, 150), (192, 161), (16, 17)])
def test_the_network_answers_for_those_cells(shape):
    network = training_module(tiny()).network.eval()
    shown = torch.from_numpy(network_image(np.ones(shape, np.float32)))
    assert network(shown).where.shape[1:] == cells_of(Frame.of(shape)).shape


def test_the_image_is_filled_up_below_and_on_the_right():
    pixels = np.random.default_rng(0).random((20, 30), dtype=np.float32)
    shown = network_image(pixels)
    assert shown.shape == (1, 3, 32, 32)
    np.testing.assert_array_equal(shown[0, 0, :20, :30], pixels)
    assert not shown[0, :, 20:].any()
    assert not shown[0, :, :, 30:].any()


def test_a_cell_sees_its_own_pixels_most():
    """A change of a cell's pixels moves the fine features of that cell more than of any other."""
    network = training_module(tiny()).network.eval()
    plain = torch.full((1, 3, 64, 64), 0.5)
    changed = plain.clone()
    changed[..., 24:32, 40:48] = 1.0
    with torch.no_grad():
        apart = (network.fine(changed) - network.fine(plain)).abs().sum(dim=(0, 1))
    assert divmod(int(apart.argmax()), apart.shape[1]) == (3, 5)
