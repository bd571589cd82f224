import numpy as np
import pytest

from mammoscope.core import Mammogram
from mammoscope.errors import GeometryError
from mammoscope.image.patches import crop, flip

PIXELS = np.arange(12, dtype=np.float32).reshape(3, 4) / 12


def test_a_crop_inside_is_a_view_of_the_image():
    part = crop(Mammogram.of(PIXELS), 1, 2, 2, 2)
    assert part.pixels.tolist() == PIXELS[1:, 2:].tolist()
    assert np.shares_memory(part.pixels, PIXELS)
    assert part.valid is None
    assert part.frame.to_source(np.array([0.0, 0.0])).tolist() == [1.0, 2.0]


def test_a_crop_that_leaves_the_image_is_padded_with_zeros_that_are_not_valid():
    part = crop(Mammogram.of(PIXELS), -1, 3, 5, 3)
    assert part.pixels[:, 0].tolist() == [0, *PIXELS[:, 3].tolist(), 0]
    assert not part.pixels[:, 1:].any()
    assert part.valid is not None
    assert part.valid.tolist() == [[False] * 3, *[[True, False, False]] * 3, [False] * 3]
    assert part.frame.to_source(np.array([1.0, 0.0])).tolist() == [0.0, 3.0]


def test_a_crop_beside_the_image_is_empty():
    part = crop(Mammogram.of(PIXELS), 10, -10, 2, 3)
    assert part.pixels.shape == (2, 3)
    assert not part.pixels.any()
    assert part.valid is not None
    assert not part.valid.any()


def test_validity_is_cropped_and_mirrored_too():
    valid = np.ones((3, 4), bool)
    valid[0, 0] = False
    whole = Mammogram.of(PIXELS)
    whole = Mammogram(whole.pixels, whole.about, whole.frame, valid)
    inside, beyond, mirrored = crop(whole, 0, 0, 1, 2), crop(whole, 0, -1, 1, 3), flip(whole)
    assert inside.valid is not None
    assert inside.valid.tolist() == [[False, True]]
    assert beyond.valid is not None
    assert beyond.valid.tolist() == [[False, False, True]]
    assert mirrored.valid is not None
    assert mirrored.valid[0].tolist() == [True, True, True, False]


def test_a_flip_mirrors_pixels_and_frame():
    mirrored = flip(Mammogram.of(PIXELS))
    assert mirrored.pixels[0].tolist() == PIXELS[0, ::-1].tolist()
    assert mirrored.frame.to_source(np.array([0.0, 0.0])).tolist() == [0.0, 3.0]


def test_two_flips_are_none():
    twice = flip(flip(Mammogram.of(PIXELS)))
    assert np.array_equal(twice.pixels, PIXELS)
    assert twice.frame == Mammogram.of(PIXELS).frame


def test_a_crop_needs_rows():
    with pytest.raises(GeometryError, match="rows and columns"):
        crop(Mammogram.of(PIXELS), 0, 0, 0, 3)
