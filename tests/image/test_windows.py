"""Images for windows, and their cells."""

import numpy as np

from mammoscope.core import Frame
from mammoscope.image.windows import CELL, MARGIN, STRIDE, WINDOW, cells_of, network_image, with_margin


def test_a_window_is_its_square_and_a_margin_a_side():
    assert STRIDE + 2 * MARGIN == WINDOW
    assert STRIDE % CELL == 0


def test_an_image_fills_whole_strides_and_lies_a_margin_within_what_windows_see():
    pixels = np.random.default_rng(0).random((50, 70), dtype=np.float32)
    image = network_image(pixels)
    assert image.shape == (1, 3, 64, 96)
    np.testing.assert_array_equal(image[0, 0, :50, :70], pixels)
    np.testing.assert_allclose(image[0, 0].sum(), pixels.sum(), rtol=1e-5)
    wide = with_margin(pixels[None])
    assert wide.shape == (1, 1, 64 + 2 * MARGIN, 96 + 2 * MARGIN)
    np.testing.assert_array_equal(wide[0, 0, MARGIN : MARGIN + 50, MARGIN : MARGIN + 70], pixels)
    np.testing.assert_allclose(wide.sum(), pixels.sum(), rtol=1e-5)


def test_cells_lie_in_the_middle_of_their_pixels():
    frame = Frame.of((200, 100)).crop(10, 20, 50, 70)
    cells = cells_of(frame)
    assert cells.shape == (64 // CELL, 96 // CELL)
    first = (CELL - 1) / 2
    np.testing.assert_allclose(cells.to_source(np.zeros(2)), (10 + first, 20 + first))
    np.testing.assert_allclose(
        cells.to_source(np.array([2.0, 1.0])), (10 + first + 32, 20 + first + 16)
    )
