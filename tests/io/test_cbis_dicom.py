"""CBIS-DDSM in its published layout."""

import shutil

import numpy as np
import pytest

from mammoscope.errors import RejectedInput, UsageError
from mammoscope.io.cbis_dicom import NO_FILM, NO_FOLDER, NO_MASK, box_of, read_cbis
from tests.registration import miniature_cbis


@pytest.fixture
def data(tmp_path):
    return miniature_cbis.dicom(tmp_path, women=3, tests=1)


def test_boxes_come_from_masks_in_either_order(data):
    pairs, left_out = read_cbis(data)
    assert left_out == {}
    assert [(pair.woman, pair.laterality, pair.part) for pair in pairs] == [
        ("P_00003", "R", "test"), ("P_00000", "L", "training"), ("P_00001", "R", "training"),
        ("P_00002", "L", "training"),
    ]  # fmt: skip
    for pair in pairs:
        (lesion,) = pair.lesions
        assert lesion.certain
        assert pair.single
        for view, found in (("CC", lesion.cc), ("MLO", lesion.mlo)):
            wanted = [round(edge) - 0.5 for edge in miniature_cbis.box(view, pair.laterality)]
            assert found == pytest.approx(wanted)
    assert (pairs[0].density, pairs[0].cc_spacing) == (3, None)
    assert pairs[0].cc.name == "1-1.dcm"


def test_what_cannot_be_boxed_is_counted(data):
    shutil.rmtree(data / "Mass-Training_P_00000_LEFT_CC")
    shutil.rmtree(data / "deeper" / "Mass-Training_P_00001_RIGHT_CC_1")
    mask = data / "deeper" / "Mass-Training_P_00002_LEFT_CC_1" / "9.8" / "9.7" / "1-2.dcm"
    mask.unlink()
    pairs, left_out = read_cbis(data)
    assert [pair.part for pair in pairs] == ["test"]
    assert left_out == {NO_FILM: 1, NO_FOLDER: 1, NO_MASK: 1}


def test_letters_of_folders_do_not_matter(data):
    (data / "deeper").rename(data / "lower")
    for path in (data / "lower").iterdir():
        path.rename(path.with_name(path.name.lower()))
    assert len(read_cbis(data).pairs) == 4


def test_calcifications_have_their_own_table(tmp_path):
    cases = [("P_00009", "L", view, "1", "MALIGNANT") for view in ("CC", "MLO")]
    miniature_cbis.description(tmp_path, "Calc", "test", cases)
    for view in ("CC", "MLO"):
        name = f"Calc-Test_P_00009_LEFT_{view}"
        miniature_cbis.film(tmp_path, name, view, "L", 0)
        miniature_cbis.roi(tmp_path, f"{name}_1", view, "L", mask_first=True)
    (pair,) = read_cbis(tmp_path).pairs
    assert (pair.part, pair.lesions[0].kind, pair.density) == ("test", "calcification", 3)


def test_without_tables_or_images_there_is_nothing(tmp_path):
    with pytest.raises(UsageError, match="no table of CBIS-DDSM"):
        read_cbis(tmp_path)
    miniature_cbis.description(tmp_path, "Mass", "test", [("P_1", "L", "CC", "1", "BENIGN")])
    with pytest.raises(UsageError, match=r"none of 1 lesions.*no folder of its film"):
        read_cbis(tmp_path)


def test_a_broken_file_is_named_without_the_woman(data):
    broken = data / "deeper" / "Mass-Training_P_00000_LEFT_CC_1" / "9.8" / "9.7" / "1-1.dcm"
    broken.write_bytes(broken.read_bytes()[:200])
    with pytest.raises(RejectedInput, match=r"1-1\.dcm"):
        read_cbis(data)


def test_a_cell_without_meaning_is_refused(tmp_path):
    miniature_cbis.description(tmp_path, "Mass", "test", [("P_00009", "L", "CC", "1", "BENIGN")])
    table = tmp_path / "mass_case_description_test_set.csv"
    name = "Mass-Test_P_00009_LEFT_CC"
    miniature_cbis.film(tmp_path, name, "CC", "L", 0)
    miniature_cbis.roi(tmp_path, f"{name}_1", "CC", "L", mask_first=True)
    table.write_text(table.read_text().replace(",CC,", ",XX,"))
    with pytest.raises(UsageError, match=r"mass_case_description_test_set\.csv, line 3"):
        read_cbis(tmp_path)


def test_an_empty_mask_has_no_box():
    with pytest.raises(UsageError, match="empty"):
        box_of(np.zeros((3, 3), bool))
