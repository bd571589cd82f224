import pytest

from mammoscope.report.scorecard.charts import HEIGHT, LEFT, RIGHT, WIDTH, bar, drawing, shares
from mammoscope.scores.control import p_chart
from mammoscope.scores.intervals import Interval


def test_one_week_has_no_course():
    assert drawing(p_chart({})) is None
    assert drawing(p_chart({"2024-W01": (1, 2)})) is None


def test_points_lie_where_their_rate_is():
    drawn = drawing(p_chart({"2024-W01": (0, 4), "2024-W02": (4, 4)}))
    # two steps of 314 from 58; 0 % at 188 and 100 % at 12
    assert [(dot.x, dot.y) for dot in drawn.dots] == [(215.0, 188.0), (529.0, 12.0)]
    assert drawn.centre == 100.0
    assert drawn.course == "M215.0 188.0L529.0 12.0"
    assert drawn.shares[0] == (188.0, "0%")
    assert drawn.shares[-1] == (12.0, "100%")
    assert all(0 <= dot.y <= HEIGHT and LEFT <= dot.x <= WIDTH - RIGHT for dot in drawn.dots)


def test_limits_are_a_step_a_week():
    # 10 and 2 counted at 1/12: at most 4 of 10 (P(X >= 5) = 0.0007), and 2 of 2
    drawn = drawing(p_chart({"2024-W01": (1, 10), "2024-W02": (0, 2)}))
    assert drawn.high == "M58.0 117.6L372.0 117.6L372.0 12.0L686.0 12.0"
    assert drawn.low == "M58.0 188.0L372.0 188.0L372.0 188.0L686.0 188.0"


def test_a_missing_week_breaks_the_course():
    drawn = drawing(p_chart({"2023-W52": (0, 2), "2024-W01": (0, 2), "2024-W03": (1, 2)}))
    assert [drawn.course.count(word) for word in "ML"] == [2, 1]


def test_signals_say_why():
    drawn = drawing(p_chart({"2024-W01": (7, 10), "2024-W02": (11, 80)}))
    assert [dot.signal for dot in drawn.dots] == ["above", ""]
    assert drawn.dots[0].title == "2024-W01: 7 of 10 failed, 70%; limits 0% to 60%; above"


def test_a_year_names_few_weeks():
    drawn = drawing(p_chart({f"2024-W{week:02}": (0, 2) for week in range(1, 53)}))
    assert len(drawn.dots) == 52
    assert len(drawn.weeks) == 6


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (0.0, [0.0, 0.01]),
        (0.04, [0.0, 0.01, 0.02, 0.03, 0.04]),
        (0.3, [0.0, 0.1, 0.2, 0.3]),
        (1.0, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
    ],
)
def test_shares_on_an_axis(most, expected):
    assert shares(most) == expected


def test_an_interval_on_its_scale():
    assert bar(Interval(0.1, 0.05, 0.2), 0.4) == pytest.approx(bar(Interval(0.2, 0.1, 0.4), 0.8))
    drawn = bar(Interval(0.1, 0.05, 0.2), 0.4)
    assert (drawn.low, drawn.estimate, drawn.high) == (12.5, 25.0, 50.0)
