"""Percentiles by counting."""

import numpy as np
import pytest

from mammoscope.image.percentiles import percentiles

SHARES = (0.0, 2.0, 25.0, 50.0, 99.5, 100.0)


@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (7, 9), (200, 150)])
@pytest.mark.parametrize("power", [0.0, 1.0, 30.0])
def test_they_are_numpys(shape, power):
    """Of one value, of spread ones, and of such as nearly all lie within a step of each other."""
    pixels = np.random.default_rng(0).random(shape, dtype=np.float32) ** np.float32(power)
    np.testing.assert_allclose(percentiles(pixels, SHARES), np.percentile(pixels, SHARES), atol=1e-6)


def test_only_some_pixels_count():
    drawn = np.random.default_rng(1)
    pixels, where = drawn.random((40, 30), dtype=np.float32), drawn.random((40, 30)) < 0.2
    wanted = np.percentile(pixels[where], SHARES)
    np.testing.assert_allclose(percentiles(pixels, SHARES, where), wanted, atol=1e-6)
