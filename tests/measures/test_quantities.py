"""Measured by hand: the pectoral line runs down 4 for every 3 towards the chest wall, 250 pixels long;
the foot lies 280 along it, 460 from the nipple. A pixel is 0.2 mm."""

import numpy as np
import pytest

from mammoscope.core import Frame, Landmarks
from mammoscope.measures import assess_image, load_profile
from mammoscope.measures import quantities as quantities_of
from mammoscope.measures.names import UNITS
from mammoscope.measures.positioning import measure_image
from mammoscope.measures.scene import scene
from tests.synthetic_landmarks import (
    FROM_ABOVE,
    OBLIQUE,
    SHAPE,
    about,
    breast,
    marks,
    outlined,
    preview,
)

BY_HAND = {
    "MLO": {
        "posterior nipple line": 92.0,
        "foot inside image": 26.5,
        "pectoral gap": 6.0,
        "pectoral level": -60.0,
        "pectoral length": 50.0,
        "pectoral angle": 36.869898,
        "pectoral width": 60.075,
    },
    "CC": {"posterior nipple line": 80.0, "nipple angle": 1.503669, "nipple centring": 2.1},
}
POINTS = {"MLO": OBLIQUE, "CC": FROM_ABOVE}


def values(landmarks: Landmarks, of, labels: np.ndarray | None = None) -> dict[str, float]:
    spacing = of.spacing and (of.spacing.row, of.spacing.column)
    seen = scene(landmarks, of, None if labels is None else outlined(labels, spacing))
    quantities = quantities_of.OBLIQUE if of.view.value == "MLO" else quantities_of.FROM_ABOVE
    return {each.name: quantities_of.measure(each, seen).value for each in quantities}


@pytest.mark.parametrize("view", ["MLO", "CC"])
def test_by_hand(view):
    assert values(marks(POINTS[view]), about(view), breast()) == pytest.approx(BY_HAND[view], abs=1e-5)


@pytest.mark.parametrize("view", ["MLO", "CC"])
def test_a_flip_changes_nothing(view):
    mirrored = {name: (row, SHAPE[1] - 1 - column) for name, (row, column) in POINTS[view].items()}
    turned = values(marks(mirrored, side="right"), about(view), breast()[:, ::-1])
    assert turned == values(marks(POINTS[view]), about(view), breast())


@pytest.mark.parametrize("view", ["MLO", "CC"])
@pytest.mark.parametrize("squeeze", [(2, 1), (1, 2), (4, 2)])
def test_anisotropic_spacing_changes_no_millimetre(view, squeeze):
    down, across = squeeze
    points = {
        name: ((row + 0.5) * down - 0.5, (column + 0.5) * across - 0.5)
        for name, (row, column) in POINTS[view].items()
    }
    shape = SHAPE[0] * down, SHAPE[1] * across
    labels = breast().repeat(down, axis=0).repeat(across, axis=1)
    of = about(view, spacing=(0.2 / down, 0.2 / across), shape=shape)
    assert values(marks(points), of, labels) == pytest.approx(BY_HAND[view], abs=1e-5)


@pytest.mark.parametrize("view", ["MLO", "CC"])
def test_a_crop_changes_no_millimetre(view):
    """Rows below and columns in front of the breast are cut off."""
    of = about(view, shape=(850, 520))
    assert values(marks(POINTS[view]), of, breast()[:850, :520]) == pytest.approx(
        BY_HAND[view], abs=1e-5
    )


def test_a_crop_above_moves_the_edges_of_the_image_alone():
    cut = {name: (row - 100, column) for name, (row, column) in OBLIQUE.items()}
    said = values(marks(cut), about(shape=(800, 600)))
    still = ("posterior nipple line", "pectoral gap", "pectoral level", "pectoral length")
    assert {name: said[name] for name in still} == pytest.approx(
        {name: BY_HAND["MLO"][name] for name in still}
    )
    assert said["foot inside image"] == pytest.approx((224 - 100 + 0.5) * 0.2)


@pytest.mark.parametrize("view", ["MLO", "CC"])
def test_points_from_a_crop_a_flip_and_a_smaller_image_land_in_the_source(view):
    frame = Frame.of(SHAPE).crop(50, 10, 800, 580).flip().resize((400, 145))
    seen = {name: frame.from_source(np.array(point)) for name, point in POINTS[view].items()}
    back = {name: tuple(frame.to_source(point).tolist()) for name, point in seen.items()}
    assert values(marks(back), about(view), breast()) == pytest.approx(BY_HAND[view], abs=1e-5)


def test_without_spacing_no_millimetre():
    of = about(spacing=None)
    for each in measure_image(marks(OBLIQUE), outlined(breast(), None), of, preview()):
        assert not (each.unit == "mm" and each.value is not None)
        if UNITS[each.name] == "mm" and each.name not in ("foot inside image", "skin folds"):
            assert (each.value, each.reason) == (None, "no spacing")
    said = values(marks(OBLIQUE), of)
    assert said["foot inside image"] == pytest.approx(100 * 132.5 / 900, abs=1e-6)
    assert said["pectoral angle"] == pytest.approx(36.869898, abs=1e-6)


def test_uncertainty_is_in_mm():
    """Two pixels of 0.2 mm at every point. The level hangs on nipple and muscle along the chest wall,
    350 pixels apart across it, and on the wall's tilt: known to 0.3 degrees, and from its two ends."""
    of = measure_image(marks(OBLIQUE, sd=2.0), None, about(), preview())
    sd = {each.name: each.sd for each in of}
    assert sd["pectoral length"] == pytest.approx(0.4 * np.sqrt(2), rel=1e-3)
    tilt = 70 / np.sqrt(2 * (449.5 / 2) ** 2 + 1 / np.radians(0.3) ** 2)
    assert sd["pectoral level"] == pytest.approx(np.hypot(0.4 * np.sqrt(2), tilt), rel=1e-3)
    assert sd["pectoral gap"] > 0.4
    doubled = marks({n: (2 * r + 0.5, c) for n, (r, c) in OBLIQUE.items()}, sd=2.0)
    tall = about(spacing=(0.1, 0.2), shape=(1800, 600))
    level = next(e for e in measure_image(doubled, None, tall, preview()) if e.name == "pectoral level")
    assert level.sd == pytest.approx(np.hypot(0.2 * np.sqrt(2), tilt), rel=1e-3)


@pytest.mark.parametrize(
    ("gone", "name", "reason"),
    [
        ("nipple", "pectoral gap", "the nipple is not seen"),
        ("nipple", "nipple in profile", "the nipple is not seen"),
        ("pectoral upper", "pectoral angle", "the pectoral muscle is not seen"),
        ("pectoral lower", "foot inside image", "the pectoral muscle is not seen"),
    ],
)
def test_a_landmark_that_is_not_seen(gone, name, reason):
    some = {key: point for key, point in OBLIQUE.items() if key != gone}
    (each,) = (e for e in measure_image(marks(some), None, about(), preview()) if e.name == name)
    assert (each.value, each.reason) == (None, reason)


def test_without_a_chest_wall_only_its_place_is_missing():
    some = {key: point for key, point in OBLIQUE.items() if not key.startswith("chest wall")}
    measured = {each.name: each for each in measure_image(marks(some), None, about(), preview())}
    for name in ("posterior nipple line", "pectoral level", "pectoral angle"):
        assert measured[name].value == pytest.approx(BY_HAND["MLO"][name])
    assert measured["pectoral width"].reason == "the chest-wall edge is not seen"
    assert measured["pectoral angle"].sd == pytest.approx(0.3, rel=1e-3)


def test_one_end_of_the_chest_wall_is_enough():
    some = {key: point for key, point in OBLIQUE.items() if key != "chest wall upper"}
    assert values(marks(some), about()) == pytest.approx(BY_HAND["MLO"], abs=1e-5)


@pytest.mark.parametrize(
    ("probability", "word"),
    [(1.0, "in profile"), (0.9, "in profile"), (0.89, "uncertain"), (0.1, "not in profile")],
)
def test_nipple_in_profile(probability, word):
    positioning = assess_image(
        marks(OBLIQUE, in_profile=probability), None, about(), preview(), load_profile("iarc")
    )
    assert positioning.criteria[0].measurement.value == word


@pytest.mark.parametrize(
    ("shown", "value"), [(0.95, "shown"), (0.5, "uncertain"), (0.05, "not shown"), (0.0, None)]
)
def test_inframammary_fold(shown, value):
    said = marks(OBLIQUE, shown={"inframammary fold": shown})
    (each,) = (
        e for e in measure_image(said, None, about(), preview()) if e.name == "inframammary fold"
    )
    assert each.value == value
    assert bool(each.reason) == (value is None)


def test_a_muscle_on_cc_is_the_outlines():
    labels = breast()
    assert _muscle(labels) == "not seen"
    labels[400:500, :100] = 2
    assert _muscle(labels) == "seen"
    assert _muscle(None) is None


def _muscle(labels: np.ndarray | None) -> str | None:
    segmentation = None if labels is None else outlined(labels)
    measured = measure_image(marks(FROM_ABOVE), segmentation, about("CC"), preview())
    return next(each.value for each in measured if each.name == "pectoral muscle seen")


def test_the_middle_of_the_breast_is_as_sure_as_its_ends():
    """The breast's upper end moves by 30 rows between 2 % and 5 % of the width: 15 in the middle."""
    labels = breast()
    labels[100:130, 20:] = 0
    measured = measure_image(marks(FROM_ABOVE), outlined(labels), about("CC"), preview())
    (centring,) = (each for each in measured if each.name == "nipple centring")
    assert (centring.value, centring.sd) == pytest.approx((2.1, 3.0), abs=1e-5)
