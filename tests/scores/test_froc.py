"""FROC counted by hand.

Three images of two women. Lesions are squares of 10; detections, by falling score:

image 0 (woman a, one lesion):   0.9 on the lesion, 0.8 on it again, 0.3 beside it
image 1 (woman a, two lesions):  0.7 beside them, 0.6 on the first; nothing on the second
image 2 (woman b, no lesion):    0.5, 0.2

Lesions are found at 0.9, 0.6 and never. False positives, falling: 0.7, 0.5, 0.3, 0.2.
"""

import numpy as np
import pytest

from mammoscope.errors import GeometryError, UsageError
from mammoscope.scores.froc import (
    Marked,
    count,
    gain,
    hits,
    interval,
    once,
    sensitivity,
    threshold,
)

FAR = [500.0, 500.0, 510.0, 510.0]
WOMEN = ["a", "a", "b"]
NONE = np.zeros((0, 4))


def square(row, column, size=10.0):
    return [row - size / 2, column - size / 2, row + size / 2, column + size / 2]


def marked(found, lesions):
    """Detections as (box, score), then lesions."""
    boxes = np.array([box for box, _ in found], float).reshape(-1, 4)
    return Marked(
        boxes, np.array([score for _, score in found], float), np.array(lesions).reshape(-1, 4)
    )


@pytest.fixture
def three():
    return count(
        [
            marked(
                [(square(50, 50), 0.9), (square(52, 50), 0.8), (FAR, 0.3)], [square(50, 50)]
            ),
            marked(
                [(FAR, 0.7), (square(100, 104), 0.6)], [square(100, 100), square(200, 200)]
            ),
            marked([(FAR, 0.5), (square(50, 50), 0.2)], []),
        ]
    )  # fmt: skip


def test_lesions_and_false_positives_are_counted(three):
    assert three.found.tolist() == [0.9, 0.6, -np.inf]
    assert three.where.tolist() == [0, 1, 1]
    assert three.false.tolist() == [0.7, 0.5, 0.3, 0.2]
    assert three.false_where.tolist() == [1, 2, 0, 2]
    assert three.images == 3


@pytest.mark.parametrize(
    ("rate", "above", "share"),
    [
        (0.0, 0.7, 1 / 3),
        (0.25, 0.7, 1 / 3),
        (1 / 3, 0.5, 2 / 3),
        (0.5, 0.5, 2 / 3),
        (1.0, 0.2, 2 / 3),
        (4 / 3, -np.inf, 2 / 3),
        (2.0, -np.inf, 2 / 3),
    ],
)
def test_sensitivity_at_a_rate(three, rate, above, share):
    """At 0.25 an image three images allow none, at a third of one they allow the one at 0.7."""
    assert threshold(three, rate) == above
    assert sensitivity(three, rate) == pytest.approx(share)


def test_what_nothing_hits_is_not_found_at_any_threshold(three):
    assert sensitivity(three, 100.0) == pytest.approx(2 / 3)


def test_a_group_is_counted_at_the_threshold_of_all(three):
    second = np.array([False, True, False])
    assert sensitivity(three, 0.25, second) == 0.0
    assert sensitivity(three, 0.5, second) == 1.0
    assert np.isnan(sensitivity(three, 0.5, np.zeros(3, bool)))


def test_drawing_a_woman_twice_counts_all_of_hers_twice(three):
    """Woman b twice: two images, with false positives at 0.5, 0.5, 0.2, 0.2."""
    drawn = np.array([0, 0, 2])
    assert threshold(three, 0.9, drawn) == 0.5
    assert threshold(three, 1.0, drawn) == 0.2
    twice = np.array([2, 2, 1])
    assert sensitivity(three, 0.4, None, twice) == pytest.approx(2 / 3)
    assert sensitivity(three, 0.39, None, twice) == pytest.approx(1 / 3)


def test_false_positives_of_equal_scores_are_marked_together_or_not_at_all():
    tied = count(
        [marked([(FAR, 0.5), (square(900, 900), 0.5), (square(50, 50), 0.5)], [square(50, 50)])]
    )
    assert threshold(tied, 1.0) == 0.5
    assert sensitivity(tied, 1.0) == 0.0
    assert sensitivity(tied, 2.0) == 1.0


def test_a_centre_on_the_edge_hits_and_beyond_it_does_not():
    lesion = np.array([square(50, 50, 100)])
    small = np.array([square(100, 50, 2), square(100.5, 50, 2)])
    assert hits(small, lesion)[:, 0].tolist() == [True, False]


def test_enough_overlap_hits_without_the_centre():
    """Two squares of 10 that share 10/3: 33.3 of 166.7 is 0.2 just; a hair less is not enough."""
    lesion = np.array([square(50, 50)])
    off = 10 - 10 / 3
    beside = np.array([square(50 + off, 50), square(50 + off + 0.01, 50)])
    assert hits(beside, lesion)[:, 0].tolist() == [True, False]


def test_one_detection_may_find_two_lesions():
    both = count([marked([(square(50, 50), 0.4)], [square(50, 50), square(52, 52)])])
    assert both.found.tolist() == [0.4, 0.4]
    assert len(both.false) == 0


def test_images_without_anything_count_as_images():
    empty = count([marked([], []), marked([], [square(50, 50)]), marked([(FAR, 0.1)], [])])
    assert empty.images == 3
    assert empty.found.tolist() == [-np.inf]
    assert empty.false_where.tolist() == [2]
    assert threshold(empty, 0.3) == 0.1
    assert count([]).images == 0


def test_a_box_without_area_is_refused():
    with pytest.raises(GeometryError):
        count([marked([([5.0, 5.0, 5.0, 9.0], 0.5)], [square(50, 50)])])


def test_a_lesion_of_both_views_is_found_where_either_finds_it(three):
    breast = once(three, ["one", "two", "one"])
    assert breast.found.tolist() == [0.9, 0.6]
    assert breast.where.tolist() == [0, 1]
    assert sensitivity(breast, 1.0) == 1.0
    with pytest.raises(UsageError, match="3 lesions, got 1"):
        once(three, ["one"])


def test_the_interval_draws_women_and_holds_the_estimate(three):
    found = interval(three, 0.5, WOMEN)
    assert found.estimate == pytest.approx(2 / 3)
    assert found.low <= found.estimate <= found.high
    with pytest.raises(UsageError, match="no"):
        interval(three, 0.5, WOMEN, np.zeros(3, bool))


def many(images, seed=0):
    """A lesion an image found in four of five, three false positives an image."""
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(images):
        beside = [(square(500 + 50 * k, 500), float(rng.uniform(0, 0.5))) for k in range(3)]
        on = [(square(50, 50), float(rng.uniform(0.5, 1)))] if rng.uniform() < 0.8 else []
        made.append(marked(beside + on, [square(50, 50)]))
    return made


def test_the_interval_of_one_image_a_woman_is_that_of_a_proportion():
    """Every hit scores above every false positive: 1.96 sqrt(p q / n) on either side."""
    images = count(many(400))
    found = interval(images, 1.0, list(range(400)))
    p = found.estimate
    assert p == pytest.approx(0.8, abs=0.06)
    assert found.high - found.low == pytest.approx(2 * 1.96 * np.sqrt(p * (1 - p) / 400), rel=0.15)


def test_the_same_scores_gain_nothing_and_better_ones_do(three):
    assert gain(three, three, 0.25, WOMEN) == (0.0, 0.0, 0.0)
    better = count(
        [
            marked([(square(50, 50), 0.9)], [square(50, 50)]),
            marked([(square(100, 100), 0.95)], [square(100, 100), square(200, 200)]),
            marked([], []),
        ]
    )
    assert gain(three, better, 0.25, WOMEN).estimate == pytest.approx(1 / 3)
    with pytest.raises(UsageError, match="3 images"):
        gain(three, count([]), 0.25, WOMEN)
