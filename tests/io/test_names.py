"""Names of the public data sets, and names that people give."""

import pytest

from mammoscope.core import Sourced, Spacing
from mammoscope.errors import GeometryError, SkippedInput
from mammoscope.io.names import about_raster, from_path, from_patient_id
from mammoscope.io.tables import TableRow


@pytest.mark.parametrize(
    ("name", "side", "view", "patient"),
    [
        ("AllDICOMs/20586908_6c613a14b80a8591_MG_R_CC_ANON.dcm", "R", "CC", "6c613a14b80a8591"),
        ("20586934_6c613a14b80a8591_MG_L_ML_ANON.dcm", "L", "MLO", "6c613a14b80a8591"),
        ("images/P_00001_LEFT_CC.jpg", "L", "CC", "P_00001"),
        ("P_00700_RIGHT_MLO.jpg", "R", "MLO", "P_00700"),
        ("Low energy images of CDD-CESM/P102_R_DM_CC.jpg", "R", "CC", "P102"),
        ("P1_L_DM_MLO2.jpg", "L", "MLO", "P1"),
        ("mdb001.pgm", "R", "MLO", "mdb pair 1"),
        ("mdb002.pgm", "L", "MLO", "mdb pair 1"),
        ("MIAS/mdb322.pgm", "L", "MLO", "mdb pair 161"),
        ("anna_RCC.png", "R", "CC", "anna"),
        ("lmlo.png", "L", "MLO", ""),
        ("R-MLO.tif", "R", "MLO", ""),
        ("case 12 left mlo.png", "L", "MLO", "case_12"),
        ("7.lxccl.png", "L", "XCCL", "7"),
        ("train_images/10006/462822612.dcm", None, None, ""),
        ("images/48575a27b7c99242/26de4993fa6b8ae50a91c8baf49b92b0.dicom", None, None, ""),
        ("scan_l.png", None, None, ""),
        ("left.png", "L", None, ""),
        ("anna_cc_mlo.png", None, None, "anna"),
        ("successful_clcc.png", None, None, ""),
        ("windows\\anna_LCC.png", "L", "CC", "anna"),
    ],
)  # fmt: skip
def test_names(name, side, view, patient):
    named = from_path(name)
    assert (named.laterality, named.view, named.patient) == (side, view, patient)


@pytest.mark.parametrize(
    ("identifier", "case", "side", "view", "crop"),
    [
        ("Mass-Test_P_00173_LEFT_CC", "Mass-Test P_00173", "L", "CC", False),
        ("Calc-Training_P_00005_RIGHT_MLO", "Calc-Training P_00005", "R", "MLO", False),
        ("Calc-Training_P_00005_RIGHT_CC_1", "Calc-Training P_00005", "R", "CC", True),
        ("mass-test_p_00173_left_cc", "Mass-Test P_00173", "L", "CC", False),
        ("Mass-Test_P_00173_LEFT_CCX", "", None, None, False),
        ("P_00173", "", None, None, False),
    ],
)
def test_patient_ids_of_cbis_ddsm(identifier, case, side, view, crop):
    named = from_patient_id(identifier)
    assert (named.case, named.laterality, named.view, named.crop) == (case, side, view, crop)


def test_cbis_ddsm_in_a_folder_of_the_path():
    named = from_path("CBIS-DDSM/Mass-Training_P_00001_LEFT_CC/1.3.6.1/1-1.png")
    assert (named.case, named.view, named.laterality) == ("Mass-Training P_00001", "CC", "L")


def test_a_picture_speaks_by_its_name():
    about = about_raster("P102_R_DM_CC.jpg", (512, 400), "d")
    assert about.kind == "raster"
    assert about.origin == "low-energy contrast"
    assert about.view == Sourced("CC", "file name")
    assert about.laterality == Sourced("R", "file name")
    assert about.expected_chest_wall == Sourced("right", "convention for R")
    assert [note.code for note in about.notes] == ["no spacing"]


def test_the_table_goes_before_the_name():
    row = TableRow("a_RCC.png", "study 1", "MLO", None, 0.1)
    about = about_raster("a_RCC.png", (10, 10), "d", row, 0.2)
    assert about.study == "study 1"
    assert about.view == Sourced("MLO", "table")
    assert about.laterality == Sourced("R", "file name")
    assert about.spacing == Spacing(0.1, 0.1, "stated in the table")
    assert [note.code for note in about.notes] == ["view sources disagree"]


def test_the_users_word_for_all_files():
    assert about_raster("x.png", (1, 1), "", None, 0.2).spacing == Spacing(
        0.2, 0.2, "stated by the user"
    )
    with pytest.raises(GeometryError):
        about_raster("x.png", (1, 1), "", None, -0.2)


def test_a_picture_of_which_nothing_is_known():
    codes = {note.code for note in about_raster("x.png", (1, 1), "").notes}
    assert codes == {"no view", "no laterality", "no spacing"}


@pytest.mark.parametrize(
    ("name", "number"),
    [("P102_R_CM_CC.jpg", None), ("Mass-Training_P_00001_LEFT_CC_1/1-1.png", 65)],
)
def test_pictures_that_are_no_whole_mammogram(name, number):
    with pytest.raises(SkippedInput) as caught:
        about_raster(name, (10, 10), "")
    assert caught.value.number == number
