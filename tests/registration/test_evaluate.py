"""What is measured of a placed box, worked by hand."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mammoscope.core import BREAST, PECTORAL, Frame, Mask
from mammoscope.io.pairs import Pair, PairedLesion
from mammoscope.registration.evaluate import (
    Area,
    Placed,
    Seen,
    Views,
    evaluate,
    on_muscle,
    own_area,
    score,
)
from tests.registration.pairs import mammogram

CC, MLO = (10.0, 10.0, 14.0, 14.0), (20.0, 10.0, 24.0, 14.0)
PAIR = Pair(
    "P_1", "L", "synthetic", Path("cc.png"), Path("mlo.png"), (PairedLesion("1", CC, MLO, "mass"),), 1,
    (0.5, 0.5), (0.5, 0.5),
)  # fmt: skip
SHAPE = (80, 40)


def labels(*, muscle=0):
    """Breast in the first 20 columns, muscle in its first rows."""
    made = np.zeros(SHAPE, np.uint8)
    made[:, :20] = BREAST
    made[:muscle, :20] = PECTORAL
    return Mask(made, Frame.of(SHAPE))


def views(muscle=0):
    blank = mammogram(np.zeros(SHAPE))
    return Views(Seen(blank, None, labels()), Seen(blank, None, labels(muscle=muscle)))


def shifted(rows, columns=0.0):
    return Placed(lambda points: points + np.array([rows, columns]))


def test_a_box_that_lands_on_its_partner():
    (case,) = score(PAIR, views(), shifted(10.0))
    assert case.as_rectified == (1.0, 1.0)
    assert case.own_area.overlaps
    assert (case.centre_mm, case.centre_percent) == (0.0, 0.0)


def test_a_box_that_lands_beside():
    # four rows below 4 x 4: they touch; 4 rows of 0.5 mm are 2 mm, of 80 rows 5 %
    (case,) = score(PAIR, views(), shifted(14.0))
    assert case.as_rectified == (0.0, 0.0)
    assert not case.as_rectified.overlaps
    assert (case.centre_mm, case.centre_percent) == (2.0, 5.0)


def test_a_turned_box_is_rewarded_for_its_size_unless_it_is_shrunk():
    # a quarter square of 4 x 4 turned by 45° about its centre is 5.66 wide once rectified
    turn = np.array([[1.0, -1.0], [1.0, 1.0]]) / np.sqrt(2)
    middle = np.array([12.0, 12.0])
    placed = Placed(lambda points: (points - middle) @ turn.T + middle + [10.0, 4.5])
    (case,) = score(PAIR, views(), placed)
    assert case.as_rectified.overlaps
    assert not case.own_area.overlaps
    # shared columns: 2.83 + 2 - 4.5
    wide = 4 * np.sqrt(2)
    shared = (wide / 2 + 2 - 4.5) * 4
    assert case.as_rectified.iou == pytest.approx(shared / (wide**2 + 16 - shared))


def test_the_own_area_is_that_on_the_other_film():
    assert own_area(PAIR, PAIR.lesions[0]) == 16.0
    finer = replace(PAIR, mlo_spacing=(0.25, 0.25))
    assert own_area(finer, finer.lesions[0]) == 64.0
    assert own_area(replace(finer, cc_spacing=None), finer.lesions[0]) == 16.0


def test_without_spacing_there_are_no_millimetres():
    (case,) = score(replace(PAIR, mlo_spacing=None), views(), shifted(14.0))
    assert np.isnan(case.centre_mm)
    assert case.centre_percent == 5.0


def test_without_an_answer_nothing_overlaps():
    for silent in (Placed(), Placed(lambda points: np.full(points.shape, np.nan))):
        (case,) = score(PAIR, views(), silent)
        assert not case.as_rectified.overlaps
        assert np.isnan(case.as_rectified.iou)
        assert np.isnan(case.centre_percent)


def test_the_share_of_the_breast_that_lands_on_the_muscle():
    # every eighth row of 80 is placed; moved up by 24 rows, the rows 24 and 32 land on rows 0 and 8
    assert on_muscle(views(muscle=16), shifted(-24.0)) == pytest.approx(2 / 10)
    assert on_muscle(views(muscle=16), shifted(-80.0)) == 0.0
    assert np.isnan(on_muscle(views()._replace(mlo=Seen(views().mlo.mammogram)), shifted(0.0)))
    stretched, fine = (score(PAIR, views(16), shifted(rows))[0].stretched for rows in (-24.0, 40.0))
    assert (stretched, fine) == (1.0, 0.0)


def test_a_searched_part_is_measured_by_its_area_and_whether_it_holds_the_centre():
    # 400 pixels of 80 x 20 of breast and muscle, 0.25 mm² each
    placed = Placed(search=lambda box: Area(400.0, lambda point: point == (22.0, 12.0)))
    (case,) = score(PAIR, views(), placed)
    assert (case.searched, case.searched_mm2, case.found) == (0.25, 100.0, True)
    (case,) = score(PAIR, views(), Placed(search=lambda box: Area(400.0, lambda point: False)))
    assert case.found is False
    assert score(PAIR, views(), shifted(0.0))[0].found is None


def test_each_pair_is_looked_at_once_and_each_method_never_sees_the_truth():
    looked = []

    def look(pair):
        looked.append(pair)
        return views()

    seen = []

    def method(given):
        seen.append(given)
        return shifted(10.0)

    cases = evaluate([PAIR, PAIR], look, {"one": lambda pair: method, "two": lambda pair: method})
    assert len(looked) == 2
    assert [len(found) for found in cases.values()] == [2, 2]
    assert all(isinstance(given, Views) for given in seen)
