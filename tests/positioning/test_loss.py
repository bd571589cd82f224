"""Worked by hand from Eq. 1 and 2 with w = 3 and ε = 1.5: C = 3 - 3 log 3."""

from math import log

import pytest
import torch

from mammoscope.positioning.loss import Wing, landmark_aware_wing, wing

JOINT = 3 - 3 * log(3)


def of(error):
    return wing(torch.tensor([error], dtype=torch.float64), 3.0, 1.5).item()


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (0.0, 0.0),
        (0.75, 3 * log(1.5)),
        (1.5, 3 * log(2)),
        (3.0, 3 * log(3)),
        (4.0, 4 - JOINT),
        (103.0, 103 - JOINT),
    ],
)
def test_wing_loss_on_both_branches_and_at_the_joint(error, expected, sign):
    assert of(sign * error) == pytest.approx(expected, abs=1e-12)


def test_the_branches_meet():
    assert of(3 - 1e-9) == pytest.approx(of(3 + 1e-9), abs=1e-8)


@pytest.mark.parametrize(
    ("error", "slope"), [(1.5, 3 / 3), (2.999, 3 / 4.499), (3.001, 1.0), (50.0, 1.0)]
)
def test_the_slope_is_that_of_the_branch(error, slope):
    # d/dy of 3 log(1 + y / 1.5) is 3 / (1.5 + y)
    value = torch.tensor([error], dtype=torch.float64, requires_grad=True)
    wing(value, 3.0, 1.5).sum().backward()
    assert value.grad.item() == pytest.approx(slope, abs=1e-9)


def six(*errors):
    return torch.tensor(errors, dtype=torch.float64).reshape(-1, 6)


def law(errors, settings=None):
    return landmark_aware_wing(errors, torch.zeros_like(errors), settings or Wing()).item()


def test_each_landmark_is_the_mean_of_x_and_y_and_landmarks_are_summed():
    # Pec1: (3 log 2 + 0) / 2, Pec2: (3 log 3 + 4 - C) / 2, nipple: 0
    expected = 3 * log(2) / 2 + (3 * log(3) + 4 - JOINT) / 2
    assert law(six(1.5, 0, 3, -4, 0, 0)) == pytest.approx(expected, abs=1e-12)


def test_each_landmark_has_its_own_weight():
    settings = Wing(weights=(1.0, 10.0, 100.0))
    unit = 3 * log(2)
    assert law(six(1.5, 1.5, 0, 0, 0, 0), settings) == pytest.approx(unit)
    assert law(six(0, 0, 1.5, 1.5, 0, 0), settings) == pytest.approx(10 * unit)
    assert law(six(0, 0, 0, 0, 1.5, 1.5), settings) == pytest.approx(100 * unit)


def test_a_batch_is_averaged():
    one, other = (1.5, 0, 0, 0, 0, 0), (0, 0, 0, 0, 9, 9)
    assert law(six(*one, *other)) == pytest.approx((law(six(*one)) + law(six(*other))) / 2)


def test_a_perfect_answer_has_a_finite_gradient():
    said = torch.ones(2, 6, requires_grad=True)
    landmark_aware_wing(said, torch.ones(2, 6), Wing()).backward()
    assert torch.isfinite(said.grad).all()
