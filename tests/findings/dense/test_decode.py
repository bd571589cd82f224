"""Answers of cells to boxes."""

import numpy as np

from mammoscope.findings.dense.decode import Boxed, merged, peaks


def answer(cells, shape=(6, 7)):
    heat, box = np.zeros(shape, np.float32), np.zeros((4, *shape), np.float32)
    for (row, column), score, told in cells:
        heat[row, column], box[:, row, column] = score, told
    return heat, box


def test_a_peak_becomes_a_box_in_pixels():
    sides = np.log([2.0, 4.0])
    found = peaks(*answer([((2, 3), 0.8, (0.25, -0.5, *sides)), ((2, 4), 0.7, (0, 0, 0, 0))]))
    middle = np.array([(2 + 0.5 + 0.25) * 16 - 0.5, (3 + 0.5 - 0.5) * 16 - 0.5])
    half = np.array([16, 32])
    np.testing.assert_allclose(found.boxes, [[*middle - half, *middle + half]], rtol=1e-6)
    np.testing.assert_allclose(found.scores, [0.8], rtol=1e-6)


def test_a_coarser_level_is_told_in_pixels_of_the_first():
    one, two = (peaks(*answer([((1, 1), 0.5, (0, 0, 0, 0))]), level) for level in (1.0, 2.0))
    np.testing.assert_allclose(two.boxes + 0.5, 2 * (one.boxes + 0.5))
    assert two.levels.tolist() == [2.0]


def test_what_hardly_scores_is_no_candidate():
    assert len(peaks(*answer([((1, 1), 0.01, (0, 0, 0, 0))])).boxes) == 0


def test_a_better_box_covers_what_lies_in_it_around_it_or_over_it():
    boxes = np.array([
        [0.0, 0.0, 20.0, 20.0],
        [4.0, 4.0, 8.0, 8.0],  # in it
        [-30.0, -30.0, 60.0, 60.0],  # around it
        [9.0, 0.0, 31.0, 20.0],  # over it
        [18.0, 18.0, 40.0, 40.0],  # beside it
    ])  # fmt: skip
    scores = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    first = Boxed(boxes[:2], scores[:2], np.ones(2), np.array([1, 0]))
    other = Boxed(boxes[2:], scores[2:], 2 * np.ones(3), np.array([0, 0, 0]))
    kept = merged([first, other])
    assert kept.scores.tolist() == [0.9, 0.5]
    assert kept.levels.tolist() == [1.0, 2.0]
    assert kept.classes.tolist() == [1, 0]


def test_nothing_merges_to_nothing():
    assert len(merged([peaks(*answer([]))]).boxes) == 0
