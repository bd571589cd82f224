"""FROC of a finder on boxed images."""

import csv
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from mammoscope.core import Frame
from mammoscope.core.findings import Finding, Findings
from mammoscope.findings.measured import (
    Case,
    evaluate,
    figures,
    groups,
    kinds_of,
    tables,
    write_cases,
)
from mammoscope.io.findings import BoxedFinding, FindingsImage
from tests.synthetic import breast_pixels

BOX = (100.0, 40.0, 140.0, 60.0)
LESION = BoxedFinding(("mass",), BOX, "mass 1", "malignant", 4, 5)


def record(name="a.png", woman="one", findings=(LESION,), **others):
    shown = FindingsImage(Path(name), woman, "A", "L", "CC", "film", tuple(findings), (0.5, 0.25), 2)
    return replace(shown, **others)


def found(box=BOX, score=0.9, kind="mass"):
    return Finding(kind, box, score)


def case(*detections, shown=1, looked_for=("mass",), **others):
    of = record(**others)
    return Case(of, tuple(detections), shown, looked_for, of.spacing)


HIT = case(found())
MISSED = case(found((0.0, 0.0, 9.0, 9.0), 0.4), woman="two", density=3)
NORMAL = case(found((0.0, 0.0, 9.0, 9.0), 0.3), shown=0, woman="three", findings=())


def test_one_lesion_of_two_is_found_at_two_false_positives_on_three_images():
    (table,) = tables([HIT, MISSED, NORMAL])
    assert table.title == "Sensitivity for mass at false positives an image (3 images)"
    assert table.head == ("lesions", "N", "at 0.25", "at 0.5", "at 1", "at 2")
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["all"][0] == "2"
    assert all(cell.startswith("0.500") for cell in rows["all"][1:])
    assert rows["density 2"][:2][0] == "1"
    assert rows["density 2"][1].startswith("1.000")
    assert rows["density 3"][1].startswith("0.000")
    assert "1 of 2 lesions, 0.33 false positives" in table.notes[0]


def test_what_all_share_makes_no_group():
    assert set(groups([HIT, MISSED], "mass")) == {"all", "density 2", "density 3"}


def test_sizes_are_of_the_longer_side_in_mm_and_unknown_ones_are_no_group():
    # 40 rows of 0.5 mm are 20 mm, 20 columns of 0.25 mm are 5
    assert HIT.size_mm(LESION) == 20
    tall = replace(LESION, box=(100.0, 40.0, 141.0, 60.0))
    small = replace(LESION, box=(100.0, 40.0, 110.0, 60.0))
    huge = replace(LESION, box=(10.0, 40.0, 130.0, 60.0))
    unknown = case(spacing=None)
    assert unknown.size_mm(LESION) is None
    by = groups([HIT, case(findings=(tall, small)), case(findings=(huge,)), unknown], "mass")
    assert {name: chosen.tolist() for name, chosen in by.items() if "size" in name} == {
        "size 0–10 mm": [False, False, True, False, False],
        "size 10–20 mm": [True, False, False, False, False],
        "size 20–50 mm": [False, True, False, False, False],
        "size 50 mm or more": [False, False, False, True, False],
    }


def test_kinds_that_are_not_looked_for_or_not_there_have_no_table():
    calcified = replace(LESION, kinds=("suspicious calcification",))
    other = case(found(), findings=(calcified,), looked_for=("mass", "asymmetry"))
    assert kinds_of([other, HIT]) == ("mass",)
    assert kinds_of([other]) == ()
    assert tables([other]) == []
    # a mass where calcifications alone are boxed is a false positive
    assert other.marked("mass").lesions.shape == (0, 4)


def test_a_card_has_a_line_for_each_rate():
    lines = figures([HIT, MISSED])
    assert [line["figure"].split(" at ")[1] for line in lines] == [
        f"{rate} false positives an image" for rate in ("0.25", "0.5", "1", "2")
    ]
    assert lines[0]["estimate"] == 0.5
    assert lines[0]["images"] == 2


def test_every_lesion_and_every_false_positive_has_a_row(tmp_path):
    write_cases({"shipped": [HIT, MISSED, NORMAL]}, tmp_path / "cases.csv")
    with (tmp_path / "cases.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [(row["woman"], row["what"], row["score"]) for row in rows] == [
        ("one", "lesion", "0.9"), ("two", "lesion", ""), ("two", "false positive", "0.4"),
        ("three", "false positive", "0.3"),
    ]  # fmt: skip
    assert (rows[0]["size_mm"], rows[0]["subtlety"], rows[0]["pathology"]) == (
        "20.0", "4", "malignant",
    )  # fmt: skip


def test_a_finder_sees_what_the_table_knows_of_the_image(tmp_path):
    cv2.imwrite(str(tmp_path / "a.png"), breast_pixels(bits=8))
    seen = []

    def finder(mammogram):
        seen.append(mammogram)
        heat = {"mass": np.zeros((2, 2), np.float32)}
        frame = Frame.of(mammogram.pixels.shape)
        return Findings((found(), found(score=0.2)), heat, frame, {}, "spacing", "none", threshold=0.5)

    (one,) = evaluate(finder, [record(str(tmp_path / "a.png"))])
    assert (seen[0].about.spacing.row, seen[0].about.spacing.column) == (0.5, 0.25)
    assert (len(one.found), one.shown, one.looked_for, one.spacing) == (
        2, 1, ("mass",), (0.5, 0.25),
    )  # fmt: skip
    assert one.marked("mass").scores.tolist() == [0.9, 0.2]


def test_the_same_women_give_the_same_intervals():
    assert tables([HIT, MISSED, NORMAL]) == tables([HIT, MISSED, NORMAL])
