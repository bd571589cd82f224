import numpy as np
import pytest

from mammoscope.core import Landmark, Landmarks
from mammoscope.measures.scene import MIDDLE, breast_middle, scene, wall_of
from tests.synthetic_landmarks import FROM_ABOVE, OBLIQUE, about, breast, marks, outlined


def test_millimetres_from_the_outer_corner_at_the_chest_wall():
    said = scene(marks(OBLIQUE), about(spacing=(0.1, 0.2)))
    assert said.size == pytest.approx([90, 120])
    assert said.points["nipple"] == pytest.approx([50.05, 100.1])
    turned = scene(marks(OBLIQUE, side="right"), about(spacing=(0.1, 0.2)))
    assert turned.points["nipple"] == pytest.approx([50.05, 120 - 100.1])
    assert scene(marks(OBLIQUE), about(spacing=None)).points["nipple"] == pytest.approx([500.5, 500.5])


@pytest.mark.parametrize("side", ["left", "right"])
def test_there_and_back(side):
    said = scene(marks(OBLIQUE, side=side), about(spacing=(0.1, 0.2)))
    assert said.to_pixels(said.from_pixels((12.0, 34.0))) == pytest.approx((12.0, 34.0))


def test_an_ellipse_is_scaled_and_mirrored():
    tilted = Landmark((1.0, 2.0), ((4.0, 1.0), (1.0, 9.0)), 1.0)
    points = {**marks({}).points, "nipple": tilted}
    for side, sign in (("left", 1), ("right", -1)):
        said = scene(Landmarks(points, None, side, "spacing", "x"), about(spacing=(0.1, 0.2)))
        assert said.covariances["nipple"] == pytest.approx(
            np.array([[0.04, sign * 0.02], [sign * 0.02, 0.36]])
        )


def test_only_what_is_seen():
    said = scene(marks({"nipple": (1.0, 2.0)}), about())
    assert set(said.points) == set(said.covariances) == {"nipple"}
    assert wall_of(said.points) is None
    assert MIDDLE not in said.points


def test_the_middle_lies_on_a_tilted_wall():
    """The wall's column grows by 1 in 10 rows; the breast's rows are 100 to 799."""
    tilted = {**FROM_ABOVE, "chest wall upper": (0.0, 0.0), "chest wall lower": (900.0, 90.0)}
    middle = breast_middle(outlined(breast()), marks(tilted))
    assert middle.point == pytest.approx((449.5, 44.95))


def test_no_middle():
    empty = outlined(np.zeros((900, 600)))
    assert breast_middle(empty, marks(FROM_ABOVE)) is None
    assert breast_middle(outlined(breast()), marks({"nipple": (1.0, 2.0)})) is None
    flat = {**FROM_ABOVE, "chest wall lower": (100.0, 50.0)}
    assert breast_middle(outlined(breast()), marks(flat)) is None
