import cv2
import numpy as np
import pytest

from mammoscope.measures.quality import exposure, grey_range, motion_blur, skin_folds
from tests.measures.pixel_phantoms import about, flipped, segmentation

ROWS, COLUMNS, STEP = 720, 480, 0.3
DOWN, ACROSS = np.mgrid[:ROWS, :COLUMNS].astype(np.float32)
BREAST = ((DOWN - 360) / 340) ** 2 + (ACROSS / 440) ** 2 < 1
LABELS = BREAST.astype(np.uint8)
OUTLINE = segmentation(LABELS)
SPACED = about((ROWS, COLUMNS), (STEP, STEP))
UNSPACED = about((ROWS, COLUMNS), None)


def tissue(contrast: float = 12.0) -> np.ndarray:
    """A breast with grain of every size and no direction."""
    rng = np.random.default_rng(5)
    grain = sum(
        cv2.GaussianBlur(rng.standard_normal((ROWS, COLUMNS)), (0, 0), size) * size
        for size in (0.7, 1.5, 3, 6)
    )
    grey = np.where(BREAST, 110 + contrast * grain / grain.std(), 4)
    return grey.clip(0, 255).astype(np.uint8)


PLAIN = tissue()


def with_line(length_mm: float, height: float = 60.0, top: float = 120.0) -> np.ndarray:
    """A straight line in the posterior part, parallel to no edge of the image."""
    canvas = np.ones((ROWS, COLUMNS), np.uint8)
    start = np.array([top, 30.0])
    end = start + length_mm / STEP * np.array([np.sin(0.2), np.cos(0.2)])
    ends = [(round(float(point[1])), round(float(point[0]))) for point in (start, end)]
    cv2.line(canvas, ends[0], ends[1], 0, 1)
    away = cv2.distanceTransform(canvas, cv2.DIST_L2, 5) * STEP
    line = height * np.exp(-((away / 0.9) ** 2) / 2)
    return np.clip(PLAIN + line * BREAST, 0, 255).astype(np.uint8)


def moved(length: int, down: bool) -> np.ndarray:
    size = (1, length) if down else (length, 1)
    return cv2.blur(PLAIN, size, borderType=cv2.BORDER_REPLICATE)


def number(measurement) -> float:
    assert isinstance(measurement.value, float), measurement.reason
    return measurement.value


def test_a_plain_breast_has_no_fold():
    found = skin_folds(OUTLINE, SPACED, PLAIN)
    assert (found.value, found.unit) == (0.0, "mm")


@pytest.mark.parametrize("length", [25.0, 35.0])
def test_a_line_is_as_long_as_it_was_drawn(length):
    assert number(skin_folds(OUTLINE, SPACED, with_line(length))) == pytest.approx(length, abs=5.0)


def test_a_fold_is_the_same_in_the_mirror():
    one = number(skin_folds(OUTLINE, SPACED, with_line(30.0)))
    other = number(skin_folds(segmentation(flipped(LABELS)), SPACED, flipped(with_line(30.0))))
    assert one > 20
    assert other == pytest.approx(one, abs=2.0)


def test_an_edge_is_no_fold():
    edge = np.clip(PLAIN + 50.0 * (DOWN < 130), 0, 255) * BREAST
    assert number(skin_folds(OUTLINE, SPACED, edge.astype(np.uint8))) == 0


def test_a_short_line_and_a_faint_one_are_no_folds():
    assert number(skin_folds(OUTLINE, SPACED, with_line(7.0))) == 0
    assert number(skin_folds(OUTLINE, SPACED, with_line(30.0, height=5.0))) == 0


def test_without_spacing_a_share_of_the_height():
    """The breast is 679 rows or 203.7 mm high; as the median breast it is taken to be 205 mm."""
    found = skin_folds(OUTLINE, UNSPACED, with_line(30.0))
    assert found.unit == "%"
    assert number(found) == pytest.approx(100 * 30 / 203.7, abs=3.0)


def test_texture_that_would_hide_a_fold():
    assert "texture" in skin_folds(OUTLINE, SPACED, tissue(60.0)).reason


@pytest.mark.parametrize("down", [True, False])
def test_motion_is_seen_more_the_longer_it_is(down):
    """Of boxes of 1, 2 and 3 pixels, each weakens detail along itself more."""
    still, small, large = (
        number(motion_blur(OUTLINE, SPACED, moved(length, down))) for length in (1, 2, 3)
    )
    assert still < 12
    assert still + 10 < small < large


def test_motion_is_the_same_in_the_mirror():
    one = number(motion_blur(OUTLINE, SPACED, moved(3, down=False)))
    other = number(motion_blur(segmentation(flipped(LABELS)), SPACED, flipped(moved(3, down=False))))
    assert other == pytest.approx(one, abs=6.0)


def test_a_blur_of_every_direction_is_not_seen():
    soft = cv2.GaussianBlur(PLAIN, (0, 0), 1.0)
    assert number(motion_blur(OUTLINE, SPACED, soft)) < 15


def test_motion_is_not_looked_for_in_coarse_pixels():
    found = motion_blur(OUTLINE, about((ROWS, COLUMNS), (0.4, 0.4)), PLAIN)
    assert found.value is None
    assert "0.35 mm" in found.reason
    assert "0.35 mm" in motion_blur(OUTLINE, SPACED, cv2.resize(PLAIN, (240, 360))).reason


def test_clipped_pixels_are_counted():
    """A quarter of the breast is set to white and a quarter to black, by columns of its own."""
    grey = np.where(ACROSS % 4 < 1, 255, np.where(ACROSS % 4 < 2, 0, 100)).astype(np.uint8)
    assert number(exposure(OUTLINE, SPACED, grey)) == pytest.approx(50.0, abs=0.5)
    assert number(exposure(OUTLINE, SPACED, PLAIN)) == 0


def test_the_grey_range_is_a_share_of_the_display():
    """From 51 to 153 are 102 of 255 grey values: 40 %."""
    grey = np.where(ACROSS % 2 < 1, 51, 153).astype(np.uint8)
    assert number(grey_range(OUTLINE, SPACED, grey)) == pytest.approx(40.0)


def test_an_empty_outline_gives_reasons():
    empty = segmentation(np.zeros((ROWS, COLUMNS)))
    for measure in (skin_folds, motion_blur, exposure, grey_range):
        found = measure(empty, SPACED, PLAIN)
        assert (found.value, found.reason) == (None, "no breast in the outline")


def test_too_small_a_breast_for_motion():
    small = segmentation((np.hypot(DOWN - 360, ACROSS) < 80).astype(np.uint8))
    assert "too little" in motion_blur(small, SPACED, PLAIN).reason
