import cv2
import numpy as np
import pytest

from mammoscope.phantom.contrast import by_scale, equalised, in_breast, levelled, plateau
from tests.phantom.handmade import SPACING, handmade_view


def test_the_breast_is_found_by_its_attenuation():
    phantom = handmade_view("MLO")
    found = in_breast(-np.log(phantom.exposure), SPACING)
    assert (found != (phantom.labels > 0)).mean() < 0.01


def test_fat_at_full_thickness_by_hand():
    attenuation = np.full((100, 100), 0.5, np.float32)
    depth = np.full((100, 100), 5.0, np.float32)
    depth[20:80, 20:80] = 20
    attenuation[20:80, 20:80] = 2.5
    attenuation[40:60, 40:60] = 4
    assert plateau(attenuation, depth) == 2.5


def test_a_slope_from_row_to_row_is_made_up_for():
    rows = np.arange(300, dtype=np.float32)[:, None]
    attenuation = np.repeat(1.5 + 0.004 * rows, 200, axis=1)
    depth = np.full(attenuation.shape, 20.0, np.float32)
    depth[:, 150:] = 0
    level = levelled(attenuation, depth, 0.5, share=1.0)
    assert np.ptp(level[:, :150]) < 0.02 * np.ptp(attenuation[:, :150])
    assert np.array_equal(level[:, 150:], attenuation[:, 150:])
    half = levelled(attenuation, depth, 0.5, share=0.5)
    assert np.ptp(half[:, :150]) == pytest.approx(0.5 * np.ptp(attenuation[:, :150]), rel=0.05)


def test_an_image_of_few_rows_is_left_as_it_is():
    attenuation = np.full((30, 30), 2.0, np.float32)
    assert levelled(attenuation, attenuation, 0.5, 1.0) is attenuation


def test_equalisation_lifts_the_thin_border_and_no_air():
    phantom = handmade_view()
    attenuation = -np.log(phantom.exposure)
    body = in_breast(attenuation, SPACING).astype(np.uint8)
    depth = cv2.distanceTransform(body, cv2.DIST_L2, 5) * np.float32(SPACING)
    level = equalised(attenuation, depth, 2.5, reach_mm=30.0, share=0.9)
    border = (phantom.thickness_mm > 5) & (phantom.thickness_mm < 30) & (phantom.gland_mm == 0)
    full = (phantom.thickness_mm > 49) & (phantom.gland_mm == 0)
    assert level[full].mean() - level[border].mean() < 0.5 * (
        attenuation[full].mean() - attenuation[border].mean()
    )
    assert np.array_equal(level[depth == 0], attenuation[depth == 0])


def test_unit_gains_change_nothing():
    image = np.random.default_rng(0).normal(size=(61, 47)).astype(np.float32)
    np.testing.assert_allclose(by_scale(image, (1.0, 1.0, 1.0, 1.0), 0.1), image, atol=1e-5)


def test_a_gain_raises_structures_of_its_size_alone():
    across = np.arange(256, dtype=np.float32)
    fine = np.tile(np.sin(2 * np.pi * across / 4), (256, 1)).astype(np.float32)
    coarse = np.tile(np.sin(2 * np.pi * across / 128), (256, 1)).astype(np.float32)
    gains = (2.0, 1.0, 1.0, 1.0)
    inner = slice(32, -32), slice(32, -32)
    ratio = [by_scale(one, gains, 0.1)[inner].std() / one[inner].std() for one in (fine, coarse)]
    assert ratio[0] == pytest.approx(2, abs=0.15)
    assert ratio[1] == pytest.approx(1, abs=0.02)
