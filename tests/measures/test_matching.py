"""Findings matched by regions that are ellipses: half axes of 108 pixels down and 54 across."""

from itertools import permutations

import numpy as np
import pytest

from mammoscope.measures.matching import assigned, match
from tests.synthetic_landmarks import FROM_ABOVE, OBLIQUE, about, marks
from tests.synthetic_registration import Aligned

CC, MLO = about("CC"), about("MLO")
PAIR = Aligned(CC, MLO)
VIEWS = {"CC": (marks(FROM_ABOVE), CC), "MLO": (marks(OBLIQUE), MLO)}
NONE = np.zeros((0, 4))


def box(row, column, size=1e-6):
    return [float(row) - size / 2, column - size / 2, row + size / 2, column + size / 2]


def partner(row, column, down=0.0, across=0.0):
    """The MLO box that lies so many half axes from where a CC point is mapped."""
    mapped = PAIR.registration.warp.to_fixed(np.array([row, column], float))
    return box(*(mapped + np.array([down * 108, across * 54])))


def found(cc, mlo):
    boxes = {"CC": np.array(cc).reshape(-1, 4), "MLO": np.array(mlo).reshape(-1, 4)}
    return match(PAIR, boxes, VIEWS)


def pairs(matches):
    return [(one.cc, one.mlo) for one in matches]


def test_a_finding_at_its_mapped_place_is_its_partner():
    """At the middle of the region, 2.3 above its edge in either direction."""
    (one,) = found([box(400, 200)], [partner(400, 200)])
    assert (one.cc, one.mlo) == (0, 0)
    assert one.score == pytest.approx(2.3)


@pytest.mark.parametrize(("down", "count"), [(0.5, 1), (0.95, 1), (1.1, 2), (3.0, 2)])
def test_the_edge_of_the_region_decides(down, count):
    matches = found([box(400, 200)], [partner(400, 200, down)])
    assert len(matches) == count
    if count == 1:
        assert matches[0].score == pytest.approx(2.3 * (1 - down**2), abs=0.25)


def test_a_large_finding_has_a_larger_region():
    size = 100.0
    cc, mlo = box(400, 200, size), np.array(partner(400, 200, 1.2))
    assert len(found([box(400, 200)], [mlo])) == 2
    assert len(found([cc], [mlo + np.array([-50, -50, 50, 50])])) == 1


def test_the_best_sum_is_taken_not_the_best_pair():
    """A fits a best, but then B is left with b, which it hardly reaches."""
    scores = np.array([[0.9, 0.8], [0.85, 0.05]])
    assert assigned(scores) == {0: 1, 1: 0}


def test_no_other_pairing_scores_more():
    rng = np.random.default_rng(2)
    for _ in range(20):
        scores = rng.normal(0, 1, (3, 4))
        chosen = assigned(scores)
        best = max(
            sum(max(scores[row, column], 0) for row, column in enumerate(order))
            for order in permutations(range(4), 3)
        )
        assert sum(scores[row, column] for row, column in chosen.items()) == pytest.approx(best)
        assert all(scores[row, column] > 0 for row, column in chosen.items())


def test_crossed_findings_are_paired_each_with_its_own():
    cc = [box(300, 200), box(520, 300)]
    mlo = [partner(520, 300, 0.2), partner(300, 200, -0.2)]
    assert pairs(found(cc, mlo)) == [(0, 1), (1, 0)]


def test_findings_without_partner_stay_alone():
    cc = [box(300, 200), box(520, 300)]
    mlo = [partner(520, 300, 0.2), partner(100, 500, 3.0)]
    matches = found(cc, mlo)
    assert pairs(matches) == [(1, 0), (0, None), (None, 1)]
    assert [one.score is None for one in matches] == [False, True, True]


def test_one_view_without_findings():
    assert pairs(found([box(300, 200)], NONE)) == [(0, None)]
    assert pairs(found(NONE, [box(300, 200)])) == [(None, 0)]
    assert found(NONE, NONE) == ()


def test_each_finding_is_located():
    """40 mm in and 20 mm up on CC: out. On MLO 46 mm in and 20 mm up along the muscle."""
    boxes = {"CC": np.array([box(360, 200)]), "MLO": np.array([box(282, 376)])}
    (cc,) = match(PAIR, {**boxes, "MLO": NONE}, VIEWS)
    assert cc.location.words == "left breast, outer half, middle third, 45 mm on CC from the nipple"
    (mlo,) = match(PAIR, {**boxes, "CC": NONE}, VIEWS)
    assert mlo.location.words == "left breast, upper half, middle third, 50 mm on MLO from the nipple"


def test_a_pair_has_a_clock_face():
    mapped = np.array(partner(360, 200))
    (one,) = found([box(360, 200)], [mapped])
    assert (one.cc, one.mlo) == (0, 0)
    assert one.location.hour is not None
    assert set(one.location.distance_mm) == {"CC", "MLO"}


def test_what_is_impossible_is_never_paired():
    class Sure(Aligned):
        def log_probability(self, view, points, candidates):
            return np.full((len(points), len(candidates)), -np.inf)

    boxes = {"CC": np.array([box(400, 200)]), "MLO": np.array([partner(400, 200)])}
    assert pairs(match(Sure(CC, MLO), boxes, VIEWS)) == [(0, None), (None, 0)]
