"""Probabilities that hold and those that do not, by hand and by simulation."""

import numpy as np
import pytest

from mammoscope.errors import UsageError
from mammoscope.scores.calibration import (
    brier,
    calibrated,
    calibration,
    expected_error,
    isotonic,
    logistic,
    logit,
    reliability,
    sigmoid,
)


def overconfident(count=20_000, seed=0):
    """Scores whose logit is twice what the outcomes know, and one too high."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(-1, 1.5, count)
    return sigmoid(2 * truth + 1), rng.random(count) < sigmoid(truth)


def test_logit_and_sigmoid_are_inverse():
    values = np.linspace(-12, 12, 25)
    assert logit(sigmoid(values)) == pytest.approx(values, abs=1e-6)
    assert logit(np.array([0.0, 1.0])) == pytest.approx([-13.8155, 13.8155], abs=1e-4)
    assert sigmoid(np.array([-1e4, 1e4])).tolist() == [0.0, 1.0]


def test_calibration_finds_what_made_the_scores():
    """logit(score) = 2 t + 1, so t = -0.5 + 0.5 logit(score)."""
    found = calibration(*overconfident())
    assert found["offset"] == pytest.approx(-0.5, abs=0.05)
    assert found["slope"] == pytest.approx(0.5, abs=0.02)


def test_calibrated_scores_hold_on_others():
    scores, outcomes = overconfident(seed=1)
    held = calibrated(scores, calibration(*overconfident()))
    assert expected_error(scores, outcomes) > 0.05
    assert expected_error(held, outcomes) < 0.015
    assert brier(held, outcomes) < brier(scores, outcomes)


def test_without_numbers_scores_stay_as_they_are():
    assert calibrated(np.array([0.1, 0.7]), {}) == pytest.approx([0.1, 0.7])
    assert float(calibrated(0.7, {"other": 3.0})) == pytest.approx(0.7)


def test_an_offset_is_the_logit_of_the_share():
    """With a feature that says nothing the regression says 3 in 4: log 3."""
    features = np.zeros((4, 1))
    offset, slope = logistic(features, np.array([True, True, True, False]))
    assert offset == pytest.approx(np.log(3), abs=1e-4)
    assert slope == 0


def test_two_groups_differ_by_the_odds_ratio():
    """1 in 4 against 3 in 4: odds 1/3 and 3, so log 9 apart."""
    features = np.repeat([[0.0], [1.0]], 4, axis=0)
    outcomes = np.array([True, False, False, False, True, True, True, False])
    assert logistic(features, outcomes) == pytest.approx([-np.log(3), np.log(9)], abs=1e-4)


def test_outcomes_told_apart_without_error_stay_finite():
    found = logistic(np.array([[-1.0], [1.0]]), np.array([False, True]))
    assert np.isfinite(found).all()
    assert sigmoid(found[0] + found[1]) > 0.99


def test_nothing_is_fitted_to_outcomes_that_are_all_alike():
    with pytest.raises(UsageError, match="got 2 of which 2 are true"):
        logistic(np.zeros((2, 1)), np.array([True, True]))


def test_steps_pool_what_is_out_of_order():
    """Of 0.2, 0.3 and 0.4 one in three; both at 0.5 together, one in two; 0.8 true.

    Shares 0, 1, 0, 0, 1/2, 1: those of 0.2 to 0.4 pool to 1/3, which is below 1/2.
    """
    scores = np.array([0.8, 0.1, 0.2, 0.3, 0.4, 0.5, 0.5])
    found = isotonic(scores, np.array([True, False, True, False, False, True, False]))
    assert found.scores == (0.1, 0.2, 0.4, 0.5, 0.8)
    assert found.probabilities == pytest.approx((0, 1 / 3, 1 / 3, 1 / 2, 1))
    assert found(np.array([0.0, 0.15, 0.3, 0.65, 0.9])) == pytest.approx([0, 1 / 6, 1 / 3, 3 / 4, 1])


def test_equal_scores_weigh_as_many():
    """Three at 0.3 with two true and one at 0.6 that is not: all pool to a half."""
    found = isotonic(np.array([0.3, 0.3, 0.3, 0.6]), np.array([True, True, False, False]))
    assert found.probabilities == pytest.approx((0.5, 0.5))


def test_steps_hold_on_others_where_no_logistic_curve_does():
    """Outcomes that know only whether a score is above a half."""
    rng = np.random.default_rng(0)
    scores, others = rng.random(20_000), rng.random(20_000)
    outcomes, true = (rng.random(20_000) < np.where(some > 0.5, 0.9, 0.2) for some in (scores, others))
    held = calibrated(others, calibration(scores, outcomes))
    assert expected_error(isotonic(scores, outcomes)(others), true) < 0.02
    assert expected_error(held, true) > 0.05


def test_bins_have_equal_counts_and_rise():
    rng = np.random.default_rng(0)
    curve = reliability(rng.random(103), rng.random(103) < 0.5, 10)
    assert sorted({part.answers for part in curve}) == [10, 11]
    assert [part.said for part in curve] == sorted(part.said for part in curve)
    assert len(reliability(np.array([0.5]), np.array([True]), 10)) == 1


def test_equal_probabilities_in_any_order_have_one_curve():
    """Four at a half, two of them true: two bins have a half each, whoever comes first."""
    for true in ([True, True, False, False], [False, True, False, True]):
        said = np.full(4, 0.5)
        assert reliability(said, np.array(true), 2) == ((0.5, 0.5, 2), (0.5, 0.5, 2))
        assert expected_error(said, np.array(true), 2) == 0


def test_what_nobody_answered_has_no_score():
    for yardstick in (brier, reliability, expected_error, isotonic):
        with pytest.raises(UsageError, match="got none"):
            yardstick(np.zeros(0), np.zeros(0, bool))
