"""The paper's yardstick on answers worked by hand."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mammoscope.core import Landmark, Landmarks
from mammoscope.io.marks import MarkedImage
from mammoscope.io.vindr import read_positioning_labels
from mammoscope.positioning.evaluate import (
    Answer,
    answers_of,
    magnifications,
    score,
    write_cases,
)
from mammoscope.positioning.labels import SPLITS
from tests.positioning import miniature_vindr

RECORD = MarkedImage(
    Path("synthetic.png"), "synthetic", "synthetic", "MLO", "processed", (100, 80),
    {"nipple": (40.0, 60.0), "pectoral upper": (10.0, 20.0), "pectoral lower": (60.0, 20.0)},
    spacing_mm=(0.5, 0.5),
)  # fmt: skip
POINTS = np.array([[50.0, 26.0], [12.0, 26.0], [43.0, 64.0]])
"""Lower end, upper end, nipple: a line 6 columns off, a nipple 3 rows and 4 columns off."""


def test_errors_in_mm_and_in_height():
    case = score(RECORD, Answer(POINTS))
    # feet (43, 26) and (40, 20): sqrt(9 + 36) = 6.7082 pixels; both lines end at rows 10 and 89
    assert case.mm == pytest.approx((3.3541, 3.0, 3.0, 2.5), abs=1e-4)
    assert case.height == pytest.approx((6.7082, 6.0, 6.0, 5.0), abs=1e-4)
    assert (case.angle, case.said_poor, case.truly_poor) == (0.0, False, False)


def test_pixels_that_are_not_square():
    wide = replace(
        RECORD, shape=(100, 160), spacing_mm=(0.5, 0.25),
        points={name: (row, 2 * column) for name, (row, column) in RECORD.points.items()},
    )  # fmt: skip
    case = score(wide, Answer(POINTS * (1, 2)))
    # ends lie 10 pixels from the border: the same for vertical lines
    assert case.mm == pytest.approx((3.3541, 3.0, 3.0, 2.5), abs=1e-4)
    assert case.height == pytest.approx((6.7082, 6.0, 6.0, 5.0), abs=1e-4)


def test_the_angle_between_the_lines():
    # 38 rows down, 38 columns across: 45 degrees from the vertical mark
    turned = np.array([[50.0, 64.0], [12.0, 26.0], [43.0, 64.0]])
    assert score(RECORD, Answer(turned)).angle == pytest.approx(45)


def test_without_spacing_there_are_no_millimetres():
    case = score(replace(RECORD, spacing_mm=None), Answer(POINTS))
    assert np.isnan(case.mm).all()
    assert case.height.nipple == pytest.approx(5)


def test_magnification_corrects_lengths():
    case = score(RECORD, Answer(POINTS), magnification=1.25)
    assert case.mm.nipple == pytest.approx(2.5)
    assert case.corrected.nipple == pytest.approx(2.0)
    assert np.isnan(score(RECORD, Answer(POINTS)).corrected).all()


def test_the_decision_is_of_the_foot():
    # line from (10, 40) to (50, 0): u = (1, -1) / sqrt 2; N = (95, 5): foot = (65, -15), outside
    outside = np.array([[50.0, 0.0], [10.0, 40.0], [95.0, 5.0]])
    assert score(RECORD, Answer(outside)).said_poor is True


def test_a_classifier_has_a_decision_and_no_errors():
    case = score(RECORD, Answer(None, poor=True))
    assert (case.said_poor, case.truly_poor) == (True, False)
    assert np.isnan([*case.mm, *case.height, case.angle]).all()


@pytest.mark.parametrize(
    "points", [None, np.full((3, 2), np.nan), np.array([[5.0, 5.0], [5.0, 5.0], [1.0, 1.0]])]
)
def test_no_line_is_no_answer(points):
    case = score(RECORD, Answer(points))
    assert case.said_poor is None
    assert np.isnan(case.mm).all()


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    folder = tmp_path_factory.mktemp("vindr")
    found = read_positioning_labels(miniature_vindr.write(folder), folder)
    return [record for record in found if record.split == "test"]


def test_magnification_is_of_the_header(records):
    assert "test" in SPLITS
    assert magnifications(records) == [1.25, None, 1.25, None]


def test_what_is_located_is_measured_and_what_is_not_seen_is_no_answer(records):
    def locator(mammogram):
        good = mammogram.about.laterality.value == "L"
        seen = Landmark((10.0, 20.0), ((1.0, 0.0), (0.0, 1.0)), 1.0)
        other = Landmark((50.0, 10.0), ((1.0, 0.0), (0.0, 1.0)), 1.0)
        nipple = other if good else Landmark(None, ((1.0, 0.0), (0.0, 1.0)), 0.1)
        points = {"nipple": nipple, "pectoral upper": seen, "pectoral lower": other}
        return Landmarks(points, None, "left", "spacing", "synthetic")

    answers = answers_of(locator, records[:2])
    np.testing.assert_array_equal(answers[0].points, [[50, 10], [10, 20], [50, 10]])
    assert answers[1] == Answer(None)


def test_a_line_for_each_image_and_run(tmp_path):
    cases = {"u-net": [score(RECORD, Answer(POINTS), 2, 1.25), score(RECORD, Answer(None), 1)]}
    write_cases(cases, tmp_path / "cases.csv")
    first, second = csv.DictReader((tmp_path / "cases.csv").open())
    assert (first["model"], first["run"], first["said"], first["truth"]) == (
        "u-net",
        "2",
        "good",
        "good",
    )
    assert (first["nipple_mm"], first["nipple_percent"], first["magnification"]) == (
        "2.5000", "5.0000", "1.2500",
    )  # fmt: skip
    assert (second["nipple_mm"], second["said"], second["magnification"]) == ("", "", "")
