import pytest
import torch

from mammoscope.errors import SettingsError
from mammoscope.positioning.heatmaps.layout import CHANNELS
from mammoscope.positioning.heatmaps.network import (
    NIPPLE,
    PATCH,
    Expectation,
    Network,
    Said,
    Settings,
    finer,
    patch,
    places,
)

TINY = Settings((4, 8), dropout=0.0)


def test_heat_and_mask_come_at_half_the_resolution():
    said = Network(TINY)(torch.rand(2, 1, 16, 12))
    assert said.heat.shape == (2, len(CHANNELS), 8, 6)
    assert said.mask.shape == (2, 3, 8, 6)
    assert said.shown.shape == (2, len(CHANNELS) + 1)


def test_a_network_of_one_landmark():
    said = Network(TINY, 1)(torch.rand(1, 1, 16, 16))
    assert said.heat.shape == (1, 1, 8, 8)
    assert said.shown.shape == (1, 2)


@pytest.mark.parametrize("channels", [(), (8,), (0, 8)])
def test_a_network_that_cannot_be(channels):
    with pytest.raises(SettingsError, match="two scales"):
        Settings(channels)


def test_places_run_from_the_upper_left():
    grid = places(torch.zeros(1, 3, 2, 4))
    assert grid[0, 0].tolist() == [[0.25] * 4, [0.75] * 4]
    assert grid[0, 1, 0].tolist() == [0.125, 0.375, 0.625, 0.875]


def test_a_pixel_of_double_size_covers_two():
    moments = finer(torch.tensor([[[3.0, 5.0, 1.0, 0.5, 2.0]]]))
    assert moments.tolist() == [[[6.5, 10.5, 4.0, 2.0, 8.0]]]


def test_a_patch_is_cut_out():
    images = torch.arange(200 * 150.0).reshape(1, 1, 200, 150)
    cut = patch(images, torch.tensor([20, 10]))
    assert cut.shape == (1, 1, PATCH, PATCH)
    assert (cut == images[..., 20 : 20 + PATCH, 10 : 10 + PATCH]).all()


def test_beyond_the_image_a_patch_is_dark():
    cut = patch(torch.ones(1, 1, 100, 60), torch.tensor([-28, 10]))
    inside = torch.zeros(PATCH, PATCH)
    inside[28:, :50] = 1
    assert (cut[0, 0] == inside).all()


class Fixed(Network):
    """Sees every landmark in one cell of its heatmaps."""

    def __init__(self, landmarks: int, row: int, column: int, profile: float):
        super().__init__(TINY, landmarks)
        self.cell, self.profile = (row, column), profile

    def forward(self, images):
        heat = torch.full((1, self.landmarks, images.shape[2] // 2, images.shape[3] // 2), -50.0)
        heat[..., self.cell[0], self.cell[1]] = 50.0
        shown = torch.full((1, self.landmarks + 1), self.profile)
        return Said(heat, shown, heat[:, :1])


def test_the_second_look_places_the_nipple():
    whole, near = Fixed(len(CHANNELS), 10, 20, 1.0), Fixed(1, 3, 5, -1.0)
    numbers = Expectation(whole, near)(torch.zeros(1, 1, 256, 192))[0]
    first = torch.tensor([10 * 4 + 1.5, 20 * 4 + 1.5])  # cells of 4 pixels
    corner = torch.round(first) - PATCH // 2
    second = corner + torch.tensor([3 * 2 + 0.5, 5 * 2 + 0.5])  # cells of 2 pixels
    assert numbers[NIPPLE, :2].tolist() == pytest.approx(second.tolist())
    assert numbers[-1, :2].tolist() == pytest.approx(first.tolist())
    assert numbers[NIPPLE + 1, :2].tolist() == pytest.approx(first.tolist())
    assert numbers[NIPPLE, 5] == pytest.approx(torch.sigmoid(torch.tensor(1.0)))
    assert numbers[-1, 5] == pytest.approx(torch.sigmoid(torch.tensor(-1.0)))
