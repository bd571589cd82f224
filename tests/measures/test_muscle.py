import numpy as np
import pytest

from mammoscope.measures import muscle
from tests.measures.pixel_phantoms import about, flipped, landmarks, mirrored, segmentation

ROWS, COLUMNS, TOP, END = 400, 300, 120.0, 300.0
CHORD = float(np.hypot(TOP, END))
ENDS = landmarks(pectoral_upper=(0.0, TOP), pectoral_lower=(END, 0.0))


def outline(bow: float) -> np.ndarray:
    """A muscle whose border is the chord from (0, 120) to (300, 0), bent to a parabola.

    Args:
        bow: Its middle lies so many % of the chord in front of it, at a right angle to the chord.
    """
    down, across = np.mgrid[:ROWS, :COLUMNS].astype(float)
    along = ((down * END - (across - TOP) * TOP) / CHORD) / CHORD
    ahead = (down * TOP + (across - TOP) * END) / CHORD
    inside = ahead < bow / 100 * CHORD * 4 * along * (1 - along)
    labels = np.where(inside & (down <= END), 2, 1)
    labels[:, -20:] = 0
    return labels


def bow(of: np.ndarray, marks=ENDS, spacing=(1.0, 1.0)) -> float:
    value = muscle.bow(segmentation(of), marks, about(of.shape, spacing)).value
    assert isinstance(value, float)
    return value


@pytest.mark.parametrize("wanted", [-6.0, -3.0, 0.0, 3.0, 6.0])
def test_the_bow_of_a_parabola_is_its_height_over_the_chord(wanted):
    assert bow(outline(wanted)) == pytest.approx(wanted, abs=0.25)


def test_positive_is_towards_the_nipple_on_either_side():
    right = mirrored(ENDS, COLUMNS)
    for wanted in (-5.0, 5.0):
        labels = outline(wanted)
        assert bow(flipped(labels), right) == pytest.approx(bow(labels), abs=1e-9)


def test_the_word_and_its_threshold():
    words = {
        wanted: muscle.shape(segmentation(outline(wanted)), ENDS, about((ROWS, COLUMNS))).value
        for wanted in (-5.0, -1.0, 1.0, 5.0)
    }
    assert words == {-5.0: "concave", -1.0: "straight", 1.0: "straight", 5.0: "convex"}


def test_without_landmarks_the_outlines_own_ends_count():
    assert bow(outline(4.0), landmarks()) == pytest.approx(4.0, abs=0.4)


def test_pixels_that_are_not_square():
    """Every second column of a picture of square pixels, with its spacing, has the same bow."""
    labels = outline(4.0)
    narrow = landmarks(pectoral_upper=(0.0, TOP / 2), pectoral_lower=(END, 0.0))
    assert bow(np.ascontiguousarray(labels[:, ::2]), narrow, (1.0, 2.0)) == pytest.approx(4.0, abs=0.6)


def test_a_finer_picture_has_the_same_bow():
    finer = np.kron(outline(4.0), np.ones((3, 3), int))
    marks = landmarks(pectoral_upper=(1.0, 3 * TOP + 1), pectoral_lower=(3 * END + 1, 1.0))
    assert bow(finer, marks, (1 / 3, 1 / 3)) == pytest.approx(4.0, abs=0.3)


def test_a_nick_in_the_border_changes_little():
    labels = outline(0.0)
    labels[140:155] = np.where(labels[140:155] == 2, 1, labels[140:155])
    labels[140:155, :10] = 2
    assert bow(labels) == pytest.approx(0.0, abs=0.6)


def reason(labels: np.ndarray, marks=ENDS, view="MLO") -> str:
    found = muscle.shape(segmentation(labels), marks, about(labels.shape, view=view))
    assert found.value is None
    return found.reason


def test_why_there_is_no_shape():
    labels = outline(0.0)
    assert reason(labels, view="CC") == "not an oblique view"
    assert reason(np.where(labels == 2, 1, labels)) == "no muscle in the outline"
    assert "no border" in reason(np.where(labels == 1, 0, labels))
    tiny = landmarks(pectoral_upper=(0.0, TOP), pectoral_lower=(20.0, TOP - 8))
    assert "too short" in reason(labels, tiny)
    half = np.where((labels == 2) & (np.arange(ROWS)[:, None] > 120), 1, labels)
    assert "does not follow" in reason(half)
    pieces = labels.copy()
    pieces[100:200] = np.where(pieces[100:200] == 2, 1, pieces[100:200])
    assert "in pieces" in reason(pieces)


def test_a_border_that_is_no_line():
    rng = np.random.default_rng(0)
    labels = np.ones((ROWS, COLUMNS), int)
    for row in range(int(END)):
        labels[row, : max(1, int(TOP * (1 - row / END) + rng.normal(0, 15)))] = 2
    assert "too rough" in reason(labels)
