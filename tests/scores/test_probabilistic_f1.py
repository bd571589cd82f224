"""The competition's score, by hand."""

import numpy as np
import pytest

from mammoscope.errors import UsageError
from mammoscope.scores.probabilistic_f1 import by_breast, probabilistic_f1, probabilistic_f1_interval


def test_by_hand():
    """Hits 0.8 + 0.5 = 1.3, false calls 0.4 + 0.3 = 0.7, two cancers and one more that gets 0.

    Precision is 1.3 / 2 = 0.65, recall 1.3 / 3, so F1 is 2 · 0.65 · 0.4333 / 1.0833 = 0.52.
    """
    said = np.array([0.8, 0.5, 0.0, 0.4, 0.3])
    true = np.array([True, True, True, False, False])
    assert probabilistic_f1(said, true) == pytest.approx(0.52)


def test_calls_that_are_certain_have_the_usual_f1():
    """Two hits, one false call, one miss: 4 of 6."""
    said, true = np.array([1.0, 1.0, 1.0, 0.0]), np.array([True, True, False, True])
    assert probabilistic_f1(said, true) == pytest.approx(4 / 6)


def test_one_half_for_all_tells_nothing_of_whom():
    """Of four a quarter is ill: precision 0.25, recall 0.5, F1 a third."""
    assert probabilistic_f1(np.full(4, 0.5), np.array([True, False, False, False])) == pytest.approx(
        1 / 3
    )


def test_a_probability_is_held_within_0_and_1():
    assert probabilistic_f1(np.array([1.7, -0.4]), np.array([True, False])) == 1


def test_ends():
    assert probabilistic_f1(np.zeros(2), np.array([True, False])) == 0
    assert np.isnan(probabilistic_f1(np.array([0.3]), np.array([False])))
    with pytest.raises(UsageError, match="got 1 of which 1 are not"):
        probabilistic_f1(np.array([np.nan]), np.array([True]))
    with pytest.raises(UsageError, match="got 0"):
        probabilistic_f1(np.zeros(0), np.zeros(0, bool))


def test_an_interval_draws_women():
    """Of two women draws are one, the other or both: 1, 0 or 2 · 1 / (2 + 1)."""
    said, true = np.array([1.0, 0.0]), np.array([True, True])
    found = probabilistic_f1_interval(said, true, ["a", "b"])
    assert found == pytest.approx((2 / 3, 0, 1))
    assert probabilistic_f1_interval(said, true, ["a", "a"]) == pytest.approx((2 / 3,) * 3)


def test_breasts_take_the_mean_or_the_largest_and_any_cancer():
    said = np.array([0.9, 0.1, 0.5, 0.2, 0.6])
    true = np.array([True, False, False, False, False])
    found = by_breast(said, true, ["1", "2", "1", "1", "2"], ["L", "L", "L", "R", "L"])
    assert found.names == ("1_L", "2_L", "1_R")
    assert found.women == ("1", "2", "1")
    assert found.probabilities == pytest.approx([0.7, 0.35, 0.2])
    assert found.outcomes.tolist() == [True, False, False]
    largest = by_breast(said, true, ["1", "2", "1", "1", "2"], ["L", "L", "L", "R", "L"], "max")
    assert largest.probabilities == pytest.approx([0.9, 0.6, 0.2])
    with pytest.raises(UsageError, match="got 1 and 2"):
        by_breast(said[:2], true[:2], ["1"], ["L", "R"])
