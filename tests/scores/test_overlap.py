import math

import numpy as np
import pytest

from mammoscope.errors import GeometryError, UsageError
from mammoscope.scores.overlap import dice, merged, overall_dice, relative_size

TRUTH = np.array([[2, 2, 1, 1, 1, 1, 1, 1, 0, 0]])
LABELS = np.array([[2, 1, 1, 1, 1, 1, 1, 0, 0, 0]])


def test_dice_is_equation_4():
    assert dice(LABELS, TRUTH, 2) == pytest.approx(2 * 1 / (1 + 2))
    assert dice(LABELS, TRUTH, 1) == pytest.approx(2 * 5 / (6 + 6))


def test_overall_dice_is_weighted_by_the_truth_not_by_the_answer():
    assert overall_dice(LABELS, TRUTH) == pytest.approx((2 * (2 / 3) + 6 * (10 / 12)) / 8)


def test_a_class_that_the_truth_lacks_has_no_dice_and_no_weight():
    without = np.where(TRUTH == 2, 1, TRUTH)
    assert math.isnan(dice(LABELS, without, 2))
    assert overall_dice(LABELS, without) == pytest.approx(dice(LABELS, without, 1))
    assert math.isnan(overall_dice(LABELS, np.zeros_like(TRUTH)))


def test_a_class_that_the_answer_lacks_scores_nothing():
    assert dice(np.ones_like(TRUTH), TRUTH, 2) == 0


def test_size_is_relative_to_the_breast_of_the_truth():
    assert relative_size(LABELS, TRUTH, 2) == pytest.approx(1 / 6)
    assert relative_size(TRUTH, TRUTH, 2) == pytest.approx(2 / 6)


def test_a_muscle_without_a_breast_is_as_large_as_can_be():
    alone = np.array([[2, 2, 0]])
    assert relative_size(alone, alone, 2) == math.inf
    assert math.isnan(relative_size(np.zeros_like(alone), alone, 2))


def test_masks_of_two_shapes_are_refused():
    with pytest.raises(GeometryError, match="one shape"):
        dice(LABELS, TRUTH.T, 1)


def test_labels_outside_of_the_mapping_are_refused():
    with pytest.raises(UsageError, match=r"\[4\].*0, 1"):
        merged(np.array([[0, 1, 4]]), {0: 0, 1: 1})
