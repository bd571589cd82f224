"""Training from memory: the whole set lies on the device as tensors, and is varied there.

For networks whose step is faster than a processor makes its views: a batch that travels is a list of
places and a seed.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from mammoscope.learn.data import Tensors, WholeImages, validation_batches
from mammoscope.learn.engine import lightning

Stacked = tuple[Tensor, ...]
VaryingView = Callable[[Stacked, torch.Generator], Tensors]
"""From some examples of each tensor to what the network sees of them, and the truth."""


class Resident(lightning.LightningDataModule):  # type: ignore[misc]
    """Stands in for `mammoscope.learn.fit.Batches` where a set fits into the device's memory.

    Args:
        training: What is learnt from.
        validation: Of other women.
        stack: All examples as tensors whose first dimension is theirs.
        view: From some of them to a random view, drawn on their device.
        whole: From an example to what it is validated on.
    """

    def __init__(
        self,
        training: Sequence[Any],
        validation: Sequence[Any],
        stack: Callable[[Sequence[Any]], Stacked],
        view: VaryingView,
        whole: Callable[[Any], Tensors],
    ) -> None:
        super().__init__()
        self.training, self.validation = training, validation
        self.view, self.whole = view, whole
        self._stacked = stack(training)

    def train_dataloader(self) -> DataLoader[Any]:
        """Asked for at each epoch."""
        settings = self.trainer.lightning_module.optimisation
        order = Order(
            len(self.training),
            settings.batch,
            settings.steps,
            settings.seed,
            self.trainer.current_epoch,
        )
        return DataLoader(order, batch_size=None)

    def val_dataloader(self) -> DataLoader[Any]:
        """The same images at each epoch."""
        return validation_batches(WholeImages(self.validation, self.whole))

    def on_after_batch_transfer(self, batch: Any, _: int) -> Any:
        """Examples of a training batch, varied on the device; others as they are."""
        if not self.trainer.training:
            return batch
        places, seed = batch
        if self._stacked[0].device != places.device:
            self._stacked = tuple(one.to(places.device) for one in self._stacked)
        generator = torch.Generator(places.device).manual_seed(int(seed))
        return self.view(tuple(one[places] for one in self._stacked), generator)


class Order(Dataset[tuple[Tensor, int]]):
    """The batches of an epoch: places of examples, each as often as any other but for one, and a seed.

    Args:
        count: Of examples.
        batch: Examples in a step; all, where there are fewer.
        steps: Of the epoch; 0: as many as show each example once, without the last short one.
        seed: Of the training.
        epoch: Its number.
    """

    def __init__(self, count: int, batch: int, steps: int, seed: int, epoch: int) -> None:
        rng = np.random.default_rng((seed, epoch))
        size = min(batch, count)
        wanted = (steps or count // size) * size
        rounds = [rng.permutation(count) for _ in range(-(-wanted // count))]
        self._places = torch.from_numpy(np.concatenate(rounds)[:wanted].reshape(-1, size))
        self._seeds = rng.integers(1 << 31, size=len(self._places)).tolist()

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        """Places and a seed."""
        if index >= len(self):
            raise IndexError(index)
        return self._places[index], self._seeds[index]
