"""What varies in training images: each alone, slightly."""

from dataclasses import replace

import numpy as np
import pytest

from mammoscope.screening.augment import Augmentation, augmented, auto_contrast

NOTHING = Augmentation(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


@pytest.fixture
def dot():
    """One bright square on the left, off the middle."""
    image = np.full((64, 64), 0.2, np.float32)
    image[28:36, 12:20] = 0.6
    return image


def middle(image):
    rows, columns = np.nonzero(image > 0.4)
    return rows.mean(), columns.mean()


def drawn(image, seed=0, **changes):
    return augmented(image, replace(NOTHING, **changes), np.random.default_rng(seed))


def test_nothing_leaves_an_image_as_it_is(dot):
    image, mirrored = drawn(dot)
    np.testing.assert_array_equal(image, dot)
    assert not mirrored


def test_a_flip_is_the_mirror_image_and_says_so(dot):
    image, mirrored = drawn(dot, flip=1.0)
    np.testing.assert_array_equal(image, dot[:, ::-1])
    assert mirrored


def test_rotation_turns_about_the_middle_within_its_limit(dot):
    angles = []
    for seed in range(20):
        row, column = middle(drawn(dot, seed, rotation=10.0)[0])
        assert np.hypot(row - 31.5, column - 31.5) == pytest.approx(16, abs=0.5)
        angles.append(np.degrees(np.arctan2(row - 31.5, 31.5 - column)))
    assert 4 < np.abs(angles).max() < 11


def test_a_resized_crop_enlarges_and_leaves_out_at_most_its_share(dot):
    areas = [(drawn(dot, seed, crop=0.2)[0] > 0.4).sum() / 64 for seed in range(20)]
    assert min(areas) > 0.95
    assert 1.2 < max(areas) < 1 / 0.8**2 + 0.15
    # what is shown lies within the image: no black comes in
    assert min(drawn(dot, seed, crop=0.2)[0].min() for seed in range(20)) == pytest.approx(0.2)


def test_a_shift_moves_by_at_most_its_share_of_the_side(dot):
    ways = [np.subtract(middle(drawn(dot, seed, shift=0.1)[0]), (31.5, 15.5)) for seed in range(30)]
    assert 4 < np.abs(ways).max() < 0.1 * 64 + 0.5


def test_auto_contrast_uses_the_whole_range(dot):
    image, _ = drawn(dot, contrast=1.0)
    assert np.unique(image).tolist() == [0.0, 1.0]
    flat = np.full((2, 2), 0.3, np.float32)
    np.testing.assert_array_equal(auto_contrast(flat), flat)


def test_blur_takes_detail_and_keeps_the_mean(dot):
    image, _ = drawn(dot, blur=1.0, deviation=2.0)
    assert image.max() < dot.max()
    assert image.mean() == pytest.approx(dot.mean(), abs=1e-3)


def test_the_papers_are_slight_and_a_seed_repeats_them(dot):
    first, again, other = (
        augmented(dot, Augmentation(), np.random.default_rng(seed))[0] for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    assert (first.shape, first.dtype) == (dot.shape, dot.dtype)
    assert 0 <= first.min() <= first.max() <= 1
