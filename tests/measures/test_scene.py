import numpy as np
import pytest

from mammoscope.core import Landmark, Landmarks
from mammoscope.measures.lines import at_row
from mammoscope.measures.scene import DOWN, MIDDLE, OUTLINE_SD, WALL, scene, wall_of
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
    assert set(said.points) == set(said.covariances) == {"nipple", DOWN}
    assert said.points[DOWN] == pytest.approx([1, 0])
    assert wall_of(said.points) is None


def test_the_wall_runs_through_sure_ends():
    tilted = {"chest wall upper": (0.0, 0.0), "chest wall lower": (900.0, 90.0)}
    wall = wall_of(scene(marks(tilted), about()).points)
    assert at_row(0.1, *wall) == pytest.approx([0.1, 0.1])
    assert at_row(180.1, *wall) == pytest.approx([180.1, 18.1])


def test_a_wall_with_soft_ends_runs_down():
    """Ends of 400 and 100 pixels, 3,400 rows apart, as sure as 7 degrees: the wall is not tilted."""
    ends = {
        "chest wall upper": Landmark((400.0, 270.0), ((1.0, 0.0), (0.0, 160000.0)), 0.6),
        "chest wall lower": Landmark((3800.0, 90.0), ((1.0, 0.0), (0.0, 10000.0)), 0.8),
    }
    soft = Landmarks({**marks({}).points, **ends}, None, "left", "nominal", "x")
    said = scene(soft, about(spacing=None, shape=(4000, 3000)))
    # weights 1 to 16: column (270 + 16 x 90) / 17, standard deviation 400 / sqrt(17)
    assert said.points[WALL][1] == pytest.approx(1710 / 17 + 0.5)
    assert np.sqrt(said.covariances[WALL][1, 1]) == pytest.approx(400 / np.sqrt(17))
    assert abs(np.degrees(said.points[DOWN][1])) < 0.01
    assert np.degrees(np.sqrt(said.covariances[DOWN][1, 1])) == pytest.approx(0.3, rel=0.01)


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_outline_stands_in_for_a_wall_that_is_not_seen(side):
    """A body from column 12 on, of 600; on the right it is the mirrored one."""
    labels = np.roll(breast(), 12, axis=1)
    turned = labels if side == "left" else labels[:, ::-1]
    said = scene(marks({}, side=side), about("CC"), outlined(turned))
    assert said.points[WALL][1] == pytest.approx(12.5 * 0.2)
    assert np.sqrt(said.covariances[WALL][1, 1]) == pytest.approx(OUTLINE_SD * 900 * 0.2)
    seen = {"chest wall upper": (0.0, 5.0), "chest wall lower": (800.0, 5.0)}
    assert scene(marks(seen), about("CC"), outlined(labels)).points[WALL][1] == pytest.approx(5.5 * 0.2)


def test_the_middle_lies_on_a_tilted_wall():
    """The wall's column grows by 1 in 10 rows; the breast's rows are 100 to 799."""
    tilted = {**FROM_ABOVE, "chest wall upper": (0.0, 0.0), "chest wall lower": (900.0, 90.0)}
    said = scene(marks(tilted), about("CC"), outlined(breast()))
    assert said.to_pixels(said.points[MIDDLE]) == pytest.approx((449.5, 44.95))


def test_no_middle():
    for segmentation in (None, outlined(np.zeros((900, 600)))):
        assert MIDDLE not in scene(marks(FROM_ABOVE), about("CC"), segmentation).points
        assert WALL not in scene(marks({}), about("CC"), segmentation).points
