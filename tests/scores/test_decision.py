"""Net benefit, by hand."""

import numpy as np
import pytest

from mammoscope.errors import UsageError
from mammoscope.scores.decision import THRESHOLDS, decision_curve

SAID = np.array([0.1, 0.3, 0.6, 0.8, 0.2])
TRUE = np.array([False, True, False, True, False])
WOMEN = list("abcde")


def test_by_hand():
    """At 0.25 a false call costs a third of a hit: (2 - 1/3) / 5; all: (2 - 3/3) / 5.

    At 0.5 a false call costs a hit: (1 - 1) / 5; all: (2 - 3) / 5, so nobody is better than all.
    """
    low, half = decision_curve(SAID, TRUE, WOMEN, (0.25, 0.5))
    assert (low.threshold, half.threshold) == (0.25, 0.5)
    assert low.benefit.estimate == pytest.approx(1 / 3)
    assert low.of_all == pytest.approx(0.2)
    assert low.gain.estimate == pytest.approx(1 / 3 - 0.2)
    assert half.benefit.estimate == pytest.approx(0)
    assert half.of_all == pytest.approx(-0.2)
    assert half.gain.estimate == pytest.approx(0)


def test_who_is_at_the_threshold_is_called():
    assert decision_curve(SAID, TRUE, WOMEN, (0.8,))[0].benefit.estimate == pytest.approx(0.2)


def test_a_probability_that_holds_gains_and_one_that_says_nothing_does_not():
    rng = np.random.default_rng(0)
    risk = rng.random(3000)
    ill = rng.random(3000) < risk
    holds = decision_curve(risk, ill, np.arange(3000), (0.3, 0.7), repeats=200)
    blind = decision_curve(rng.random(3000), ill, np.arange(3000), (0.3, 0.7), repeats=200)
    assert all(one.gain.low > 0 for one in holds)
    assert all(one.gain.high < 0 for one in blind)


def test_an_interval_draws_women():
    """Two women, one with cancer, both acted on at a half: 1, 0 or -1."""
    found = decision_curve(np.ones(2), np.array([True, False]), ["a", "b"], (0.5,))
    assert found[0].benefit == pytest.approx((0, -1, 1))


def test_the_usual_thresholds():
    found = decision_curve(SAID, TRUE, WOMEN, repeats=10)
    assert [one.threshold for one in found] == list(THRESHOLDS)
    assert (THRESHOLDS[0], THRESHOLDS[-1]) == (0.01, 0.8)


@pytest.mark.parametrize("thresholds", [(), (0.0,), (0.5, 1.0)])
def test_no_odds_no_benefit(thresholds):
    with pytest.raises(UsageError, match="above 0 and below 1"):
        decision_curve(SAID, TRUE, WOMEN, thresholds)
