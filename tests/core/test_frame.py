import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mammoscope.core import Frame
from mammoscope.errors import GeometryError

SIDE = st.integers(2, 500)


def test_crop_adds_its_corner():
    frame = Frame.of((100, 80)).crop(10, 20, 30, 40)
    assert frame.shape == (30, 40)
    assert frame.source == (100, 80)
    assert frame.to_source(np.array([0.0, 0.0])).tolist() == [10.0, 20.0]


def test_flip_mirrors_columns_about_the_middle():
    frame = Frame.of((10, 8)).flip()
    assert frame.to_source(np.array([3.0, 0.0])).tolist() == [3.0, 7.0]
    assert frame.to_source(np.array([3.0, 7.0])).tolist() == [3.0, 0.0]


def test_resize_keeps_outer_edges():
    frame = Frame.of((100, 60)).resize((25, 20))
    # One pixel spans 4 x 3 source pixels: the first covers rows 0-3, columns 0-2, centre (1.5, 1).
    assert frame.to_source(np.array([0.0, 0.0])).tolist() == [1.5, 1.0]
    assert frame.to_source(np.array([24.0, 19.0])).tolist() == [97.5, 58.0]
    assert frame.step == (4.0, 3.0)


def test_crop_then_flip_then_resize_by_hand():
    frame = Frame.of((100, 100)).crop(10, 20, 40, 60).flip().resize((20, 30))
    # (0, 0) -> (0.5, 0.5) in the flipped crop -> column 58.5 in the crop -> (10.5, 78.5).
    assert frame.to_source(np.array([0.0, 0.0])).tolist() == [10.5, 78.5]


@given(SIDE, SIDE, SIDE, SIDE, st.integers(-50, 50), st.integers(-50, 50))
def test_points_survive_the_way_there_and_back(rows, columns, down, across, top, left):
    frame = Frame.of((rows, columns)).crop(top, left, down, across).flip().resize((across, down))
    points = np.array([[0.0, 0.0], [3.25, 7.5], [down - 1.0, across - 1.0]])
    assert np.allclose(frame.from_source(frame.to_source(points)), points, atol=1e-8)


@pytest.mark.parametrize("shape", [(0, 5), (5, 0)])
def test_no_frame_without_pixels(shape):
    with pytest.raises(GeometryError, match="rows and columns"):
        Frame.of(shape)


def test_no_frame_that_cannot_be_undone():
    with pytest.raises(GeometryError, match="invertible"):
        Frame((2, 2), (2, 2), ((1.0, 1.0, 0.0), (1.0, 1.0, 0.0)))
