"""Worked by hand from Eq. 1–3 with probabilities 0.5, 0.25, 0.25 and weights 1, 1, 2."""

from math import log

import pytest
import torch

from mammoscope.segmentation.loss import weighted_loss

PROBABILITIES = torch.tensor([0.5, 0.25, 0.25])
ALPHA = torch.tensor([1.0, 1.0, 2.0])


def scores(*pixels):
    return torch.stack([pixel.log() for pixel in pixels], dim=1)[None, :, None, :]


def loss(truth, gamma):
    return weighted_loss(scores(PROBABILITIES), torch.tensor([[[truth]]]), ALPHA, gamma).item()


def test_cross_entropy_sums_over_all_classes():
    # y = background: p_t = 0.5, 0.75, 0.75
    assert loss(0, 0.0) == pytest.approx(-(log(0.5) + log(0.75) + 2 * log(0.75)), rel=1e-6)


def test_cross_entropy_weighs_the_pectoral_class():
    # y = pectoral: p_t = 0.5, 0.75, 0.25
    assert loss(2, 0.0) == pytest.approx(-(log(0.5) + log(0.75) + 2 * log(0.25)), rel=1e-6)


def test_focal_loss_weighs_each_term_by_what_is_missing():
    # y = pectoral: (1 - p_t)^2 = 0.25, 0.0625, 0.5625
    expected = -(0.25 * log(0.5) + 0.0625 * log(0.75) + 2 * 0.5625 * log(0.25))
    assert loss(2, 2.0) == pytest.approx(expected, rel=1e-6)


def test_focal_loss_without_gamma_is_cross_entropy():
    assert loss(1, 1e-9) == pytest.approx(loss(1, 0.0), rel=1e-6)


def test_pixels_are_averaged():
    two = scores(PROBABILITIES, PROBABILITIES)
    both = weighted_loss(two, torch.tensor([[[0, 2]]]), ALPHA, 0.0).item()
    assert both == pytest.approx((loss(0, 0.0) + loss(2, 0.0)) / 2, rel=1e-6)


@pytest.mark.parametrize("gamma", [0.0, 2.0])
@pytest.mark.parametrize("truth", [0, 1, 2])
def test_extreme_scores_give_finite_losses_and_gradients(gamma, truth):
    extreme = torch.tensor([200.0, -200.0, 0.0])[None, :, None, None].requires_grad_()
    value = weighted_loss(extreme, torch.tensor([[[truth]]]), ALPHA, gamma)
    value.backward()
    assert torch.isfinite(value)
    assert torch.isfinite(extreme.grad).all()
