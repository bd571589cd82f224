"""Examples and a Recipe to weights: the paper's five models."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from mammoscope.core.card import CardInput, TrainingData
from mammoscope.core.settings import from_plain, to_plain
from mammoscope.errors import WeightsError
from mammoscope.learn.checkpoint import read_checkpoint
from mammoscope.learn.data import Tensors
from mammoscope.learn.export import About, Probabilities, card_for, to_onnx, write
from mammoscope.learn.fit import Batches, fit
from mammoscope.learn.module import Module
from mammoscope.learn.pretrained import load_imagenet
from mammoscope.positioning.loss import landmark_aware_wing
from mammoscope.positioning.network import Network, Settings
from mammoscope.positioning.prepare import Example
from mammoscope.positioning.preprocess import ORDER, OUTPUTS, QUALITY, to_numbers
from mammoscope.positioning.recipe import Recipe

NAME = "positioning"
ANY_SCALE = 0.0
ROUNDING = 1e-4
"""How far another machine's arithmetic may move an answer: of a landmark, as a share of the frame."""
NOT_FOR = (
    "diagnosis: research use, not a medical device",
    "images other than MLO mammograms of one whole breast",
)


def train_examples(
    training: Sequence[Example],
    validation: Sequence[Example],
    recipe: Recipe,
    folder: Path,
    *,
    resume: bool = False,
    progress: bool = False,
    workers: int = 0,
    imagenet: Path | None = None,
) -> Network:
    """Train on frames that are prepared already; return the network of lowest validation loss.

    Args:
        training: At the recipe's size.
        validation: Of other women.
        recipe: Every number.
        folder: Where checkpoints and figures go.
        resume: Go on from the folder's last checkpoint.
        progress: Show a progress bar.
        workers: Processes that prepare training views; 0: none besides this one.
        imagenet: File of ImageNet weights where the recipe begins with them; None: timm's cache.

    Raises:
        WeightsError: If ImageNet weights are asked for and are not there.
    """
    module = training_module(recipe)
    if recipe.pretrained and not resume:
        load_imagenet(module.network.body, imagenet)
    classifies = recipe.network.classifies
    batches = Batches(
        training, validation, lambda example, _: tensors(example, classifies),
        lambda example: tensors(example, classifies), workers,
    )  # fmt: skip
    return load_checkpoint(fit(module, batches, folder, resume=resume, progress=progress))


def tensors(example: Example, classifies: bool) -> Tensors:
    """A frame (1, size, size) in 0–1, with its six numbers, or 0 for good and 1 for poor."""
    image = torch.from_numpy(example.pixels())[None]
    if classifies:
        return image, torch.tensor(int(example.poor))
    return image, torch.from_numpy(to_numbers(example.points).astype(np.float32))


def training_module(recipe: Recipe) -> Module:
    """The network with weights drawn from the recipe's seed, ready to be trained."""
    torch.manual_seed(recipe.optimisation.seed)
    network, record = Network(recipe.network), to_plain(recipe)
    if recipe.network.classifies:
        cross_entropy = nn.functional.cross_entropy
        return Module(network, cross_entropy, right, recipe.optimisation, record)

    def loss(said: Tensor, true: Tensor) -> Tensor:
        return landmark_aware_wing(said, true, recipe.wing)

    return Module(network, loss, distances, recipe.optimisation, record)


def distances(said: Tensor, true: Tensor) -> Mapping[str, Tensor]:
    """Mean distance of each landmark in pixels of the frame."""
    apart = (said - true).reshape(-1, len(ORDER), 2).norm(dim=2).mean(dim=0)
    return {f"{name} px": value for name, value in zip(ORDER, apart, strict=True)}


def right(scores: Tensor, truth: Tensor) -> Mapping[str, Tensor]:
    """Share of images told right."""
    return {"accuracy": (scores.argmax(dim=1) == truth).float().mean()}


def load_checkpoint(path: Path) -> Network:
    """The network of a checkpoint of this room, in evaluation mode.

    Raises:
        WeightsError: If the file is no checkpoint of this room.
    """
    record, state = read_checkpoint(path)
    if set(record.get("network", {})) != set(Settings.__dataclass_fields__):
        raise WeightsError(f"{path.name} is no checkpoint of a network of the positioning paper")
    network = Network(from_plain(Settings, record["network"]))
    network.load_state_dict(state)
    return network.eval()


def export(
    network: Network,
    recipe: Recipe,
    folder: Path,
    training_data: Sequence[TrainingData] = (),
    figures: Sequence[Mapping[str, object]] = (),
    not_for: Sequence[str] = NOT_FOR,
    calibration: Mapping[str, float] | None = None,
) -> Path:
    """Write ``positioning.onnx`` (frame to six numbers, or two probabilities) and its card.

    Returns:
        The path of the ONNX file.
    """
    size = recipe.network.size
    classifies = recipe.network.classifies
    onnx = to_onnx(Probabilities(network) if classifies else network, size, shape=(size, size))
    classes = QUALITY if classifies else OUTPUTS
    about = About(
        NAME, version("mammoscope"), NAME, CardInput(ANY_SCALE, 1, size),
        to_plain(recipe.network), to_plain(recipe), classes,
        training_data, figures, not_for, calibration or {},
    )  # fmt: skip
    tolerance = ROUNDING * (1 if classifies else size)
    return write(folder, onnx, card_for(onnx, about, shape=(size, size), tolerance=tolerance))
