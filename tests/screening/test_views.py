from dataclasses import replace

import numpy as np
import pytest
import torch

from mammoscope.errors import UsageError
from mammoscope.image.windows import CELL, MARGIN
from mammoscope.learn.boxed import save_examples
from mammoscope.learn.varied import Moves, Variation
from mammoscope.screening.pooled.examples import Example, load, save_answers
from mammoscope.screening.pooled.questions import MASS, RIGHT, of_image
from mammoscope.screening.pooled.recipe import Recipe
from mammoscope.screening.pooled.views import stacked, still, towards, varied
from tests.screening.miniature import CENTRE, SHAPE, example, examples, tiny

STILL = Variation(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def test_heat_is_highest_at_the_middle_of_the_mass():
    """A view of 384 × 352 has its middle at 191.5, 175.5; the image's is 94.5, 74.5."""
    recipe = tiny()
    _, truth = still(recipe)(example(True))
    row, column = np.unravel_index(int(truth.heat[0].argmax()), truth.heat[0].shape)
    middle = np.array([191.5, 175.5]) + CENTRE - np.array([94.5, 74.5])
    cell = MARGIN + np.array([row, column]) * CELL + (CELL - 1) / 2
    assert np.abs(cell - middle).max() <= CELL / 2
    assert truth.heat[1:].max() == 0
    assert torch.isnan(truth.mass[1:]).all()


def test_heat_lies_on_the_mass_in_random_views():
    """The image is black but for a disc at the middle of the box."""
    moving = replace(STILL, turn=20.0, scale=0.1, shift=20.0)
    recipe = Recipe(crop=(384, 352), near=0.0, variation=moving)
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]]
    disc = np.hypot(rows - CENTRE[0], columns - CENTRE[1]) < 8
    benign = example(False)
    mass = replace(benign, breast=replace(benign.breast, image=disc.astype(np.uint8) * np.uint8(255)))
    shown, truth = varied(recipe)(stacked([mass] * 6), torch.Generator().manual_seed(3))
    middles = [(view > 0.5).nonzero().double().mean(dim=0).numpy() for view in shown[:, 0]]
    assert np.ptp(middles, axis=0).min() > CELL
    for middle, heat in zip(middles, truth.heat[:, 0], strict=True):
        cell = np.array(np.unravel_index(int(heat.argmax()), heat.shape))
        assert np.abs(MARGIN + cell * CELL + (CELL - 1) / 2 - middle).max() < CELL


def test_near_a_mass_every_mass_is_as_likely():
    """Of two masses 60 pixels apart, the third box missing; the shift is of the view's pixels."""
    boxes = torch.tensor([[[0.0, 0, 20, 20], [60, 0, 80, 20], [torch.nan] * 4]]).repeat(200, 1, 1)
    doubled = Moves(torch.eye(2).expand(200, 2, 2) / 2, torch.zeros(200, 2))
    near = towards(boxes, doubled, 1.0, 8.0, torch.Generator().manual_seed(0)).middle
    first = near[:, 0] < 40
    assert 60 < first.sum() < 140
    away = near - torch.where(first[:, None], torch.tensor([10.0, 10]), torch.tensor([70.0, 10]))
    assert 3.5 < away.abs().max() <= 4
    kept = towards(boxes, doubled, 0.0, 8.0, torch.Generator().manual_seed(0)).middle
    assert not kept.any()


def test_a_mirrored_breast_is_the_other():
    recipe = Recipe(crop=(384, 352), near=0.0, variation=STILL)
    stack = stacked([example(True)] * 16)
    shown, truth = varied(recipe)(stack, torch.Generator().manual_seed(0))
    left = shown[:, 0, :, :176].sum(dim=(1, 2)) > shown[:, 0, :, 176:].sum(dim=(1, 2))
    assert 0 < left.sum() < 16
    assert torch.equal(truth.image[:, RIGHT] == 0, left)
    assert torch.equal(
        truth.image[:, :RIGHT],
        torch.from_numpy(of_image(2, False, False))[:RIGHT].expand(16, -1).float(),
    )


def test_examples_are_kept(tmp_path):
    made = examples(3)
    save_examples(tmp_path / "images.npz", [one.breast for one in made])
    kept = {one.breast.name: (one.masses, one.about) for one in made[1:]}
    save_answers(tmp_path / "answers.npz", kept)
    read = load(tmp_path / "images.npz", tmp_path / "answers.npz")
    assert [one.breast.name for one in read] == [one.breast.name for one in made[1:]]
    for one, other in zip(read, made[1:], strict=True):
        np.testing.assert_equal(one.masses, other.masses)
        np.testing.assert_equal(one.about, other.about)
    assert [one.malignant for one in read] == [0, 1]


def test_answers_of_another_number_are_refused():
    one = example(True)
    with pytest.raises(UsageError, match="each of 1 boxes"):
        Example(one.breast, np.zeros((2, len(MASS))), one.about)
