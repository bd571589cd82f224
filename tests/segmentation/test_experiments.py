"""The experiments run end to end on a miniature of two data sets; the figures mean nothing."""

import cv2
import numpy as np
import pytest

from mammoscope.errors import UsageError
from mammoscope.segmentation import experiments
from mammoscope.segmentation.compare import compare
from mammoscope.segmentation.evaluate import write_cases
from mammoscope.segmentation.experiments import Study
from mammoscope.segmentation.sets import split
from tests.segmentation import miniature


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    records = miniature.write(folder / "data", raw=("GE",))
    return Study(split(records, test=4, validation=2), miniature.tiny(), folder / "out")


def cells(table, row):
    (line,) = [line for line in table.rows if line[0] == row]
    return dict(zip(table.head[1::2], line[1::2], strict=True))


def test_views_and_vendors(study):
    views, muscle, vendors = experiments.views_and_vendors(study).tables
    assert cells(views, "All")["n"] == "8"
    assert cells(views, "CC")["Pectoral (n)"] == "(0)"
    assert cells(muscle, "MLO")["Pectoral present"] == "100.0% (4/4)"
    assert [line[0] for line in vendors.rows] == ["Fuji", "GE", "All", "All DM"]
    assert "0.98 ± 0.03" in vendors.text()


def test_a_finished_training_is_not_repeated(study):
    lines = []
    again = Study(study.sets, study.recipe, study.folder, lines.append)
    experiments.views_and_vendors(again)
    experiments.views_and_vendors(again)
    assert len(lines) <= 1


def test_with_raw(study, tmp_path):
    outcome = experiments.with_raw(study)
    (table,) = outcome.tables
    assert cells(table, "With raw images")["n"] == "4"
    assert cells(table, "Fuji")["Raw"] == ""
    assert cells(table, "GE")["Raw, raw trained"] != ""
    assert sum("paired t-test" in note for note in table.notes) == 2
    write_cases(outcome.cases, tmp_path / "cases.csv")
    assert len((tmp_path / "cases.csv").read_text().splitlines()) == 1 + 2 * 12


def test_leave_one_out(study):
    (table,) = experiments.leave_one_out(study).tables
    assert cells(table, "GE")["Training n"] == "6"
    # of GE's 12 processed images, 2 stop the training
    assert [line[0] for line in table.rows] == ["Fuji", "GE"]
    assert "0.05 / 2 = 0.02500" in table.notes[0]
    line = next(line for line in table.rows if line[0] == "GE")
    assert line[5:10:4] == ("4", "10")


def test_one_data_set_cannot_be_left_out(study):
    alone = Study(study.sets.without("GE"), study.recipe, study.folder)
    with pytest.raises(UsageError, match="two or more"):
        experiments.leave_one_out(alone)


def test_sweep(study, monkeypatch):
    monkeypatch.setattr(experiments, "ALPHAS", (2.0,))
    (table,) = experiments.sweep(study).tables
    assert [line[0] for line in table.rows] == ["Cross-entropy loss 2.0", "Focal loss 2.0"]
    assert cells(table, "Focal loss 2.0")["Breast"] != ""


def test_external_masks_are_merged_and_compared(study, tmp_path):
    for record in study.sets.test:
        if record.kind == "raw":
            theirs = np.array([0, 2, 1], np.uint8)[cv2.imread(str(record.truth), cv2.IMREAD_UNCHANGED)]
            theirs[:, 20:][theirs[:, 20:] == 2] = 3
            cv2.imwrite(str(tmp_path / record.image.name), theirs)
    (table,) = compare(study, tmp_path, {0: 0, 1: 2, 2: 1, 3: 1}).tables
    assert cells(table, "External masks") == {
        "n": "4", "Breast": "1.00 ± 0.00", "Pectoral": "1.00 ± 0.00", "Overall": "1.00 ± 0.00",
    }  # fmt: skip
    assert [line[0] for line in table.rows][1:] == ["Ours, same images", "Ours, processed images"]
    assert len(table.notes) == 2


def test_external_masks_of_other_proportions_are_refused(study, tmp_path):
    name = study.sets.test[0].image.name
    cv2.imwrite(str(tmp_path / name), np.zeros((50, 50), np.uint8))
    with pytest.raises(UsageError, match="proportions"):
        compare(study, tmp_path, {0: 0})


def test_images_without_external_masks_are_told(study, tmp_path):
    with pytest.raises(UsageError, match="no test image"):
        compare(study, tmp_path, {0: 0})
