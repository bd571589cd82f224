import numpy as np

from mammoscope.image.overlay import overlay


def test_an_overlay_is_red_at_the_peak_and_grey_where_nothing_speaks():
    picture = np.full((4, 4), 100, np.uint8)
    values = np.zeros((4, 4), np.float32)
    values[1, 1], values[2, 2] = 5.0, -5.0
    drawn = overlay(picture, values)
    blue, _, red = drawn[1, 1].tolist()
    assert red > blue
    assert drawn[2, 2].tolist() == drawn[0, 0].tolist() == [100, 100, 100]
