"""Boxes, each figure worked by hand."""

import numpy as np
import pytest

from mammoscope.errors import GeometryError
from mammoscope.scores.boxes import areas, centres, corners, giou, iou, rectified, rescaled


def box(*edges):
    return np.array(edges, float)


def test_boxes_that_overlap():
    # 3 x 3 at the origin and 3 x 4 from (1, 1): shared 2 x 2, union 9 + 12 - 4, around both 4 x 5
    one, other = box(0, 0, 3, 3), box(1, 1, 4, 5)
    assert float(iou(one, other)) == pytest.approx(4 / 17)
    assert float(giou(one, other)) == pytest.approx(4 / 17 - 3 / 20)


def test_boxes_that_do_not_overlap():
    # 2 x 2 and 1 x 2, two rows and one column between them: union 6, around both 5 x 5
    one, other = box(0, 0, 2, 2), box(4, 3, 5, 5)
    assert float(iou(one, other)) == 0.0
    assert float(giou(one, other)) == pytest.approx(-(25 - 6) / 25)
    # moved nearer, it is less wrong
    assert float(giou(one, box(2, 2, 3, 4))) > float(giou(one, other))


def test_boxes_that_touch_share_nothing():
    assert float(iou(box(0, 0, 2, 2), box(0, 2, 2, 4))) == 0.0
    assert float(giou(box(0, 0, 2, 2), box(0, 2, 2, 4))) == 0.0


def test_one_box_in_the_other_and_the_same_box():
    assert float(giou(box(0, 0, 4, 4), box(1, 1, 3, 3))) == pytest.approx(4 / 16)
    assert float(giou(box(0, 0, 4, 4), box(0, 0, 4, 4))) == 1.0


def test_many_boxes_at_once():
    ones = np.stack([box(0, 0, 2, 2), box(0, 0, 1, 1)])
    others = np.stack([box(0, 0, 2, 2), box(0, 3, 1, 4)])
    assert giou(ones, others).tolist() == [1.0, -0.5]


@pytest.mark.parametrize("bad", [box(0, 0, 0, 1), box(2, 0, 1, 1), box(0, 0, np.nan, 1)])
def test_a_box_without_area_is_refused(bad):
    for measure in (iou, giou):
        with pytest.raises(GeometryError, match="bottom > top"):
            measure(bad, box(0, 0, 1, 1))


def test_a_square_turned_by_45_degrees_is_twice_as_large_once_rectified():
    half = np.sqrt(2)
    turned = np.array([[-half, 0], [0, half], [half, 0], [0, -half]])
    grown = rectified(turned)
    assert float(areas(grown)) == pytest.approx(8.0)
    own = rescaled(grown, 4.0)
    np.testing.assert_allclose(own, [-1, -1, 1, 1])
    assert centres(own).tolist() == [0.0, 0.0]


def test_corners_go_around_and_back():
    assert corners(box(1, 2, 3, 5)).tolist() == [[1, 2], [1, 5], [3, 5], [3, 2]]
    assert rectified(corners(box(1, 2, 3, 5))).tolist() == [1, 2, 3, 5]


def test_boxes_keep_their_proportions_when_rescaled():
    shrunk = rescaled(box(0, 0, 2, 8), 4.0)
    assert shrunk.tolist() == [0.5, 2.0, 1.5, 6.0]
    for wrong in (0.0, np.nan):
        with pytest.raises(GeometryError, match="above 0"):
            rescaled(box(0, 0, 2, 8), wrong)
