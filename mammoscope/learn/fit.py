"""Training: early stopping, the checkpoint of lowest validation loss, going on after a break."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from torch.utils.data import DataLoader

from mammoscope.errors import UsageError
from mammoscope.learn.data import (
    Tensors,
    TrainingViews,
    View,
    WholeImages,
    training_batches,
    validation_batches,
)
from mammoscope.learn.engine import CSVLogger, EarlyStopping, ModelCheckpoint, lightning
from mammoscope.learn.module import VALIDATION_LOSS, Module, Optimisation
from mammoscope.learn.quiet import quiet
from mammoscope.learn.resident import Resident

LAST = "last.ckpt"
BEST = "best.ckpt"
Network = TypeVar("Network")


class Batches(lightning.LightningDataModule):  # type: ignore[misc]
    """Training views that change with the epoch, and whole validation images.

    Args:
        training: What is learnt from.
        validation: Of other women.
        view: From an example to a training view.
        whole: From an example to what it is validated on.
        workers: Processes that prepare training views; 0: none besides this one.
    """

    def __init__(
        self,
        training: Sequence[Any],
        validation: Sequence[Any],
        view: View,
        whole: Callable[[Any], Tensors],
        workers: int = 0,
    ) -> None:
        super().__init__()
        self.training, self.validation = training, validation
        self.view, self.whole, self.workers = view, whole, workers

    def train_dataloader(self) -> DataLoader[Any]:
        """Asked for at each epoch."""
        settings = self.trainer.lightning_module.optimisation
        epoch = self.trainer.current_epoch
        views = TrainingViews(self.training, self.view, settings.seed, epoch)
        return training_batches(views, settings.batch, self.workers, settings.steps)

    def val_dataloader(self) -> DataLoader[Any]:
        """The same images at each epoch."""
        return validation_batches(WholeImages(self.validation, self.whole))


def fit(
    module: Module,
    batches: Batches | Resident,
    folder: Path,
    resume: bool = False,
    progress: bool = False,
) -> Path:
    """Train until the validation loss stops falling; return the checkpoint of the lowest.

    Runs on a GPU where there is one. ``log`` in the folder holds the figures of every epoch.

    Args:
        module: What is trained.
        batches: What it learns from.
        folder: Where checkpoints go.
        resume: Go on from the folder's last checkpoint.
        progress: Show a progress bar.

    Raises:
        UsageError: If there is nothing to learn from, or nothing to resume.
    """
    if not batches.training or not batches.validation:
        raise UsageError("training needs at least one training and one validation image, got none")
    last = folder / LAST
    if resume and not last.is_file():
        raise UsageError(f"no checkpoint {LAST} to resume from: start without resume")
    logging.getLogger("lightning.pytorch.utilities.rank_zero").setLevel(logging.WARNING)
    keep = {"save_top_k": 1, "enable_version_counter": False, "save_on_train_epoch_end": True}
    best = ModelCheckpoint(folder, "best", VALIDATION_LOSS, **keep)
    newest = ModelCheckpoint(folder, Path(LAST).stem, **keep)
    trainer = _trainer(module.optimisation, folder, [best, newest], progress)
    with quiet():
        trainer.fit(
            module, datamodule=batches, ckpt_path=str(last) if resume else None, weights_only=True
        )
    return Path(best.best_model_path)


def once(folder: Path, train: Callable[[bool], Network], load: Callable[[Path], Network]) -> Network:
    """A network that is trained at most once: a training that was broken off goes on.

    Args:
        folder: Of its checkpoints.
        train: Trains in the folder; told whether to go on from what lies there.
        load: Reads a checkpoint.
    """
    done = folder / "finished"
    if done.is_file():
        return load(folder / BEST)
    network = train((folder / LAST).is_file())
    done.touch()
    return network


def _trainer(
    settings: Optimisation, folder: Path, checkpoints: list[Any], progress: bool
) -> lightning.Trainer:
    return lightning.Trainer(
        max_epochs=settings.epochs,
        precision=settings.precision,
        gradient_clip_val=settings.clip or None,
        callbacks=[EarlyStopping(VALIDATION_LOSS, patience=settings.patience), *checkpoints],
        logger=CSVLogger(folder, name="log"),
        reload_dataloaders_every_n_epochs=1,
        num_sanity_val_steps=0,
        log_every_n_steps=1,
        enable_progress_bar=progress,
        enable_model_summary=False,
    )
