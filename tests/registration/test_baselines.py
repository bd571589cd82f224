"""Methods without a network, on breasts whose truth is known."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mammoscope.core import Frame, Mask, Spacing
from mammoscope.errors import UsageError
from mammoscope.image.patches import flip
from mammoscope.io.pairs import Pair, PairedLesion
from mammoscope.registration.baselines import (
    axes,
    calibrated,
    differences,
    identity,
    nipple_rule,
    on_landmarks,
    on_stretched_landmarks,
    turned,
)
from mammoscope.registration.evaluate import Seen, Views
from mammoscope.scores.boxes import centres
from tests.registration.pairs import mammogram
from tests.synthetic_landmarks import marks

SHAPE = (240, 180)
FROM_ABOVE = {
    "nipple": (120.0, 100.0),
    "chest wall upper": (20.0, 0.0),
    "chest wall lower": (220.0, 0.0),
}
HALF = np.sqrt(0.5)
OBLIQUE = {"nipple": (170.0, 110.0), "pectoral upper": (0.0, 140.0), "pectoral lower": (140.0, 0.0)}
"""The muscle's edge runs from (0, 140) to (140, 0): its normal points down and right by 45°."""
LENGTH = (170 + 110 - 140) * HALF
BODY = Mask(np.ones(SHAPE, np.uint8), Frame.of(SHAPE))


def views(cc=FROM_ABOVE, mlo=OBLIQUE, side="left", mask=BODY):
    blank = mammogram(np.zeros(SHAPE))
    return Views(Seen(blank, marks(cc, side=side), mask), Seen(blank, marks(mlo, side=side), mask))


def mirrored(points):
    return {name: (row, SHAPE[1] - 1 - column) for name, (row, column) in points.items()}


def test_the_axis_behind_the_nipple():
    cc, mlo = axes(views())
    assert cc.length == pytest.approx(100.0)
    assert cc.back.tolist() == [0.0, -1.0]
    assert mlo.length == pytest.approx(LENGTH)
    np.testing.assert_allclose(mlo.back, [-HALF, -HALF])
    assert float(cc.depth(np.array([90.0, 60.0]))) == pytest.approx(40.0)
    assert float(cc.distance(np.array([90.0, 60.0]))) == pytest.approx(50.0)
    points = np.array([[30.0, 40.0], [150.0, 20.0]])
    np.testing.assert_allclose(mlo.source(mlo.local(points)), points)


def test_nipple_lies_on_nipple_and_the_normal_on_the_normal():
    placed = on_landmarks(views()).to_mlo
    np.testing.assert_allclose(placed(np.array([120.0, 100.0])), [170.0, 110.0])
    # 50 behind the nipple goes 50 back along the normal; above it goes up and right of that
    np.testing.assert_allclose(placed(np.array([120.0, 50.0])), [170 - 50 * HALF, 110 - 50 * HALF])
    np.testing.assert_allclose(placed(np.array([100.0, 100.0])), [170 - 20 * HALF, 110 + 20 * HALF])


def test_stretched_the_chest_wall_lies_on_the_muscle():
    placed = on_stretched_landmarks(views()).to_mlo
    row, column = placed(np.array([120.0, 0.0])).tolist()
    assert row + column == pytest.approx(140.0)
    np.testing.assert_allclose(placed(np.array([120.0, 100.0])), [170.0, 110.0])


def test_a_mirrored_breast_gives_the_mirrored_answer():
    point, other = np.array([90.0, 60.0]), np.array([90.0, SHAPE[1] - 1 - 60.0])
    for method in (on_landmarks, on_stretched_landmarks, identity, turned):
        left = method(views()).to_mlo(point)
        right = method(views(mirrored(FROM_ABOVE), mirrored(OBLIQUE), "right")).to_mlo(other)
        np.testing.assert_allclose(right, [left[0], SHAPE[1] - 1 - left[1]], err_msg=method.__name__)


def test_turned_breasts_point_down():
    nipple = np.array([119.5, 150.0])
    still, moved = (method(views()).to_mlo(nipple) for method in (identity, turned))
    np.testing.assert_allclose(still, nipple)
    # 60.5 to the right of the film's centre
    np.testing.assert_allclose(moved, [119.5 + 60.5 * HALF, 89.5 + 60.5 * HALF])


def test_without_landmarks_a_view_s_pixels_say_where_the_chest_wall_is():
    bright = np.zeros(SHAPE)
    bright[40:200, 90:] = 0.6
    one = Seen(mammogram(bright))
    both = Views(one, Seen(flip(mammogram(bright))))
    moved = identity(both).to_mlo(np.array([100.0, 150.0]))
    np.testing.assert_allclose(moved, [100.0, SHAPE[1] - 1 - 150.0])
    assert on_landmarks(both).to_mlo is None


def test_what_was_not_seen_gives_no_answer():
    blind = views(mlo={"nipple": (170.0, 110.0)})
    assert axes(blind) is None
    assert on_landmarks(blind).to_mlo is None
    assert nipple_rule("arc", 5.0)(blind).search is None
    assert nipple_rule("arc", 5.0)(views(mask=None)).search is None


def spaced(seen, *steps):
    about = replace(seen.mammogram.about, spacing=Spacing(*steps, "test"))
    return replace(seen, mammogram=replace(seen.mammogram, about=about))


def test_lengths_are_in_mm_where_both_spacings_are_known():
    cc, mlo = views()
    known = Views(spaced(cc, 0.5, 0.5), spaced(mlo, 0.25, 0.25))
    assert [axis.length for axis in axes(known)] == pytest.approx([50.0, LENGTH / 4])
    # 100 pixels of 0.5 mm are 200 of 0.25 mm: 50 behind the nipple goes 100 back
    moved = on_landmarks(known).to_mlo(np.array([120.0, 50.0]))
    np.testing.assert_allclose(moved, [170 - 100 * HALF, 110 - 100 * HALF])
    # one alone is of no use: both films are taken to be 24 cm high, here 240 pixels
    half_known = axes(Views(spaced(cc, 0.5, 0.5), mlo))
    assert [axis.length for axis in half_known] == pytest.approx([100.0, LENGTH])


def test_an_arc_holds_what_lies_as_far_from_the_nipple():
    # the box's centre lies 50 from the nipple of the CC view
    area = nipple_rule("arc", 2.0)(views()).search((85.0, 55.0, 95.0, 65.0))
    assert area.holds((170.0, 60.0))
    assert area.holds((120.0, 110.0))
    assert not area.holds((170.0, 70.0))
    # a ring of radius 50 and width 4 around (170, 110), all of it on the film
    assert area.pixels == pytest.approx(2 * np.pi * 50 * 4, rel=0.05)


def test_a_band_holds_what_lies_as_deep_along_the_normal():
    area = nipple_rule("band", 2.0)(views()).search((85.0, 55.0, 95.0, 65.0))
    foot = np.array([170.0, 110.0]) - 40 * HALF
    for beside in (-60.0, 0.0, 60.0):
        assert area.holds((foot[0] - beside * HALF, foot[1] + beside * HALF))
    assert not area.holds((foot[0] - 5.0, foot[1]))


def pair(woman, apart):
    """The MLO lesion lies so much farther from the nipple than the CC lesion, which lies 50 from it."""
    cc, mlo = (115.0, 45.0, 125.0, 55.0), (165.0, 55.0 - apart, 175.0, 65.0 - apart)
    lesion = PairedLesion("1", cc, mlo, "mass")
    return Pair(woman, "L", "synthetic", Path("a"), Path("b"), (lesion,), 1)


def test_a_rule_is_as_wide_as_other_women_need():
    pairs = [pair(f"P_{apart}", apart) for apart in range(1, 11)]
    found = differences("arc", [*((one, axes(views())) for one in pairs), (pair("P_blind", 0), None)])
    assert [round(size, 6) for _, size in found] == list(range(1, 11))
    # of ten others the ninth of eleven ranks, 0.8 × 11 = 8.8; of nine others (without 10) the eighth
    wide, narrow = (
        calibrated("arc", found, 0.8)(one)(views()).search(one.lesions[0].cc)
        for one in (pair("P_new", 0), pair("P_1", 1))
    )
    nipple = np.array([170.0, 110.0])
    assert wide.holds(tuple(nipple - [0.0, 59.0]))
    assert not wide.holds(tuple(nipple - [0.0, 60.0]))
    assert narrow.holds(tuple(nipple - [0.0, 59.0]))
    assert centres(np.array(pairs[0].lesions[0].mlo)).tolist() == [170.0, 59.0]
    with pytest.raises(UsageError, match="other women"):
        calibrated("arc", found[:1])(pair("P_1", 1))
