"""Images and a Recipe to weights: one fold of the paper's networks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

import numpy as np
import torch
from jaxtyping import Int64, UInt8
from torch import Tensor

from mammoscope.core.card import CardInput, TrainingData
from mammoscope.core.settings import from_plain, to_plain
from mammoscope.errors import UsageError, WeightsError
from mammoscope.learn.checkpoint import read_checkpoint
from mammoscope.learn.data import Tensors, View
from mammoscope.learn.export import About, card_for, to_onnx, write
from mammoscope.learn.fit import Batches, fit
from mammoscope.learn.kept import Kept
from mammoscope.learn.module import Module
from mammoscope.learn.pretrained import load_imagenet
from mammoscope.screening.augment import augmented
from mammoscope.screening.loss import Truth, loss
from mammoscope.screening.network import Network, Probability, Said, Settings, probabilities
from mammoscope.screening.recipe import Recipe
from mammoscope.screening.targets import mirrored

NAME: Final = "screening"
CANCER: Final = "cancer"
ROUNDING: Final = 1e-4
"""How far another machine's arithmetic may move a probability."""
NOT_FOR: Final = (
    "diagnosis: research use, not a medical device",
    "ruling cancer out: a probability of a research network, as calibrated as its recipe left it",
    "images unlike those that trained it: see its training data",
)


@dataclass(frozen=True, eq=False)
class Example:
    """An image that is learnt from, or that validates: never one of a woman who tests.

    Attributes:
        images: Kept images.
        place: Which of them.
        cancer: The truth.
        classes: Of each head, see `mammoscope.screening.targets`.
    """

    images: Kept
    place: int
    cancer: bool
    classes: Int64[np.ndarray, " heads"]

    @property
    def pixels(self) -> UInt8[np.ndarray, "size size"]:
        """Read when it is looked at."""
        return self.images[self.place]


def train_examples(
    training: Sequence[Example],
    validation: Sequence[Example],
    recipe: Recipe,
    folder: Path,
    *,
    resume: bool = False,
    progress: bool = False,
    imagenet: Path | None = None,
) -> Network:
    """Train on kept images; return the network of lowest validation loss.

    Args:
        training: Of the recipe's size, with classes of its heads.
        validation: Of other women.
        recipe: Every number.
        folder: Where checkpoints and figures go.
        resume: Go on from the folder's last checkpoint.
        progress: Show a progress bar.
        imagenet: File of ImageNet weights where the recipe begins with them; None: timm's cache.

    Raises:
        UsageError: If no image, or every one, is of cancer.
        WeightsError: If ImageNet weights are asked for and are not there.
    """
    module = training_module(recipe, weight_of(training, recipe))
    if recipe.pretrained and not resume:
        load_imagenet(module.network.body, imagenet)
    batches = Batches(training, validation, view(recipe), whole)
    return load_checkpoint(fit(module, batches, folder, resume=resume, progress=progress))


def weight_of(training: Sequence[Example], recipe: Recipe) -> float:
    """Of a cancer image in the loss (5.3.1).

    Raises:
        UsageError: If there is nothing to weigh.
    """
    ill = sum(one.cancer for one in training)
    if not 0 < ill < len(training):
        raise UsageError(
            f"training images with cancer and without were expected, got {ill} with and "
            f"{len(training) - ill} without: add data"
        )
    return (len(training) - ill) / ill if recipe.cancer_weight is None else recipe.cancer_weight


def view(recipe: Recipe) -> View:
    """A random variation of an example (1, size, size), or the image itself, and its truth."""

    def draw(example: Example, rng: np.random.Generator) -> Tensors:
        if not recipe.augmented:
            return whole(example)
        image, turned = augmented(_unit(example), recipe.augmentation, rng)
        classes = example.classes
        if turned:
            classes = mirrored(classes, recipe.network.heads)
        return torch.from_numpy(image)[None], _truth(example, classes)

    return draw


def whole(example: Example) -> Tensors:
    """The image as it is (1, size, size), and its truth."""
    return torch.from_numpy(_unit(example))[None], _truth(example, example.classes)


def training_module(recipe: Recipe, cancer_weight: float = 1.0) -> Module:
    """The network with weights drawn from the recipe's seed, ready to be trained."""
    torch.manual_seed(recipe.optimisation.seed)
    heads, weight = recipe.network.heads, recipe.auxiliary_weight

    def taught(said: Said, truth: Truth) -> Tensor:
        return loss(said, truth, heads, cancer_weight, weight)

    return Module(Network(recipe.network), taught, right, recipe.optimisation, to_plain(recipe))


def right(said: Said, truth: Truth) -> Mapping[str, Tensor]:
    """Share of images whose score is on the right side of a half."""
    return {"accuracy": ((said.cancer > 0) == (truth.cancer > 0)).float().mean()}


def scored(network: Network, images: Kept, places: Sequence[int], batch: int = 16) -> np.ndarray:
    """The probability of cancer of some kept images; what they are is not asked for."""
    parts = []
    for first in range(0, len(places), batch):
        pixels = np.stack([images[place] for place in places[first : first + batch]])
        shown = torch.from_numpy(pixels.astype(np.float32) / np.float32(255))[:, None]
        parts.append(probabilities(network, shown).numpy())
    return np.concatenate(parts).astype(float)


def load_checkpoint(path: Path) -> Network:
    """The network of a checkpoint of the paper's, in evaluation mode.

    Raises:
        WeightsError: If the file is another's.
    """
    record, state = read_checkpoint(path)
    if set(record.get("network", {})) != set(Settings.__dataclass_fields__):
        raise WeightsError(f"{path.name} is no checkpoint of a network of the screening paper")
    network = Network(from_plain(Settings, record["network"]))
    network.load_state_dict(state)
    return network.eval()


def export(
    network: Network,
    recipe: Recipe,
    folder: Path,
    training_data: Sequence[TrainingData] = (),
    figures: Sequence[Mapping[str, object]] = (),
    calibration: Mapping[str, float] | None = None,
) -> Path:
    """Write ``screening.onnx`` (an image to its probability of cancer) and its card.

    Returns:
        The path of the ONNX file.
    """
    size = recipe.network.size
    onnx = to_onnx(Probability(network), size, 1, shape=(size, size))
    about = About(
        NAME, version("mammoscope"), NAME, CardInput(0.0, 1, size, stretch=True),
        to_plain(recipe.network), to_plain(recipe), (CANCER,), training_data, figures, NOT_FOR,
        calibration or {},
    )  # fmt: skip
    return write(folder, onnx, card_for(onnx, about, shape=(size, size), tolerance=ROUNDING))


def _unit(example: Example) -> np.ndarray:
    return example.pixels.astype(np.float32) / np.float32(255)


def _truth(example: Example, classes: np.ndarray) -> Truth:
    return Truth(torch.tensor(float(example.cancer)), torch.from_numpy(classes))
