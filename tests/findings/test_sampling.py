"""Statistics of the paper's patches: every figure of its slide, measured on many draws."""

import numpy as np
import pytest

from mammoscope.findings.sampling import Jitter, Sampling, around_finding, augmented, cut, in_breast
from mammoscope.scores.boxes import iou

BOX = (100.0, 200.0, 180.0, 240.0)
"""80 rows high, 40 columns wide; its centre is (140, 220)."""
DRAWS = 4000
NONE = np.zeros((0, 4))


@pytest.fixture(scope="module")
def boxes():
    rng = np.random.default_rng(0)
    return np.array([around_finding(BOX, Sampling(), rng) for _ in range(DRAWS)])


def assert_uniform(values, low, high):
    assert low <= values.min() < low + 0.02 * (high - low)
    assert high - 0.02 * (high - low) < values.max() <= high
    # the mean of so many uniform numbers deviates by 0.5 % of their range
    assert values.mean() == pytest.approx((low + high) / 2, abs=0.02 * (high - low))
    assert values.std() == pytest.approx((high - low) / np.sqrt(12), rel=0.05)


def test_areas_are_uniform_from_a_twentieth_to_five_times_the_findings(boxes):
    height, width = (boxes[:, 2:] - boxes[:, :2]).T
    assert_uniform(height * width / 3200, 0.05, 5.0)


def test_aspect_ratios_are_uniform_from_a_third_to_five_thirds_of_the_findings(boxes):
    height, width = (boxes[:, 2:] - boxes[:, :2]).T
    assert_uniform(height / width / 2, 0.33, 1.66)


def test_centres_are_uniform_within_50_pixels(boxes):
    centres = (boxes[:, 2:] + boxes[:, :2]) / 2
    for axis, middle in enumerate((140, 220)):
        assert_uniform(centres[:, axis] - middle, -50, 50)


def test_normal_boxes_lie_in_the_breast_and_are_made_like_findings():
    inside = np.zeros((40, 30), bool)
    inside[10:30, :20] = True
    rng = np.random.default_rng(1)
    sizes = np.array([[80.0, 40.0]])
    drawn = np.array([in_breast(inside, 8, sizes, NONE, Sampling(), rng) for _ in range(DRAWS)])
    centres = (drawn[:, 2:] + drawn[:, :2]) / 2
    assert_uniform(centres[:, 0], 79.5, 239.5)
    assert_uniform(centres[:, 1], -0.5, 159.5)
    height, width = (drawn[:, 2:] - drawn[:, :2]).T
    assert_uniform(height * width / 3200, 0.05, 5.0)


def test_normal_boxes_touch_no_finding():
    findings = np.array([[40.0, 40.0, 90.0, 90.0]])
    rng = np.random.default_rng(2)
    sizes = np.array([[30.0, 30.0]])
    for _ in range(200):
        box = in_breast(np.ones((30, 20), bool), 8, sizes, findings, Sampling(), rng)
        assert iou(np.array(box), findings[0]) == 0


def test_where_every_box_touches_a_finding_the_least_is_taken():
    findings = np.array([[-500.0, -500.0, 500.0, 500.0]])
    rng = np.random.default_rng(3)
    sizes = np.array([[10.0, 10.0]])
    box = in_breast(np.ones((4, 4), bool), 8, sizes, findings, Sampling(), rng)
    assert iou(np.array(box), findings[0]) > 0


def test_a_cut_is_resized_and_black_beyond_the_image():
    image = np.zeros((3, 20, 20), np.uint8)
    image[:, :8, 4:12] = 255
    patch = cut(image, (-0.5, 3.5, 7.5, 11.5), 16)
    np.testing.assert_array_equal(patch, np.ones((3, 16, 16), np.float32))
    beyond = cut(image, (-8.5, 3.5, 7.5, 11.5), 16)
    assert not beyond[:, :8].any()
    assert (beyond[:, 9:] == 1).all()
    assert not cut(image, (40.0, 40.0, 44.0, 44.0), 16).any()


def test_every_channel_keeps_its_place_in_a_cut():
    image = np.arange(3 * 4 * 4, dtype=np.float32).reshape(3, 4, 4) / 48
    np.testing.assert_allclose(cut(image, (-0.5, -0.5, 3.5, 3.5), 4), image)


def test_nothing_is_changed_where_nothing_is_asked_for():
    patch = np.random.default_rng(0).random((3, 16, 16)).astype(np.float32)
    still = Jitter(0.0, 0.0, 0.0, flip=False, rotation=0.0)
    np.testing.assert_allclose(augmented(patch, still, np.random.default_rng(1)), patch, atol=1e-6)


def test_a_flip_is_one_of_four():
    patch = np.random.default_rng(0).random((3, 8, 8)).astype(np.float32)
    only = Jitter(0.0, 0.0, 0.0, flip=True, rotation=0.0)
    rng = np.random.default_rng(2)
    four = [patch[:, ::down, ::across] for down in (1, -1) for across in (1, -1)]
    seen = [
        [np.allclose(one, changed, atol=1e-5) for one in four]
        for changed in (augmented(patch, only, rng) for _ in range(40))
    ]
    assert all(sum(alike) == 1 for alike in seen)
    assert np.any(seen, axis=0).all()


def test_brightness_scales_and_contrast_spreads():
    patch = np.full((3, 8, 8), 0.5, np.float32)
    patch[:, :4] = 0.3
    rng = np.random.default_rng(3)
    bright = [augmented(patch, Jitter(0.0, 0.2, 0.0, False, 0.0), rng) for _ in range(300)]
    gains = np.array([one[0, 0, 0] / 0.3 for one in bright])
    assert_uniform(gains, 0.8, 1.2)
    spread = [augmented(patch, Jitter(0.5, 0.0, 0.0, False, 0.0), rng) for _ in range(300)]
    assert_uniform(np.array([one[0, 7, 0] - one[0, 0, 0] for one in spread]) / 0.2, 0.5, 1.5)
    for one in spread:
        assert one.mean() == pytest.approx(0.4, abs=1e-5)


def test_saturation_moves_channels_from_their_mean():
    patch = np.stack([np.full((8, 8), value, np.float32) for value in (0.2, 0.4, 0.6)])
    rng = np.random.default_rng(4)
    for _ in range(20):
        changed = augmented(patch, Jitter(0.0, 0.0, 0.5, False, 0.0), rng)[:, 0, 0]
        assert changed[1] == pytest.approx(0.4, abs=1e-5)
        assert 0.1 <= changed[2] - 0.4 <= 0.3 + 1e-5
