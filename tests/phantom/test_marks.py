import numpy as np
import pytest
import torch

from mammoscope.phantom.anatomy import Volume
from mammoscope.phantom.marks import landmarks
from mammoscope.phantom.view import mirrored, take
from tests.phantom.plans import breast, mlo

EMPTY = Volume(torch.zeros(2, 2, 2), (0.0, 0.0, 0.0), 1.0)
NIPPLE = np.array([60.0, 70.0])


def triangle() -> np.ndarray:
    """Muscle 40 pixels wide at the top, none at row 80; breast up to column 70."""
    down, across = np.mgrid[0:120, 0:90]
    labels = (across <= 70).astype(np.uint8)
    labels[across < 40 - down / 2] = 2
    return labels


def test_the_line_runs_along_the_muscle():
    marks = landmarks(triangle(), NIPPLE, None)

    upper, lower = marks["pectoral upper"], marks["pectoral lower"]
    assert upper == pytest.approx((0, 39.5), abs=0.5)
    assert lower == pytest.approx((79, 0), abs=1)
    assert marks["nipple"] == (60.0, 70.0)


def test_a_sliver_that_does_not_reach_the_upper_edge_has_no_line():
    labels = triangle()
    labels[:5] = 1

    assert landmarks(labels, NIPPLE, None)["pectoral upper"] is None


def test_a_nipple_beyond_the_image_is_not_shown():
    assert landmarks(triangle(), np.array([60.0, 95.0]), None)["nipple"] is None


def test_the_chest_wall_ends_where_the_breast_does():
    labels = np.pad(triangle(), ((10, 20), (0, 0)))
    marks = landmarks(labels, NIPPLE, (99.0, 10.0))

    assert marks["chest wall upper"] == (10.0, 0.0)
    assert marks["chest wall lower"] == (129.0, 0.0)
    assert marks["inframammary fold"] == (99.0, 10.0)


def test_points_of_a_right_breast_are_mirrored():
    assert mirrored((3.0, 10.0), "R", 100) == (3.0, 89.0)
    assert mirrored((3.0, 10.0), "L", 100) == (3.0, 10.0)
    assert mirrored(None, "R", 100) is None


def test_the_fold_lies_between_breast_and_belly():
    """Below it the outline of the skin goes out again."""
    plan = breast()
    shown, hidden = (
        take(plan, mlo(fold=fold, nipple_row_mm=130.0), EMPTY, 1.0, 2.0) for fold in (True, False)
    )

    row, column = shown.landmarks["inframammary fold"]
    widths = (shown.labels > 0).sum(axis=1)
    assert hidden.landmarks["inframammary fold"] is None
    assert widths[int(row)] <= widths[int(row) - 10]
    assert widths[int(row) + 15] >= column
    assert not hidden.labels[int(row) + 15].any()


def test_angle_and_height_of_the_muscle_are_as_asked():
    view = take(breast(), mlo(pectoral_deg=25.0, muscle_end_mm=20.0), EMPTY, 1.0, 2.0)

    (top, wide), (low, narrow) = (view.landmarks[f"pectoral {end}"] for end in ("upper", "lower"))
    angle = np.degrees(np.arctan((wide - narrow) / (low - top)))
    assert angle == pytest.approx(25, abs=3)
    assert view.landmarks["nipple"][0] - low == pytest.approx(20, abs=10)
