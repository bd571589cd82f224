"""Squares: mirrored, fitted, padded, and the way back."""

import numpy as np
import pytest

from mammoscope.image.patches import flip
from mammoscope.image.resample import to_shape
from mammoscope.io.cbis import read_lesions
from mammoscope.registration.affine import in_square
from mammoscope.registration.examples import example, film, prepared
from mammoscope.registration.prepare import fitted, padding, prepare, square, stacked
from tests.registration.miniature_cbis import lesions_table
from tests.registration.pairs import BOX, SHAPE, cc, lesion, mlo


def test_a_film_of_twice_the_size_fits_the_same_square():
    one, two = prepare(cc(), 60), prepare(to_shape(cc(), (240, 180)), 60)
    assert one.pixels.shape == (60, 60)
    assert np.abs(one.pixels - two.pixels).mean() < 0.02


def test_padding_is_alike_on_both_sides():
    assert fitted(SHAPE, 60) == (60, 45)
    assert padding((60, 45), 60) == (0, -7)
    small = prepare(cc(), 60)
    assert (small.pixels[:, :7] == 0).all()
    assert (small.pixels[:, 52:] == 0).all()
    assert (film(small.frame) == small.valid).all()
    assert film(small.frame).sum() == 60 * 45


def test_a_wide_film_is_padded_above_and_below():
    wide = prepare(to_shape(cc(), (60, 120)), 60)
    assert film(wide.frame)[15:45].all()
    assert film(wide.frame).sum() == 30 * 60


def test_the_chest_wall_comes_to_lie_on_the_left():
    mirrored = flip(cc())
    same = prepare(mirrored, 60)
    assert np.abs(same.pixels - prepare(cc(), 60).pixels).max() < 0.4
    assert np.abs(same.pixels - prepare(cc(), 60).pixels).mean() < 0.02
    for one in (cc(), mirrored):
        made = prepare(one, 60)
        np.testing.assert_allclose(made.frame.to_source(np.array([30.0, 8.0]))[1], 2.5, atol=1.1)
    assert prepare(cc(), 60, side="right").pixels[30, 8] < 0.01


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_frame_without_pixels_is_the_same(side):
    assert square(cc().frame, 60, side) == prepare(cc(), 60, side=side).frame


def test_both_squares_are_channels_of_one_image():
    squares = prepare(cc(), 60), prepare(mlo(), 60)
    image = stacked(*squares)
    assert image.shape == (2, 60, 60)
    assert (image[0] == np.clip(squares[0].pixels, 0, 1)).all()


def test_boxes_come_with_their_film():
    made = example(cc(), mlo(), [lesion()], 120)
    (x, y), (right, bottom) = made.boxes[0, 0].reshape(2, 2)
    (top, left), (bottom_row, right_column) = in_square(np.array([[x, y], [right, bottom]]), 120)
    # 15 columns of padding before the film's first
    assert (top, left, bottom_row, right_column) == pytest.approx((44.0, 47.0, 60.0, 61.0))
    shown = made.pixels()[0, 46:58, 49:59]
    assert shown.min() > made.pixels()[0, 46:58, 62:72].max()


def test_kept_examples_are_made_once(tmp_path):
    pairs = read_lesions(lesions_table(tmp_path / "data", women=2)).pairs
    kept = prepared(pairs, 60, tmp_path / "kept")
    again = prepared(pairs, 60, tmp_path / "kept")
    assert again.paths == kept.paths
    assert len(set(kept.paths)) == 2
    one = kept[1]
    np.testing.assert_allclose(one.boxes, example(cc(1), mlo(1), [lesion()], 60).boxes)
    assert np.abs(one.pixels() - example(cc(1), mlo(1), [lesion()], 60).pixels()).max() < 0.01
    assert one.frames[0].source == SHAPE
    assert BOX[0] == pairs[1].lesions[0].cc[0]
