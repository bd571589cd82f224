import pytest

from mammoscope.report.validation.plots import (
    MOST,
    Box,
    decision_plot,
    reliability_plot,
    roc_plot,
    scores_plot,
    thinned,
    ticks,
)
from mammoscope.scores.calibration import Bin
from mammoscope.scores.decision import Benefit
from mammoscope.scores.intervals import Interval


def test_corners_lie_where_their_numbers_are():
    box = Box()
    # 48 and 346 are the sides, 258 and 12 the floor and the ceiling
    assert (box.x(0.0), box.x(1.0), box.y(0.0), box.y(1.0)) == (48.0, 346.0, 258.0, 12.0)
    assert box.path([(0.0, 0.0), (0.5, 1.0)]) == "M48.0 258.0L197.0 12.0"
    assert box.path([]) == ""


def test_a_roc_curve_shows_its_points():
    drawn = roc_plot([(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)], {"f1": (0.5, 1.0)})
    assert drawn.lines[1].path == "M48.0 258.0L48.0 12.0L346.0 12.0"
    assert (drawn.dots[0].x, drawn.dots[0].y) == (197.0, 12.0)
    assert drawn.dots[0].title == "f1: 100% of cancers, 50% of others"


def test_reliability_has_wilsons_intervals():
    (dot,) = reliability_plot([Bin(0.5, 0.25, 4)]).dots
    # Wilson, 1 of 4: 0.0456 to 0.6994
    assert (dot.x, dot.y) == (197.0, 196.5)
    assert (dot.low, dot.high) == (pytest.approx(246.8, abs=0.1), pytest.approx(85.9, abs=0.1))


def test_a_decision_curve_ends_below_nobody():
    sure = Interval(0.1, 0.05, 0.2)
    curve = [Benefit(0.1, sure, 0.2, sure), Benefit(0.2, sure, -9.0, sure)]
    drawn = decision_plot(curve)
    paths = {line.style: line.path for line in drawn.lines}
    # 0.2 is the ceiling at 12, a quarter of it below nobody the floor at 258
    assert paths["everyone"] == "M197.0 12.0L346.0 258.0"
    assert paths["band"] == "M197.0 159.6L346.0 159.6L346.0 12.0L197.0 12.0Z"
    assert all(12 <= y <= 258 for y, _ in drawn.rows)


def test_scores_rise_to_all():
    drawn = scores_plot([0.5, 0.25], [(0.5, 0.9)])
    assert drawn.lines[0].path == "M48.0 258.0L122.5 135.0L197.0 12.0L346.0 12.0"
    assert drawn.dots[0].title == "card: 90% below 0.50"


def test_long_lines_keep_their_ends():
    corners = [(float(place), 0.0) for place in range(3000)]
    kept = thinned(corners)
    assert len(kept) == MOST
    assert (kept[0], kept[-1]) == (corners[0], corners[-1])


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0.0, 0.8, [0.0, 0.2, 0.4, 0.6, 0.8]), (-0.04, 0.16, [0.0, 0.05, 0.1, 0.15])],
)
def test_ticks_are_round(low, high, expected):
    assert ticks(low, high) == expected
