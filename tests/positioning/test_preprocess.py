import numpy as np
import pytest

from mammoscope.image.patches import crop, flip
from mammoscope.image.resample import to_shape
from mammoscope.positioning.preprocess import (
    ORDER,
    OUTPUTS,
    breast_box,
    extend_line,
    preprocess,
    to_numbers,
    to_points,
)
from tests.positioning.frames import breast

SHAPE = (201, 101)


def test_the_six_numbers_are_x_before_y_of_both_ends_and_the_nipple():
    assert ORDER == ("pectoral lower", "pectoral upper", "nipple")
    assert OUTPUTS[:2] == ("pectoral lower x", "pectoral lower y")
    points = np.array([[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]])
    np.testing.assert_array_equal(to_numbers(points), [[2, 1, 4, 3, 6, 5]])
    np.testing.assert_array_equal(to_points(to_numbers(points)), points)


def extended(upper, lower, margin=10.0):
    upper, lower = extend_line(np.array(upper, float), np.array(lower, float), SHAPE, margin)
    return upper.tolist(), lower.tolist()


def test_a_line_ends_ten_pixels_inside_the_border():
    # column = 60 - row / 2 reaches row 10 at column 55 and column 10 at row 100
    assert extended((20, 50), (60, 30)) == ([10, 55], [100, 10])


def test_a_line_that_meets_the_lower_border_first_ends_there():
    # column = 90 - row / 4 reaches row 190 at column 42.5
    assert extended((40, 80), (80, 70)) == ([10, 87.5], [190, 42.5])


def test_a_mirrored_line_is_extended_alike():
    assert extended((20, 50), (60, 70)) == ([10, 45], [100, 90])


def test_marks_beyond_the_margin_move_inwards_along_the_line():
    assert extended((0, 60), (120, 0)) == ([10, 55], [100, 10])


def test_a_vertical_line_keeps_its_column():
    assert extended((30, 25), (90, 25)) == ([10, 25], [190, 25])


@pytest.mark.parametrize("line", [((20, 4), (80, 4)), ((20, 8), (60, 2)), ((5, 5), (5, 5))])
def test_a_line_that_misses_the_rectangle_keeps_its_marks(line):
    assert extended(*line) == (list(line[0]), list(line[1]))


def test_without_a_margin_the_line_ends_on_the_outermost_pixels():
    assert extended((20, 50), (60, 30), margin=0.0) == ([0, 60], [120, 0])


def test_the_frame_is_square_and_holds_the_breast_undistorted():
    prepared = preprocess(breast(), 64)
    assert prepared.pixels.shape == (64, 64)
    down, across = prepared.frame.step
    assert down == pytest.approx(across)


@pytest.mark.parametrize(("side", "dark"), [("left", -1), ("right", 0)])
def test_zeros_are_added_away_from_the_chest_wall(side, dark):
    prepared = preprocess(breast(side=side), 64)
    assert prepared.pixels[:, dark].max() == 0
    assert prepared.pixels[:, 0 if side == "left" else -1].max() > 0.5
    assert not prepared.valid[:, dark].any()


def test_a_breast_wider_than_high_gets_its_zeros_below():
    wide = to_shape(breast(), (60, 300))
    prepared = preprocess(wide, 64)
    assert prepared.pixels[-1].max() == 0
    assert prepared.pixels[0].max() > 0.5


def test_the_box_is_of_the_largest_part_without_specks():
    pixels = np.zeros((80, 60), np.float32)
    pixels[20:60, 0:30] = 0.5
    pixels[5:14, 40:52] = 0.9
    pixels[70, 50] = 1.0
    top, left, rows, columns = breast_box(pixels)
    assert (top, left, rows, columns) == (20, 0, 40, 30)


def test_an_image_of_one_brightness_is_taken_whole():
    assert breast_box(np.zeros((9, 7), np.float32)) == (0, 0, 9, 7)


@pytest.mark.parametrize(
    "change",
    [
        lambda image: image,
        flip,
        lambda image: crop(image, 3, -5, 110, 80),
        lambda image: to_shape(image, (170, 81)),
        lambda image: flip(crop(to_shape(image, (90, 133)), 2, 1, 85, 120)),
    ],
    ids=["as it is", "flip", "crop", "anisotropic", "all"],
)
def test_points_of_the_source_survive_the_way_there_and_back(change):
    prepared = preprocess(change(breast(spacing=(0.1, 0.07))), 64)
    points = np.random.default_rng(0).uniform(-20, 120, (50, 2))
    back = prepared.frame.to_source(prepared.frame.from_source(points))
    np.testing.assert_allclose(back, points, atol=1e-6, rtol=0)


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_frames_pixels_are_the_sources(side):
    source = breast(side=side)
    column = (
        np.argmax(source.pixels[60] > 0)
        if side == "right"
        else 89 - np.argmax(source.pixels[60, ::-1] > 0)
    )
    row, tip = preprocess(source, 512).frame.from_source(np.array([60.0, float(column)]))
    line = preprocess(source, 512).pixels[round(row)]
    lit = np.flatnonzero(line > 0.3)
    assert (lit[0] if side == "right" else lit[-1]) == pytest.approx(tip, abs=4)


def test_a_raw_image_is_shown_before_it_is_cropped():
    shown = breast()
    exposure = np.exp(-3 * shown.pixels).astype(np.float32)
    about = shown.about.__class__("synthetic", (120, 90), kind="for processing")
    prepared = preprocess(shown.__class__(exposure, about, shown.frame), 64)
    expected = preprocess(shown, 64).frame.to_source(np.array([[0.0, 0.0], [63.0, 63.0]]))
    found = prepared.frame.to_source(np.array([[0.0, 0.0], [63.0, 63.0]]))
    np.testing.assert_allclose(found, expected, atol=1.5)
