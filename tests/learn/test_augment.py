from dataclasses import fields, replace

import numpy as np
import pytest

from mammoscope.learn import looks
from mammoscope.learn.augment import Augmentation, augment
from mammoscope.learn.looks import Looks
from mammoscope.segmentation.recipe import Recipe
from tests.segmentation.miniature import labels, picture

MASK = labels(3, muscle=True)
IMAGE = (picture(MASK, 3) / np.float32(255)).astype(np.float32)
PLAIN = replace(Recipe.paper().augmentation.geometry, crop=(64, 48), outside=0)
PLAIN = replace(PLAIN, flip=0.0, rotation=0.0, elastic_affine=0.0)


def run(settings, seed=0):
    return augment(IMAGE, MASK, settings, np.random.default_rng(seed))


def test_table_3_is_in_the_papers_recipe():
    paper = Recipe.paper().augmentation
    geometry = paper.geometry
    assert (paper.window, paper.gamma, paper.noise) == (0.05, (0.5, 1.5), (0.05, 0.05))
    assert (geometry.flip, geometry.rotation, geometry.scale) == (0.5, 5.0, 0.0)
    elastic = (geometry.elastic_alpha, geometry.elastic_sigma, geometry.elastic_affine)
    assert elastic == (1.0, 100.0, 20.0)
    assert (geometry.crop, geometry.outside) == ((512, 512), 64)
    assert paper.looks == Looks()


def test_the_papers_choices_are_in_its_recipe():
    paper = Recipe.paper()
    assert (paper.spacing_mm, paper.loss, paper.alpha_pectoral, paper.gamma) == (
        0.4, "cross entropy", 2.0, 2.0,
    )  # fmt: skip
    assert paper.optimisation.patience == 10


@pytest.mark.parametrize("settings", [Recipe.paper().augmentation, Recipe.default().augmentation])
def test_a_view_has_the_crops_shape_range_and_classes(settings):
    for seed in range(8):
        image, mask = run(settings, seed)
        assert image.shape == mask.shape == settings.geometry.crop
        assert image.dtype == np.float32
        assert 0 <= image.min() <= image.max() <= 1
        assert set(np.unique(mask)) <= {0, 1, 2}


def test_the_same_seed_gives_the_same_view():
    for one, other in zip(run(Recipe.default().augmentation, 5), run(Recipe.default().augmentation, 5),
                          strict=True):  # fmt: skip
        np.testing.assert_array_equal(one, other)


def test_noise_has_its_deviation():
    settings = Augmentation(0.0, PLAIN, gamma=(1.0, 1.0), noise=(0.05, 0.05))
    image, _ = run(settings)
    grey = (IMAGE > 0.3) & (IMAGE < 0.7)
    assert (image - IMAGE)[grey].std() == pytest.approx(0.05, rel=0.1)


def test_gamma_is_an_exponent():
    image, _ = run(Augmentation(0.0, PLAIN, gamma=(1.5, 1.5), noise=(0.0, 0.0)))
    np.testing.assert_allclose(image, IMAGE**1.5, atol=3e-3)


def test_the_window_moves_by_at_most_its_jitter():
    shift = []
    for seed in range(40):
        image, _ = run(Augmentation(0.05, PLAIN, gamma=(1.0, 1.0), noise=(0.0, 0.0)), seed)
        shift.append(float(np.abs(image - IMAGE).max()))
    # a centre 2.5 % off and a width 5 % off move a grey value by at most 0.0513
    assert 0.01 < max(shift) < 0.054


ALL = {
    "curve": looks.curve, "detail": looks.detail, "background": looks.background,
    "skin": looks.faded_skin, "raw": looks.raw, "film": looks.film, "cut": looks.cut,
    "blur": looks.blur, "invert": looks.inverted,
}  # fmt: skip


def test_every_look_has_a_probability():
    assert {field.name for field in fields(Looks)} == set(ALL)


@pytest.mark.parametrize("name", ALL)
def test_a_look_changes_the_picture_and_keeps_range_and_source(name):
    before = IMAGE.copy(), MASK.copy()
    changed = []
    for seed in range(12):
        image, mask = ALL[name](IMAGE, MASK, np.random.default_rng(seed))
        assert image.shape == IMAGE.shape
        assert image.dtype == np.float32
        assert -1e-6 <= image.min() <= image.max() <= 1 + 1e-6
        changed.append(not np.array_equal(image, IMAGE))
        if name not in ("film", "cut"):
            np.testing.assert_array_equal(mask, MASK)
    assert sum(changed) >= 10
    np.testing.assert_array_equal(IMAGE, before[0])
    np.testing.assert_array_equal(MASK, before[1])


def test_curves_rise():
    grey = np.linspace(0, 1, 200, dtype=np.float32)[None]
    for seed in range(20):
        image, _ = looks.curve(grey, np.zeros(grey.shape, np.uint8), np.random.default_rng(seed))
        assert (np.diff(image[0]) >= 0).all()


def test_half_of_raw_looks_are_brightest_in_air():
    air = MASK == 0
    bright = [
        looks.raw(IMAGE, MASK, np.random.default_rng(seed))[0][air].mean() > 0.9 for seed in range(40)
    ]
    assert 10 < sum(bright) < 30


def test_a_cut_leaves_no_tissue_where_the_image_ends():
    image, mask = looks.cut(IMAGE, MASK, np.random.default_rng(0))
    gone = (image == 0).all(axis=1)
    assert gone.sum() >= 3
    assert not mask[gone].any()
