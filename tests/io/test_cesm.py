"""CDD-CESM, published and with masks."""

import numpy as np
import pytest

from mammoscope.errors import ExtraError, UsageError
from mammoscope.io import sheets
from mammoscope.io.cesm import POINT, read_cesm, read_masked
from mammoscope.io.cesm_outlines import Outline, parts
from mammoscope.io.cesm_words import HOLLOW_ONE, MIXED, NAMELESS, NOT_OUTLINED, said, told
from tests.findings.miniature_cesm import MASS, SHEET, SQUARE, masked, published, row

COMPACT = Outline((0.0, 0.0, 10.0, 10.0), 0.6, 0.7)
BAND = Outline((0.0, 0.0, 200.0, 90.0), 0.05, 0.06)
RUN = Outline((0.0, 0.0, 200.0, 90.0), 0.3, 0.25)


@pytest.mark.parametrize(
    ("words", "kinds", "others"),
    [
        ("High density mass with speculated margin", ("mass",), set()),
        ("Two high density masses, edema pattern", ("mass",), {"edema"}),
        ("Multiple equal density nodules", ("mass",), set()),
        ("Nodular increased density", (), {"nodular density"}),
        ("Focal asymmetrical increased density$IMLN", ("focal asymmetry",), {"lymph node"}),
        ("Global asymmetrical increased density", ("global asymmetry",), set()),
        ("assymetrical increased density", ("asymmetry",), set()),
        ("asymmetry, focal asymmetry", ("asymmetry", "focal asymmetry"), set()),
        ("architectural distorton", ("architectural distortion",), set()),
        ("overlying mircocalcifications", ("suspicious calcification",), set()),
        ("malignant microcalcifications", ("suspicious calcification",), set()),
        ("Benign macrocalcification", (), {"calcification"}),
        ("Vascular calcifications", (), {"vessels"}),
        ("Linear tortous densities", (), {"densities"}),
        ("two focal asymmetrical increased densities", ("focal asymmetry",), set()),
        ("Postoperative scar with surgical clips", (), {"scar", "clips"}),
        ("Normal", (), set()),
    ],
)  # fmt: skip
def test_words_name_what_an_outline_may_be_of(words, kinds, others):
    found = said(words, "")
    assert (found.kinds, found.others) == (kinds, others)


@pytest.mark.parametrize("words", ["nipple retraction", "focal skin and nipple retraction",
                                   "focal skin thickening"])  # fmt: skip
def test_signs_beside_a_lesion_have_no_outline(words):
    assert said(words, "").beside
    assert told(said(words, ""), []) == NOT_OUTLINED


@pytest.mark.parametrize(
    ("words", "outlines", "found"),
    [
        ("normal", [], ((), 0)), ("mass", [], NOT_OUTLINED), ("normal", [COMPACT], NAMELESS),
        ("mass", [COMPACT], (("mass",), 1)), ("two masses", [COMPACT, COMPACT], (("mass",), 2)),
        ("mass, IMLN", [COMPACT, COMPACT], MIXED), ("mass, IMLN", [COMPACT], (("mass",), 1)),
        ("mass with microcalcifications", [COMPACT], (("mass", "suspicious calcification"), 1)),
        ("mass with microcalcifications", [COMPACT, COMPACT], MIXED),
        ("mass and asymmetry", [COMPACT], MIXED),
        ("mass, edema", [BAND, COMPACT], (("mass",), 1)),
        ("mass, edema", [BAND, COMPACT, COMPACT], (("mass",), 2)),
        ("mass, edema", [COMPACT, COMPACT], MIXED), ("mass, edema", [RUN], HOLLOW_ONE),
        ("mass", [BAND, COMPACT], NAMELESS), ("mass, edema", [BAND], NAMELESS),
        ("edema", [BAND, COMPACT], NAMELESS),
    ],
)  # fmt: skip
def test_only_what_words_and_shapes_leave_no_choice_about_is_taken(words, outlines, found):
    taken = told(said(words), outlines)
    assert (taken if isinstance(taken, str) else (taken[0], len(taken[1]))) == found


def test_a_band_is_narrow_and_hollow_and_a_square_is_not():
    mask = np.zeros((100, 100), np.uint8)
    mask[10:90, 10:14] = mask[86:90, 10:80] = 255  # an L of 4 pixels' width
    mask[20:50, 40:70] = 255
    mask[0:3, 95:98] = 255  # 9 pixels: a speck
    square, band = sorted(parts(mask), key=lambda one: one.box[1], reverse=True)
    assert square.box == (19.5, 39.5, 49.5, 69.5)
    assert square.width == pytest.approx(1, abs=0.05)
    assert square.fill == 1
    assert band.box == (9.5, 9.5, 89.5, 79.5)
    assert band.width < 0.08
    assert band.fill == pytest.approx((80 * 4 + 66 * 4) / (80 * 70))


def test_masks_beside_images(tmp_path):
    mask = np.zeros((60, 50), np.uint8)
    mask[10:30, 20:40] = 255
    rows = [row(7, "R", "MLO", BIRADS="5$2", **MASS), row(8, Findings="Edema", Tags="edema")]
    (image,), left_out = read_masked(masked(tmp_path, rows, [mask, mask]))
    assert (image.woman, image.laterality, image.view, image.density) == ("cesm 7", "R", "MLO", 3)
    assert (image.dataset, image.kind, image.spacing, image.part) == (
        "CDD-CESM", "processed", None, None,
    )  # fmt: skip
    (finding,) = image.findings
    assert (finding.kinds, finding.pathology, finding.assessment) == (("mass",), "malignant", None)
    assert finding.box == (9.5, 19.5, 29.5, 39.5)
    assert left_out == {NAMELESS: 1}
    (tmp_path / "masks" / "P7_R_DM_MLO.png").unlink()
    with pytest.raises(UsageError, match=r"images\.csv, line 2: its image or its mask is no file"):
        read_masked(tmp_path)


SHAPES = {
    "polygon": ({"all_points_x": [40, 70, 70, 40], "all_points_y": [100, 100, 120, 120]},
                (99.5, 39.5, 119.5, 69.5)),
    "polyline": ({"all_points_x": [40, 70, 55], "all_points_y": [100, 100, 120]},
                 (99.5, 39.5, 119.5, 69.5)),
    "rect": ({"x": 40, "y": 100, "width": 30, "height": 20}, (99.5, 39.5, 119.5, 69.5)),
    "circle": ({"cx": 60, "cy": 110, "r": 20}, (89.5, 39.5, 129.5, 79.5)),
    "ellipse": ({"cx": 60, "cy": 110, "rx": 20, "ry": 10}, (99.5, 39.5, 119.5, 79.5)),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_every_region_has_a_box(tmp_path, name):
    shape, box = SHAPES[name]
    data = published(tmp_path, [row(7, **MASS)], [("P7_L_DM_CC", {"name": name, **shape})])
    (image,), _ = read_cesm(data)
    assert image.findings[0].box == box


def test_an_ellipse_turned_by_a_right_angle_is_high(tmp_path):
    shape = {"name": "ellipse", **SHAPES["ellipse"][0], "theta": np.pi / 2}
    (image,), _ = read_cesm(published(tmp_path, [row(7, **MASS)], [("P7_L_DM_CC", shape)]))
    assert image.findings[0].box == pytest.approx((89.5, 49.5, 129.5, 69.5))


def test_the_published_layout(tmp_path):
    rows = [
        row(7, **MASS), row(7, "R"), row(7, energy="CESM", **MASS), row(8, **MASS), row(9, **MASS),
        row(9, "R", Findings="Normal", **{"Pathology Classification/ Follow up": "Normal"}),
    ]  # fmt: skip
    regions = [
        ("P7_L_DM_CC ", SQUARE), ("P7_L_CM_CC", SQUARE), ("P9_L_DM_CC", SQUARE),
        ("P9_L_DM_CC", {"name": "point", "cx": 3, "cy": 4}), ("P9_R_DM_CC", {}),
    ]  # fmt: skip
    images, left_out = read_cesm(published(tmp_path, rows, regions))
    assert [(image.image.stem, len(image.findings)) for image in images] == [
        ("P7_L_DM_CC", 1), ("P7_R_DM_CC", 0), ("P9_R_DM_CC", 0),
    ]  # fmt: skip
    assert images[0].findings[0].assessment == 5
    assert left_out == {NOT_OUTLINED: 1, POINT: 1}


def test_the_sheet_of_excel_says_the_same(tmp_path):
    openpyxl = pytest.importorskip("openpyxl", reason="needs mammoscope[train]")
    rows = [row(7, **MASS), row(8, BIRADS=4.0)]
    data = published(tmp_path, rows, [("P7_L_DM_CC", SQUARE)])
    from_csv = read_cesm(data)
    (data / "Radiology-manual-annotations.csv").unlink()
    book = openpyxl.Workbook()
    book.active.append(["what this is"])
    sheet = book.create_sheet("all")
    for cells in (SHEET, *([one[name] for name in SHEET] for one in rows)):
        sheet.append(list(cells))
    book.save(data / "Radiology_manual_annotations.xlsx")
    assert read_cesm(data) == from_csv


def test_excel_needs_its_extra_or_a_csv(tmp_path, monkeypatch):
    data = published(tmp_path, [row(7, **MASS)], [])
    (data / "Radiology-manual-annotations.csv").rename(data / "Radiology-manual-annotations.xlsx")
    with pytest.raises(UsageError, match="expected a sheet of Excel"):
        read_cesm(data)
    monkeypatch.setattr(sheets, "find_spec", lambda name: None)
    with pytest.raises(ExtraError, match=r"mammoscope\[train\].*CSV"):
        read_cesm(data)


@pytest.mark.parametrize(
    "shape",
    [
        {"name": "star"}, {"name": "circle", "cx": 1, "cy": 2}, {"name": "rect", "x": 1e9, "y": 1},
        {"name": "polygon", "all_points_x": [1, 2], "all_points_y": [1]},
        {"name": "polygon", "all_points_x": [1, 2], "all_points_y": [1, 2]},
        {"name": "circle", "cx": 1, "cy": 2, "r": 1e7}, [1, 2],
    ],
)  # fmt: skip
def test_a_broken_region_is_one_error_that_names_the_line(tmp_path, shape):
    data = published(tmp_path, [row(7, **MASS)], [("P7_L_DM_CC", shape)])
    with pytest.raises(UsageError, match=r"segmentations_v2\.csv, line 2") as caught:
        read_cesm(data)
    assert "P7" not in str(caught.value)


@pytest.mark.parametrize(
    "cells",
    [
        {"Side": "B"}, {"View": "ML"}, {"Breast density (ACR)": "E"}, {"BIRADS": "9"},
        {"Patient_ID": "x"}, {"Pathology Classification/ Follow up": "?"},
    ],
)  # fmt: skip
def test_a_row_without_meaning_is_refused(tmp_path, cells):
    data = published(tmp_path, [row(7)], [])
    text = (data / "Radiology-manual-annotations.csv").read_text()
    old, new = (",".join(str((row(7) | more)[name]) for name in SHEET) for more in ({}, cells))
    (data / "Radiology-manual-annotations.csv").write_text(text.replace(old, new))
    with pytest.raises(UsageError, match=r"annotations\.csv, line 2"):
        read_cesm(data)


def test_what_is_missing_is_said(tmp_path):
    data = published(tmp_path, [row(7), row(8)], [])
    next((data / "Low energy images of CDD-CESM").iterdir()).unlink()
    with pytest.raises(UsageError, match="1 are missing"):
        read_cesm(data)
    (data / "Radiology_hand_drawn_segmentations_v2.csv").unlink()
    with pytest.raises(UsageError, match="no Radiology_hand_drawn_segmentations_v2"):
        read_cesm(data)
