from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mammoscope.io.marks import MarkedImage
from mammoscope.positioning import published, tables
from mammoscope.positioning.evaluate import NOTHING, Case, Errors

RECORD = MarkedImage(
    Path("synthetic.png"), "synthetic", "synthetic", "MLO", "processed", (100, 80), {},
    spacing_mm=(0.5, 0.5),
)  # fmt: skip
NO_SPACING = replace(RECORD, spacing_mm=None)


def case(error=2.0, said=False, truth=False, run=1, record=RECORD, **others):
    mm = Errors(error, 2 * error, 3 * error, 4 * error) if record.spacing_mm else NOTHING
    return Case(record, run, mm, Errors(error, error, error, error), 5 * error, said, truth, **others)


def row(table, name):
    (line,) = [line for line in table.rows if line[0] == name]
    return line


def test_table_1_is_over_the_images_of_all_runs():
    first, _ = tables.all_tables({"coordatt u-net": [case(1.0), case(2.0), case(6.0, run=2)]})
    # mean 3, deviation sqrt((4 + 1 + 9) / 2) = 2.65, median 2
    cells = row(first, "CoordAtt UNet")
    assert cells[1:5] == (
        "3.00 ± 2.65 (2.00)", "4.99 ± 4.88 (3.82)", "6.00 ± 5.29 (4.00)", "5.62 ± 5.29 (4.14)",
    )  # fmt: skip
    assert cells[-2:] == ("15.00 ± 13.23 (10.00)", "2.42 ± 2.56 (1.75)")
    assert first.head[:5] == ("Model", "Perp", "paper", "Pec1", "paper")


def test_table_2_is_over_runs():
    run_1 = [case(said=True, truth=True), case(said=False, truth=False)]
    run_2 = [case(said=False, truth=True, run=2), case(said=False, truth=False, run=2)]
    *_, table = tables.all_tables({"resnext50": run_1 + run_2})
    # accuracy 100 and 50, specificity 100 and 100, sensitivity 100 and 0
    assert row(table, "ResNeXt50") == (
        "ResNeXt50", "75.00 ± 35.36", "73.70 ± 3.35", "100.00 ± 0.00", "76.91 ± 6.26",
        "50.00 ± 70.71", "68.57 ± 11.41",
    )  # fmt: skip
    assert "over runs (2; the paper's: 5)" in table.notes[0]


def test_the_classifier_has_no_landmarks():
    assert [table.title for table in tables.all_tables({"resnext50": [case()]})] == [
        "Positioning quality (Table 2)"
    ]


def test_magnification_stands_in_a_table_of_its_own():
    cases = {"u-net": [case(2.0, magnification=1.25), case(9.0)], "heatmaps": [case()]}
    _, corrected, _ = tables.all_tables(cases)
    assert corrected.title == "Landmark errors in the breast in mm (Table 1, corrected)"
    # 2 / 1.25 of the one image whose header gives a factor
    assert row(corrected, "UNet") == (
        "UNet", "1", "1.60 (1.60)", "3.20 (3.20)", "4.80 (4.80)", "6.40 (6.40)",
    )  # fmt: skip
    assert row(corrected, "Heatmaps")[1:3] == ("0", "no factor")


def test_without_spacing_errors_are_in_height():
    first, height, _ = tables.all_tables({"u-net": [case(record=NO_SPACING)]})
    assert set(row(first, "UNet")[1:9:2]) == {"no spacing"}
    assert row(first, "UNet")[9] == "10.00 (10.00)"
    assert height.title == "Landmark errors in % of the image's height"
    assert row(height, "UNet")[1] == "2.00 (2.00)"


def test_where_some_images_have_spacing_their_number_is_told():
    first, height, _ = tables.all_tables({"u-net": [case(2.0), case(4.0, record=NO_SPACING)]})
    assert row(first, "UNet")[1] == "2.00 (2.00)"
    assert "mm of 1 of 2 answers: the other images have no spacing" in first.notes
    assert row(height, "UNet")[1] == "3.00 ± 1.41 (3.00)"


def test_an_image_without_an_answer_is_wrong_and_is_counted():
    silent = Case(RECORD, 1, NOTHING, NOTHING, np.nan, None, False)
    first, second = tables.all_tables({"shipped": [case(2.0), silent]}, ["learnt from nothing"])
    assert row(first, "Shipped weights")[1] == "2.00 (2.00)"
    assert row(second, "Shipped weights")[1:4] == ("50.00", "", "50.00")
    assert "Shipped weights: no answer for 1 images" in first.notes
    assert second.notes[-1] == "learnt from nothing"


@pytest.mark.parametrize("table", [published.TABLE_1, published.TABLE_2])
def test_the_papers_rows_are_named_as_ours(table):
    assert set(table) <= set(tables.TITLES.values())
