"""Every number against sections 3.1, 3.2 and 3.5 of the paper."""

from typing import get_args

import pytest
import torch

from mammoscope.core.settings import with_settings
from mammoscope.positioning.network import Model
from mammoscope.positioning.recipe import Recipe
from mammoscope.positioning.train import training_module

MODELS = get_args(Model)


@pytest.mark.parametrize(
    ("model", "epochs", "pretrained"),
    [
        ("u-net", 300, False),
        ("attention u-net", 300, False),
        ("coordatt u-net", 300, False),
        ("r-resnext50", 150, True),
        ("resnext50", 30, True),
    ],
)
def test_epochs_and_what_training_begins_with(model, epochs, pretrained):
    recipe = Recipe.paper(model)
    assert recipe.network.model == model
    assert recipe.optimisation.epochs == epochs
    assert recipe.pretrained is pretrained
    assert recipe.optimisation.patience == epochs  # nothing stops early
    assert recipe.optimisation.batch == 8


@pytest.mark.parametrize("model", MODELS)
def test_rates_loss_frame_and_runs_are_the_same_for_all(model):
    recipe = Recipe.paper(model)
    optimisation = recipe.optimisation
    assert (optimisation.optimiser, optimisation.learning_rate) == ("adam", 1e-4)
    assert optimisation.weight_decay == optimisation.average == optimisation.clip == 0
    assert optimisation.schedule == "cyclic"
    assert (optimisation.cycle.lowest, optimisation.cycle.highest) == (1e-5, 5e-4)
    assert (recipe.wing.width, recipe.wing.curvature) == (3, 1.5)
    assert recipe.wing.weights == (1, 1, 1)
    assert (recipe.network.size, recipe.margin, recipe.runs) == (512, 10, 5)


def test_five_runs_have_five_seeds_and_differ_in_nothing_else():
    runs = with_settings(Recipe.paper(), {"optimisation.seed": "3"}).repeated()
    assert [run.optimisation.seed for run in runs] == [3, 4, 5, 6, 7]
    assert len({str(with_settings(run, {"optimisation.seed": "0"})) for run in runs}) == 1


def test_the_rate_runs_along_triangles_and_moments_do_not():
    recipe = with_settings(
        Recipe.paper("u-net"),
        {"optimisation.cycle.up": "4", "optimisation.cycle.down": "2", "network.channels": "[2, 2]",
         "network.size": "32"},
    )  # fmt: skip
    configured = training_module(recipe).configure_optimizers()
    optimiser, schedule = configured["optimizer"], configured["lr_scheduler"]["scheduler"]
    assert configured["lr_scheduler"]["interval"] == "step"
    rates = []
    for _ in range(13):
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        schedule.step()
    rise, fall = (5e-4 - 1e-5) / 4, (5e-4 - 1e-5) / 2
    cycle = [1e-5, 1e-5 + rise, 1e-5 + 2 * rise, 1e-5 + 3 * rise, 5e-4, 5e-4 - fall]
    assert rates == pytest.approx([*cycle, *cycle, 1e-5])
    assert isinstance(optimiser, torch.optim.Adam)
    assert optimiser.param_groups[0]["betas"] == (0.9, 0.999)
