"""The dense network's loss by hand."""

import math

import pytest
import torch

from mammoscope.findings.dense.loss import Truth, loss
from mammoscope.learn.focal import soft_focal


def test_at_hard_targets_it_is_the_papers_focal_loss():
    score = torch.tensor([math.log(3.0)])  # a probability of 3/4
    assert soft_focal(score, torch.ones(1), 2.0).item() == pytest.approx(0.25**2 * -math.log(0.75))
    assert soft_focal(score, torch.zeros(1), 2.0).item() == pytest.approx(0.75**2 * -math.log(0.25))


def test_a_soft_target_is_reached_without_loss():
    score = torch.logit(torch.tensor([0.3]))
    assert soft_focal(score, torch.tensor([0.3]), 2.0).item() == pytest.approx(0.0, abs=1e-9)


def test_scores_and_boxes_together():
    answer = torch.zeros(1, 5, 1, 2)
    answer[0, 1:, 0, 0] = 0.5
    heat = torch.tensor([[[[1.0, 0.2]]]])
    truth = Truth(heat, torch.zeros(1, 4, 1, 2))
    entropy = math.log(2)
    focal = (0.5**2 * entropy + 0.3**2 * entropy) / 1.2
    near = 0.5 * 0.5**2  # smooth L1 of one half; the far cell learns no box
    assert loss(answer, truth, 2.0, 0.4).item() == pytest.approx(focal + 0.4 * near)


def test_a_breast_without_findings_learns_that_nothing_is_there():
    truth = Truth(torch.zeros(1, 1, 2, 2), torch.zeros(1, 4, 2, 2))
    answer = torch.zeros(1, 5, 2, 2)
    assert loss(answer, truth, 2.0, 1.0).item() == pytest.approx(4 * 0.25 * math.log(2))
