import numpy as np
import pytest

from mammoscope.core import Landmarks, Measurement
from mammoscope.measures.tissue import otsu, retroglandular_fat
from tests.measures.pixel_phantoms import about, flipped, landmarks, mirrored, segmentation

ROWS, COLUMNS = 240, 140
DOWN, ACROSS = np.mgrid[:ROWS, :COLUMNS].astype(float)
BREAST = ((DOWN - 120) / 110) ** 2 + (ACROSS / 120) ** 2 < 1
FROM_ABOVE = landmarks(
    nipple=(120.0, 119.0), chest_wall_upper=(0.0, 0.0), chest_wall_lower=(239.0, 0.0)
)
SLOPE = 0.4
MUSCLE = ACROSS < 60 - SLOPE * DOWN
OBLIQUE = landmarks(nipple=(120.0, 119.0), pectoral_upper=(0.0, 60.0), pectoral_lower=(150.0, 0.0))


def picture(gland: np.ndarray, muscle: np.ndarray | None = None) -> np.ndarray:
    """Fat of 90, gland of 170, muscle of 200, all with some grain."""
    grain = 4 * np.random.default_rng(3).standard_normal((ROWS, COLUMNS))
    grey = np.where(BREAST, 90 + grain, 5)
    grey = np.where(BREAST & gland, 170 + grain, grey)
    if muscle is not None:
        grey = np.where(BREAST & muscle, 200 + grain, grey)
    return grey.clip(0, 255).astype(np.uint8)


def measure(
    gland: np.ndarray,
    marks: Landmarks = FROM_ABOVE,
    view="CC",
    muscle: np.ndarray | None = None,
    spacing=(1.0, 1.0),
) -> Measurement:
    labels = np.where(BREAST, 1, 0)
    if muscle is not None:
        labels = np.where(BREAST & muscle, 2, labels)
    shape = (ROWS, COLUMNS)
    return retroglandular_fat(
        segmentation(labels), marks, about(shape, spacing, view), picture(gland, muscle)
    )


def disc(from_wall: float) -> np.ndarray:
    """A gland that begins so far from the left on the nipple's level, and a straight back edge."""
    return (np.abs(DOWN - 120) < 50) & (from_wall <= ACROSS) & (ACROSS < 100)


@pytest.mark.parametrize("width", [15.0, 30.0, 50.0])
def test_the_strip_behind_the_gland_from_above(width):
    found = measure(disc(width))
    assert found.value == pytest.approx(width, abs=2.0)
    assert (found.unit, found.reason) == ("mm", "")
    assert found.sd is not None
    assert 1.0 <= found.sd < 3.0


def test_the_strip_behind_the_gland_in_an_oblique_view():
    """The gland begins 25 mm in front of the muscle, at a right angle to it."""
    ahead = (ACROSS - 60 + SLOPE * DOWN) / np.hypot(1, SLOPE)
    gland = (ahead >= 25) & (np.abs(DOWN - 120) < 60) & (ACROSS < 100)
    found = measure(gland, OBLIQUE, "MLO", MUSCLE)
    assert found.value == pytest.approx(25.0, abs=2.5)


def test_no_fat_behind_a_gland_that_runs_to_the_wall():
    narrow = (np.abs(DOWN - 120) < 30) & (ACROSS < 100)
    assert measure(narrow).value == pytest.approx(0.0, abs=1.0)


def test_a_mirrored_image_has_the_same_strip():
    labels, grey = np.where(BREAST, 1, 0), picture(disc(30.0))
    said = about((ROWS, COLUMNS), view="CC")
    one = retroglandular_fat(segmentation(labels), FROM_ABOVE, said, grey)
    other = retroglandular_fat(
        segmentation(flipped(labels)), mirrored(FROM_ABOVE, COLUMNS), said, flipped(grey)
    )
    assert other.value == pytest.approx(one.value, abs=1.0)


def test_pixels_that_are_not_square():
    """Half the rows at twice the height show the same breast."""
    labels, grey = np.where(BREAST, 1, 0)[::2], picture(disc(30.0))[::2]
    marks = landmarks(nipple=(60.0, 119.0), chest_wall_upper=(0.0, 0.0), chest_wall_lower=(119.0, 0.0))
    said = about(grey.shape, (2.0, 1.0), "CC")
    found = retroglandular_fat(segmentation(labels), marks, said, grey)
    assert found.value == pytest.approx(30.0, abs=3.0)


def test_a_preview_of_fewer_rows_than_the_source():
    labels, grey = np.kron(np.where(BREAST, 1, 0), np.ones((4, 4), int)), picture(disc(30.0))
    marks = landmarks(nipple=(481.0, 477.0), chest_wall_upper=(0.0, 0.0), chest_wall_lower=(959.0, 0.0))
    found = retroglandular_fat(
        segmentation(labels), marks, about(labels.shape, (0.25, 0.25), "CC"), grey
    )
    assert found.value == pytest.approx(30.0, abs=2.0)


def test_never_a_millimetre_without_spacing():
    found = measure(disc(30.0), spacing=None)
    assert (found.value, found.sd, found.reason) == (None, None, "no spacing")


def test_why_there_is_no_width():
    no_nipple = landmarks(chest_wall_upper=(0.0, 0.0), chest_wall_lower=(239.0, 0.0))
    no_line = landmarks(nipple=(120.0, 119.0))
    nothing, everything = np.zeros_like(BREAST), np.ones_like(BREAST)
    aside = (DOWN < 60) & (ACROSS < 60)
    assert measure(disc(30.0), no_nipple).reason == "the nipple is not seen"
    assert measure(disc(30.0), no_line).reason == "the chest-wall edge is not seen"
    assert measure(disc(30.0), no_line, "MLO").reason == "the pectoral line is not seen"
    assert measure(nothing).reason == "fat and gland look alike"
    assert measure(everything).reason == "fat and gland look alike"
    assert measure(aside).reason == "no gland on the posterior nipple line"
    assert "too fatty" in measure((np.abs(DOWN - 120) < 9) & (np.abs(ACROSS - 60) < 9)).reason


def test_otsu_parts_two_classes():
    """Any threshold between 10 and 50 parts them; Otsu's lies there."""
    values = np.array([10.0] * 50 + [50.0] * 50, np.float32)
    assert 10 < otsu(values) < 50
