import numpy as np
import pytest

from mammoscope.errors import UsageError
from mammoscope.scores.texture import (
    grey_shares,
    jensen_shannon,
    spectral_exponent,
    wasserstein,
    without_plane,
)


def power_law(exponent, size=512, seed=0):
    rng = np.random.default_rng(seed)
    frequency = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None])
    frequency[0, 0] = 1
    spectrum = np.fft.rfft2(rng.standard_normal((size, size))) * frequency ** (-exponent / 2)
    return np.fft.irfft2(spectrum).astype(np.float32)


@pytest.mark.parametrize("exponent", [0.0, 2.0, 3.0])
@pytest.mark.parametrize("spacing", [0.2, 0.5])
def test_the_exponent_of_a_known_field(exponent, spacing):
    image = power_law(exponent)
    found = spectral_exponent(image, np.ones(image.shape, bool), spacing)
    assert found == pytest.approx(exponent, abs=0.15)


def test_the_exponent_does_not_depend_on_gain_and_slant():
    image = power_law(3.0)
    slanted = 40 * image + np.linspace(0, 900, 512, dtype=np.float32)
    inside = np.ones(image.shape, bool)
    expected = spectral_exponent(image, inside, 0.4)
    assert spectral_exponent(slanted, inside, 0.4) == pytest.approx(expected, abs=1e-3)


def test_only_the_inside_counts():
    image = power_law(3.0)
    inside = np.zeros(image.shape, bool)
    inside[:300] = True
    noisy = image.copy()
    noisy[300:] = np.random.default_rng(1).normal(0, 1e3, noisy[300:].shape)
    assert spectral_exponent(noisy, inside, 0.4) == spectral_exponent(image, inside, 0.4)


def test_no_square_fits():
    image = power_law(3.0)
    assert np.isnan(spectral_exponent(image, np.eye(512, dtype=bool), 0.4))


def test_pixels_too_coarse_are_refused():
    with pytest.raises(UsageError, match=r"0\.71 mm or finer were expected, got 1"):
        spectral_exponent(power_law(3.0), np.ones((512, 512), bool), 1.0)


def test_a_plane_leaves_nothing():
    down, across = np.mgrid[0:9, 0:7].astype(np.float32)
    assert np.abs(without_plane(3 * down - 2 * across + 5)).max() < 1e-5


def test_shares_do_not_depend_on_gain_and_offset():
    rng = np.random.default_rng(0)
    image = rng.normal(size=(50, 40)).astype(np.float32)
    inside = image > -1
    shares = grey_shares(image, inside)
    assert shares.sum() == pytest.approx(1)
    assert jensen_shannon(shares, grey_shares(7 * image + 3, inside)) < 0.03


def test_shares_of_nothing_are_refused():
    with pytest.raises(UsageError, match="at least one pixel"):
        grey_shares(np.ones((3, 3), np.float32), np.zeros((3, 3), bool))


def test_distances_by_hand():
    one, other = np.array([0.5, 0.5, 0.0, 0.0]), np.array([0.0, 0.5, 0.5, 0.0])
    assert jensen_shannon(one, one) == 0
    assert jensen_shannon(one, other) == pytest.approx(np.sqrt(0.5))
    assert wasserstein(one, other) == pytest.approx(0.25)
    assert wasserstein(other, one) == pytest.approx(0.25)
