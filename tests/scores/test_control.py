"""Limits against published and hand-worked binomial figures."""

import math

import pytest

from mammoscope.errors import UsageError
from mammoscope.scores.control import TAIL, limits, p_chart, run_lengths


def test_the_tail_is_that_of_three_sigma():
    assert pytest.approx(0.00134990, abs=1e-8) == TAIL


def test_limits_against_montgomerys_table():
    # S7.1, n = 100, p = 0.07: P(X <= 0) = 0.0007, P(X <= 1) = 0.0060, P(X <= 15) = 0.9984,
    # P(X <= 16) = 0.9994: no failure at all is rarer than the tail, and so are 17 and more.
    assert limits(100, 0.07) == (1, 16)


def test_limits_worked_by_hand():
    # n = 10, p = 0.2: P(X >= 7) = 0.00086 is rarer than the tail, P(X >= 6) = 0.00637 is not.
    assert limits(10, 0.2) == (0, 6)
    # n = 2, p = 0.1: two of two have a chance of 0.01, which explains them.
    assert limits(2, 0.1) == (0, 2)
    # n = 2, p = 0.03: 0.0009.
    assert limits(2, 0.03) == (0, 1)


def test_many_counted_give_three_sigma():
    # n = 10,000, p = 0.5: sigma is 0.005.
    least, most = limits(10_000, 0.5)
    assert least / 10_000 == pytest.approx(0.485, abs=2e-4)
    assert most / 10_000 == pytest.approx(0.515, abs=2e-4)


def test_the_centre_weighs_periods_by_what_was_counted():
    chart = p_chart({"a": (1, 10), "b": (0, 0), "c": (11, 30)})
    assert chart.centre == pytest.approx(0.3)
    assert [point.label for point in chart.points] == ["a", "c"]
    assert [point.rate for point in chart.points] == pytest.approx([0.1, 11 / 30])
    assert chart.signals == ()


def test_points_beyond_the_limits():
    # centre 0.2 over 90: P(X >= 7 of 10) = 0.00086
    chart = p_chart({"a": (7, 10), "b": (11, 80)})
    assert chart.centre == pytest.approx(0.2)
    assert [point.signal for point in chart.points] == ["above", ""]
    # centre 0.5: P(X <= 1 of 14) = 15 / 16,384 = 0.0009, P(X <= 2) = 106 / 16,384 = 0.0065
    low = p_chart({"a": (1, 14), "b": (19, 26)})
    assert low.points[0].signal == "below"
    assert low.points[0].low == pytest.approx(2 / 14)


def test_a_single_image_is_no_alarm_while_failures_are_not_rare():
    chart = p_chart({f"{week}": (week == 0, 1) for week in range(10)})
    assert chart.centre == pytest.approx(0.1)
    assert chart.signals == ()


@pytest.mark.parametrize(
    ("counted", "rate", "runs"),
    [
        ([(6, 10)] * 3, 0.5, [1, 2, 3]),
        ([(4, 10), (4, 10), (6, 10), (5, 10), (6, 10)], 0.5, [-1, -2, 1, 0, 1]),
        ([(0, 4)] * 9, 0.05, [0] * 9),
    ],
)
def test_runs_are_about_the_median(counted, rate, runs):
    assert run_lengths(counted, rate) == runs


def test_eight_on_one_side_are_a_signal():
    weeks = {f"low {week}": (4, 10) for week in range(8)}
    weeks |= {f"high {week}": (6, 10) for week in range(8)}
    chart = p_chart(weeks)
    assert chart.centre == pytest.approx(0.5)
    assert {point.label: point.signal for point in chart.signals} == {
        "low 7": "run below",
        "high 7": "run above",
    }
    assert p_chart({key: weeks[key] for key in list(weeks)[1:-1]}).signals == ()


@pytest.mark.parametrize(("events", "total"), [(0, 50), (50, 50)])
def test_all_or_none(events, total):
    chart = p_chart({"a": (events, total), "b": (events, total)})
    assert chart.signals == ()
    assert (chart.points[0].low, chart.points[0].high) == (events / total, events / total)


def test_nothing_counted():
    chart = p_chart({"a": (0, 0)})
    assert math.isnan(chart.centre)
    assert chart.points == ()


def test_more_events_than_counted():
    with pytest.raises(UsageError, match="0 to 2 events"):
        p_chart({"a": (3, 2)})
