"""Examples and a Recipe to weights of the network that ships."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import torch
from torch import Tensor

from mammoscope.core.card import CardInput, TrainingData
from mammoscope.core.settings import from_plain, to_plain
from mammoscope.errors import WeightsError
from mammoscope.image.windows import STRIDE, WINDOW
from mammoscope.learn.checkpoint import read_checkpoint
from mammoscope.learn.export import About, card_for, to_onnx, write
from mammoscope.learn.fit import fit
from mammoscope.learn.module import Module
from mammoscope.learn.resident import Resident
from mammoscope.screening.pooled.examples import Example
from mammoscope.screening.pooled.loss import Truth, log_pooled, loss
from mammoscope.screening.pooled.network import Answers, Network, Said
from mammoscope.screening.pooled.questions import CLASSES
from mammoscope.screening.pooled.recipe import Recipe
from mammoscope.screening.pooled.views import stacked, still, varied

NAME = "screening"
NOT_FOR = (
    "diagnosis: research use, not a medical device",
    "cancer screening: it says how malignant a mass looks that is there, not whether there is one",
    "calcifications without a mass, implants, magnification and spot views: none trained it",
)


def train_examples(
    training: Sequence[Example],
    validation: Sequence[Example],
    recipe: Recipe,
    folder: Path,
    *,
    detector: Mapping[str, Tensor] | None = None,
    resume: bool = False,
    progress: bool = False,
) -> Network:
    """Train on images that are prepared already; return the network of lowest validation loss.

    Args:
        training: At ``recipe.spacing_mm``; they must fit into memory, on a GPU into its own.
        validation: Of other women.
        recipe: Every number.
        folder: Where checkpoints and figures go.
        detector: The state of a detector of findings to begin with, see `Network.begin_with`.
        resume: Go on from the folder's last checkpoint.
        progress: Show a progress bar.
    """
    batches = Resident(training, validation, stacked, varied(recipe), still(recipe))
    module = training_module(recipe, detector)
    return load_checkpoint(fit(module, batches, folder, resume, progress))


def training_module(recipe: Recipe, detector: Mapping[str, Tensor] | None = None) -> Module:
    """The network, ready to be trained: weights drawn from the recipe's seed, or a detector's."""
    torch.manual_seed(recipe.optimisation.seed)

    def taught(said: Said, truth: Truth) -> Tensor:
        return loss(said, truth, recipe.weights)

    network = Network(recipe.network)
    if detector is not None:
        network.begin_with(detector)
    return Module(network, taught, figures, recipe.optimisation, to_plain(recipe))


def figures(said: Said, truth: Truth) -> Mapping[str, Tensor]:
    """The share of images whose pooled score is on the right side of a half."""
    yes, no = log_pooled(said)
    wanted = torch.nan_to_num(truth.mass[..., 0]).amax(dim=1) > 0
    return {"accuracy": ((yes > no) == wanted).float().mean()}


def load_checkpoint(path: Path) -> Network:
    """The network of a checkpoint of ours, in evaluation mode.

    Raises:
        WeightsError: If the file is no checkpoint of this room.
    """
    record, state = read_checkpoint(path)
    if "near" not in record:
        raise WeightsError(f"{path.name} is no checkpoint of a pooled screening network")
    network = Network(from_plain(Recipe, record).network)
    network.load_state_dict(state)
    return network.eval()


def export(
    networks: Sequence[Network],
    recipe: Recipe,
    folder: Path,
    training_data: Sequence[TrainingData] = (),
    figures: Sequence[Mapping[str, object]] = (),
    not_for: Sequence[str] = NOT_FOR,
    calibration: Mapping[str, float] | None = None,
) -> Path:
    """Write ``screening.onnx`` (a fused image to `questions.CLASSES` in cells) and its card.

    Args:
        networks: Of the same settings; several answer together, one ships.
        recipe: That trained them.
        folder: Of weights.
        training_data: What trained it.
        figures: Measured, with intervals.
        not_for: What it must not be used for.
        calibration: From log odds to a probability, and operating points.

    Returns:
        The path of the ONNX file.
    """
    answers = Answers(networks, recipe.mirrored).eval()
    onnx = to_onnx(answers, STRIDE, recipe.network.inputs)
    about = About(
        NAME, version("mammoscope"), NAME,
        CardInput(recipe.spacing_mm, recipe.network.inputs, STRIDE, recipe.raw),
        to_plain(recipe.network), to_plain(recipe), CLASSES, training_data, figures, not_for,
        calibration or {},
    )  # fmt: skip
    return write(folder, onnx, card_for(onnx, about, (WINDOW + STRIDE, WINDOW + 2 * STRIDE)))
