import numpy as np
import pytest

from mammoscope.errors import UsageError
from mammoscope.phantom.looks import (
    LOOKS,
    RAW_AIR,
    Stored,
    burnt_in,
    look_named,
    presented,
    raw,
    shown,
    toned,
)
from tests.phantom.handmade import SPACING, handmade_view


def test_raw_is_linear_in_exposure():
    made = raw(np.array([[1.0, 0.5, 0.01, 0.0]], np.float32))
    assert made.pixels.tolist() == [[RAW_AIR, RAW_AIR // 2, RAW_AIR // 100, 0]]
    assert made.photometric == "MONOCHROME1"
    assert made.bits == 14


def test_raw_overflows_into_its_last_value():
    assert raw(np.array([[9.0]], np.float32)).pixels[0, 0] == 2**14 - 1


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("view", ["CC", "MLO"])
def test_dense_tissue_is_bright_and_air_dark(look, view):
    phantom = handmade_view(view)
    made = presented(phantom.exposure, SPACING, look)
    bright = shown(made)
    gland = phantom.gland_mm > 20
    fat = (phantom.thickness_mm > 49) & (phantom.gland_mm == 0) & (phantom.labels == 1)
    assert bright[phantom.labels == 0].mean() < 0.1
    assert bright[fat].mean() < bright[gland].mean() - 0.05
    assert bright[phantom.labels == 0].mean() < bright[fat].mean()
    assert made.pixels.max() < 2**made.bits


@pytest.mark.parametrize("look", LOOKS)
def test_a_look_leaves_detail_below_white(look):
    phantom = handmade_view("MLO")
    bright = shown(presented(phantom.exposure, SPACING, look))
    assert (bright > 0.999).mean() < 0.01


def test_looks_differ():
    phantom = handmade_view()
    bright = [shown(presented(phantom.exposure, SPACING, look)) for look in LOOKS]
    gaps = [np.abs(a - b).mean() for i, a in enumerate(bright) for b in bright[:i]]
    assert min(gaps) > 0.005


def test_a_tone_curve_goes_through_its_points_and_never_falls():
    level = np.linspace(-3, 9, 2000, dtype=np.float32)[None]
    greys = (0.1, 0.5, 0.8)
    found = toned(level, np.array([1.0, 2.0, 5.0]), greys)[0]
    assert (np.diff(found) >= 0).all()
    assert np.abs(np.diff(found)).max() < 0.01
    for where, grey in zip((1.0, 2.05, 5.1), greys, strict=True):
        assert np.interp(where, level[0], found) == pytest.approx(grey, abs=1e-3)
    assert 0 < found[0] < 0.01


def test_an_image_without_a_breast_is_black():
    made = presented(np.ones((40, 30), np.float32), SPACING, "ge-like")
    assert (made.pixels == 0).all()


def test_an_unknown_look_is_named():
    with pytest.raises(UsageError, match=r"hologic-like, .*got 'hologic'"):
        look_named("hologic")


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_words_are_burnt_white_into_the_corner_without_breast(photometric):
    labels = np.zeros((200, 300), np.uint8)
    labels[:, 150:] = 1
    labels[100:, :] = 1
    plain = Stored(np.full(labels.shape, 500, np.uint16), 12, photometric)
    burnt = burnt_in(plain, labels, "SYNTHETIC", 0.5)
    changed = burnt.pixels != plain.pixels
    assert changed.sum() > 100
    assert not changed[labels > 0].any()
    assert set(burnt.pixels[changed]) == {plain.white}
    assert (plain.pixels == 500).all()


def test_words_shrink_to_a_narrow_image():
    plain = Stored(np.zeros((60, 40), np.uint16), 12, "MONOCHROME2")
    burnt = burnt_in(plain, np.zeros((60, 40), np.uint8), "SYNTHETIC", 0.2)
    assert burnt.pixels.any()
