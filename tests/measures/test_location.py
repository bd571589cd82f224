"""Worked by hand on the landmarks of tests/synthetic_landmarks.py, 0.2 mm a pixel."""

import numpy as np
import pytest

from mammoscope.measures.location import Place, hour_of, locate, place
from tests.synthetic_landmarks import FROM_ABOVE, OBLIQUE, SHAPE, about, marks


def test_a_place_of_a_cc_view():
    """The nipple is 400 pixels from the wall; 200 pixels in and 100 up: a half, a quarter, 44.7 mm."""
    found = place((360.0, 200.0), "CC", marks(FROM_ABOVE), about("CC"))
    assert found.share == pytest.approx(0.5)
    assert found.offset == pytest.approx(0.25)
    assert found.line_mm == pytest.approx(80)
    assert found.distance_mm == pytest.approx(np.hypot(40, 20))


def test_a_place_of_an_mlo_view():
    """The muscle's edge runs by (0.8, -0.6), 460 pixels from the nipple at right angles to it.

    230 pixels that way, by -(0.6, 0.8), and 100 pixels up along the muscle, by (-0.8, 0.6).
    """
    found = place((500.0 - 138 - 80, 500.0 - 184 + 60), "MLO", marks(OBLIQUE), about("MLO"))
    assert found.share == pytest.approx(0.5)
    assert found.offset == pytest.approx(100 / 460)
    assert found.line_mm == pytest.approx(92)
    assert found.distance_mm == pytest.approx(np.hypot(46, 20))


@pytest.mark.parametrize("view", ["CC", "MLO"])
def test_a_mirrored_image_says_the_same(view):
    points = OBLIQUE if view == "MLO" else FROM_ABOVE
    mirrored = {name: (row, SHAPE[1] - 1 - column) for name, (row, column) in points.items()}
    one = place((282.0, 376.0), view, marks(points), about(view))
    other = place((282.0, SHAPE[1] - 1 - 376.0), view, marks(mirrored, side="right"), about(view, "R"))
    assert one.share == pytest.approx(other.share)
    assert one.offset == pytest.approx(other.offset)


def test_without_muscle_the_wall_is_behind():
    points = {name: point for name, point in OBLIQUE.items() if not name.startswith("pectoral")}
    found = place((500.0, 250.0), "MLO", marks(points), about("MLO"))
    assert found.share == pytest.approx(0.5)
    assert found.offset == pytest.approx(0.0)


@pytest.mark.parametrize("gone", [{"nipple"}, {"chest wall upper", "chest wall lower"}])
def test_without_nipple_or_wall_there_is_no_place(gone):
    points = {name: point for name, point in FROM_ABOVE.items() if name not in gone}
    assert place((360.0, 200.0), "CC", marks(points), about("CC")) is None


def test_without_a_spacing_there_are_shares_and_no_millimetre():
    found = place((360.0, 200.0), "CC", marks(FROM_ABOVE), about("CC", spacing=None))
    assert (found.line_mm, found.distance_mm) == (None, None)
    assert found.share == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("out", "up", "left", "right"),
    [(0, 1, 12, 12), (1, 0, 3, 9), (0, -1, 6, 6), (-1, 0, 9, 3), (1, 1.732, 1, 11), (1, -1.732, 5, 7)],
)
def test_the_clock_is_seen_from_the_front(out, up, left, right):
    assert hour_of(float(out), float(up), "L") == left
    assert hour_of(float(out), float(up), "R") == right


def both(out_mm, oblique_mm, share=0.5, line_mm=80.0):
    return {
        "CC": Place(share, float(out_mm) / line_mm, line_mm, 40.0),
        "MLO": Place(share, oblique_mm / line_mm, line_mm, 42.0),
    }


@pytest.mark.parametrize(
    ("out", "oblique", "region", "left", "right"),
    [
        # up is (oblique - out cos 45°) / sin 45°
        (20, 20, "upper outer quadrant", 2, 10),  # up 8.3: 67.5° from 12 o'clock
        (20, 0, "lower outer quadrant", 4, 8),  # up -20: 135°, half way, to the even hour
        (0, 30, "upper central", 12, 12),
        (0, -30, "lower central", 6, 6),
        (30, 21.2, "outer central", 3, 9),  # up 0
        (-30, -21.2, "inner central", 9, 3),
        (-20, 20, "upper inner quadrant", 11, 1),  # up 48.3: -22.5°
        (-20, -25, "lower inner quadrant", 8, 4),  # up -15.4: -127.6°
    ],
)
def test_quadrant_and_hour(out, oblique, region, left, right):
    for side, hour in (("L", left), ("R", right)):
        found = locate(both(out, oblique), side)
        assert found.region == region
        assert found.hour == hour


@pytest.mark.parametrize(("share", "region"), [(0.2, "retroareolar"), (0.6, "central")])
def test_behind_the_nipple_there_is_no_hour(share, region):
    """Out 5 mm; up (10 - 3.5) / 0.71 = 9.1 mm: within the areola's 15 mm."""
    found = locate(both(5, 10, share), "L")
    assert (found.region, found.hour) == (region, None)


def test_without_spacing_a_sixth_of_the_line_is_behind_the_areola():
    places = {view: Place(0.5, offset, None, None) for view, offset in (("CC", 0.1), ("MLO", 0.15))}
    assert locate(places, "L").region == "central"  # up 0.11: 0.15 from the axis
    places["CC"] = Place(0.5, 0.2, None, None)
    assert locate(places, "L").region == "outer central"  # up 0.01


@pytest.mark.parametrize(
    ("shares", "third"),
    [((0.1, 0.3), "anterior"), ((0.3, 0.5), "middle"), ((0.6, 0.8), "posterior"),
     ((1.1, 1.2), "posterior"), ((-0.1, 0.0), "anterior")],
)  # fmt: skip
def test_depth_is_the_mean_of_both_views(shares, third):
    places = {
        view: Place(share, 0.4, None, None) for view, share in zip(("CC", "MLO"), shares, strict=True)
    }
    assert locate(places, "L").third == third


def test_words():
    found = locate(both(20, 20), "R")
    assert found.words == (
        "right breast, upper outer quadrant, about 10 o'clock, middle third, "
        "40 mm on CC and 42 mm on MLO from the nipple"
    )


def test_one_view_tells_a_half():
    places = both(20, -20)
    assert locate({"CC": places["CC"], "MLO": None}, "L").words == (
        "left breast, outer half, middle third, 40 mm on CC from the nipple"
    )
    assert locate({"MLO": places["MLO"]}, "L").region == "lower half"


def test_nothing_known_says_nothing():
    found = locate({"CC": None, "MLO": None}, None)
    assert found.words == ""
    assert locate(both(20, 20), None).hour is None
