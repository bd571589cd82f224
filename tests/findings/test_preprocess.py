import numpy as np
import pytest

from mammoscope.core import About, Mammogram, Spacing
from mammoscope.errors import GeometryError
from mammoscope.findings.preprocess import normalised, otsu_breast, prepare
from mammoscope.image.patches import crop, flip
from tests.findings.miniature import mammogram


def test_the_range_of_an_image_becomes_0_to_1():
    pixels = np.array([[0.25, 0.5], [0.75, 0.25]], np.float32)
    np.testing.assert_allclose(normalised(pixels), [[0, 0.5], [1, 0]])
    assert not normalised(np.full((2, 2), 0.4, np.float32)).any()


def test_the_largest_part_above_otsus_threshold_is_the_breast():
    pixels = np.zeros((40, 30), np.float32)
    pixels[5:35, :20] = 0.5
    pixels[1:3, 26:29] = 1.0
    found = otsu_breast(pixels)
    assert found[5:35, :20].all()
    assert found.sum() == 600


def test_an_image_of_one_level_has_no_breast_and_is_kept_whole():
    view = Mammogram.of(np.zeros((8, 6), np.float32))
    assert not otsu_breast(view.pixels).any()
    assert prepare(view).frame.shape == (8, 6)


def test_the_crop_is_the_breasts_box_and_its_frame_leads_back():
    pixels = np.zeros((40, 30), np.float32)
    pixels[5:35, 2:20] = 0.5
    pixels[11, 7] = 1.0
    channels, inside, frame = prepare(Mammogram.of(pixels))
    assert channels.shape == (3, 30, 18)
    assert inside.all()
    place = np.argwhere(channels[0] == 1)[0].astype(float)
    np.testing.assert_allclose(frame.to_source(place), [11, 7])


@pytest.mark.parametrize("change", [flip, lambda view: crop(view, 10, 0, 200, 170)])
def test_the_frame_leads_to_source_pixels_of_changed_images(change):
    view = mammogram()
    channels, _, frame = prepare(change(view))
    place = np.array([60.0, 40.0])
    row, column = np.rint(frame.to_source(place)).astype(int)
    assert channels[0, 60, 40] == pytest.approx(view.pixels[row, column] / view.pixels.max(), abs=1e-6)


def test_pixels_of_a_size_in_mm():
    spacing = Spacing(0.5, 0.5, "synthetic")
    view = Mammogram.of(mammogram().pixels, About("synthetic", (240, 180), spacing=spacing))
    whole, half = prepare(view), prepare(view, 1.0)
    assert half.frame.step == (2.0, 2.0)
    for length, twice in zip(half.frame.shape, whole.frame.shape, strict=True):
        assert abs(2 * length - twice) <= 2


def test_a_negative_size_is_refused():
    with pytest.raises(GeometryError, match="-1"):
        prepare(mammogram(), -1.0)
