import math

import pytest
import torch

from mammoscope.registration.guided.examples import Truth
from mammoscope.registration.guided.loss import (
    Expected,
    Weights,
    at,
    by_anatomy,
    crossed,
    density,
    lesion_loss,
    likeliest,
    loss,
    roughness,
    search,
    surprise,
    warped,
)
from mammoscope.registration.guided.network import Said

ROWS, COLUMNS = 6, 5


def said(**parts):
    """An answer that says nothing, but for the parts named."""
    nothing = {
        "asks": torch.zeros(1, 2, 4, ROWS, COLUMNS), "answers": torch.zeros(1, 2, 4, ROWS, COLUMNS),
        "lesion": torch.zeros(1, 2, 1, ROWS, COLUMNS), "shift": torch.zeros(1, 2, 2, ROWS, COLUMNS),
        "centre": torch.zeros(1, 2, 2, ROWS, COLUMNS), "spread": torch.zeros(1, 2, 2, ROWS, COLUMNS),
    }  # fmt: skip
    return Said(**(nothing | parts))


def truth(point=(9.5, 9.5), partner=(13.5, 5.5), trust=1.0):
    points = torch.tensor([[[point], [partner]]])
    partners = torch.tensor([[[partner], [point]]])
    return Truth(points, partners, torch.full((1, 2, 1), trust), torch.zeros(1, 2, ROWS, COLUMNS))


def test_density_at_the_middle_and_one_spread_off_by_hand():
    spread = torch.tensor([2.0, 3.0])
    middle = density(torch.tensor(0.0), torch.tensor(0.0), spread)
    assert float(middle) == pytest.approx(math.log(0.95 + 0.05 / 9) - math.log(6), abs=1e-6)
    off = density(torch.tensor(2.0), torch.tensor(0.0), spread)
    by_hand = 0.95 * math.exp(-0.5) + 0.05 / 9 * math.exp(-0.5 / 9)
    assert float(off) == pytest.approx(math.log(by_hand) - math.log(6), abs=1e-6)


def test_values_are_read_between_cells():
    rising = torch.arange(COLUMNS, dtype=torch.float32).expand(1, 1, ROWS, COLUMNS)
    found = at(rising, torch.tensor([[[9.5, 5.5], [9.5, 7.5]]]))
    assert found.flatten().tolist() == pytest.approx([1.0, 1.5])


def test_the_mean_place_and_the_warp_move_points_by_what_is_said():
    centre, shift = torch.zeros(2, 1, 2, 2, ROWS, COLUMNS)
    centre[:, 0, 0], shift[:, 0, 1] = 3.0, -2.0
    points = torch.tensor([[[9.5, 9.5]]])
    expected = by_anatomy(said(centre=centre), points, 0)
    assert expected.centre.flatten().tolist() == [12.5, 9.5]
    assert expected.spread.flatten().tolist() == [1.0, 1.0]
    assert warped(said(shift=shift), points, 0).flatten().tolist() == [9.5, 7.5]


def test_a_search_without_features_is_anatomy_and_sums_to_one():
    points = torch.tensor([[[9.5, 9.5]]])
    spread = torch.full((1, 2, 2, ROWS, COLUMNS), math.log(4.0))
    answer = said(spread=spread)
    scores = search(answer, points, by_anatomy(answer, points, 0), 0)
    assert float(scores.exp().sum()) == pytest.approx(1.0, abs=1e-5)
    assert likeliest(scores).flatten().tolist() == [9.5, 9.5]


def test_a_place_that_answers_is_found_where_anatomy_alone_would_not_look():
    asks, answers = torch.zeros(2, 1, 2, 4, ROWS, COLUMNS)
    asks[0, 0, 0] = 10.0
    answers[0, 1, 0, 4, 1] = 10.0
    points = torch.tensor([[[9.5, 9.5]]])
    answer = said(asks=asks, answers=answers, spread=torch.full((1, 2, 2, ROWS, COLUMNS), 2.0))
    scores = search(answer, points, by_anatomy(answer, points, 0), 0)
    assert likeliest(scores).flatten().tolist() == [4 * 4 + 1.5, 4 * 1 + 1.5]


def test_surprise_is_least_at_the_mean_place():
    expected = Expected(torch.tensor([[[5.0, 5.0]]]), torch.tensor([[[2.0, 2.0]]]))
    near, far = (surprise(expected, torch.tensor([[[5.0, column]]])) for column in (5.0, 9.0))
    assert near < far
    assert float(near) == pytest.approx(-math.log((0.95 + 0.05 / 9) / 4), abs=1e-5)


def test_a_flat_search_costs_the_logarithm_of_the_cells():
    scores = torch.full((1, 1, ROWS, COLUMNS), -math.log(ROWS * COLUMNS))
    cost = crossed(scores, torch.tensor([[[9.5, 9.5]]]), 3.0)
    assert float(cost) == pytest.approx(math.log(ROWS * COLUMNS), abs=1e-5)


def test_lesions_count_only_where_some_are_marked():
    wanted = torch.zeros(1, 2, ROWS, COLUMNS)
    assert float(lesion_loss(said(), truth()._replace(lesions=wanted))) == 0.0
    wanted[0, 1, 2, 2] = 1.0
    cost = lesion_loss(said(), truth()._replace(lesions=wanted))
    assert float(cost) == pytest.approx(math.log(ROWS * COLUMNS), abs=1e-5)


def test_roughness_of_a_slope_is_its_square():
    shift = torch.zeros(1, 2, 2, ROWS, COLUMNS)
    shift[0, :, 1] = 2.0 * torch.arange(COLUMNS)
    assert float(roughness(said(shift=shift))) == pytest.approx(4.0 / 2)
    assert float(roughness(said())) == 0.0


def test_pairs_of_which_nothing_is_known_cost_nothing():
    assert float(loss(said(), truth(trust=0.0), Weights())) == pytest.approx(0.0, abs=1e-6)


def test_a_warp_towards_the_partner_lowers_the_loss():
    shift = torch.zeros(1, 2, 2, ROWS, COLUMNS)
    shift[0, 0] = torch.tensor([4.0, -4.0])[:, None, None]
    shift[0, 1] = -shift[0, 0]
    weights = Weights(smooth=0.0)
    assert loss(said(shift=shift), truth(), weights) < loss(said(), truth(), weights)
