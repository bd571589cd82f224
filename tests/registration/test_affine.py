"""The sense of the rotation as seen on a screen, and boxes through the inverse."""

import numpy as np
import pytest
import torch

from mammoscope.core import Frame
from mammoscope.errors import GeometryError
from mammoscope.registration.affine import in_square, normalised, through_inverse, to_mlo, turning
from mammoscope.registration.network import resampled
from tests.registration.pairs import pixel_of

RIGHT, LEFT, UP, DOWN = (1.0, 0.0), (-1.0, 0.0), (0.0, -1.0), (0.0, 1.0)


def test_theta_turns_points_counter_clockwise_on_the_screen():
    theta = np.array(turning(90.0))
    for point, expected in ((RIGHT, UP), (UP, LEFT), (LEFT, DOWN), (DOWN, RIGHT)):
        assert theta @ [*point, 1.0] == pytest.approx(expected, abs=1e-12)


def test_the_image_turns_the_other_way_as_the_nipple_of_an_mlo_view_points_down():
    size = 41
    image = np.zeros((size, size), np.float32)
    image[pixel_of((0.8, 0.0), size)] = 1.0  # the nipple of a CC view, at three o'clock
    turned = resampled(
        torch.from_numpy(image)[None, None], torch.tensor(turning(45.0))[None]
    )[0, 0].numpy()  # fmt: skip
    row, column = np.unravel_index(turned.argmax(), turned.shape)
    assert (row, column) == pytest.approx(pixel_of((0.8 * 0.5**0.5, 0.8 * 0.5**0.5), size), abs=1)
    assert row > size // 2
    assert column > size // 2


def test_points_and_pixels_are_moved_alike():
    # whatever the sampler shows somewhere, the box transform says that it went there
    size, theta = 64, np.array([[0.9, 0.3, 0.1], [-0.2, 1.1, -0.15]])
    image = np.zeros((size, size), np.float32)
    image[20:23, 30:33] = 1.0
    moved = resampled(
        torch.from_numpy(image)[None, None], torch.tensor(theta, dtype=torch.float32)[None]
    )[0, 0].numpy()  # fmt: skip
    weights = moved / moved.sum()
    rows, columns = np.mgrid[0:size, 0:size]
    seen = [(weights * rows).sum(), (weights * columns).sum()]
    frame = Frame.of((size, size))
    assert to_mlo(theta, frame, frame)(np.array([21.0, 31.0])) == pytest.approx(seen, abs=0.1)


def test_a_quarter_turn_worked_by_hand():
    # on a square of 4 pixels the first pixel's centre (-0.75, -0.75) goes to the last of its row
    frame = Frame.of((4, 4))
    placed = to_mlo(np.array(turning(90.0)), frame, frame)
    np.testing.assert_allclose(placed(np.array([[0.0, 0.0], [0.0, 3.0]])), [[0, 3], [3, 3]], atol=1e-12)


def test_mirrored_and_padded_views_come_back_to_their_sources():
    cc = Frame.of((100, 60)).flip().crop(0, -20, 100, 100)
    mlo = Frame.of((200, 80)).resize((100, 40)).crop(0, -30, 100, 100)
    placed = to_mlo(np.array(turning(0.0)), cc, mlo)
    # column 59 of the mirrored CC view is column 0 of the film, 20 of the square; minus 30, times 2
    np.testing.assert_allclose(placed(np.array([50.0, 59.0])), [100.5, -19.5])


def test_the_inverse_is_the_inverse():
    theta = np.array([[0.9, 0.3, 0.1], [-0.2, 1.1, -0.15]])
    points = np.array([[0.3, -0.2], [-0.9, 0.8]])
    there = points @ theta[:, :2].T + theta[:, 2]
    np.testing.assert_allclose(through_inverse(there, theta), points)
    np.testing.assert_allclose(in_square(normalised(points, 7), 7), points)


@pytest.mark.parametrize("bad", [np.zeros((2, 3)), np.full((2, 3), np.nan)])
def test_a_transformation_without_inverse_is_refused(bad):
    with pytest.raises(GeometryError, match="with an inverse"):
        through_inverse(np.zeros((1, 2)), bad)
