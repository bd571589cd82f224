"""Every formula against figures worked by hand."""

import numpy as np
import pytest

from mammoscope.errors import GeometryError, UsageError
from mammoscope.scores.landmarks import (
    angle_error,
    decisions,
    distance_mm,
    foot,
    foot_inside,
    line_angle,
    within,
)


def at(*point):
    return np.array(point, float)


def test_foot_of_a_slanting_line():
    # a = (0, 40), b = (30, 0): u = (0.6, -0.8). N = (40, 60): (N - a)·u = 24 - 16 = 8; F = a + 8u.
    assert foot(at(40, 60), at(0, 40), at(30, 0)) == pytest.approx(at(4.8, 33.6))


def test_foot_beyond_the_end_of_the_line():
    assert foot(at(50, 7), at(0, 0), at(10, 0)).tolist() == [50, 0]


def test_foot_of_many():
    found = foot(np.array([[3.0, 5.0], [4.0, 6.0]]), np.zeros((2, 2)), np.array([[9.0, 0.0]] * 2))
    assert found.tolist() == [[3, 0], [4, 0]]


def test_foot_where_pixels_are_not_square():
    # In mm a = (0, 0), b = (4, 4), N = (0, 6): F = (3, 3) mm. Rows are 0.5 mm, columns 0.25 mm.
    assert foot(at(0, 24), at(0, 0), at(8, 16), (0.5, 0.25)) == pytest.approx(at(6, 12))


def test_a_line_ends_at_the_edge_that_comes_first():
    # 30 rows up at 4 columns each: row 0 is reached after 10 of the 30
    assert within(at(10, 50), at(-20, 170), (100, 200)) == pytest.approx(at(0, 90))
    assert within(at(10, 50), at(40, 20), (100, 200)).tolist() == [40, 20]
    assert within(at(10, 50), at(10, 300), (100, 200)).tolist() == [10, 200]


def test_no_line_no_foot():
    with pytest.raises(GeometryError, match="two different points"):
        foot(at(1, 1), at(2, 2), at(2, 2))
    with pytest.raises(GeometryError):
        foot(at(np.nan, 1), at(2, 2), at(3, 2))


@pytest.mark.parametrize(
    ("point", "inside"),
    [
        ((0, 0), True),
        ((-1e-9, 0), False),
        ((99.999, 49.999), True),
        ((100, 10), False),
        ((10, 50), False),
    ],
)
def test_the_edge_belongs_to_the_image_above_and_left(point, inside):
    assert bool(foot_inside(at(*point), (100, 50))) is inside


def test_distance_with_pixels_that_are_not_square():
    # 30 rows of 0.1 mm and 20 columns of 0.2 mm: 3 and 4 mm
    assert float(distance_mm(at(0, 0), at(30, 20), (0.1, 0.2))) == pytest.approx(5.0)


@pytest.mark.parametrize(
    ("lower", "angle"),
    [((10, 0), 0), ((10, 10), 45), ((0, 10), 90), ((10, -10), 135), ((-10, 0), 0), ((-10, -10), 45)],
)
def test_angle_from_vertical(lower, angle):
    assert float(line_angle(at(0, 0), at(*lower))) == pytest.approx(angle)


def test_angle_in_mm():
    # 10 rows of 0.3 mm, 30 columns of 0.1 mm: 45 degrees
    assert float(line_angle(at(0, 0), at(10, 30), (0.3, 0.1))) == pytest.approx(45)


def test_lines_either_side_of_vertical_are_close():
    assert angle_error(np.array([178.0]), np.array([3.0])).tolist() == [5.0]
    assert angle_error(np.array([158.0]), 0.0).tolist() == [22.0]


def test_poor_is_positive():
    # poor: 2 of 3 found; good: 1 of 2 called good
    found = decisions([True, True, False, True, False], [True, True, True, False, False])
    assert found == (0.6, 0.5, pytest.approx(2 / 3))


def test_a_class_without_images_has_no_share():
    found = decisions([True, False], [True, True])
    assert found.sensitivity == 0.5
    assert np.isnan(found.specificity)
    with pytest.raises(UsageError):
        decisions([], [])
