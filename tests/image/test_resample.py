import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mammoscope.core import About, Frame, Mammogram, Spacing
from mammoscope.errors import GeometryError
from mammoscope.image.patches import crop, flip
from mammoscope.image.resample import (
    labels_to_source,
    probabilities_to_source,
    to_shape,
    to_spacing,
    values_to_source,
)


def image(rows: int, columns: int, mm: float | None = None) -> Mammogram:
    pixels = np.arange(rows * columns, dtype=np.float32).reshape(rows, columns) / (rows * columns)
    spacing = mm and Spacing(mm, mm, "test")
    return Mammogram.of(pixels, About("synthetic", (rows, columns), spacing=spacing or None))


def test_shrinking_averages_areas():
    pixels = np.array([[0, 1, 2, 3], [4, 5, 6, 7]], np.float32) / 8
    small = to_shape(Mammogram.of(pixels), (1, 2))
    assert small.pixels.tolist() == [[2.5 / 8, 4.5 / 8]]
    assert small.frame == Frame.of((2, 4)).resize((1, 2))


def test_growing_interpolates_between_pixel_centres():
    grown = to_shape(Mammogram.of(np.array([[0.0, 1.0]], np.float32)), (1, 4))
    # Centres of the four lie at columns -0.25, 0.25, 0.75 and 1.25 of the two.
    assert grown.pixels.tolist() == [[0.0, 0.25, 0.75, 1.0]]


def test_the_same_shape_is_the_same_image():
    mammogram = image(5, 4)
    assert to_shape(mammogram, (5, 4)) is mammogram


def test_valid_follows_by_majority():
    valid = np.array([[True, True, True, False], [True, True, False, False]])
    source = image(2, 4)
    small = to_shape(Mammogram(source.pixels, source.about, source.frame, valid), (1, 2))
    assert small.valid is not None
    assert small.valid.tolist() == [[True, False]]


def test_respacing_counts_rows_and_columns():
    small = to_spacing(image(100, 60, mm=0.1), 0.4)
    assert small.pixels.shape == (25, 15)
    assert small.spacing == pytest.approx((0.4, 0.4))


def test_respacing_knows_that_a_derived_image_has_larger_pixels():
    small = to_spacing(to_shape(image(100, 60, mm=0.1), (50, 30)), 0.4)
    assert small.pixels.shape == (25, 15)


def test_a_nominal_scale_never_becomes_a_spacing():
    small = to_spacing(image(100, 60), 0.4, nominal=0.2)
    assert small.pixels.shape == (50, 30)
    assert small.spacing is None


def test_the_true_spacing_wins_over_a_nominal_one():
    assert to_spacing(image(100, 60, mm=0.1), 0.4, nominal=0.2).pixels.shape == (25, 15)


def test_no_spacing_at_all_is_refused():
    with pytest.raises(GeometryError, match="nominal"):
        to_spacing(image(10, 10), 0.4)


@pytest.mark.parametrize("mm", [0.0, -1.0, float("nan")])
def test_no_size_that_cannot_be(mm):
    with pytest.raises(GeometryError, match="positive"):
        to_spacing(image(10, 10, mm=0.1), mm)


def test_no_image_without_rows():
    with pytest.raises(GeometryError, match="rows and columns"):
        to_shape(image(10, 10), (0, 4))


def test_labels_return_through_crop_flip_and_resize_by_hand():
    frame = Frame.of((6, 8)).crop(2, 2, 2, 4).flip().resize((1, 2))
    # The two pixels are 2 x 2 source pixels each: the first, mirrored, covers columns 4 and 5.
    expected = np.zeros((6, 8), np.uint8)
    expected[2:4, 4:6] = 1
    expected[2:4, 2:4] = 2
    labels = labels_to_source(np.array([[1, 2]], np.uint8), frame)
    assert labels.tolist() == expected.tolist()


def test_labels_outside_the_source_are_dropped():
    frame = Frame.of((3, 3)).crop(-1, 1, 3, 4)
    labels = labels_to_source(np.full((3, 4), 2, np.uint8), frame)
    assert labels.tolist() == [[0, 2, 2], [0, 2, 2], [0, 0, 0]]


def test_a_crop_beside_the_source_says_nothing_of_it():
    frame = Frame.of((4, 4)).crop(0, 10, 4, 4)
    assert not labels_to_source(np.ones((4, 4), np.uint8), frame).any()
    assert not probabilities_to_source(np.ones((3, 4, 4), np.float32), frame).any()


def test_probabilities_are_interpolated_before_the_choice():
    # One row, two pixels spanning four source columns each; class 1 falls from 1 to 0, class 0 is 0.4.
    probabilities = np.array([[[0.4, 0.4]], [[1.0, 0.0]], [[0.0, 0.0]]], np.float32)
    frame = Frame.of((1, 8)).resize((1, 2))
    # Column c lies at (c + 0.5) / 4 - 0.5: class 1 there is 1, 1, .875, .625, .375, .125, 0, 0.
    assert probabilities_to_source(probabilities, frame).tolist() == [[1, 1, 1, 1, 0, 0, 0, 0]]


def test_probabilities_cover_exactly_what_the_crop_covers():
    frame = Frame.of((5, 6)).crop(1, 2, 3, 2)
    probabilities = np.zeros((3, 3, 2), np.float32)
    probabilities[2] = 1
    expected = np.zeros((5, 6), np.uint8)
    expected[1:4, 2:4] = 2
    assert probabilities_to_source(probabilities, frame).tolist() == expected.tolist()


def test_strips_leave_no_seam():
    probabilities = np.random.default_rng(3).random((3, 90, 4)).astype(np.float32)
    whole = probabilities_to_source(probabilities, Frame.of((900, 40)).resize((90, 4)))
    frame = Frame.of((200, 40)).crop(-200, 0, 900, 40).resize((90, 4))
    assert np.array_equal(probabilities_to_source(probabilities, frame), whole[200:400])


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 20), st.integers(2, 20), st.integers(1, 5), st.booleans())
def test_whole_blocks_come_back_whole(rows, columns, factor, mirrored):
    labels = np.random.default_rng(rows * columns).integers(0, 3, (rows, columns)).astype(np.uint8)
    frame = Frame.of((rows * factor, columns * factor))
    frame = (frame.flip() if mirrored else frame).resize((rows, columns))
    blocks = labels[:, ::-1] if mirrored else labels
    expected = blocks.repeat(factor, axis=0).repeat(factor, axis=1)
    assert np.array_equal(labels_to_source(labels, frame), expected)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(-20, 60), st.integers(-20, 60), st.integers(1, 80), st.integers(1, 80), st.booleans(),
    st.floats(0.05, 1.5),
)  # fmt: skip
def test_points_survive_every_step(top, left, rows, columns, mirrored, mm):
    part = crop(image(64, 48, mm=0.1), top, left, rows, columns)
    small = to_spacing(flip(part) if mirrored else part, mm)
    points = np.array([[0.0, 0.0], [11.5, 3.25], [63.0, 47.0]])
    assert np.allclose(small.frame.to_source(small.frame.from_source(points)), points, atol=1e-8)
    assert small.frame.step[0] * small.pixels.shape[0] == pytest.approx(rows)
    assert small.frame.step[1] * small.pixels.shape[1] == pytest.approx(columns)


def test_a_bright_dot_stays_where_its_frame_says():
    pixels = np.zeros((240, 180), np.float32)
    pixels[100:108, 60:68] = 1
    small = to_spacing(flip(crop(Mammogram.of(pixels), 40, 20, 160, 120)), 0.4, nominal=0.1)
    brightness = small.pixels / small.pixels.sum()
    rows, columns = np.mgrid[0 : small.pixels.shape[0], 0 : small.pixels.shape[1]]
    centre = np.array([(rows * brightness).sum(), (columns * brightness).sum()])
    assert small.frame.to_source(centre) == pytest.approx(np.array([103.5, 63.5]), abs=1e-4)


@pytest.mark.parametrize("function", [labels_to_source, probabilities_to_source])
def test_a_frame_of_another_image_is_refused(function):
    array = (
        np.zeros((4, 4), np.uint8) if function is labels_to_source else np.zeros((3, 4, 4), np.float32)
    )
    with pytest.raises(GeometryError, match="frame of"):
        function(array, Frame.of((5, 4)))


def test_a_turned_frame_is_refused():
    turned = Frame((4, 4), (4, 4), ((0.0, 1.0, 0.0), (-1.0, 0.0, 3.0)))
    with pytest.raises(GeometryError, match="neither turns nor shears"):
        labels_to_source(np.zeros((4, 4), np.uint8), turned)


def test_numbers_return_to_the_source_by_interpolation():
    # every second pixel of columns 2 to 9: centres at 2.5, 4.5, 6.5, 8.5
    frame = Frame.of((3, 12)).crop(1, 2, 2, 8).resize((1, 4))
    values = values_to_source(np.array([[0.0, 2.0, 4.0, 6.0]], np.float32), frame)
    assert values.shape == (3, 12)
    row = [0, 0, 0, 0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6, 0, 0]
    np.testing.assert_allclose(values, [[0] * 12, row, row], atol=1e-5)


def test_numbers_of_a_mirrored_crop_return_mirrored():
    frame = Frame.of((1, 4)).flip()
    values = values_to_source(np.array([[1.0, 2.0, 3.0, 4.0]], np.float32), frame)
    np.testing.assert_allclose(values, [[4.0, 3.0, 2.0, 1.0]], atol=1e-5)


def test_numbers_of_another_frame_are_refused():
    with pytest.raises(GeometryError, match=r"\(1, 4\)"):
        values_to_source(np.zeros((2, 2), np.float32), Frame.of((1, 4)))
