"""A breast cut out of its mammogram."""

from dataclasses import replace

import numpy as np

from mammoscope.core import About, Mammogram, Spacing
from mammoscope.image.breast import AROUND_MM, prepare


def mammogram(spacing=0.2):
    rows, columns = np.mgrid[:600, :400]
    inside = ((rows - 300) / 200) ** 2 + (columns / 250) ** 2 < 1
    pixels = np.where(inside, 0.5 + 0.001 * columns, 0.05).astype(np.float32)
    about = About("half", (600, 400))
    if spacing:
        about = replace(about, spacing=Spacing(spacing, spacing, "tag"))
    return Mammogram.of(pixels, about)


def test_the_breast_with_a_rim_at_the_asked_scale():
    found = prepare(mammogram(), "log inverted", 0.4)
    assert found.scale == "spacing"
    np.testing.assert_allclose(found.frame.step, (2, 2))
    rows = np.flatnonzero(found.body.any(axis=1))
    assert abs(rows[0] - AROUND_MM / 0.4) <= 1
    assert abs(found.pixels.shape[0] - (400 * 0.2 + 2 * AROUND_MM) / 0.4) <= 4
    assert found.frame.to_source(np.zeros(2))[1] < 2
    assert found.pixels.min() == 0
    assert found.pixels.max() == 1


def test_what_it_shows_is_where_its_frame_says():
    image = mammogram()
    image.pixels[340:380, 100:140] = 1.0
    found = prepare(image, "log inverted", 0.2)
    middle = np.argwhere(found.pixels == 1).mean(axis=0)
    np.testing.assert_allclose(found.frame.to_source(middle), (359.5, 119.5))


def test_without_a_spacing_the_scale_is_nominal():
    assert prepare(mammogram(None), "log inverted", 0.4).scale == "nominal"


def test_where_no_breast_is_seen_the_whole_image_stays():
    dark = Mammogram.of(np.zeros((300, 200), np.float32), About("dark", (300, 200)))
    dark = replace(dark, about=replace(dark.about, spacing=Spacing(0.4, 0.4, "tag")))
    assert prepare(dark, "log inverted", 0.4).pixels.shape == (300, 200)
