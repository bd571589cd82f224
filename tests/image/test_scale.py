import numpy as np
import pytest

from mammoscope.core import Mammogram
from mammoscope.core.card import CardInput
from mammoscope.image.scale import at_network_scale, network_input, stretched


def breast(rows: int, columns: int) -> Mammogram:
    """A synthetic half disc at the left."""
    down, across = np.indices((rows, columns)) / np.array([rows, columns])[:, None, None]
    inside = (2 * (down - 0.5)) ** 2 + across**2 < 0.7
    return Mammogram.of(np.where(inside, 0.6, 0).astype(np.float32))


def test_the_nominal_scale_depends_on_the_breast_not_on_the_pixels():
    few, _ = at_network_scale(breast(400, 260), 1.0)
    many, scale = at_network_scale(breast(800, 520), 1.0)
    assert scale == "nominal"
    assert abs(few.pixels.shape[0] - many.pixels.shape[0]) <= 3
    assert few.spacing is None


def test_a_flat_display_is_stretched():
    flat = (0.2 + 0.3 * np.linspace(0, 1, 1001)).reshape(7, 143).astype(np.float32)
    result = stretched(flat)
    assert result.min() == 0
    assert result.max() == 1
    assert result[3, 71] == pytest.approx((0.5 - 0.02) / (0.995 - 0.02), abs=1e-4)


def test_the_input_is_padded_below_and_on_the_right():
    pixels = np.linspace(0, 1, 15, dtype=np.float32).reshape(3, 5)
    image = network_input(pixels, CardInput(1.0, multiple=4, stretch=False))
    assert image.shape == (1, 1, 4, 8)
    assert (image[0, 0, :3, :5] == pixels).all()
    assert not image[0, 0, 3:].any()
    assert not image[0, 0, :, 5:].any()
