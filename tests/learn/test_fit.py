"""Early stopping and the choice of the checkpoint; resuming is checked in tests/test_rooms.py."""

from dataclasses import replace

import pytest
import torch

from mammoscope.core.settings import with_settings
from mammoscope.errors import UsageError, WeightsError
from mammoscope.learn.data import Example, augmented, padded
from mammoscope.learn.fit import Batches, fit
from mammoscope.learn.module import VALIDATION_LOSS, Module, Optimisation, Plateau
from mammoscope.segmentation.train import dice_figures, load_checkpoint, training_module
from tests.segmentation.miniature import labels, picture, tiny

EXAMPLES = [Example(picture(mask, 0), mask) for mask in (labels(0, True), labels(1, True))]


def batches(recipe, training=EXAMPLES, validation=EXAMPLES):
    return Batches(
        training, validation, augmented(recipe.augmentation), padded(recipe.network.multiple)
    )


class Scripted(Module):
    """Its validation loss follows a script."""

    script = (5.0, 3.0, 4.0, 3.5, 6.0, 1.0)

    def validation_step(self, batch, _):
        self.log(VALIDATION_LOSS, self.script[self.current_epoch], batch_size=1)


def test_training_stops_after_patience_and_keeps_the_lowest(tmp_path):
    recipe = tiny()
    made = training_module(recipe)
    optimisation = replace(recipe.optimisation, epochs=6, patience=3)
    module = Scripted(made.network, made.loss, made.figures, optimisation, made.record)
    best = fit(module, batches(recipe), tmp_path)
    assert torch.load(best, weights_only=True)["epoch"] == 1
    assert torch.load(tmp_path / "last.ckpt", weights_only=True)["epoch"] == 4
    lines = (tmp_path / "log" / "version_0" / "metrics.csv").read_text()
    assert VALIDATION_LOSS in lines


def test_the_rate_falls_where_the_validation_loss_does_not(tmp_path):
    recipe = tiny()
    made = training_module(recipe)
    plateau = Plateau(patience=1, factor=0.1)
    optimisation = Optimisation(
        learning_rate=1e-2, schedule="plateau", plateau=plateau, batch=2, epochs=6, patience=6
    )
    rates = []

    class Watched(Scripted):
        def on_train_epoch_start(self):
            rates.append(self.optimizers().param_groups[0]["lr"])

    module = Watched(made.network, made.loss, made.figures, optimisation, made.record)
    fit(module, batches(recipe), tmp_path)
    # losses 5, 3, 4, 3.5, 6, 1: two epochs without a lower one than 3 lower the rate for the fifth
    assert rates == pytest.approx([1e-2, 1e-2, 1e-2, 1e-2, 1e-3, 1e-3])


def test_nothing_to_learn_from_is_refused(tmp_path):
    with pytest.raises(UsageError, match="at least one"):
        fit(training_module(tiny()), batches(tiny(), validation=[]), tmp_path)


def test_nothing_to_resume_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"last\.ckpt"):
        fit(training_module(tiny()), batches(tiny()), tmp_path, resume=True)


def test_a_foreign_checkpoint_is_refused(tmp_path):
    torch.save({"state_dict": {}}, tmp_path / "a.ckpt")
    with pytest.raises(WeightsError, match="no recipe"):
        load_checkpoint(tmp_path / "a.ckpt")


def test_weights_come_from_the_seed():
    one, same = training_module(tiny()).network, training_module(tiny()).network
    other = training_module(with_settings(tiny(), {"optimisation.seed": "1"})).network
    key = "layers.0.net.0.weight"
    assert torch.equal(one.state_dict()[key], same.state_dict()[key])
    assert not torch.equal(one.state_dict()[key], other.state_dict()[key])


def test_averaged_weights_trail_the_trained_ones():
    made = training_module(tiny())
    optimisation = Optimisation(average=0.999)
    module = Module(made.network, made.loss, made.figures, optimisation, {})
    key = "layers.0.net.0.weight"
    start = module.network.state_dict()[key].clone()
    with torch.no_grad():
        module.network.state_dict()[key].add_(1)
    module.on_train_batch_end()
    # at the first step the decay is 1 / 10
    torch.testing.assert_close(module.averaged.state_dict()[key], start + 0.9)


def test_validation_dice_is_equation_4():
    scores = torch.zeros(1, 3, 1, 4)
    scores[0, 1, 0, :3] = 5
    truth = torch.tensor([[[1, 1, 0, 0]]])
    figures = dice_figures(scores, truth)
    assert figures["dice_breast"] == pytest.approx(2 * 2 / (3 + 2))
    assert torch.isnan(figures["dice_pectoral"])
