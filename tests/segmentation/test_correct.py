import numpy as np
import pytest

from mammoscope.segmentation.correct import chest_wall, correct, filled, largest


def breast(side="left"):
    """A half disc of radius 40 whose straight side lies on the left, with a triangle of muscle."""
    down, across = np.mgrid[0:100, 0:60]
    labels = ((down - 45) ** 2 + across**2 <= 40**2).astype(np.uint8)
    labels[(labels == 1) & (across < 25 - (down - 5) * 0.7)] = 2
    return labels if side == "left" else np.ascontiguousarray(labels[:, ::-1])


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("view", ["MLO", None])
def test_a_sound_mask_stays(side, view):
    labels = breast(side)
    assert (labels == 2).sum() > 300
    np.testing.assert_array_equal(correct(labels, side, view), labels)


def test_a_label_beside_the_breast_goes():
    labels = breast()
    labels[90:97, 50:58] = 1
    assert not correct(labels, "left", "MLO")[90:97, 50:58].any()


def test_a_strip_of_glare_along_the_chest_wall_goes():
    labels = breast()
    labels[85:100, 0:2] = 1
    changed = correct(labels, "left", "MLO")
    assert not changed[89:].any()
    np.testing.assert_array_equal(changed[:85], breast()[:85])


def test_a_hole_is_filled_with_breast():
    labels = breast()
    labels[50:55, 20:25] = 0
    assert (correct(labels, "left", "MLO")[50:55, 20:25] == 1).all()


def test_a_hole_in_the_muscle_is_muscle():
    labels = breast()
    labels[10:13, 4:7] = 0
    labels[14:16, 4:7] = 1
    np.testing.assert_array_equal(correct(labels, "left", "MLO"), breast())


def test_muscle_away_from_the_chest_wall_becomes_breast():
    labels = breast()
    labels[40:50, 20:30] = 2
    np.testing.assert_array_equal(correct(labels, "left", "MLO"), breast())


def test_muscle_at_the_wrong_side_becomes_breast():
    assert not (correct(breast(), "right", "MLO") == 2).any()


def test_muscle_that_does_not_reach_the_top_goes_in_mlo_and_stays_in_cc():
    labels = np.where(breast() > 0, 1, 0).astype(np.uint8)
    labels[30:60, 0:6] = 2
    assert not (correct(labels, "left", "MLO") == 2).any()
    assert (correct(labels, "left", "CC") == 2).sum() == 30 * 6


def test_a_crumb_of_muscle_goes():
    labels = np.where(breast() > 0, 1, 0).astype(np.uint8)
    labels[6:9, 0:2] = 2
    assert not (correct(labels, "left", "MLO") == 2).any()


def test_breast_that_the_muscle_cuts_off_becomes_muscle():
    labels = breast()
    labels[8:15, 0:3] = 1
    np.testing.assert_array_equal(correct(labels, "left", "MLO"), breast())


@pytest.mark.parametrize("value", [0, 1])
def test_one_label_everywhere(value):
    labels = np.full((20, 10), value, np.uint8)
    np.testing.assert_array_equal(correct(labels, "left", "MLO"), labels)


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_straight_side_is_the_chest_wall(side):
    assert chest_wall(breast(side) > 0) == side


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_label_at_the_chest_wall_does_not_move_it_to_the_other_side(side):
    body = np.pad(breast() > 0, ((0, 0), (10, 0)))
    body[20:35, 2:12] = True
    assert chest_wall(body if side == "left" else np.ascontiguousarray(body[:, ::-1])) == side


def test_nothing_has_no_largest_part_and_no_hole():
    nothing = np.zeros((5, 4), bool)
    assert not largest(nothing).any()
    assert not filled(nothing).any()
    assert chest_wall(nothing) == "left"
