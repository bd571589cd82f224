from dataclasses import replace

import numpy as np
import pytest

from mammoscope.core import About, Frame, Mammogram, Mask, Note, Spacing
from mammoscope.errors import GeometryError

PIXELS = np.zeros((8, 6), np.float32)
ABOUT = About(name="a", shape=(8, 6), spacing=Spacing(0.1, 0.2, "stated by the user"))


def test_mm_are_measured_from_the_first_source_pixel():
    half = Mammogram(PIXELS, ABOUT, Frame.of((8, 6)).crop(2, 1, 8, 6))
    assert np.allclose(half.to_mm(np.array([10.0, 4.0])), [1.2, 1.0])


def test_spacing_grows_with_the_pixels():
    coarse = Mammogram(np.zeros((4, 2), np.float32), ABOUT, Frame.of((8, 6)).resize((4, 2)))
    assert coarse.spacing == pytest.approx((0.2, 0.6))


def test_no_spacing_no_millimetres():
    bare = Mammogram.of(PIXELS)
    assert bare.spacing is None
    with pytest.raises(GeometryError, match="--spacing"):
        bare.to_mm(np.array([1.0, 1.0]))


@pytest.mark.parametrize("step", [0.0, -0.1, float("nan"), float("inf")])
def test_a_spacing_is_positive_and_finite(step):
    with pytest.raises(GeometryError, match="positive"):
        Spacing(step, 0.1, "PixelSpacing")


def test_the_frame_must_fit_the_pixels():
    with pytest.raises(GeometryError):
        Mammogram(PIXELS, ABOUT, Frame.of((9, 6)))


def test_a_note_is_written_once():
    note = Note("no spacing", "no millimetres")
    about = ABOUT.noted(note, note).noted(note)
    assert about.notes == (note,)
    assert replace(about, name="b").notes == (note,)


def test_labels_are_three():
    with pytest.raises(GeometryError, match="0 to 2"):
        Mask(np.full((2, 2), 3, np.uint8), Frame.of((2, 2)))


def test_body_is_breast_and_muscle():
    mask = Mask(np.array([[0, 1], [2, 1]], np.uint8), Frame.of((2, 2)))
    assert mask.body.sum() == 3
    assert mask.breast.sum() == 2
    assert mask.pectoral.sum() == 1


@pytest.mark.parametrize(
    ("day", "week"),
    [
        ("20240102", "2024-W01"),
        ("20241230", "2025-W01"),  # a Monday whose week has its Thursday in 2025
        ("20210103", "2020-W53"),
        ("", ""),
    ],
)
def test_the_week_is_that_of_iso_8601(day, week):
    assert replace(ABOUT, acquired=day).week == week
