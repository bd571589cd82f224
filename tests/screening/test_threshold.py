"""The threshold: of validation images, on a grid of 0.01, by F1."""

import numpy as np
import pytest

from mammoscope.errors import UsageError
from mammoscope.scores.operating import GRID
from mammoscope.screening.threshold import Validation, best_threshold, curve


def validation(probabilities, cancer):
    return Validation(np.array(probabilities, float), np.array(cancer, bool))


def test_the_grid_is_the_papers():
    assert (len(GRID), GRID[0], GRID[1], GRID[-1]) == (101, 0.0, 0.01, 1.0)


def test_f1_by_hand():
    values = curve(validation([0.1, 0.3, 0.6, 0.8], [False, True, False, True]))
    # at 0 all four are called, two rightly; at 0.2 three, two rightly; at 0.7 one, rightly
    assert values[0] == pytest.approx(2 * 2 / (4 + 2))
    assert values[20] == pytest.approx(2 * 2 / (3 + 2))
    assert values[70] == pytest.approx(2 * 1 / (1 + 2))
    assert values[90] == 0


def test_a_probability_on_the_grid_is_called():
    assert curve(validation([0.3], [True]))[[30, 31]].tolist() == [1, 0]


def test_of_equal_thresholds_the_middle_of_the_first_run():
    # right from 0.21 to 0.40
    assert best_threshold(validation([0.2, 0.4, 0.9], [False, True, True])) == 0.30
    # F1 0.8 up to 0.10, then 2/3 up to 0.50, then 0.8 again from 0.51 to 0.90
    twice = validation([0.1, 0.5, 0.9, 0.9], [True, False, True, True])
    assert curve(twice)[[5, 30, 70]].tolist() == pytest.approx([6 / 7, 2 / 3, 0.8])
    assert best_threshold(twice) == 0.05


def test_without_an_image_there_is_no_threshold():
    with pytest.raises(UsageError, match="one validation image or more"):
        validation([], [])
