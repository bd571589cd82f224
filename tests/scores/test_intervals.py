import math

import numpy as np
import pytest

from mammoscope.errors import UsageError
from mammoscope.scores.intervals import bootstrap, wilson


def test_wilson_matches_the_closed_form_for_8_of_10():
    # z = 1.95996: (0.8 + 0.19207) / 1.38415 ± 1.95996 / 1.38415 * sqrt(0.016 + 0.0096037)
    estimate, low, high = wilson(8, 10)
    assert estimate == 0.8
    assert low == pytest.approx(0.4902, abs=1e-4)
    assert high == pytest.approx(0.9433, abs=1e-4)


def test_wilson_stays_within_0_and_1():
    assert wilson(0, 5).low == 0
    assert wilson(5, 5).high == 1
    assert math.isnan(wilson(0, 0).low)


def test_more_successes_than_trials_are_refused():
    with pytest.raises(UsageError, match="0 to 3"):
        wilson(4, 3)


def test_bootstrap_of_single_values_has_the_width_of_the_standard_error():
    values = np.random.default_rng(1).normal(5, 2, 400)
    interval = bootstrap(values, list(range(400)))
    error = values.std() / 20
    assert interval.estimate == pytest.approx(values.mean())
    assert interval.high - interval.low == pytest.approx(2 * 1.96 * error, rel=0.08)


def test_repeated_images_of_a_woman_do_not_make_it_surer():
    values = np.random.default_rng(1).normal(5, 2, 50)
    single = bootstrap(values, list(range(50)))
    four_times = bootstrap(np.repeat(values, 4), np.repeat(np.arange(50), 4).tolist())
    assert four_times == pytest.approx(single)


def test_missing_values_are_left_out():
    assert bootstrap(np.array([1.0, np.nan, 1.0]), ["a", "b", "c"]) == (1, 1, 1)
    with pytest.raises(UsageError, match="at least one"):
        bootstrap(np.array([np.nan]), ["a"])
