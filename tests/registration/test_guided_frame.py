from dataclasses import replace

import numpy as np
import pytest

from mammoscope.core import NotAssessed
from mammoscope.image.resample import to_shape
from mammoscope.registration.guided.frame import COLUMNS, NIPPLE, ROWS, centres, prepare
from tests.registration.guided_pairs import ENDS, PLACES, SHAPE, landmarks, mammogram, mirrored
from tests.registration.guided_pairs import NIPPLE as MARKED

VIEWS = ("CC", "MLO")


def prepared(view, image=None, marks=None, margin=0):
    return prepare(image or mammogram(view), marks or landmarks(view), view, "log inverted", margin)


@pytest.mark.parametrize("view", VIEWS)
def test_the_nipple_comes_to_its_place(view):
    one = prepared(view)
    assert one.pixels.shape == (ROWS, COLUMNS)
    np.testing.assert_allclose(one.frame.to_source(np.array(NIPPLE)), MARKED, atol=1e-6)


@pytest.mark.parametrize("view", VIEWS)
def test_the_line_behind_the_breast_stands_upright_on_the_left(view):
    ends = np.array(list(ENDS[view].values()))
    upper, lower = prepared(view).frame.from_source(ends)
    assert upper[1] == pytest.approx(lower[1], abs=1e-6)
    assert upper[0] < lower[0]
    assert upper[1] < NIPPLE[1]


def test_the_distance_of_the_nipple_from_the_muscle_is_kept():
    upper, lower = np.array(list(ENDS["MLO"].values()))
    along = (lower - upper) / np.linalg.norm(lower - upper)
    off = np.array(MARKED) - upper
    depth = abs(off[0] * along[1] - off[1] * along[0])
    behind = prepared("MLO").frame.from_source(upper[None])[0, 1]
    assert NIPPLE[1] - behind == pytest.approx(depth, abs=1e-6)


@pytest.mark.parametrize("view", VIEWS)
def test_a_lesion_is_where_its_source_point_says(view):
    one = prepared(view)
    row, column = np.rint(one.frame.from_source(np.array(PLACES[view]))).astype(int)
    assert one.pixels[row, column] > 0.9


@pytest.mark.parametrize("view", VIEWS)
def test_a_mirrored_image_gives_the_same_pixels(view):
    image, marks = mirrored(view)
    other = prepared(view, image, marks)
    np.testing.assert_allclose(other.pixels, prepared(view).pixels, atol=1e-5)
    middle = other.frame.to_source(np.array(NIPPLE))
    np.testing.assert_allclose(middle, (MARKED[0], SHAPE[1] - 1 - MARKED[1]), atol=1e-6)


def test_other_pixel_sizes_give_the_same_frame():
    coarse = mammogram("CC")
    fine = to_shape(coarse, (2 * SHAPE[0], 2 * SHAPE[1]))
    difference = np.abs(prepared("CC", fine).pixels - prepared("CC").pixels)
    assert difference.mean() < 0.01


def test_a_margin_moves_nothing_but_the_corner():
    one = prepared("MLO", margin=16)
    assert one.pixels.shape == (ROWS + 32, COLUMNS + 32)
    np.testing.assert_allclose(one.frame.to_source(np.array(NIPPLE) + 16), MARKED, atol=1e-6)


def test_without_a_nipple_nothing_is_laid_on_anything():
    said = prepared("CC", marks=landmarks("CC", nipple=None))
    assert said == NotAssessed("the nipple is not seen: views are laid on each other by it")


def test_an_unseen_muscle_is_taken_to_rise_as_most_do():
    marks = landmarks("MLO")
    unseen = {
        name: replace(mark, point=None) for name, mark in marks.points.items() if name != "nipple"
    }
    one = prepared("MLO", marks=replace(marks, points=unseen | {"nipple": marks.points["nipple"]}))
    down = np.diff(one.frame.to_source(np.array([[0.0, 0.0], [1.0, 0.0]])), axis=0)[0]
    assert np.degrees(np.arctan2(-down[1], down[0])) == pytest.approx(20.0)


def test_unknown_spacing_is_nominal_and_stays_unknown():
    one = prepared("CC", mammogram("CC", spacing=None))
    assert one.scale == "nominal"
    assert one.spacing_mm is None


def test_cells_lie_in_the_middle_of_their_pixels():
    assert centres(3).tolist() == [1.5, 5.5, 9.5]


@pytest.mark.parametrize("view", VIEWS)
def test_points_of_the_breast_are_held_and_no_others(view):
    one = prepared(view)
    before_the_nipple = one.frame.to_source(np.array([NIPPLE[0], NIPPLE[1] + 8]))
    beyond_the_frame = one.frame.to_source(np.array([NIPPLE[0], COLUMNS + 50.0]))
    assert one.holds(PLACES[view])
    assert not one.holds(tuple(before_the_nipple.tolist()))
    assert not one.holds(tuple(beyond_the_frame.tolist()))
