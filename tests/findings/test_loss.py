import math

import pytest
import torch

from mammoscope.findings.loss import focal_loss


def test_the_focal_loss_by_hand():
    # probabilities 0.75 and 0.2 of a patch that shows the first kind only
    scores = torch.tensor([[math.log(3.0), -math.log(4.0)]])
    truth = torch.tensor([[1.0, 0.0]])
    # p_t = 0.75 and 0.8: -(0.25² ln 0.75 + 0.2² ln 0.8) / 2
    expected = -(0.0625 * math.log(0.75) + 0.04 * math.log(0.8)) / 2
    assert focal_loss(scores, truth, 2.0).item() == pytest.approx(expected, rel=1e-5)


def test_without_gamma_it_is_the_cross_entropy_of_each_unit():
    scores = torch.tensor([[0.0, math.log(3.0)], [0.0, 0.0]])
    truth = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    expected = (3 * math.log(2) + math.log(4)) / 4
    assert focal_loss(scores, truth, 0.0).item() == pytest.approx(expected, rel=1e-6)


def test_certainty_gives_no_nan():
    scores = torch.tensor([[200.0, -200.0], [-200.0, 200.0]], requires_grad=True)
    loss = focal_loss(scores, torch.tensor([[1.0, 0.0], [1.0, 0.0]]), 2.0)
    loss.backward()
    assert loss.item() == pytest.approx(100.0)
    assert torch.isfinite(scores.grad).all()
