from dataclasses import replace

import numpy as np
import pytest

from mammoscope.learn.warp import Geometry, draw_warp, random_warp

STILL = Geometry(
    flip=0.0, rotation=0.0, scale=0.0, elastic_alpha=0.0, elastic_affine=0.0, crop=(40, 30), outside=0
)
IMAGE = np.random.default_rng(0).random((40, 30), dtype=np.float32)
MASK = (IMAGE > 0.5).astype(np.uint8)


def warp(geometry, seed=0, image=IMAGE, mask=MASK):
    return random_warp(image, mask, geometry, np.random.default_rng(seed))


def test_no_motion_leaves_the_image():
    image, mask = warp(STILL)
    np.testing.assert_allclose(image, IMAGE, atol=1e-6)
    np.testing.assert_array_equal(mask, MASK)


def test_a_flip_mirrors_left_to_right():
    image, mask = warp(replace(STILL, flip=1.0))
    np.testing.assert_allclose(image, IMAGE[:, ::-1], atol=1e-5)
    np.testing.assert_array_equal(mask, MASK[:, ::-1])


def test_crops_leave_the_image_by_at_most_what_is_allowed():
    bright, mask = np.ones((40, 30), np.float32), np.ones((40, 30), np.uint8)
    geometry = replace(STILL, crop=(20, 20), outside=6)
    for seed in range(60):
        image, moved = warp(geometry, seed, bright, mask)
        assert image.shape == moved.shape == (20, 20)
        inside_rows, inside_columns = moved.any(axis=1).sum(), moved.any(axis=0).sum()
        assert min(inside_rows, inside_columns) >= 14
    assert any((warp(geometry, seed, bright, mask)[1] == 0).any() for seed in range(60))


def test_an_image_smaller_than_the_crop_lies_within_it():
    mask = np.ones((10, 12), np.uint8)
    for seed in range(20):
        _, moved = warp(replace(STILL, crop=(40, 30)), seed, mask.astype(np.float32), mask)
        assert moved.sum() == pytest.approx(120, abs=23)


def test_image_and_mask_move_alike():
    image = np.zeros((64, 64), np.float32)
    image[20:44, 16:40] = 1
    geometry = Geometry(0.5, 12.0, 0.2, 100.0, 12.0, 6.0, (64, 64), 8)
    for seed in range(10):
        moved, mask = warp(geometry, seed, image, (image > 0).astype(np.uint8))
        assert ((moved > 0.5) == (mask > 0)).mean() > 0.97


def test_rotation_keeps_within_its_degrees():
    image = np.zeros((101, 101), np.float32)
    image[50, 10:91] = 1
    geometry = replace(STILL, rotation=5.0, crop=(101, 101))
    for seed in range(20):
        moved, _ = warp(geometry, seed, image, (image > 0).astype(np.uint8))
        rows, columns = np.nonzero(moved > 0.3)
        slope = np.polyfit(columns, rows, 1)[0]
        assert abs(np.degrees(np.arctan(slope))) < 5.5


def test_elastic_fields_have_the_deviation_of_smoothed_noise():
    # even noise in -1 to 1: 1/sqrt(3); a Gaussian of sigma 8 divides by 2 sqrt(pi) 8 = 28.36
    geometry = replace(STILL, elastic_alpha=100.0, elastic_sigma=8.0, crop=(200, 200))
    ramp = np.tile(np.arange(200, dtype=np.float32), (200, 1))
    shifts = [(warp(geometry, seed, ramp, MASK_200)[0] - ramp)[40:160, 40:160] for seed in range(12)]
    expected = 100 / (np.sqrt(3) * 28.36)
    assert np.std(shifts) == pytest.approx(expected, rel=0.15)


MASK_200 = np.zeros((200, 200), np.uint8)


def test_the_papers_elastic_field_moves_nothing():
    geometry = replace(STILL, elastic_alpha=1.0, elastic_sigma=100.0)
    np.testing.assert_allclose(warp(geometry)[0], IMAGE, atol=1e-6)


def test_points_move_with_the_image():
    geometry = Geometry(
        flip=0.5, rotation=20.0, scale=0.3, elastic_alpha=150.0, elastic_sigma=12.0,
        elastic_affine=6.0, crop=(120, 90), outside=10,
    )  # fmt: skip
    spots = np.array([[30.0, 25.0], [60.0, 70.0], [95.0, 40.0]])
    image = np.zeros((120, 90), np.float32)
    for row, column in spots.astype(int):
        image[row - 1 : row + 2, column - 1 : column + 2] = 1
    apart = []
    for seed in range(20):
        warp = draw_warp(image.shape, geometry, np.random.default_rng(seed))
        for spot, moved in zip(spots, warp.points(spots), strict=True):
            alone = np.zeros_like(image)
            row, column = spot.astype(int)
            alone[row - 1 : row + 2, column - 1 : column + 2] = 1
            seen = warp.of(alone)
            if not (8 < moved[0] < 112 and 8 < moved[1] < 82):
                continue
            down, across = np.indices(seen.shape)
            centre = np.array([(seen * down).sum(), (seen * across).sum()]) / seen.sum()
            apart.append(np.abs(centre - moved).max())
    assert len(apart) > 20
    assert max(apart) < 0.3


def test_a_crop_lies_around_a_point():
    geometry = Geometry(
        flip=0.5,
        rotation=20.0,
        scale=0.2,
        elastic_alpha=0.0,
        elastic_affine=0.0,
        crop=(40, 30),
        outside=6,
    )
    spot = np.array([[30.0, 25.0]])
    off = []
    for seed in range(200):
        warp = draw_warp((100, 80), geometry, np.random.default_rng(seed), spot[0])
        off.append(warp.points(spot)[0] - (19.5, 14.5))
    deviation = np.median(np.abs(off), axis=0) / 0.6745
    assert deviation == pytest.approx([3.4, 3.4], abs=1.2)  # 3 of four fifths, 9 of a fifth
    assert (np.abs(off).max(axis=0) < [18.01, 13.51]).all()
