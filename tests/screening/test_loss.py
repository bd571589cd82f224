"""Each part of the loss against a value worked by hand."""

import math

import numpy as np
import pytest
import torch

from mammoscope.screening.pooled.loss import (
    Truth,
    Weights,
    image_losses,
    log_pooled,
    loss,
    mass_losses,
    pooled_loss,
    where_loss,
)
from mammoscope.screening.pooled.network import Said
from mammoscope.screening.pooled.questions import IMAGE, MASS

NAN = float("nan")


def said(where=((0.0, 0.0),), malignant=((0.0, 0.0),)):
    """One image of one row of two cells."""
    mass = torch.zeros(1, len(MASS), 1, 2)
    mass[0, 0] = torch.tensor(malignant)
    scores = torch.tensor([where])
    attention = torch.log_softmax(scores.flatten(1), dim=1).reshape(scores.shape)
    return Said(scores, attention, mass, torch.zeros(1, len(IMAGE), 1, 2))


def truth(heat=((1.0, 0.0),), malignant=1.0):
    """One mass, on the first cell, of which nothing else is known."""
    mass = torch.full((1, 1, len(MASS)), NAN)
    mass[0, 0, 0] = malignant
    return Truth(torch.tensor([[heat]]), mass, torch.full((1, len(IMAGE)), NAN))


def seen(one):
    return one.heat.flatten(2).amax(dim=2) > 0.5


def test_the_score_is_malignancy_weighted_by_attention():
    """Attention 0.75 and 0.25, malignancy 0.9 and 0.2: 0.725."""
    odds = [math.log(0.9 / 0.1), math.log(0.2 / 0.8)]
    yes, no = log_pooled(said(((math.log(3.0), 0.0),), (odds,)))
    assert yes.exp().item() == pytest.approx(0.725, rel=1e-5)
    assert no.exp().item() == pytest.approx(0.275, rel=1e-5)


def test_where_is_taught_by_the_focal_loss_of_cells():
    """Both cells say a half: a quarter of log 2 each, where a mass is and where none."""
    assert where_loss(said(), truth()).item() == pytest.approx(math.log(2) / 2, rel=1e-5)
    found = said(((20.0, -20.0),))
    assert where_loss(found, truth()).item() == pytest.approx(0, abs=1e-6)


def test_malignancy_is_asked_only_at_the_mass():
    """The first cell says 0.9; what the second says is of no matter."""
    odds = math.log(0.9 / 0.1)
    for elsewhere in (0.0, 30.0):
        parts = mass_losses(said(malignant=((odds, elsewhere),)), truth(), seen(truth()))
        assert parts[0].item() == pytest.approx(-math.log(0.9), rel=1e-4)


def test_doubt_in_a_pathology():
    """Taught 0.95, said 0.5: a half on either side costs log 2 whatever is taught."""
    odds = math.log(0.9 / 0.1)
    parts = mass_losses(said(malignant=((odds, 0.0),)), truth(), seen(truth()), smooth=0.05)
    expected = -(0.95 * math.log(0.9) + 0.05 * math.log(0.1))
    assert parts[0].item() == pytest.approx(expected, rel=1e-4)


def test_what_nobody_answered_teaches_nothing():
    """Of two masses one has a known margin: the other's scores get no gradient there."""
    answer = said()
    answer.mass.requires_grad_()
    heat = torch.tensor([[[[1.0, 0.0]], [[0.0, 1.0]]]])
    masses = torch.full((1, 2, len(MASS)), NAN)
    masses[0, 0, 3] = 1.0
    known = Truth(heat, masses, torch.full((1, len(IMAGE)), NAN))
    parts = mass_losses(answer, known, seen(known))
    assert parts[3].item() == pytest.approx(math.log(2), rel=1e-4)
    assert parts.sum().item() == pytest.approx(math.log(2), rel=1e-4)
    parts.sum().backward()
    slopes = answer.mass.grad[0]
    assert slopes[3, 0, 0].item() == pytest.approx(-0.5, rel=1e-3)
    assert slopes.abs().sum().item() == pytest.approx(0.5, rel=1e-3)


def test_an_image_without_any_answer_teaches_where_no_mass_is():
    nothing = Truth(torch.zeros(1, 1, 1, 2), *truth()[1:])
    unknown = nothing._replace(mass=torch.full((1, 1, len(MASS)), NAN))
    for one in (nothing, unknown):
        assert loss(said(), one, Weights(where=0.0)).item() == 0
        assert loss(said(), one, Weights(where=1.0)).item() == pytest.approx(math.log(2) / 2)


def test_questions_about_the_image_are_answered_by_the_mean_of_its_cells():
    answer = said()
    answer.image[0, 4, 0] = torch.tensor([1.0, 3.0])
    about = torch.full((1, len(IMAGE)), NAN)
    about[0, 4] = 1.0
    parts = image_losses(answer, truth()._replace(image=about))
    assert parts[4].item() == pytest.approx(math.log1p(math.exp(-2.0)), rel=1e-5)
    assert parts.sum().item() == pytest.approx(parts[4].item())


@pytest.mark.parametrize(
    ("pathologies", "wanted"), [((0.0, 0.0), 0.0), ((0.0, 1.0), 1.0), ((NAN, 1.0), 1.0)]
)
def test_an_image_is_malignant_where_a_mass_is(pathologies, wanted):
    odds = math.log(0.8 / 0.2)
    masses = torch.full((1, 2, len(MASS)), NAN)
    masses[0, :, 0] = torch.tensor(pathologies)
    known = Truth(torch.ones(1, 2, 1, 2), masses, torch.full((1, len(IMAGE)), NAN))
    part = pooled_loss(said(malignant=((odds, odds),)), known, seen(known))
    assert part.item() == pytest.approx(-math.log(0.8 if wanted else 0.2), rel=1e-4)


def test_the_whole_loss_is_the_sum_of_its_parts():
    """Nothing is known but one malignant mass, all scores are a half."""
    weights = Weights(
        where=1.0, malignant=10.0, described=100.0, image=1000.0, pooled=10000.0, smooth=0.0
    )
    expected = (0.5 + 10 + 10000) * np.log(2)
    assert loss(said(), truth(), weights).item() == pytest.approx(expected, rel=1e-3)
