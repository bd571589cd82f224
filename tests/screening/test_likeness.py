from dataclasses import replace

import cv2
import numpy as np
import pytest

from mammoscope.core import About, Frame, Mammogram
from mammoscope.errors import UsageError
from mammoscope.image.breast import Prepared, prepare
from mammoscope.screening.likeness import (
    FEATURES,
    SHARE,
    features,
    reference_of,
    shrunk,
    unlike,
)

SHAPE = (420, 300)


def picture(seed):
    """A breast at the left edge; its size, brightness and grain are drawn."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]].astype(float)
    high, wide = rng.uniform(160, 190), rng.uniform(190, 240)
    away = ((rows - 210) / high) ** 2 + (columns / wide) ** 2
    tissue = cv2.GaussianBlur(rng.normal(0, 1, SHAPE), (0, 0), 4) * rng.uniform(0.3, 0.6)
    fine = rng.normal(0, 0.004, SHAPE)
    return np.clip((away < 1) * (0.3 + 0.25 * (1 - away) + tissue * 0.5) + fine, 0, 1)


def prepared(pixels):
    about = About("synthetic", pixels.shape)
    image = Mammogram(np.ascontiguousarray(pixels, np.float32), about, Frame.of(pixels.shape))
    return prepare(image, "log inverted", 0.4)


@pytest.fixture(scope="module")
def reference():
    measured = np.array([features(prepared(picture(seed))) for seed in range(60)])
    women = [str(seed // 2) for seed in range(60)]
    return reference_of(measured, women, np.linspace(0, 1, 11).tolist())


def test_every_feature_has_a_name_and_a_finite_value():
    found = features(prepared(picture(0)))
    assert found.shape == (len(FEATURES),)
    assert np.isfinite(found).all()


def named(pixels, body):
    return dict(
        zip(FEATURES, features(Prepared(pixels, body, Frame.of(body.shape), "nominal")), strict=True)
    )


def test_features_of_a_square_worked_by_hand():
    pixels, body = np.zeros((100, 80), np.float32), np.zeros((100, 80), bool)
    body[20:80, :40] = True
    pixels[20:80, :40] = 0.5
    pixels[40:60, :20] = 1.0
    found = named(pixels, body)
    assert found["grey value, percentile 50"] == 0.5
    assert found["share burnt out"] == pytest.approx((400 / 2400) ** 0.5)
    assert found["share black"] == pytest.approx(np.log(1e-3))
    assert found["area"] == pytest.approx(np.log(2400))
    assert found["height to width"] == pytest.approx(np.log(1.5))
    assert found["share of its frame"] == 1.0
    assert found["reach along one side"] == 0.6
    assert found["reach along the other side"] == 0.0
    assert found["reach along the top"] == found["reach along the bottom"] == 0.0
    assert found["grey value around the breast"] == pytest.approx(np.log(0.01))


def test_nothing_but_tissue_is_measured_too():
    found = named(np.full((60, 60), 0.5, np.float32), np.ones((60, 60), bool))
    assert all(np.isfinite(list(found.values())))
    assert found["slope at the skin"] == 0.0


def test_images_like_the_training_are_within_the_limit(reference):
    fresh = [unlike(prepared(picture(seed)), reference) for seed in range(100, 130)]
    assert np.mean(np.array(fresh) > 1) < 0.2


@pytest.mark.parametrize(
    "damage",
    [
        lambda pixels: 1 - pixels,
        lambda pixels: cv2.GaussianBlur(pixels, (0, 0), 5),
        lambda pixels: np.rot90(pixels),
        lambda pixels: pixels[:210],
        lambda pixels: np.clip(3 * pixels, 0, 1),
    ],
    ids=["inverted", "blurred", "turned", "cut off", "burnt out"],
)
def test_damaged_images_are_beyond_it(reference, damage):
    assert unlike(prepared(damage(picture(200))), reference) > 1


def test_the_limit_is_that_of_women_left_out():
    """The limit exceeds the 99th percentile of images that took part: else it would be too tight."""
    rng = np.random.default_rng(0)
    measured = rng.normal(0, 1, (60, len(FEATURES)))
    women = [str(number) for number in range(60)]
    found = reference_of(measured, women)
    took_part = float(np.quantile(found.distance(measured), SHARE))
    assert took_part < 0.95


def test_images_of_one_woman_are_left_out_together():
    rng = np.random.default_rng(0)
    once = rng.normal(0, 1, (40, len(FEATURES)))
    twice = np.concatenate([once, once])
    women = [str(number) for number in range(40)]
    together = reference_of(twice, women * 2)
    apart = reference_of(twice, [str(number) for number in range(80)])
    assert together.limit > 1.05 * apart.limit


def test_what_never_changes_in_training_does_not_judge_finely():
    rng = np.random.default_rng(0)
    measured = rng.normal(0, 1, (200, len(FEATURES)))
    measured[:, 3] = 0.5
    found = reference_of(measured, [str(number) for number in range(200)])
    assert found.deviations[3] == 0.05
    slightly = np.where(np.arange(len(FEATURES)) == 3, 0.51, measured.mean(axis=0))
    clearly = np.where(np.arange(len(FEATURES)) == 3, 1.0, measured.mean(axis=0))
    assert found.distance(slightly) < 0.1
    assert found.distance(clearly) > 1


def test_quantiles_are_of_features_and_scores(reference):
    assert reference.scores == pytest.approx((0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9))
    assert np.all(np.diff(reference.quantiles, axis=1) >= 0)
    assert reference.women == 30


def test_few_women_make_no_reference():
    measured = np.zeros((30, len(FEATURES)))
    with pytest.raises(UsageError, match="20 women or more"):
        reference_of(measured, ["1", "2", "3"] * 10)


def test_another_reference_is_refused(reference):
    other = replace(reference, features=("colour", *FEATURES[1:]))
    with pytest.raises(UsageError, match="other features"):
        unlike(prepared(picture(0)), other)


def test_a_covariance_is_shrunk_by_the_formula():
    # diag(2, 0.5) of level 1.25: its spread is 2 · 0.75² = 1.125, the noise of four samples
    # (34 / 4 - 4.25) / 4 = 1.0625, so 17 of 18 parts are the level
    steps = np.array([[2.0, 0.0], [-2.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
    assert shrunk(steps) == pytest.approx(np.diag([2 + 17 * 1.25, 0.5 + 17 * 1.25]) / 18)


def test_a_covariance_of_many_is_hardly_shrunk():
    steps = np.random.default_rng(0).normal(0, (1.0, 3.0), (5000, 2))
    assert shrunk(steps) == pytest.approx(steps.T @ steps / 5000, abs=0.05)
