import cv2
import numpy as np
import pytest

from mammoscope.image import breast_outline
from tests.image.nuisances import NUISANCES, breast, oblique, truth, with_letters


def dice(one: np.ndarray, other: np.ndarray) -> float:
    return float(2 * (one & other).sum() / (one.sum() + other.sum()))


def test_a_clean_breast_is_found():
    assert dice(breast_outline(breast()), truth()) > 0.97


@pytest.mark.parametrize("name", NUISANCES)
def test_a_nuisance_changes_little(name):
    assert dice(breast_outline(NUISANCES[name](breast())), truth()) > 0.95


@pytest.mark.parametrize("name", NUISANCES)
def test_a_nuisance_hardly_moves_the_box(name):
    found = cv2.boundingRect(breast_outline(NUISANCES[name](breast())).astype(np.uint8))
    expected = cv2.boundingRect(truth().astype(np.uint8))
    assert np.abs(np.subtract(found, expected)).max() <= 15


def test_all_nuisances_at_once():
    image = breast()
    for add in NUISANCES.values():
        image = add(image)
    assert dice(breast_outline(image), truth()) > 0.93


def test_a_threshold_alone_would_fail():
    """The nuisances are worth their name: what is brighter than Otsu's threshold is no outline."""
    for add in (NUISANCES["white frame"], NUISANCES["letters"]):
        grey = (add(breast()) * 255).astype(np.uint8)
        _, above = cv2.threshold(grey, 0, 1, cv2.THRESH_OTSU)
        left, _, width, _ = cv2.boundingRect(above)
        assert left + width > 330


def test_a_breast_that_touches_three_edges_is_whole():
    image = with_letters(oblique())
    outline = breast_outline(image)
    assert dice(outline, oblique() > 0) > 0.97
    assert outline[0].any()
    assert outline[-1].any()
    assert outline[:, 0].all()


def test_right_breasts_are_found_as_left_ones():
    assert np.array_equal(breast_outline(breast()[:, ::-1].copy()), breast_outline(breast())[:, ::-1])


def test_holes_are_filled():
    image = breast()
    image[280:320, 60:100] = 0
    assert breast_outline(image)[280:320, 60:100].all()


def test_fat_nearly_as_dark_as_air_is_inside():
    down, across = np.mgrid[0:600, 0:400]
    dense = np.exp(-((down - 300) ** 2 + (across - 120) ** 2) / 5000)
    image = np.where(truth(), 0.08 + 0.8 * dense, 0.0).astype(np.float32)
    assert dice(breast_outline(image), truth()) > 0.95


def test_nothing_is_found_in_nothing():
    assert not breast_outline(np.zeros((100, 80), np.float32)).any()


@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (200, 3), (40, 30)])
def test_small_images_are_no_trouble(shape):
    noise = np.random.default_rng(1).random(shape).astype(np.float32)
    assert breast_outline(noise).shape == shape


def test_large_images_have_their_outline_at_full_size():
    large = cv2.resize(breast(), (2000, 3000))
    assert dice(breast_outline(large), truth((3000, 2000))) > 0.97
