import math

import pytest
import torch

from mammoscope.positioning.heatmaps.examples import UNKNOWN, Truth
from mammoscope.positioning.heatmaps.layout import CHANNELS
from mammoscope.positioning.heatmaps.loss import Weights, distance_loss, loss, places_loss, shown_loss
from mammoscope.positioning.heatmaps.network import Said, expectation

LANDMARKS = len(CHANNELS)


def said(heat: torch.Tensor, shown: float = 0.0) -> Said:
    rows, columns = heat.shape[-2:]
    return Said(heat, torch.full((1, LANDMARKS + 1), shown), torch.zeros(1, 3, rows, columns))


def truth(row: float, column: float, size: int = 8) -> Truth:
    """The nipple is marked, nothing else is known."""
    points = torch.full((1, LANDMARKS, 3), torch.nan)
    points[0, 0] = torch.tensor([row, column, 1.0])
    shown = torch.full((1, LANDMARKS + 1), torch.nan)
    shown[0, 0] = 1.0
    return Truth(points, shown, torch.full((1, size, size), UNKNOWN))


def peaked(row: int, column: int, size: int = 8) -> torch.Tensor:
    heat = torch.full((1, LANDMARKS, size, size), -50.0)
    heat[0, 0, row, column] = 50.0
    return heat


def test_the_mean_of_a_peak_is_its_cell():
    moments = expectation(peaked(3, 5))[0, 0]
    assert moments.tolist() == pytest.approx([6.5, 10.5, 0.0, 0.0, 0.0], abs=1e-5)


def test_the_mean_and_spread_of_two_peaks():
    heat = peaked(3, 5)
    heat[0, 0, 5, 5] = 50.0
    moments = expectation(heat)[0, 0]
    assert moments.tolist() == pytest.approx([8.5, 10.5, 4.0, 0.0, 0.0], abs=1e-4)


def test_a_flat_heatmap_against_a_narrow_target_costs_the_logarithm_of_its_cells():
    flat = torch.zeros(1, LANDMARKS, 8, 8)
    assert places_loss(said(flat), truth(6.5, 10.5), 0.1).item() == pytest.approx(
        math.log(64), abs=1e-4
    )


def test_the_right_heatmap_costs_nothing():
    sigma = 3.0
    cells = torch.arange(8) * 2 + 0.5
    heat = torch.zeros(1, LANDMARKS, 8, 8)
    heat[0, 0] = -((cells[:, None] - 6.0) ** 2 + (cells[None] - 9.0) ** 2) / (2 * sigma**2)
    assert places_loss(said(heat), truth(6.0, 9.0), sigma).item() == pytest.approx(0, abs=1e-5)


def test_the_distance_is_counted_in_sigmas():
    away = distance_loss(said(peaked(3, 5)), truth(6.5 + 3, 10.5 + 4), 2.5)
    assert away.item() == pytest.approx(math.sqrt(4 + 0.01), abs=1e-4)


def test_what_is_unknown_costs_nothing():
    known = truth(6.5, 10.5)
    assert shown_loss(said(peaked(3, 5)), known).item() == pytest.approx(math.log(2), abs=1e-6)
    known.shown[:] = torch.nan
    assert shown_loss(said(peaked(3, 5)), known).item() == 0


def test_the_whole_loss_falls_as_the_peak_comes_nearer():
    mask = torch.zeros(1, 8, 8, dtype=torch.int64)
    near, far = (
        loss(said(peaked(3, column)), truth(6.5, 10.5)._replace(mask=mask), Weights())
        for column in (5, 1)
    )
    assert near < far
