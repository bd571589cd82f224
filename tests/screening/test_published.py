"""The paper's own arithmetic."""

import pytest

from mammoscope.screening import published
from mammoscope.screening.ablation import ROWS
from mammoscope.screening.published import (
    ALL,
    CANCER,
    CANCER_IN_TRAINING,
    IMAGES_IN_TEXT,
    OTHER,
    RESULTS,
)

PLACES = 0.0005


def test_the_class_counts_of_table_1_do_not_add_up():
    assert ALL.full != IMAGES_IN_TEXT
    assert ALL.training + ALL.test != ALL.full
    assert CANCER.training + CANCER.test != CANCER.full
    assert CANCER.training + OTHER.training != ALL.training
    assert CANCER.full + OTHER.full != ALL.full


def test_with_two_numbers_put_right_every_sum_is():
    assert ALL.training + ALL.test == IMAGES_IN_TEXT == CANCER.full + OTHER.full
    assert CANCER_IN_TRAINING + CANCER.test == CANCER.full
    assert CANCER_IN_TRAINING + OTHER.training == ALL.training
    assert CANCER.test + OTHER.test == ALL.test
    assert OTHER.training + OTHER.test == OTHER.full


def test_the_best_f1_of_the_text_is_not_that_of_the_table():
    best = RESULTS["+ Auxiliary Prediction", "cnn"]
    assert max(row.f1 for row in RESULTS.values()) == best.f1 == 0.314 != published.BEST_IN_TEXT
    assert 2 * best.recall * best.precision / (best.recall + best.precision) == pytest.approx(
        best.f1, abs=PLACES
    )


@pytest.mark.parametrize("row", RESULTS.values(), ids=[" ".join(row) for row in RESULTS])
def test_each_row_is_one_count_of_231_cancers(row):
    """Recalls are shares of 231: one answer a test image was counted."""
    hits = round(row.recall * CANCER.test)
    assert hits / CANCER.test == pytest.approx(row.recall, abs=PLACES)
    if not hits:
        return
    said = [round(hits / (row.precision + error)) for error in (-PLACES, PLACES)]
    wrong = [count + CANCER.test - 2 * hits for count in said]
    low, high = (1 - count / ALL.test for count in wrong)
    assert low - 2 * PLACES < row.accuracy < high + 2 * PLACES


def test_of_241_cancers_the_recalls_are_no_shares():
    recalls = [row.recall for row in RESULTS.values()]
    assert any(abs(round(one * 241) / 241 - one) > PLACES for one in recalls)


def test_no_threshold_was_searched_on_the_papers_test_images():
    """A half is on the grid: searched on test, F1 could not have fallen below that of a half."""
    assert RESULTS["+ Threshold", "cnn"].f1 < RESULTS["+ ROI Crop", "cnn"].f1


def test_every_row_of_the_ablation_is_published_in_this_order():
    assert [(row.setting, row.model) for row in ROWS] == list(RESULTS)
