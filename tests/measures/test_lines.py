from collections import Counter

import numpy as np
import pytest

from mammoscope.errors import GeometryError
from mammoscope.io.vindr import read_positioning_labels
from mammoscope.measures import lines
from mammoscope.scores.landmarks import foot


def at(row: float, column: float) -> np.ndarray:
    return np.array([row, column], dtype=float)


UPPER, LOWER = at(0, 40), at(60, 0)  # 3-4-5: u = (60, -40) / 72.11
WALL = at(0, 0), at(100, 0)
SIZE = at(100, 80)


def test_direction_is_a_unit_vector():
    assert lines.direction(at(1, 1), at(4, 5)) == pytest.approx([0.6, 0.8])


@pytest.mark.parametrize("end", [at(1, 1), at(np.nan, 1), at(np.inf, 1)])
def test_no_line_through_one_point(end):
    with pytest.raises(GeometryError, match="two different finite points"):
        lines.direction(at(1, 1), end)


def test_along_counts_backwards_too():
    assert lines.along(at(0, 0), at(3, 4), at(0, 0), at(3, 4)) == pytest.approx(-5)


def test_distance_has_a_side():
    assert lines.distance(at(5, 3), *WALL) == 3
    assert lines.distance(at(5, -3), *WALL) == -3
    # 3-4-5 line through the origin; (0, 5) is 3 from it
    assert lines.distance(at(0, 5), at(0, 0), at(3, 4)) == pytest.approx(3)


@pytest.mark.parametrize(
    ("end", "degrees"),
    [(at(1, 0), 0), (at(1, 1), 45), (at(1, -1), 45), (at(-1, 1), 45), (at(0, 1), 90), (at(-1, 0), 0)],
)
def test_angle_is_between_0_and_90(end, degrees):
    assert lines.angle_between((at(0, 0), end), WALL) == pytest.approx(degrees)


def test_angle_of_30_degrees():
    assert lines.angle_between((at(0, 0), at(np.sqrt(3), 1)), WALL) == pytest.approx(30)


@pytest.mark.parametrize(
    ("point", "by"),
    [
        (at(50, 30), 30),
        (at(50, 79), 1),
        (at(98, 40), 2),
        (at(50, 0), 0),
        (at(103, 40), -3),
        (at(50, 85), -5),
        (at(-2, 40), -2),
        (at(-2, -7), -7),
    ],
)
def test_inside_by(point, by):
    assert lines.inside_by(point, SIZE) == by


def test_nipple_line_ends_on_the_muscle():
    # a = (0, 0), b = (30, 40), u = (0.6, 0.8); N = (50, 0): (N - a) . u = 30, F = (18, 24), length 40
    end = lines.nipple_line_end(at(50, 0), at(0, 0), at(30, 40), at(100, 100), None)
    assert end == pytest.approx([18, 24])
    assert np.linalg.norm(end - at(50, 0)) == pytest.approx(40)


def test_nipple_line_ends_at_the_films_edge():
    # The line a - b has direction (0.6, -0.8) from (0, 40). N = (80, 70): (N - a) . u = 48 - 24 = 24,
    # F = (14.4, 20.8), inside. N = (95, 40): 57, F = (34.2, -5.6), 76 from N; the edge after 40/45.6.
    upper, lower = at(0, 40), at(30, 0)
    inside = lines.nipple_line_end(at(80, 70), upper, lower, SIZE, None)
    assert inside == pytest.approx([14.4, 20.8])
    end = lines.nipple_line_end(at(95, 40), upper, lower, SIZE, None)
    assert end[1] == pytest.approx(0)
    assert end[0] == pytest.approx(95 - 60.8 * 40 / 45.6)
    assert np.linalg.norm(end - at(95, 40)) == pytest.approx(76 * 40 / 45.6)


def test_nipple_line_ends_at_the_chest_wall_before_the_images_edge():
    # The same line; the film's edge is at column 10: after 30 of 45.6 columns.
    end = lines.nipple_line_end(at(95, 40), at(0, 40), at(30, 0), SIZE, (at(0, 10), at(100, 10)))
    assert end[1] == pytest.approx(10)
    assert np.linalg.norm(end - at(95, 40)) == pytest.approx(76 * 30 / 45.6)


def test_nipple_line_stops_at_the_lower_edge_too():
    # A muscle along the image's lower left corner: F = (110, 10) below an image of 100 rows.
    end = lines.nipple_line_end(at(90, 10), at(110, 0), at(110, 50), SIZE, None)
    assert end == pytest.approx([100, 10])


def test_pectoral_gap_has_a_sign():
    # u = (0.6, 0.8); b at 25 along the line, F at 30: 5 below; b at 50: the muscle passes F by 20.
    assert lines.pectoral_gap(at(50, 0), at(0, 0), at(15, 20)) == pytest.approx(5)
    assert lines.pectoral_gap(at(50, 0), at(0, 0), at(30, 40)) == pytest.approx(-20)


def test_at_row():
    assert lines.at_row(0.0, at(10, 40), at(70, 10)) == pytest.approx([0, 45])
    with pytest.raises(GeometryError, match="along the rows"):
        lines.at_row(0.0, at(10, 40), at(10, 10))


@pytest.mark.parametrize(("row", "degrees"), [(50, 0), (70, 45), (30, -45)])
def test_nipple_angle(row, degrees):
    assert lines.nipple_angle(at(row, 20), at(50, 0), WALL) == pytest.approx(degrees)


def test_nipple_angle_on_a_tilted_wall():
    # Wall along (0.8, 0.6); the nipple 10 off it and 10 further along: 45 degrees.
    normal, down = at(-0.6, 0.8), at(0.8, 0.6)
    nipple = at(50, 50) + 10 * normal + 10 * down
    assert lines.nipple_angle(nipple, at(50, 50), (at(50, 50), at(50, 50) + down)) == pytest.approx(45)


@pytest.mark.shared
def test_the_papers_own_counts(shared):
    """Good and poor of the 2,000 published labels, whose points count from the image's edge."""
    counts = Counter()
    for image in read_positioning_labels(shared / "data" / "positioning_labels.csv"):
        ends = (np.array(image.points[name]) for name in ("nipple", "pectoral upper", "pectoral lower"))
        inside = lines.inside_by(foot(*ends), np.array(image.shape, dtype=float)) >= 0
        counts[image.split, inside] += 1
    assert (counts["test", True], counts["test", False]) == (123, 77)
    assert (counts["validation", True], counts["validation", False]) == (108, 92)
    assert (counts["train", True], counts["train", False]) == (962, 638)
