"""Prepared images in memory, and training views of them that a seed reproduces."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import UInt8
from torch.utils.data import DataLoader, Dataset

from mammoscope.errors import UsageError
from mammoscope.learn.augment import Augmentation, augment


@dataclass(frozen=True, eq=False)
class Example:
    """An image and its mask at training resolution.

    Attributes:
        image: Uint8 or uint16, the whole range of its type is 0–1.
        mask: Class of each pixel.
        name: For messages; free of identity.
        weight: How often it is seen, relative to others.
        looks: The same image through other tables and windows of its header: training draws one.
    """

    image: np.ndarray
    mask: UInt8[np.ndarray, "rows columns"]
    name: str = ""
    weight: float = 1.0
    looks: Sequence[np.ndarray] = ()

    def __post_init__(self) -> None:
        for image in (self.image, *self.looks):
            if image.dtype not in (np.uint8, np.uint16) or image.shape != self.mask.shape:
                raise UsageError(
                    f"an example is uint8 or uint16 with a mask of its shape, got {image.dtype} "
                    f"{image.shape} with {self.mask.shape}"
                )

    def pixels(self, look: int = 0) -> np.ndarray:
        """Float32 in 0–1; look 0 is the usual one."""
        image = self.looks[look - 1] if look else self.image
        return image.astype(np.float32) / np.float32(np.iinfo(image.dtype).max)


Tensors = tuple[Any, Any]
View = Callable[[Any, np.random.Generator], Tensors]
"""From an example to what the network sees of it, and the truth, both as tensors."""


class TrainingViews(Dataset[Tensors]):
    """A view of each example, the same for one seed and epoch in any worker."""

    def __init__(self, examples: Sequence[Any], view: View, seed: int, epoch: int) -> None:
        self.examples, self.view, self.seed, self.epoch = examples, view, seed, epoch

    def __len__(self) -> int:
        return len(self.examples)

    def __getitem__(self, index: int) -> Tensors:
        """What the network sees, and the truth."""
        return self.view(self.examples[index], np.random.default_rng((self.seed, self.epoch, index)))


class WholeImages(Dataset[Tensors]):
    """Each example as it is."""

    def __init__(self, examples: Sequence[Any], whole: Callable[[Any], Tensors]) -> None:
        self.examples, self.whole = examples, whole

    def __len__(self) -> int:
        return len(self.examples)

    def __getitem__(self, index: int) -> Tensors:
        """What the network sees, and the truth."""
        return self.whole(self.examples[index])


def augmented(augmentation: Augmentation) -> View:
    """A view of a random look of an `Example`: image (1, rows, columns) in 0–1, and mask, int64."""

    def view(example: Example, rng: np.random.Generator) -> Tensors:
        pixels = example.pixels(int(rng.integers(1 + len(example.looks))))
        return _tensors(*augment(pixels, example.mask, augmentation, rng))

    return view


def padded(multiple: int) -> Callable[[Example], Tensors]:
    """The whole of an `Example`, with zeros to multiples of a number: image and mask, int64."""

    def whole(example: Example) -> Tensors:
        short = [(0, -length % multiple) for length in example.mask.shape]
        return _tensors(np.pad(example.pixels(), short), np.pad(example.mask, short))

    return whole


def training_batches(
    views: TrainingViews, batch: int, workers: int = 0, steps: int = 0
) -> DataLoader[Any]:
    """Batches in an order that the seed and the epoch decide; the last short one is left out.

    Where weights differ, an epoch is as many draws with replacement. A set smaller than one batch
    gives one batch of all.

    Args:
        views: Of one epoch.
        batch: Examples in a step.
        workers: Processes that prepare views; 0: none besides this one.
        steps: Of the epoch, in which each example comes as often as any other, but for one; 0: as
            many as show each once.
    """
    rng = np.random.default_rng((views.seed, views.epoch))
    weights = np.array([getattr(example, "weight", 1.0) for example in views.examples])
    size = min(batch, len(views))
    draws = steps * size or len(views)
    if (weights == weights[0]).all():
        rounds = [rng.permutation(len(views)) for _ in range(-(-draws // len(views)))]
        order = np.concatenate(rounds)[:draws].tolist()
    else:
        order = rng.choice(len(views), draws, p=weights / weights.sum()).tolist()
    return DataLoader(views, batch_size=size, sampler=order, drop_last=True, num_workers=workers)


def validation_batches(images: WholeImages) -> DataLoader[Any]:
    """Whole images one by one, since each has its own shape."""
    return DataLoader(images, batch_size=1)


def _tensors(image: np.ndarray, mask: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.from_numpy(np.ascontiguousarray(image))[None], torch.from_numpy(mask.astype(np.int64))
