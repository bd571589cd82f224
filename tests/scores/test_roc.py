"""The ROC curve and its area, by hand, by pairs and by the slow bootstrap."""

import numpy as np
import pytest

from mammoscope.errors import UsageError
from mammoscope.scores.intervals import bootstrap, weighted_bootstrap
from mammoscope.scores.roc import auc, auc_gain, auc_interval, auc_of_draws, roc


def some(women=80, images=3, seed=0, strength=1.0):
    """Scores with ties, of women whose images have one outcome."""
    rng = np.random.default_rng(seed)
    who = np.repeat(np.arange(women), images)
    outcomes = np.repeat(rng.random(women) < 0.4, images)
    scores = strength * outcomes + np.repeat(rng.normal(size=women), images) + rng.normal(size=len(who))
    return np.round(scores, 1), outcomes, who.tolist()


def test_an_area_by_hand():
    """Of 2 × 3 pairs 0.7 wins 2 and ties with 0.7, 0.5 wins 1: 3.5 of 6."""
    scores = np.array([0.7, 0.5, 0.7, 0.6, 0.2])
    assert auc(scores, np.array([True, True, False, False, False])) == pytest.approx(3.5 / 6)


def test_an_area_is_the_share_of_pairs_that_are_in_order():
    scores, outcomes, _ = some()
    apart = scores[outcomes][:, None] - scores[~outcomes][None]
    assert auc(scores, outcomes) == pytest.approx((apart > 0).mean() + (apart == 0).mean() / 2)


def test_the_curve_encloses_its_area():
    scores, outcomes, _ = some()
    false, hits = np.array(roc(scores, outcomes)).T
    assert np.trapezoid(hits, false) == pytest.approx(auc(scores, outcomes))
    assert (np.diff(false) >= 0).all()
    assert (np.diff(hits) >= 0).all()
    assert (false[-1], hits[-1]) == (1, 1)


def test_a_drawn_area_is_that_of_repeated_images():
    scores, outcomes, _ = some()
    times = np.random.default_rng(1).integers(0, 3, len(scores))
    found = auc_of_draws(scores, outcomes, times[None].astype(float))
    assert found[0] == pytest.approx(auc(np.repeat(scores, times), np.repeat(outcomes, times)))


def test_the_interval_is_that_of_drawn_women():
    scores, outcomes, women = some()

    def slow(sample):
        return auc(scores[sample.astype(int)], outcomes[sample.astype(int)])

    expected = bootstrap(np.arange(len(scores), dtype=float), women, slow, repeats=200)
    assert auc_interval(scores, outcomes, women, 200) == pytest.approx(expected)


def test_images_of_a_woman_alike_widen_the_interval():
    scores, outcomes, women = some(images=1)
    scores, outcomes, women = np.repeat(scores, 4), np.repeat(outcomes, 4), np.repeat(women, 4)
    by_woman = auc_interval(scores, outcomes, women)
    by_image = auc_interval(scores, outcomes, np.arange(len(women)))
    ratio = (by_woman.high - by_woman.low) / (by_image.high - by_image.low)
    assert ratio == pytest.approx(2, rel=0.15)


def test_a_gain_is_the_difference_of_areas_on_the_same_draws():
    scores, outcomes, women = some()
    better = scores + outcomes
    gain = auc_gain(scores, better, outcomes, women)
    assert gain.estimate == pytest.approx(auc(better, outcomes) - auc(scores, outcomes))
    assert gain.low > 0
    assert auc_gain(scores, 2 * scores + 1, outcomes, women) == (0, 0, 0)


def test_outcomes_all_alike_have_no_area():
    scores = np.array([0.1, 0.2])
    assert np.isnan(auc(scores, np.array([True, True])))
    assert np.isnan(auc_interval(scores, np.array([False, False]), ["a", "b"])).all()
    with pytest.raises(UsageError, match="got 2 of which 2 are true"):
        roc(scores, np.array([True, True]))


def test_draws_without_a_cancer_are_left_out():
    """Of two women half of the draws have both; each of these has the area 1."""
    found = auc_interval(np.array([0.2, 0.9]), np.array([False, True]), ["a", "b"])
    assert found == (1, 1, 1)


def test_a_score_that_is_not_a_number_is_refused():
    with pytest.raises(UsageError, match="got 2 of which 1 are not"):
        auc(np.array([0.1, np.nan]), np.array([True, False]))


def test_nothing_is_drawn_of_nobody():
    with pytest.raises(UsageError, match="got none"):
        weighted_bootstrap(lambda weights: weights, [])


def test_blocks_change_nothing(monkeypatch):
    scores, outcomes, women = some()
    whole = auc_interval(scores, outcomes, women, 50)
    monkeypatch.setattr("mammoscope.scores.intervals.BLOCK", 7 * len(scores))
    assert auc_interval(scores, outcomes, women, 50) == whole
