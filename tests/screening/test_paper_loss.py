"""The paper's loss, by hand."""

import math

import pytest
import torch

from mammoscope.screening.loss import MISSING, Truth, auxiliary_losses, cancer_loss, loss
from mammoscope.screening.network import Head, Said

HEADS = (Head("view", ("CC", "MLO")), Head("density", ("A", "B", "C")))
LN2, LN3 = math.log(2), math.log(3)


def test_a_cancer_weighs_as_often_as_it_is_said():
    scores, cancer = torch.zeros(4), torch.tensor([1.0, 0.0, 0.0, 0.0])
    # ln 2 each: 20 times of one, once of three, over four images
    assert cancer_loss(scores, cancer, 20.0) == pytest.approx((20 + 3) * LN2 / 4)
    sure = torch.tensor([math.log(3.0)])
    assert cancer_loss(sure, torch.ones(1), 1.0) == pytest.approx(math.log(4 / 3))


def test_a_missing_value_teaches_nothing():
    scores = torch.zeros(3, 5, requires_grad=True)
    truth = torch.tensor([[0, 2], [MISSING, 1], [1, MISSING]])
    found = auxiliary_losses(scores, truth, HEADS)
    # two of three images are known to each head: means over two
    assert found.tolist() == pytest.approx([LN2, LN3])
    found.sum().backward()
    assert scores.grad[1, :2].tolist() == [0, 0]
    assert scores.grad[2, 2:].tolist() == [0, 0, 0]
    # softmax minus truth, over the two images that are known
    assert scores.grad[0].tolist() == pytest.approx([-1 / 4, 1 / 4, 1 / 6, 1 / 6, -2 / 6])


def test_a_head_that_no_image_knows_costs_nothing():
    truth = torch.full((2, 2), MISSING)
    assert auxiliary_losses(torch.ones(2, 5), truth, HEADS).tolist() == [0, 0]


def test_the_whole_is_cancers_loss_and_the_mean_of_the_heads():
    said = Said(torch.zeros(1), torch.zeros(1, 5))
    truth = Truth(torch.ones(1), torch.tensor([[0, 0]]))
    assert loss(said, truth, HEADS, 2.0, 0.5) == pytest.approx(2 * LN2 + 0.5 * (LN2 + LN3) / 2)
    alone = Said(torch.zeros(1), torch.zeros(1, 0)), Truth(torch.ones(1), torch.zeros(1, 0).long())
    assert loss(*alone, (), 2.0, 0.5) == pytest.approx(2 * LN2)
