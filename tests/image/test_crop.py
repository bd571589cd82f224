import numpy as np
import pytest

from mammoscope.core import About, Mammogram
from mammoscope.image import breast_crop, breast_outline, nominal_spacing, two_breasts
from mammoscope.image.crop import NOMINAL_HEIGHT_MM
from tests.image.nuisances import NUISANCES, breast, truth
from tests.synthetic import breast_pixels


def display(view: str, laterality: str) -> np.ndarray:
    return (breast_pixels(view, laterality) / 4095).astype(np.float32)


def test_the_crop_holds_the_breast_and_its_margin_and_no_more():
    cropped = breast_crop(Mammogram.of(breast()), margin_fraction=0.02)
    # The half ellipse spans rows 90 to 510 and columns 0 to 240 of 600 x 400.
    top, left = cropped.frame.to_source(np.array([0.0, 0.0]))
    rows, columns = cropped.pixels.shape
    assert left == 0
    assert 70 <= top <= 95
    assert 505 <= top + rows <= 530
    assert 235 <= columns <= 256


@pytest.mark.parametrize("name", NUISANCES)
def test_no_nuisance_widens_or_cuts_the_crop(name):
    clean = breast_crop(Mammogram.of(breast()))
    cropped = breast_crop(Mammogram.of(NUISANCES[name](breast())))
    wider = cropped.pixels.size / clean.pixels.size
    assert 0.93 < wider < 1.15


def test_a_larger_margin_is_larger_but_stays_in_the_image():
    wide = breast_crop(Mammogram.of(breast()), margin_fraction=1.0)
    assert wide.pixels.shape == (600, 400)


def test_points_return_to_the_source():
    mammogram = Mammogram.of(breast())
    cropped = breast_crop(mammogram)
    where = np.array([40.0, 50.0])
    row, column = cropped.frame.to_source(where).astype(int)
    assert cropped.pixels[40, 50] == mammogram.pixels[row, column]


def test_padding_is_not_breast():
    pixels = breast()
    pixels[:, 320:] = 0.7
    valid = np.ones(pixels.shape, bool)
    valid[:, 320:] = False
    mammogram = Mammogram.of(pixels)
    cropped = breast_crop(Mammogram(pixels, mammogram.about, mammogram.frame, valid))
    assert cropped.pixels.shape[1] <= 256


def test_a_raw_image_is_cropped_by_its_display_look():
    raw = np.exp(-3 * breast()).astype(np.float32)
    about = About("synthetic", raw.shape, kind="for processing")
    cropped = breast_crop(Mammogram.of(raw, about))
    assert 70 <= cropped.frame.to_source(np.array([0.0, 0.0]))[0] <= 110
    assert cropped.pixels.shape[1] <= 256
    assert cropped.pixels.max() > 0.9


def test_an_image_without_a_breast_stays_whole():
    empty = Mammogram.of(np.zeros((50, 40), np.float32))
    assert breast_crop(empty) is empty


def test_the_nominal_scale_comes_from_the_outline():
    outline = np.zeros((500, 400), bool)
    outline[100:200, :50] = True
    assert nominal_spacing(outline) == NOMINAL_HEIGHT_MM / 100
    assert nominal_spacing(np.zeros((500, 400), bool)) == NOMINAL_HEIGHT_MM / 500


def test_the_nominal_scale_follows_a_resize():
    assert nominal_spacing(breast_outline(breast())) == pytest.approx(NOMINAL_HEIGHT_MM / 420, rel=0.04)


@pytest.mark.parametrize("view", ["CC", "MLO"])
def test_two_breasts_back_to_back(view):
    assert two_breasts(np.hstack([display(view, "R"), display(view, "L")]))


def test_two_breasts_face_to_face():
    air = np.zeros((240, 30), np.float32)
    assert two_breasts(np.hstack([display("MLO", "L"), air, display("MLO", "R")]))


@pytest.mark.parametrize("view", ["CC", "MLO"])
@pytest.mark.parametrize("laterality", ["L", "R"])
def test_one_breast_is_one(view, laterality):
    assert not two_breasts(display(view, laterality))


@pytest.mark.parametrize("name", NUISANCES)
def test_a_breast_with_a_nuisance_is_one(name):
    assert not two_breasts(NUISANCES[name](breast()))


def test_nothing_is_not_two_breasts():
    assert not two_breasts(np.zeros((60, 40), np.float32))


def test_truth_is_what_the_tests_say():
    rows, columns = np.flatnonzero(truth().any(axis=1)), np.flatnonzero(truth().any(axis=0))
    assert (rows[0], rows[-1], columns[0], columns[-1]) == (91, 509, 0, 239)
