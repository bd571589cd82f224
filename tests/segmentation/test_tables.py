"""Cells worked by hand from a few cases."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mammoscope.errors import GeometryError
from mammoscope.io.annotations import SegmentationRecord
from mammoscope.segmentation import published, tables
from mammoscope.segmentation.evaluate import Case, score

NAN = float("nan")


def case(view="MLO", breast=0.9, pectoral=0.8, true=0.2, said=0.2, dataset="Fuji", kind="processed"):
    record = SegmentationRecord(Path("i.png"), Path("m.png"), "w", dataset, view, kind)
    return Case(record, breast, pectoral if true else NAN, breast, true, said)


def row(table, name):
    (line,) = [line for line in table.rows if line[0] == name]
    return line[1::2]


def test_a_case_is_measured_by_the_papers_equations():
    truth = np.array([[2, 1, 1, 1, 1, 0]], np.uint8)
    labels = np.array([[2, 2, 1, 1, 1, 0]], np.uint8)
    measured = score(case().record, labels, truth)
    assert measured.pectoral == pytest.approx(2 / 3)
    assert measured.breast == pytest.approx(6 / 7)
    assert measured.overall == pytest.approx((1 * 2 / 3 + 4 * 6 / 7) / 5)
    assert (measured.true_size, measured.said_size) == (0.25, 0.5)
    assert measured.present
    assert measured.found(0.49)
    assert not measured.found(0.5)
    with pytest.raises(GeometryError):
        score(case().record, labels, truth.T.copy())


def test_views_are_compared():
    cases = [case(breast=0.8), case(breast=0.9), case("CC", 1.0, true=0.0), case("CC", 0.98, true=0.0)]
    table = tables.by_view(cases)
    assert row(table, "MLO") == ("2", "0.85 ± 0.07", "0.80 ± 0.00 (2)", "0.85 ± 0.07")
    assert row(table, "CC")[2] == "(0)"
    # pooled deviation 0.0510 on 2 degrees of freedom: t = -0.14 / 0.0510 = -2.746, p = 0.111
    said = "MLO against CC, breast: -0.14, unpaired t-test p = 0.111; the paper's: p < 0.001"
    assert said in table.notes


def test_a_muscle_is_missed_or_imagined_at_0_and_at_1_percent():
    present = [case("CC", true=0.05, said=said) for said in (0.0, 0.005, 0.1)]
    absent = [case("CC", true=0.0, said=said) for said in (0.005, 0.02, 0.0, 0.0)]
    table = tables.muscle(present + absent)
    assert table.notes == (
        "CC, pectoral Dice where it was found: 0.80 ± 0.00 (n = 2); the paper's: 0.68 ± 0.21 (n = 68)",
    )
    cells = row(table, "CC")
    assert cells[:2] == ("7", "42.9% (3/7)")
    assert cells[2] == "5.0% ± 0.0%"
    assert cells[3:] == ("33.3% (1/3)", "50.0% (2/4)", "66.7% (2/3)", "25.0% (1/4)")


def test_data_sets_stand_in_the_papers_order_and_films_are_set_apart():
    cases = [
        case(dataset="own", breast=0.7), case(dataset="mini-MIAS", breast=0.5, kind="film"),
        case(dataset="Hologic"), case(dataset="Hologic", breast=0.8),
    ]  # fmt: skip
    table = tables.by_dataset(cases)
    assert [line[0] for line in table.rows] == ["Hologic", "mini-MIAS", "own", "All", "All DM"]
    assert (row(table, "All")[0], row(table, "All DM")[0]) == ("4", "3")
    assert row(table, "mini-MIAS")[1] == "0.50"


def test_tukey_names_the_pairs_that_differ():
    cases = [case(dataset=name, breast=level + step) for name, level in (("Fuji", 0.9), ("GE", 0.5))
             for step in (-0.01, 0.0, 0.01)]  # fmt: skip
    note = tables.by_dataset(cases).notes[0]
    assert note.startswith("breast: one-way ANOVA p < 0.001; Tukey tells apart: Fuji and GE")


def test_two_models_are_compared_in_pairs():
    first = [case(breast=b, kind=kind) for b in (0.8, 0.9, 0.7) for kind in ("processed", "raw")]
    better = [replace(one, overall=one.overall + gain)
              for one, gain in zip(first, (0.01, 0.1, 0.02, 0.2, 0.03, 0.3), strict=True)]  # fmt: skip
    table = tables.raw_and_processed(first, better)
    # gains of 1, 2, 3 steps: t = 2 / (1 / sqrt(3)) = 3.46 on 2 degrees of freedom, p = 0.074
    assert table.notes == (
        "processed images, trained with raw against without: +0.02, paired t-test p = 0.074; "
        "the paper's: p = 0.11",
        "raw images, trained with raw against without: +0.20, paired t-test p = 0.074; "
        "the paper's: p < 0.001",
    )


def test_left_out_sets_are_starred_at_the_corrected_level():
    near, far = [case(breast=b) for b in (0.8, 0.81)], [case(breast=b) for b in (0.2, 0.21)]
    table = tables.left_out({"Fuji": (10, near, far), "GE": (12, near, near)})
    assert row(table, "Fuji")[5:] == ("-0.60*", "<0.001")
    assert row(table, "GE")[5:] == ("+0.00", "1.000")


def test_a_test_that_cannot_be_made_leaves_its_cell_empty():
    table = tables.left_out({"Fuji": (10, [case()], [case()]), "GE": (12, [case()] * 2, [case()])})
    assert row(table, "Fuji")[5:] == ("+0.00", "")
    assert row(tables.left_out({"Fuji": (10, [case()], [])}), "Fuji")[5:] == ("", "")


def test_raw_images_stand_in_a_table_of_their_own():
    cases = [case(), case("CC", true=0.0), case(breast=0.3, kind="raw")]
    shown = tables.overview(cases)
    assert [table.title for table in shown] == [
        "Dice by view (Table 5)", "The pectoral muscle (Table 6)", "Dice by data set (Table 7)",
        "Dice of raw images by data set",
    ]  # fmt: skip
    assert row(shown[0], "All")[0] == "2"
    assert row(shown[2], "Fuji")[0] == "2"
    assert row(shown[3], "Fuji")[:2] == ("1", "0.30")
    assert len(tables.overview(cases[:2])) == 3


def test_a_muscle_without_a_breast_is_present():
    truth = np.array([[2, 2, 0]], np.uint8)
    measured = score(case().record, truth, truth)
    assert measured.present
    assert measured.found(0.01)


def test_the_best_weight_of_the_muscle_is_named():
    table = tables.losses({"Focal loss 1.0": [case()], "Focal loss 1.5": [case(pectoral=0.9)]})
    assert "Highest pectoral Dice: Focal loss 1.5" in table.notes[0]


def test_the_paper_stands_beside_ours():
    table = tables.by_view([case()])
    assert table.head[:4] == ("View", "n", "paper", "Breast")
    (line,) = [line for line in table.rows if line[0] == "MLO"]
    assert line[2::2] == published.TABLE_5["MLO"]
    assert "0.83 ± 0.20 (451)" in table.text()


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        (published.TABLE_4, 2), (published.TABLE_5, 4), (published.TABLE_6, 7), (published.TABLE_7, 4),
        (published.TABLE_8, 5), (published.TABLE_9, 7),
    ],
)  # fmt: skip
def test_published_rows_are_whole(rows, columns):
    assert {len(cells) for cells in rows.values()} == {columns}
