import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mammoscope.phantom.film import Film, density_of, digitised, scanned
from mammoscope.phantom.film_labels import lead_marker, room_for, strip_of_words, turned
from mammoscope.phantom.looks import shown
from tests.phantom.handmade import SPACING, handmade_view


def film_of(view, seed=0, **changes):
    phantom = handmade_view(view)
    rng = np.random.default_rng(seed)
    return phantom, digitised(
        phantom.exposure, phantom.labels, f"L {view}", SPACING, rng, Film(**changes)
    )


def test_the_curve_goes_through_its_target_and_has_its_gradient():
    film = Film(base=0.2, top=3.8, gradient=3.2, target=1.6)
    assert float(density_of(np.float32([0]), film)[0]) == pytest.approx(1.6, abs=1e-5)
    along = np.linspace(-2, 2, 4001).astype(np.float32)
    slope = np.gradient(density_of(along, film).astype(np.float64), along.astype(np.float64))
    assert slope.max() == pytest.approx(3.2, rel=0.01)


@given(st.floats(-4, 4), st.floats(0.01, 1))
def test_the_curve_is_monotone_and_bounded(log_exposure, more):
    film = Film()
    low, high = density_of(np.float32([log_exposure, log_exposure + more]), film)
    assert film.base <= low <= high <= film.top


@pytest.mark.parametrize("view", ["CC", "MLO"])
def test_dense_tissue_is_light_and_air_dark(view):
    phantom, film = film_of(view)
    top, left = film.offset
    rows, columns = phantom.labels.shape
    bright = shown(film.stored)[top : top + rows, left : left + columns]
    marked = film.marks[top : top + rows, left : left + columns]
    gland, fat = phantom.gland_mm > 20, (phantom.thickness_mm > 49) & (phantom.gland_mm == 0)
    assert np.median(bright[(phantom.labels == 0) & ~marked]) < 0.15
    assert bright[fat & (phantom.labels == 1)].mean() < bright[gland].mean() - 0.1


@pytest.mark.parametrize("seed", range(8))
def test_labels_do_not_cover_the_breast(seed):
    phantom, film = film_of("MLO", seed)
    top, left = film.offset
    rows, columns = phantom.labels.shape
    inside = film.marks[top : top + rows, left : left + columns]
    assert film.marks.sum() > 200
    assert not inside[phantom.labels > 0].any()


def test_no_label_where_there_is_no_room():
    exposure = np.full((60, 60), 0.05, np.float32)
    film = digitised(exposure, np.ones((60, 60), np.uint8), "R CC", 0.5, np.random.default_rng(0))
    assert not film.marks.any()


def test_strips_without_exposure_are_clear_film():
    _, film = film_of("CC", border_mm=20.0)
    top, left = film.offset
    assert top > 4
    strip = shown(film.stored)[: top - 2, left + 5 : -45]
    assert np.median(strip) > 0.9


def test_a_value_is_the_density_of_the_calibration():
    film = Film(stray=0.0, blur_mm=1e-3)
    flat = np.full((9, 9), 2.0, np.float32)
    stored = scanned(flat, 0.5, np.random.default_rng(0), film)
    assert int(stored.pixels[4, 4]) == round((4.0598 - 2.0) / 0.00099081)


def test_sixteen_bits_are_sixteen_times_as_fine():
    film = Film(stray=0.0, blur_mm=1e-3, bits=16)
    stored = scanned(np.full((9, 9), 2.0, np.float32), 0.5, np.random.default_rng(0), film)
    assert int(stored.pixels[4, 4]) == pytest.approx(16 * (4.0598 - 2.0) / 0.00099081, abs=1)
    assert stored.bits == 16


def test_the_darkest_film_is_the_noisiest():
    rng = np.random.default_rng(0)
    spread = [
        scanned(np.full((99, 99), dark, np.float32), 0.05, rng, Film()).pixels.std()
        for dark in (1.0, 3.2)
    ]
    assert spread[1] > 5 * spread[0]


def test_the_same_seed_gives_the_same_film():
    one, same, other = (film_of("CC", seed)[1].stored.pixels for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert one.shape != other.shape or not np.array_equal(one, other)


def test_letters_are_clear_and_a_block_holds_ink():
    letters = lead_marker("R CC", 0.2, boxed=False)
    block = lead_marker("R CC", 0.2, boxed=True)
    assert letters.ink.max() == 0
    assert 0.05 < letters.covered.mean() < 0.6
    assert block.covered.all()
    assert block.ink.max() > 0.5


def test_a_turned_strip_stands():
    strip = strip_of_words(0.2, np.random.default_rng(0))
    assert turned(strip).ink.shape == strip.ink.shape[::-1]


def test_room_is_the_only_place_left():
    taken = np.ones((20, 30), np.uint8)
    taken[4:9, 10:17] = 0
    place = room_for(taken, (5, 7), np.random.default_rng(0))
    assert place == (slice(4, 9), slice(10, 17))
    assert room_for(taken, (6, 7), np.random.default_rng(0)) is None
    assert room_for(taken, (40, 7), np.random.default_rng(0)) is None
