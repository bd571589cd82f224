"""Table 3 in the paper's layout, by hand."""

from dataclasses import replace

import numpy as np
import pytest

from mammoscope.screening.ablation import AS_SET, ROWS, Recipes, Row, folder_of, recipe_of, row_of
from mammoscope.screening.evaluate import decide, figures, gain, outcome
from mammoscope.screening.published import AUGMENTATION, AUXILIARY, ORIGINAL, ROI, THRESHOLD
from mammoscope.screening.tables import (
    HEAD,
    calibration,
    pairs,
    steps,
    table_3,
    thresholds,
    without_threshold,
)
from mammoscope.screening.threshold import Validation

CANCER = np.array([True, True, False, False])


def made(called, searched=False, cancer=CANCER):
    """Two folds of two images each, said as they are; four test images, called as told."""
    folds = [Validation(np.array([0.9, 0.1]), np.array([True, False])) for _ in range(2)]
    said = np.where(np.array(called, bool), 0.9, 0.1)[None].repeat(2, axis=0)
    women = ("a", "b", "c", "d"), ("e", "e", "f", "g")
    return outcome(folds, decide(folds, said, searched=searched), cancer, women, ("L", "L", "R", "R"))


def test_figures_of_one_set_by_hand():
    # three are called, two of them rightly, of four cancers among ten
    called = np.array([1, 1, 1, 0, 0, 0, 0, 0, 0, 0], bool)
    cancer = np.array([1, 1, 0, 1, 1, 0, 0, 0, 0, 0], bool)
    assert figures(called, cancer) == pytest.approx((4 / 7, 2 / 4, 2 / 3, 7 / 10))
    nothing = np.zeros(10, bool)
    assert figures(nothing, cancer) == (0, 0, 0, 0.6)


def test_networks_decide_by_their_mean_at_their_mean_threshold():
    # right from 0.21 to 0.60 and from 0.61 to 0.80: thresholds of 0.40 and 0.70
    folds = [
        Validation(np.array([0.6, 0.2]), np.array([True, False])),
        Validation(np.array([0.8, 0.6]), np.array([True, False])),
    ]
    found = decide(folds, np.array([[0.5, 0.5], [0.5, 0.7]]), searched=True)
    assert found.thresholds == (0.40, 0.70)
    assert found.probabilities.tolist() == pytest.approx([0.5, 0.6])
    assert found.called.tolist() == [False, True]


def test_the_layout_is_the_papers():
    found = {row: made([1, 0, 1, 0]) for row in ROWS}
    table = table_3(found)
    assert table.head == HEAD
    settings = [line[0] for line in table.rows]
    assert settings == [ORIGINAL, "", ROI, THRESHOLD, AUGMENTATION, AUXILIARY, ""]
    assert [line[1] for line in table.rows] == ["CNN", "ViT", "CNN", "CNN", "CNN", "CNN", "ViT"]
    # evaluation F1, test F1, recall, precision, accuracy: ours, the paper's
    assert table.rows[0][2:] == (
        "1.000", "0.047", "0.500", "0.027", "0.500", "0.022", "0.500", "0.035", "0.500", "0.966",
    )  # fmt: skip
    assert "2 of 4 test images are of cancer" in table.notes[0]
    assert "test F1 of 0.667" in table.notes[0]
    assert any("0.287" in note for note in table.notes)
    assert any("917 + 231" in note for note in table.notes)


def test_a_step_is_compared_with_the_row_above_of_its_model():
    found = {row: made([1, 1, 0, 0]) for row in ROWS}
    compared = [(row.title, before.title) for row, before, _ in pairs(found)]
    assert compared[0] == ("+ ROI Crop, CNN", "Resized Original, CNN")
    assert compared[-1] == ("+ Auxiliary Prediction, ViT", "Resized Original, ViT")
    assert len(compared) == 5


def test_a_gain_is_of_the_same_images_and_says_whether_chance_explains_it():
    many = np.tile(CANCER, 10)
    women = ("a",) * 4, tuple(f"w{number}" for number in range(40))
    folds = [Validation(np.array([0.9, 0.1]), np.array([True, False])) for _ in range(2)]

    def said(called):
        test = np.where(called, 0.9, 0.1)[None].repeat(2, axis=0)
        return outcome(folds, decide(folds, test, searched=False), many, women, ("L",) * 40)

    nothing, right = said(np.zeros(40, bool)), said(many)
    assert gain(nothing, right) == (1, 1, 1)
    assert gain(right, right) == (0, 0, 0)
    first, second = Row(ORIGINAL, "cnn"), Row(ROI, "cnn")
    (line,) = steps({first: nothing, second: right}).rows
    assert line == (ROI, "CNN", "+0.000", "+1.000 (+1.000 – +1.000)", "helped")
    (line,) = steps({first: right, second: nothing}).rows
    assert line[-1] == "harmed"
    (line,) = steps({first: right, second: right}).rows
    assert line[-1] == "not told apart from chance"


def test_thresholds_are_told_fold_by_fold():
    table = thresholds({Row(THRESHOLD, "cnn"): made([1, 0, 0, 0], searched=True)})
    # right from 0.11 to 0.90: the middle is 0.50
    assert table.rows == ((THRESHOLD, "CNN", "0.50 0.50", "0.500", "1 of 4"),)


def test_each_row_adds_one_step_and_only_the_threshold_trains_nothing():
    recipes = Recipes()
    switches = [
        (one.roi, one.searched, one.augmented, one.auxiliary)
        for one in (recipe_of(row, recipes) for row in ROWS if row.model == "cnn")
    ]
    assert switches == [(False,) * 4, (True, False, False, False), (True, True, False, False),
                        (True, True, True, False), (True,) * 4]  # fmt: skip
    assert recipe_of(ROWS[1], recipes).network.backbone == "deit3_base_patch16_384"
    folders = [folder_of(row) for row in ROWS]
    assert folders[2] == folders[3] == "cnn-roi-crop"
    assert len(set(folders)) == 6


def test_a_recipe_stands_in_the_row_of_what_is_on():
    recipes = Recipes()
    for row in ROWS:
        assert row_of(recipe_of(row, recipes), row.model) == row
    other = replace(recipes.vit, auxiliary=False)
    assert row_of(other, "vit") == Row(AS_SET, "vit")
    (line,) = table_3({Row(AS_SET, "vit"): made([1, 0, 1, 0])}).rows
    assert line[:6] == (AS_SET, "ViT", "1.000", "–", "0.500", "–")


def test_what_no_threshold_decides():
    (line,) = without_threshold({Row(ROI, "cnn"): made([1, 0, 1, 0])}).rows
    # of four pairs one is right, one wrong and two are even
    assert line[2] == "1.000"
    assert line[3].startswith("0.500 (")
    # breasts: e left 0.9 and 0.1, a cancer: 0.5; f right 0.9 and g right 0.1, none
    assert line[4].startswith(f"{2 * 0.5 / (0.5 + 0.9 + 0.1 + 1):.3f} (")


def test_test_images_are_calibrated_by_validation_images():
    one = made([1, 0, 1, 0])
    # validation images of 0.9 are all of cancer, those of 0.1 never
    assert one.calibrated.tolist() == [1, 0, 1, 0]
    turned = made([1, 0, 1, 0], cancer=~CANCER)
    assert turned.calibrated.tolist() == one.calibrated.tolist()
    (line,) = calibration({Row(ROI, "cnn"): one}).rows
    # (0.01 + 0.81 + 0.81 + 0.01) / 4, half of either are of cancer; then (0 + 1 + 1 + 0) / 4
    assert line[2:] == ("0.410", "0.400", "0.500", "0.500")
