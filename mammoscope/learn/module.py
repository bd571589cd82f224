"""One Lightning module for every room: a network, its loss, its optimiser, its validation figures."""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import torch
from torch import Tensor, nn

from mammoscope.learn.engine import lightning

Loss = Callable[[Any, Any], Tensor]
Figures = Callable[[Any, Any], Mapping[str, Tensor]]
VALIDATION_LOSS = "validation_loss"


@dataclass(frozen=True)
class Cycle:
    """A learning rate that rises and falls along straight lines, over and over.

    Attributes:
        lowest: Where it begins and ends.
        highest: Its peak.
        up: Steps from the lowest to the highest.
        down: Steps back.
    """

    lowest: float = 1e-5
    highest: float = 5e-4
    up: int = 2000
    down: int = 2000


@dataclass(frozen=True)
class Plateau:
    """A learning rate that falls where the validation loss no longer does.

    Attributes:
        patience: Epochs without a lower validation loss that are borne.
        factor: What the rate is multiplied by in the epoch after them.
    """

    patience: int = 5
    factor: float = 0.1


@dataclass(frozen=True)
class Optimisation:
    """How weights are moved. The segmentation paper is silent on all of it: these are ours.

    Attributes:
        optimiser: Adam, or AdamW, which decays weights apart from the gradient.
        learning_rate: Of the whole training, or the peak of one cycle.
        weight_decay: Per step, times the learning rate.
        schedule: A constant rate, one cycle up and down over all epochs, `cycle` over and over, or
            `plateau`: lower where the validation loss no longer falls.
        cycle: Of the cyclic schedule, in place of `learning_rate`.
        plateau: Of the schedule of that name.
        batch: Images in a step.
        epochs: At most.
        steps: Of an epoch; 0: as many as show each example once.
        clip: Largest norm of the gradient; 0: any.
        average: Decay of a running mean of the weights, which is validated and kept in their
            stead; 0: none.
        patience: Epochs without a lower validation loss before training stops; paper: 10.
        seed: Of weights, order, augmentation and dropout.
        precision: Of the forward pass in training; weights and loss stay at 32 bits.
    """

    optimiser: Literal["adam", "adamw"] = "adam"
    learning_rate: float = 1e-3
    weight_decay: float = 0.0
    schedule: Literal["constant", "one cycle", "cyclic", "plateau"] = "constant"
    clip: float = 0.0
    average: float = 0.0
    batch: int = 8
    epochs: int = 200
    patience: int = 10
    seed: int = 0
    precision: Literal["32-true", "bf16-mixed"] = "32-true"
    cycle: Cycle = field(default_factory=Cycle)
    steps: int = 0
    plateau: Plateau = field(default_factory=Plateau)


class Module(lightning.LightningModule):  # type: ignore[misc]
    """Trains a network; batches are (input, truth).

    Args:
        network: Any torch module.
        loss: Of the network's output and the truth.
        figures: Further validation figures by name, of the same two.
        optimisation: How weights are moved.
        record: Plain values stored in every checkpoint: the recipe.
        parts: What the training loss is made of, by name: logged as averages over an epoch.
    """

    def __init__(
        self,
        network: nn.Module,
        loss: Loss,
        figures: Figures,
        optimisation: Optimisation,
        record: Mapping[str, Any],
        parts: Figures = lambda output, truth: {},
    ) -> None:
        super().__init__()
        self.network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.averaged = copy.deepcopy(self.network).eval() if optimisation.average else None
        self.loss, self.figures, self.parts, self.optimisation = loss, figures, parts, optimisation
        self.record = dict(record)

    def on_train_batch_start(self, *_: Any) -> None:
        """Seed dropout by the step, so that a resumed training equals an uninterrupted one."""
        torch.manual_seed(self.optimisation.seed * 1_000_003 + self.global_step)

    def training_step(self, batch: Sequence[Any], _: int) -> Tensor:
        """The loss of a batch."""
        inputs, truth = batch
        output = _whole_precision(self.network(_channels_last(inputs)))
        loss = self.loss(output, truth)
        with torch.no_grad():
            logged = {"training_loss": loss, **self.parts(output, truth)}
        self.log_dict(logged, on_step=False, on_epoch=True, batch_size=len(inputs))
        return loss

    @torch.no_grad()
    def on_train_batch_end(self, *_: Any) -> None:
        """Move the mean of the weights towards the new ones, faster at first."""
        if self.averaged is None:
            return
        decay = min(self.optimisation.average, (1 + self.global_step) / (10 + self.global_step))
        pairs = zip(
            self.averaged.state_dict().values(), self.network.state_dict().values(), strict=True
        )
        for mean, new in pairs:
            if mean.is_floating_point():
                mean.lerp_(new, 1 - decay)
            else:
                mean.copy_(new)

    def validation_step(self, batch: Sequence[Any], _: int) -> None:
        """Log the loss and the room's figures."""
        inputs, truth = batch
        network = self.network if self.averaged is None else self.averaged
        output = _whole_precision(network(_channels_last(inputs)))
        figures = {VALIDATION_LOSS: self.loss(output, truth), **self.figures(output, truth)}
        for name, value in figures.items():
            if torch.isfinite(value):
                self.log(name, value, on_epoch=True, batch_size=len(inputs), prog_bar=True)

    def configure_optimizers(self) -> Any:
        """The optimiser, with its schedule."""
        settings = self.optimisation
        kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[settings.optimiser]
        optimiser = kind(
            self.network.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay
        )
        if settings.schedule == "constant":
            return optimiser
        if settings.schedule == "plateau":
            falling = torch.optim.lr_scheduler.ReduceLROnPlateau(
                optimiser, factor=settings.plateau.factor, patience=settings.plateau.patience
            )
            by_loss = {"scheduler": falling, "interval": "epoch", "monitor": VALIDATION_LOSS}
            return {"optimizer": optimiser, "lr_scheduler": by_loss}
        schedule = self._schedule(optimiser)
        return {"optimizer": optimiser, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}

    def _schedule(self, optimiser: torch.optim.Optimizer) -> torch.optim.lr_scheduler.LRScheduler:
        settings, cycle = self.optimisation, self.optimisation.cycle
        if settings.schedule == "one cycle":
            steps = int(self.trainer.estimated_stepping_batches)
            return torch.optim.lr_scheduler.OneCycleLR(optimiser, settings.learning_rate, steps)
        return torch.optim.lr_scheduler.CyclicLR(
            optimiser, cycle.lowest, cycle.highest, cycle.up, cycle.down, "triangular",
            cycle_momentum=False,
        )  # fmt: skip

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Store the recipe beside the weights."""
        checkpoint["record"] = self.record


def _channels_last(images: Tensor) -> Tensor:
    return images.contiguous(memory_format=torch.channels_last)


def _whole_precision(output: Any) -> Any:
    """A network's output, or each of its named ones, at 32 bits."""
    return (
        output.float() if isinstance(output, Tensor) else type(output)(*(one.float() for one in output))
    )
