import numpy as np
import pytest

from mammoscope.core import Frame
from mammoscope.positioning.heatmaps.decode import calibrated, in_profile, landmarks, pectoral_line
from mammoscope.positioning.heatmaps.layout import ALONG, CHANNELS, LINE

FRAME = Frame.of((400, 300)).crop(20, 10, 300, 200).flip().resize((150, 100))


def numbers(**places: tuple[float, ...]) -> np.ndarray:
    """Every landmark at (50, 40), 2 pixels sure, shown; some elsewhere."""
    said = np.tile(np.array([50.0, 40.0, 4.0, 0.0, 4.0, 0.9]), (len(CHANNELS) + 1, 1))
    for name, values in places.items():
        said[CHANNELS.index(name.replace("_", " "))][: len(values)] = values
    for place, share in enumerate(ALONG):
        said[CHANNELS.index(LINE[place]), :2] = 10 + 80 * share, 60 - 40 * share
    said[-1] = 0, 0, 0, 0, 0, 0.7
    return said.astype(np.float32)


def test_a_point_lands_in_the_source():
    nipple = landmarks(numbers(nipple=(75.0, 30.0)), FRAME, {}, oblique=True)["nipple"]
    row = 20 + (75 + 0.5) * 2 - 0.5
    column = 10 + 199 - ((30 + 0.5) * 2 - 0.5)
    assert nipple.point == pytest.approx((row, column))
    assert nipple.covariance == ((16.0, 0.0), (0.0, 16.0))  # 2 pixels of the network are 4
    assert nipple.shown == pytest.approx(0.9)


def test_mirroring_turns_the_sign_of_the_covariance():
    said = landmarks(numbers(nipple=(75.0, 30.0, 4.0, 1.0, 9.0)), FRAME, {}, oblique=True)["nipple"]
    assert said.covariance == ((16.0, -4.0), (-4.0, 36.0))


def test_what_is_not_shown_has_no_point():
    said = numbers()
    said[CHANNELS.index("inframammary fold"), 5] = 0.49
    assert landmarks(said, FRAME, {}, oblique=True)["inframammary fold"].point is None


def test_neither_pectoral_line_nor_fold_where_none_was_learnt():
    said = landmarks(numbers(), FRAME, {}, oblique=False)
    assert said["pectoral upper"].point is None
    assert said["pectoral lower"].shown == 0
    assert said["inframammary fold"].point is None
    assert said["nipple"].point is not None


def test_the_line_goes_through_points_that_lie_on_one():
    upper, lower = pectoral_line(numbers())
    assert upper == pytest.approx([10, 60])
    assert lower == pytest.approx([90, 20])


def test_a_point_that_the_network_doubts_hardly_moves_the_line():
    said = numbers()
    middle = CHANNELS.index(LINE[2])
    said[middle, :5] = 58, 56, 900, 0, 900
    upper, lower = pectoral_line(said)
    assert np.abs(upper - [10, 60]).max() < 0.6
    assert np.abs(lower - [90, 20]).max() < 0.6


def test_a_line_may_be_horizontal_or_vertical():
    said = numbers()
    for place, share in enumerate(ALONG):
        said[CHANNELS.index(LINE[place]), :2] = 30, 10 + 40 * share
    upper, lower = pectoral_line(said)
    assert upper == pytest.approx([30, 10])
    assert lower == pytest.approx([30, 50])


def test_calibration_scales_and_adds():
    said = calibrated(
        np.array([[4.0, 1.0], [1.0, 9.0]]), {"nipple scale": 2.0, "nipple floor": 3.0}, "nipple"
    )
    assert said.tolist() == [[25.0, 4.0], [4.0, 45.0]]  # 4 * 4 + 9, 4 * 1, 4 * 9 + 9


def test_profile_is_the_last_line():
    assert in_profile(numbers()) == pytest.approx(0.7)
