import numpy as np
import pytest
import torch

from mammoscope.phantom.anatomy import tissue
from mammoscope.phantom.recipe import GLAND
from tests.phantom.plans import breast, lesion

CPU = torch.device("cpu")


def share(plan) -> float:
    """Gland before the base's plane, of half a spheroid."""
    made = tissue(plan, 1.5, CPU)
    before = made.gland[round(-made.start[2] / made.step) :]
    return float(before.sum()) * made.step**3 / (2 / 3 * np.pi * plan.base_mm**2 * plan.depth_mm)


def test_denser_breasts_hold_more_gland():
    found = [share(breast(density=name, gland=float(np.mean(GLAND[name])))) for name in "ABCD"]

    assert found == sorted(found)
    assert found[3] > 2.5 * found[0]


def test_no_gland_under_the_skin_but_at_the_nipple():
    plan = breast()
    made = tissue(plan, 1.5, CPU)
    angle = torch.linspace(0, 6, 50)
    rim = [made.at((64.5 * angle.cos())[None], (64.5 * angle.sin())[None], torch.zeros(1, 50))]

    assert float(torch.stack(rim).mean()) < 0.05


def test_places_are_x_y_z():
    plan = breast()
    made = tissue(plan, 1.5, CPU)
    k, j, i = 30, 40, 20
    x, y, z = (first + made.step * n for first, n in zip(made.start, (i, j, k), strict=True))

    found = made.at(*(torch.tensor([[value]]) for value in (x, y, z)))

    assert float(found) == pytest.approx(float(made.gland[k, j, i]), abs=1e-4)


def test_an_asymmetry_adds_gland_where_it_lies():
    plain, more = (
        tissue(plan, 1.5, CPU)
        for plan in (breast(), breast(lesion("asymmetry", "", "", 30.0, (-0.4, -0.4, 0.2))))
    )
    x, y, z = (torch.tensor([[value]]) for value in (-26.0, -26.0, 11.0))
    around = [(x + dx, y, z + dz) for dx in (-6, 0, 6) for dz in (-6, 0, 6)]

    assert sum(float(more.at(*one) - plain.at(*one)) for one in around) > 1


def test_a_seed_is_a_breast():
    one, same, other = (tissue(breast(seed=seed), 2.0, CPU).gland for seed in (3, 3, 4))

    assert torch.equal(one, same)
    assert not torch.equal(one, other)
