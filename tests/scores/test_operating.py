"""Operating points, by hand."""

import numpy as np
import pytest

from mammoscope.errors import UsageError
from mammoscope.scores.operating import (
    achieved,
    by_f1,
    by_recall_rate,
    by_sensitivity,
    on_card,
)

SCORES = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95])
CANCER = np.array([False, False, True, False, False, False, True, False, True, True])
WOMEN = [str(number) for number in range(10)]


def many(women=300, seed=0):
    rng = np.random.default_rng(seed)
    ill = rng.random(women) < 0.3
    scores = np.clip(0.3 + 0.25 * ill + 0.15 * rng.normal(size=women), 0, 1)
    return np.repeat(scores, 2), np.repeat(ill, 2), np.repeat(np.arange(women), 2)


def shares(found):
    return [
        found.sensitivity.estimate,
        found.specificity.estimate,
        found.recall_rate.estimate,
        found.ppv.estimate,
    ]


def test_what_a_threshold_does():
    """From 0.7 on four of ten are called back, three of four cancers: one of six others."""
    assert shares(achieved(0.7, SCORES, CANCER, WOMEN)) == pytest.approx([3 / 4, 5 / 6, 4 / 10, 3 / 4])


def test_a_threshold_that_nobody_reaches_has_no_ppv():
    found = achieved(2.0, SCORES, CANCER, WOMEN)
    assert shares(found)[:3] == [0, 1, 0]
    assert np.isnan(found.ppv).all()


def test_a_recall_rate_is_kept():
    """Three of ten are 0.8 and more: the threshold lies halfway to 0.7. A rate of 0.39 has no more."""
    for rate in (0.3, 0.39):
        point = by_recall_rate(rate, SCORES, CANCER, WOMEN)
        assert point.threshold.estimate == pytest.approx(0.75)
        assert point.achieved.recall_rate.estimate == pytest.approx(0.3)
    assert by_recall_rate(1.0, SCORES, CANCER, WOMEN).achieved.recall_rate.estimate == 1
    assert by_recall_rate(0.0, SCORES, CANCER, WOMEN).achieved.recall_rate.estimate == 0


def test_equal_scores_are_called_back_together():
    """Four of five are 0.6: three fifths would cut them, so only the one above is called back."""
    scores = np.array([0.6, 0.6, 0.6, 0.6, 0.8])
    point = by_recall_rate(0.6, scores, np.array([True, False, False, False, True]), list("abcde"))
    assert point.threshold.estimate == pytest.approx(0.7)


def test_a_sensitivity_is_reached():
    """Cancers score 0.3, 0.7, 0.9 and 0.95: three quarters are had from halfway 0.6 to 0.7."""
    for asked, expected in ((0.75, 0.65), (0.7, 0.65), (0.76, 0.25), (1.0, 0.25)):
        point = by_sensitivity(asked, SCORES, CANCER, WOMEN)
        assert point.threshold.estimate == pytest.approx(expected)
        assert point.achieved.sensitivity.estimate >= asked


def test_the_best_f1():
    """From 0.9 on: 2 of 4 cancers, no other, F1 4/6; from 0.7 on 3 and one other, F1 6/8, the best.

    So is every threshold of 0.61 to 0.70, of which 0.65 is the middle.
    """
    point = by_f1(SCORES, CANCER, WOMEN)
    assert point.threshold.estimate == 0.65
    assert shares(point.achieved) == pytest.approx([3 / 4, 5 / 6, 4 / 10, 3 / 4])


def test_an_interval_is_how_other_women_would_have_it():
    """Quantiles of thresholds that are chosen anew on drawn women, one by one."""
    scores, cancer, women = many()
    point = by_sensitivity(0.9, scores, cancer, women, repeats=300)
    rng = np.random.default_rng(5)
    chosen = []
    for _ in range(300):
        drawn = rng.integers(0, 300, 300) * 2
        chosen.append(np.quantile(scores[drawn][cancer[drawn]], 0.1))
    assert point.threshold[1:] == pytest.approx(np.quantile(chosen, [0.025, 0.975]), abs=0.02)


def test_what_is_achieved_is_drawn_by_woman():
    """Women are 300, images 600 alike in pairs: the interval is that of 300."""
    scores, cancer, women = many()
    wide = achieved(0.4, scores, cancer, women).recall_rate
    narrow = achieved(0.4, scores, cancer, np.arange(600)).recall_rate
    assert (wide.high - wide.low) / (narrow.high - narrow.low) == pytest.approx(2**0.5, rel=0.1)


@pytest.mark.parametrize("pick", [by_f1, lambda *data: by_sensitivity(0.8, *data)])
def test_draws_without_a_cancer_choose_nothing(pick):
    point = pick(np.array([0.2, 0.8]), np.array([False, True]), ["a", "b"])
    assert not np.isnan(point.threshold).any()


def test_a_point_on_the_card():
    point = by_recall_rate(0.125, SCORES, CANCER, WOMEN)
    found = on_card((point, by_f1(SCORES, CANCER, WOMEN)))
    assert found["threshold_recall_12.5"] == pytest.approx(0.925)
    assert found["low_f1"] <= found["threshold_f1"] <= found["high_f1"]


def test_nothing_is_chosen_without_both_kinds_or_beyond_shares():
    with pytest.raises(UsageError, match="got 2 of which 2 are true"):
        by_f1(np.array([0.1, 0.2]), np.array([True, True]), ["a", "b"])
    with pytest.raises(UsageError, match="a recall rate of 0 to 1 was expected, got 10"):
        by_recall_rate(10.0, SCORES, CANCER, WOMEN)
    with pytest.raises(UsageError, match="a sensitivity of 0 to 1"):
        by_sensitivity(-0.1, SCORES, CANCER, WOMEN)
