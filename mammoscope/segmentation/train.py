"""Examples and a Recipe to weights."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import torch
from torch import Tensor

from mammoscope.core.card import CardInput, TrainingData
from mammoscope.core.mask import CLASSES
from mammoscope.core.settings import from_plain, to_plain
from mammoscope.learn.checkpoint import read_checkpoint
from mammoscope.learn.data import Example, augmented, padded
from mammoscope.learn.export import About, Probabilities, card_for, to_onnx, write
from mammoscope.learn.fit import Batches, fit
from mammoscope.learn.module import Module
from mammoscope.segmentation.loss import weighted_loss
from mammoscope.segmentation.network import Network, Settings
from mammoscope.segmentation.recipe import Recipe

NAME = "segmentation"
NOT_FOR = (
    "diagnosis: research use, not a medical device",
    "images other than mammograms of one breast",
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
    start: Path | None = None,
) -> Network:
    """Train on images that are prepared already; return the network of lowest validation loss.

    Args:
        training: At ``recipe.spacing_mm``.
        validation: Of other women.
        recipe: Every number.
        folder: Where checkpoints and figures go.
        resume: Go on from the folder's last checkpoint.
        progress: Show a progress bar.
        workers: Processes that prepare training views; 0: none besides this one.
        start: A checkpoint of the same network whose weights to begin with; None: drawn at random.
    """
    module = training_module(recipe)
    if start is not None:
        module.network.load_state_dict(load_checkpoint(start).state_dict())
    view, whole = augmented(recipe.augmentation), padded(recipe.network.multiple)
    batches = Batches(training, validation, view, whole, workers)
    best = fit(module, batches, folder, resume=resume, progress=progress)
    return load_checkpoint(best)


def training_module(recipe: Recipe) -> Module:
    """The network with weights drawn from the recipe's seed, ready to be trained."""
    torch.manual_seed(recipe.optimisation.seed)
    alpha = torch.tensor([1.0, 1.0, recipe.alpha_pectoral])
    gamma = recipe.gamma if recipe.loss == "focal" else 0.0

    def loss(scores: Tensor, truth: Tensor) -> Tensor:
        return weighted_loss(scores, truth, alpha.to(scores.device), gamma)

    return Module(Network(recipe.network), loss, dice_figures, recipe.optimisation, to_plain(recipe))


def dice_figures(scores: Tensor, truth: Tensor) -> Mapping[str, Tensor]:
    """Dice of breast and pectoral muscle (Eq. 4), NaN where the truth has none."""
    labels = scores.argmax(dim=1)
    figures = {}
    for number, name in enumerate(CLASSES[1:], start=1):
        said, true = labels == number, truth == number
        dice = 2 * (said & true).sum() / (said.sum() + true.sum())
        figures[f"dice_{name}"] = torch.where(true.any(), dice, torch.nan)
    return figures


def load_checkpoint(path: Path) -> Network:
    """The network of a checkpoint of ours, in evaluation mode.

    Raises:
        WeightsError: If the file is no checkpoint of this room.
    """
    record, state = read_checkpoint(path)
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
) -> Path:
    """Write ``segmentation.onnx`` (image to class probabilities) and its card.

    Returns:
        The path of the ONNX file.
    """
    multiple = recipe.network.multiple
    onnx = to_onnx(Probabilities(network), multiple)
    taken = CardInput(recipe.spacing_mm, 1, multiple, recipe.raw, recipe.stretch)
    about = About(
        NAME, version("mammoscope"), NAME, taken,
        to_plain(recipe.network), to_plain(recipe), CLASSES, training_data, figures, not_for,
    )  # fmt: skip
    return write(folder, onnx, card_for(onnx, about))
