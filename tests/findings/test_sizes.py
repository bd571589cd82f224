import numpy as np
import pytest

from mammoscope.findings.sizes import Sizes, at_scales, picture, spread
from tests.findings.miniature import RADIUS, examples


def brightness(crops):
    return np.stack([np.zeros(len(crops)), crops[:, 0].mean(axis=(1, 2))], axis=1)


def test_crops_are_around_the_finding_and_as_large_as_the_scale_says():
    one = examples(1)[0]
    measured = at_scales(brightness, one, one.box, 1, 32, (0.5, 1.0, 2.0))
    assert measured.crops.shape == (3, 3, 32, 32)
    # the disc fills a crop of half its box
    inner = one.image.channels()[0].max() / 255
    assert measured.probabilities[0] == pytest.approx(inner, abs=0.02)
    assert measured.probabilities[2] < measured.probabilities[1] < measured.probabilities[0]
    bright = np.argwhere(measured.crops[2, 0] > 0.7)
    np.testing.assert_allclose(bright.mean(axis=0), 15.5, atol=0.6)
    assert np.ptp(bright[:, 0]) + 1 == pytest.approx((2 * RADIUS + 1) / (4 * RADIUS + 2) * 32, abs=1.5)


def test_quartiles_over_findings():
    crops = np.zeros((2, 3, 4, 4), np.float32)
    said = [Sizes(crops, np.array(values, np.float32)) for values in ((0, 1), (0.5, 1), (1, 1))]
    np.testing.assert_allclose(spread(said), [[0.25, 1], [0.5, 1], [0.75, 1]])


def test_a_picture_has_a_pane_a_scale():
    sizes = Sizes(np.full((3, 3, 64, 64), 0.5, np.float32), np.array([0.1, 0.5, 0.9], np.float32))
    drawn = picture(sizes, (0.5, 1.0, 2.0))
    assert drawn.shape == (64 + 24, 3 * 64)
    assert (drawn[:64] == 128).all()
    assert drawn[64:].any()
