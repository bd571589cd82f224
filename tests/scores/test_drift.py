import numpy as np
import pytest
from scipy import stats

from mammoscope.errors import UsageError
from mammoscope.scores.drift import MUCH, drift

LEVELS = tuple(np.linspace(0.1, 0.9, 9).tolist())


def quantiles(values):
    return np.quantile(values, LEVELS).tolist()


def test_the_same_numbers_are_alike():
    before = np.random.default_rng(0).normal(0, 1, 5000)
    found = drift(before[:1000], quantiles(before), LEVELS, 1000, 5000)
    assert found.distance < 0.05
    assert found.verdict == "alike"


def test_the_distance_is_smirnovs_at_the_quantiles():
    rng = np.random.default_rng(0)
    before, now = rng.normal(0, 1, 5000), rng.normal(0.5, 1, 800)
    found = drift(now, quantiles(before), LEVELS, 800, 5000)
    full = stats.ks_2samp(before, now).statistic
    assert full - 0.03 < found.distance <= full + 1e-9


def test_a_distance_worked_by_hand():
    # below 1 lie none (level 0.5), below 3 a half (level 0.9): 0.5 and 0.4 apart
    found = drift(np.array([2.0, 2.0, 4.0, 4.0]), (1.0, 3.0), (0.5, 0.9), 4, 10_000)
    assert found.distance == pytest.approx(0.5)


def test_many_equal_numbers_are_no_drift():
    before = np.array([0.0] * 55 + list(range(1, 46)), float)
    found = drift(before, quantiles(before), LEVELS, 100, 100)
    assert found.distance < 0.02
    empty = drift(np.zeros(1000), [0.0] * 9, LEVELS, 1000, 1000)
    assert empty.distance == 0.0


def test_verdicts_follow_distance_and_chance():
    before = np.random.default_rng(0).uniform(0, 1, 10_000)

    def verdict(move, count):
        now = np.random.default_rng(1).uniform(0, 1, count) * (1 - move) + move
        return drift(now, quantiles(before), LEVELS, count, 10_000).verdict

    assert verdict(0.5, 1000) == "far"
    assert verdict(0.2, 1000) == "moved"
    assert verdict(0.05, 20_000) == "alike"  # sure, and too little to matter
    assert verdict(0.1, 10) == "too few to tell"


def test_chance_is_reckoned_with_women():
    values = np.linspace(0, 1, 400)
    many = drift(values, quantiles(values), LEVELS, 400, 10**9)
    few = drift(values, quantiles(values), LEVELS, 100, 10**9)
    # Smirnov: 1.628 over the root of the count is exceeded once in a hundred times
    assert many.chance == pytest.approx(1.6276 / 20, abs=1e-4)
    assert few.chance == pytest.approx(2 * many.chance, abs=1e-4)


def test_alarms_are_as_rare_as_said():
    rng = np.random.default_rng(0)
    levels, before = LEVELS, stats.norm.ppf(LEVELS).tolist()
    found = [drift(rng.normal(0, 1, 500), before, levels, 500, 10**9) for _ in range(1000)]
    assert np.mean([one.distance > one.chance for one in found]) <= 0.015
    assert found[0].chance < MUCH


def test_nothing_cannot_be_compared():
    with pytest.raises(UsageError, match="got none"):
        drift(np.array([]), (0.5,), (0.5,), 0, 10)
