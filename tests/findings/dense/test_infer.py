"""Findings land where they are: window and dense geometry after every shift, crop and flip."""

from dataclasses import replace

import numpy as np
import pytest

from mammoscope.core import FINDINGS
from mammoscope.errors import WeightsError
from mammoscope.findings.infer import UNTRAINED, Finder
from mammoscope.image.patches import crop, flip
from mammoscope.image.resample import to_shape
from mammoscope.image.windows import STRIDE, WINDOW
from tests.findings.dense.bright import SHAPE, SIDE, Bright, breast, card

STEPS = range(STRIDE)


def edges(top, left, side=SIDE):
    return (top - 0.5, left - 0.5, top + side - 0.5, left + side - 0.5)


@pytest.mark.parametrize("change", ["as it is", "crop", "flip"])
@pytest.mark.parametrize("step", STEPS)
def test_a_square_is_found_where_it_is_at_every_place_modulo_the_stride(step, change):
    top, left = 190 + step, 70 + (7 * step) % STRIDE
    image = breast(top, left)
    if change == "crop":
        image = crop(image, 5, 0, SHAPE[0] - 12, SHAPE[1] - 9)
    if change == "flip":
        image = flip(image)
    found = Finder(Bright())(image).findings
    assert len(found) == 1
    np.testing.assert_allclose(found[0].box, edges(top, left), atol=0.75)
    np.testing.assert_allclose(found[0].size_mm, (SIDE * 0.3, SIDE * 0.3), atol=0.3)


@pytest.mark.parametrize("step", STEPS)
def test_windows_say_what_the_whole_says(step):
    image = breast(200 + step, 60 + step)
    dense, windows = Finder(Bright())(image), Finder(Bright(), windowed=True)(image)
    np.testing.assert_allclose(windows.heat["mass"], dense.heat["mass"], atol=1e-6)
    assert len(windows.findings) == len(dense.findings) == 1
    np.testing.assert_allclose(windows.findings[0].box, dense.findings[0].box, atol=1e-3)


def test_only_windows_that_answer_for_the_breast_are_asked():
    session = Bright()
    found = Finder(session, windowed=True)(breast())
    squares = found.heat["mass"].size // 4
    assert set(session.asked) == {(1, 3, WINDOW, WINDOW)}
    assert 0.5 * squares < len(session.asked) < squares


def test_every_window_is_asked_where_wanted_and_says_the_same():
    session = Bright()
    every = Finder(session, windowed=True, every=True)(breast())
    assert len(session.asked) == every.heat["mass"].size // 4
    np.testing.assert_allclose(every.heat["mass"], Finder(Bright())(breast()).heat["mass"], atol=1e-6)


def test_another_spacing_finds_the_same_place():
    image = to_shape(breast(), (SHAPE[0] * 2, SHAPE[1] * 2))
    found = Finder(Bright())(image).findings
    np.testing.assert_allclose(found[0].centre, (200 + (SIDE - 1) / 2, 80 + (SIDE - 1) / 2), atol=0.5)


@pytest.mark.parametrize("levels", [(1.0, 2.0), (1.0, 1.5, 2.25)])
def test_levels_of_the_pyramid_agree_on_one_finding(levels):
    image = breast(150, 60, side=64)
    found = Finder(Bright(card(levels)))(image)
    assert len(found.findings) == 1
    np.testing.assert_allclose(found.findings[0].centre, (181.5, 91.5), atol=16)
    row, column = np.unravel_index(found.heat["mass"].argmax(), found.heat["mass"].shape)
    place = found.frame.to_source(np.array([row, column], float))
    assert np.abs(place - found.findings[0].centre).max() < 40


def test_what_fires_at_a_coarser_level_says_so():
    session = Bright(card((1.0, 2.0)))
    run = session.run
    session.run = lambda image: (
        run(image)
        * np.array([float(len(session.asked) > 1), 1, 1, 1, 1])[None, :, None, None].astype(np.float32)
    )
    found = Finder(session)(breast(150, 60, side=64)).findings
    assert [one.level for one in found] == [2.0]
    np.testing.assert_allclose(found[0].box, edges(150, 60, 64), atol=2.5)


def test_without_a_spacing_there_is_no_size_in_mm():
    found = Finder(Bright())(breast(spacing=None))
    assert found.scale == "nominal"
    assert [one.size_mm for one in found.findings] == [None]


def test_kinds_without_real_training_images_are_not_assessed():
    found = Finder(Bright(card(classes=("mass", "asymmetry"))))(breast())
    assert set(found.heat) == {"mass", "asymmetry"}
    assert found.not_assessed == {
        kind: UNTRAINED for kind in FINDINGS if kind not in ("mass", "asymmetry")
    }


@pytest.mark.parametrize(("shares", "kind"), [((1.0, 0.5), "mass"), ((0.5, 1.0), "asymmetry")])
def test_of_classes_that_overlap_the_one_that_scores_higher_is_told(shares, kind):
    session = Bright(card(classes=("mass", "asymmetry")))
    run, share = session.run, np.array([*shares, 1, 1, 1, 1], np.float32)
    session.run = lambda image: run(image) * share[None, :, None, None]
    assert [one.kind for one in Finder(session)(breast()).findings] == [kind]


def test_scores_and_what_is_shown_are_as_the_card_says():
    of = card(
        calibration={"offset": -2.0, "slope": 0.5, "threshold_1": 0.4, "matched_threshold_1": 0.3}
    )
    found = Finder(Bright(of))(breast())
    assert found.findings[0].score == pytest.approx(
        1 / (1 + np.exp(2 - 0.5 * np.log(1e6 - 1))), rel=1e-3
    )
    assert (found.threshold, found.matched_threshold) == (0.4, 0.3)


def test_an_image_of_one_grey_has_no_findings():
    image = breast(side=0)
    flat = replace(image, pixels=np.full(SHAPE, 0.5, np.float32))
    assert Finder(Bright())(flat).findings == ()


def test_weights_of_the_papers_classifiers_are_refused_with_the_remedy():
    of = replace(card(), recipe={})
    with pytest.raises(WeightsError, match="train findings --model dense"):
        Finder(Bright(of))


def test_levels_are_of_the_finest():
    of = card(levels=(0.5, 1.0))
    found = Finder(Bright(of))(breast(150, 60, side=50))
    assert {one.level for one in found.findings} <= {1.0, 2.0}
    np.testing.assert_allclose(found.findings[0].centre, (174.5, 84.5), atol=12)
