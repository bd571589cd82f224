"""Worked by hand, or by tables of the distributions."""

import math

import numpy as np
import pytest

from mammoscope.errors import UsageError
from mammoscope.scores.statistics import (
    analysis_of_variance,
    bonferroni,
    mean_and_deviation,
    paired,
    unpaired,
)

ONE = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
OTHER = np.array([3.0, 4.0, 5.0, 6.0, 7.0])


def test_unpaired_t_pools_the_variances():
    # both variances 2.5: t = -2 / sqrt(2.5 * 2 / 5) = -2, 8 degrees of freedom
    difference, t, p = unpaired(ONE, OTHER)
    assert (difference, t) == pytest.approx((-2, -2))
    assert p == pytest.approx(0.0805, abs=1e-4)


def test_paired_t_tests_the_differences():
    # differences -1, -2, -3: mean -2, deviation 1, t = -2 sqrt(3), 2 degrees of freedom
    difference, t, p = paired(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0]))
    assert (difference, t) == pytest.approx((-2, -2 * 3**0.5))
    assert p == pytest.approx(0.0742, abs=1e-4)


def test_missing_values_leave_out_their_pair():
    with_gap = paired(np.array([1.0, 2.0, np.nan, 3.0]), np.array([2.0, 4.0, 9.0, 6.0]))
    assert with_gap == paired(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0]))
    assert unpaired(np.r_[ONE, np.nan], OTHER) == unpaired(ONE, OTHER)


def test_samples_of_two_lengths_are_no_pairs():
    with pytest.raises(UsageError, match="5 and 4"):
        paired(ONE, OTHER[1:])


def test_equal_pairs_do_not_differ():
    assert paired(ONE, ONE) == (0, 0, 1)


def test_analysis_of_variance_of_three_groups():
    # groups 1-3, 2-4, 5-7: between 26 / 2 = 13, within 6 / 6 = 1, so F(2, 6) = 13
    groups = {"a": ONE[:3], "b": ONE[1:4], "c": np.array([5.0, 6.0, 7.0])}
    result = analysis_of_variance(groups)
    assert result.f == pytest.approx(13)
    assert result.p == pytest.approx(0.0066, abs=1e-4)
    assert set(result.pairs) == {("a", "b"), ("a", "c"), ("b", "c")}
    # studentised range at 5 % for 3 groups and 6 degrees of freedom: 4.339; here 1.73, 6.93, 5.20
    assert result.pairs["a", "b"] > 0.05
    assert result.pairs["a", "c"] < result.pairs["b", "c"] < 0.05


def test_too_few_values_give_no_answer():
    assert math.isnan(unpaired(ONE[:1], OTHER).p)
    assert math.isnan(analysis_of_variance({"a": ONE}).p)


@pytest.mark.filterwarnings("error")
def test_groups_without_any_spread_give_no_answer():
    result = analysis_of_variance({"a": np.zeros(3), "b": np.zeros(3)})
    assert math.isnan(result.p)
    assert result.pairs == {}
    assert math.isnan(unpaired(np.ones(3), np.zeros(3)).p)
    assert math.isnan(paired(np.ones(3), np.zeros(3)).p)


def test_bonferroni_divides_the_level():
    assert bonferroni(0.05, 8) == 0.00625
    with pytest.raises(UsageError, match="at least one"):
        bonferroni(0.05, 0)


def test_deviation_is_of_a_sample():
    assert mean_and_deviation([1.0, 2.0, 3.0, float("nan")]) == (2, 1)
