"""Examples and a Recipe to weights."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import torch

from mammoscope.core.card import CardInput, TrainingData
from mammoscope.core.settings import from_plain, to_plain
from mammoscope.errors import WeightsError
from mammoscope.learn.checkpoint import read_checkpoint
from mammoscope.learn.export import About, card_for, to_onnx, write
from mammoscope.learn.fit import Batches, fit
from mammoscope.learn.module import Module
from mammoscope.positioning.heatmaps.examples import Example, Truth, augmented, padded, still
from mammoscope.positioning.heatmaps.layout import CHANNELS, PROFILE
from mammoscope.positioning.heatmaps.loss import figures, loss
from mammoscope.positioning.heatmaps.network import FINER, Expectation, Network, Said
from mammoscope.positioning.heatmaps.recipe import Recipe

NAME = "positioning"
NOT_FOR = (
    "diagnosis: research use, not a medical device",
    "images other than CC and MLO mammograms of one whole breast",
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
    """Train on images that are prepared already; return the network of lowest validation loss.

    Args:
        training: At ``recipe.spacing_mm``.
        validation: Of other women.
        recipe: Every number.
        folder: Where checkpoints and figures go.
        resume: Go on from the folder's last checkpoint.
        progress: Show a progress bar.
        workers: Processes that prepare training views; 0: none besides this one.
    """
    module = training_module(recipe)
    view, around = augmented(recipe.augmentation, recipe.around), recipe.around
    whole = still(recipe.augmentation, around) if around else padded(recipe.network.multiple)
    batches = Batches(usable(training, recipe), usable(validation, recipe), view, whole, workers)
    return load_checkpoint(fit(module, batches, folder, resume=resume, progress=progress))


def usable(examples: Sequence[Example], recipe: Recipe) -> Sequence[Example]:
    """Those that hold the landmark around which a network looks; all for one that sees the whole."""
    if recipe.around is None:
        return examples
    return [example for example in examples if example.points.get(recipe.around) is not None]


def training_module(recipe: Recipe) -> Module:
    """The network with weights drawn from the recipe's seed, ready to be trained."""
    torch.manual_seed(recipe.optimisation.seed)

    def taught(said: Said, truth: Truth) -> torch.Tensor:
        return loss(said, truth, recipe.weights)

    def measured(said: Said, truth: Truth) -> Mapping[str, torch.Tensor]:
        return figures(said, truth, recipe.landmarks)

    network = Network(recipe.network, len(recipe.landmarks))
    return Module(network, taught, measured, recipe.optimisation, to_plain(recipe))


def load_checkpoint(path: Path) -> Network:
    """The network of a checkpoint of this room, in evaluation mode.

    Raises:
        WeightsError: If the file is no checkpoint of this room.
    """
    record, state = read_checkpoint(path)
    if "around" not in record:
        raise WeightsError(f"{path.name} is no checkpoint of a heatmap network")
    recipe = from_plain(Recipe, record)
    network = Network(recipe.network, len(recipe.landmarks))
    network.load_state_dict(state)
    return network.eval()


def export(
    whole: Network,
    near: Network,
    folder: Path,
    recipes: tuple[Recipe, Recipe] | None = None,
    training_data: Sequence[TrainingData] = (),
    figures: Sequence[Mapping[str, object]] = (),
    not_for: Sequence[str] = NOT_FOR,
    calibration: Mapping[str, float] | None = None,
) -> Path:
    """Write ``positioning.onnx`` (image to points with their spread) and its card.

    Args:
        whole: The first look.
        near: The second look.
        folder: Of weights.
        recipes: Of both; by default those that ship.
        training_data: What trained them.
        figures: Measured, with intervals.
        not_for: What they must not be used for.
        calibration: See `mammoscope.positioning.heatmaps.decode.calibrated`.

    Returns:
        The path of the ONNX file.
    """
    first, second = recipes or (Recipe.default(), Recipe.near())
    multiple = FINER * whole.settings.multiple
    onnx = to_onnx(Expectation(whole, near), multiple)
    taken = CardInput(second.spacing_mm, 1, multiple, first.raw, stretch=True)
    about = About(
        NAME, version("mammoscope"), NAME, taken,
        {"whole": to_plain(whole.settings), "near": to_plain(near.settings)},
        {"whole": to_plain(first), "near": to_plain(second)},
        (*CHANNELS, PROFILE), training_data, figures, not_for, calibration or {},
    )  # fmt: skip
    return write(folder, onnx, card_for(onnx, about))
