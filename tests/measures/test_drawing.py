import numpy as np
import pytest

from mammoscope.core import View
from mammoscope.measures.drawing import lines_to_draw
from mammoscope.measures.scene import scene
from tests.synthetic_landmarks import FROM_ABOVE, OBLIQUE, about, breast, marks, outlined


def drawn(points, view: View = "MLO", labels: np.ndarray | None = None) -> dict[str, np.ndarray]:
    of = about(view)
    segmentation = None if labels is None else outlined(labels)
    lines = lines_to_draw(scene(marks(points), of, segmentation), view)
    return {line.kind: np.array(line.points) for line in lines}


def test_an_oblique_view():
    said = drawn(OBLIQUE)
    assert list(said) == ["chest wall", "pectoral line", "posterior nipple line", "gap"]
    assert said["chest wall"] == pytest.approx(np.array([(0, 0), (899, 0)]))
    assert said["pectoral line"] == pytest.approx(np.array([(0, 300), (200, 150)]))
    assert said["posterior nipple line"] == pytest.approx(np.array([(500, 500), (224, 132)]))
    assert said["gap"] == pytest.approx(np.array([(200, 150), (224, 132)]))


def test_no_gap_where_the_muscle_reaches_the_line():
    assert "gap" not in drawn({**OBLIQUE, "pectoral lower": (240.0, 120.0)})


def test_lines_end_at_the_films_edge():
    """The nipple lower by 250 pixels: the foot lies 430 along the line, (344, 42); the wall at 70."""
    low = {
        **OBLIQUE,
        "nipple": (620.0, 410.0),
        "chest wall upper": (0.0, 70.0),
        "chest wall lower": (899.0, 70.0),
    }
    said = drawn(low)
    assert said["posterior nipple line"][1][1] == pytest.approx(70)
    assert said["gap"][1][1] == pytest.approx(70)


def test_a_view_from_above():
    said = drawn(FROM_ABOVE, "CC", breast())
    assert list(said) == ["chest wall", "posterior nipple line", "nipple axis"]
    assert said["posterior nipple line"] == pytest.approx(np.array([(460, 400), (460, 0)]))
    assert said["nipple axis"] == pytest.approx(np.array([(449.5, 0), (460, 400)]))
    assert list(drawn(FROM_ABOVE, "CC")) == ["chest wall", "posterior nipple line"]


@pytest.mark.parametrize(
    ("gone", "kinds"),
    [
        ("nipple", ["chest wall", "pectoral line"]),
        ("pectoral lower", ["chest wall"]),
        ("chest wall upper", ["chest wall", "pectoral line", "posterior nipple line", "gap"]),
    ],
)
def test_what_is_not_seen_is_not_drawn(gone, kinds):
    assert list(drawn({name: at for name, at in OBLIQUE.items() if name != gone})) == kinds


def test_points_that_give_no_line():
    same = {**OBLIQUE, "pectoral lower": OBLIQUE["pectoral upper"]}
    assert list(drawn(same)) == ["chest wall"]
