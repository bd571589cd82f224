"""Examples and a Recipe to weights of the guided network."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import torch
from torch import Tensor

from mammoscope.core.card import CardInput, TrainingData
from mammoscope.core.settings import from_plain, to_plain
from mammoscope.errors import WeightsError
from mammoscope.learn.checkpoint import read_checkpoint
from mammoscope.learn.export import About, card_for, to_onnx, write
from mammoscope.learn.fit import Batches, fit
from mammoscope.learn.module import Module
from mammoscope.registration.guided.examples import Example, Truth, augmented, still
from mammoscope.registration.guided.frame import COLUMNS, ROWS, SPACING_MM
from mammoscope.registration.guided.layout import CLASSES
from mammoscope.registration.guided.loss import figures, loss
from mammoscope.registration.guided.network import Answers, Network, Said
from mammoscope.registration.guided.recipe import Recipe

NAME = "registration"
NOT_FOR = (
    "diagnosis: research use, not a medical device",
    "images other than a CC and an MLO mammogram of one whole breast",
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
) -> Network:
    """Train on pairs that are prepared already; return the network of lowest validation loss.

    Args:
        training: Pairs in the common frame.
        validation: Of other women.
        recipe: Every number.
        folder: Where checkpoints and figures go.
        resume: Go on from the folder's last checkpoint.
        progress: Show a progress bar.
        workers: Processes that prepare training views; 0: none besides this one.
    """
    view = augmented(recipe.augmentation, recipe.jitter)
    batches = Batches(training, validation, view, still(), workers)
    module = training_module(recipe)
    return load_checkpoint(fit(module, batches, folder, resume=resume, progress=progress))


def training_module(recipe: Recipe) -> Module:
    """The network with weights drawn from the recipe's seed, ready to be trained."""
    torch.manual_seed(recipe.optimisation.seed)

    def taught(said: Said, truth: Truth) -> Tensor:
        return loss(said, truth, recipe.weights)

    def measured(said: Said, truth: Truth) -> Mapping[str, Tensor]:
        return figures(said, truth)

    return Module(Network(recipe.network), taught, measured, recipe.optimisation, to_plain(recipe))


def load_checkpoint(path: Path) -> Network:
    """The network of a checkpoint of this room, in evaluation mode.

    Raises:
        WeightsError: If the file is no checkpoint of this room.
    """
    record, state = read_checkpoint(path)
    if "jitter" not in record:
        raise WeightsError(f"{path.name} is no checkpoint of a guided registration network")
    network = Network(from_plain(Recipe, record).network)
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
    """Write ``registration.onnx`` (both views as channels to what `layout` names) and its card.

    Args:
        network: Trained.
        recipe: That trained it.
        folder: Of weights.
        training_data: What trained it.
        figures: Measured, with intervals.
        not_for: What it must not be used for.
        calibration: See `mammoscope.registration.guided.search.Pair`.

    Returns:
        The path of the ONNX file.
    """
    shape = (ROWS, COLUMNS)
    onnx = to_onnx(Answers(network), ROWS, channels=2, shape=shape)
    about = About(
        NAME, version("mammoscope"), NAME, CardInput(SPACING_MM, 2, 1),
        to_plain(recipe.network), to_plain(recipe), CLASSES, training_data, figures, not_for,
        calibration or {},
    )  # fmt: skip
    return write(folder, onnx, card_for(onnx, about, shape=shape))
