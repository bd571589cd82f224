"""Truth of CDD-CESM's images, published and with masks."""

import numpy as np
import pytest

from mammoscope.errors import UsageError
from mammoscope.io.cesm_screening import read_cesm_screening, read_masked_screening
from tests.findings.miniature_cesm import masked, published, row

PATHOLOGY = "Pathology Classification/ Follow up"


def test_truth_is_of_the_image_and_outlines_are_not_needed(tmp_path):
    rows = [
        row(7, Age=61, Machine=2), row(7, "R", "MLO", BIRADS="5$2", **{PATHOLOGY: "Benign"}),
        row(7, energy="CESM"), row(8, **{PATHOLOGY: "Normal", "Breast density (ACR)": "", "Age": ""}),
    ]  # fmt: skip
    data = published(tmp_path, rows, [])
    (data / "Radiology_hand_drawn_segmentations_v2.csv").unlink()
    one, other, normal = read_cesm_screening(data)
    assert (one.image.stem, one.woman, one.dataset, one.kind) == (
        "P7_L_DM_CC", "cesm 7", "CDD-CESM", "processed",
    )  # fmt: skip
    assert (one.laterality, one.view, one.cancer) == ("L", "CC", True)
    assert (one.birads, one.density, one.machine, one.age) == (5, "C", "2", 61.0)
    assert (one.site, one.implant, one.biopsy, one.spacing) == (None, None, None, None)
    assert (other.laterality, other.view, other.cancer, other.birads) == ("R", "MLO", False, None)
    assert (normal.cancer, normal.density, normal.age) == (False, None, None)


def test_images_with_masks_may_say_neither_age_nor_machine(tmp_path):
    mask = np.zeros((60, 50), np.uint8)
    data = masked(tmp_path, [row(7, "R", "MLO"), row(8)], [mask, mask])
    one, other = read_masked_screening(data)
    assert (one.woman, one.laterality, one.view, one.cancer) == ("cesm 7", "R", "MLO", True)
    assert (other.age, other.machine, other.density) == (None, None, "C")


def test_a_missing_image_is_an_error(tmp_path):
    data = published(tmp_path, [row(7), row(8)], [])
    (data / "Low energy images of CDD-CESM" / "P8_L_DM_CC.jpg").unlink()
    with pytest.raises(UsageError, match=r"1 are missing \(the first: line 3\): add them"):
        read_cesm_screening(data)


def test_an_age_is_a_number(tmp_path):
    with pytest.raises(UsageError, match=r"annotations\.csv, line 2: a number"):
        read_cesm_screening(published(tmp_path, [row(7, Age="old")], []))


@pytest.mark.shared
def test_every_image_at_hand_is_malignant(shared):
    images = read_masked_screening(shared / "data" / "cesm_train")
    assert len(images) == 264
    assert {one.cancer for one in images} == {True}
    assert {one.machine for one in images} == {"1", "2"}
    assert all(20 < one.age < 100 for one in images)
