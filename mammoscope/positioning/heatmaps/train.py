"""Examples and a Recipe to weights."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import torch

from mammoscope.core.card import CardInput, TrainingData
from mammoscope.core.settings import from_plain, to_plain
from mammoscope.errors import WeightsError
from mammoscope.learn.export import About, card_for, to_onnx, write
from mammoscope.learn.fit import Batches, fit
from mammoscope.learn.module import Module
from mammoscope.positioning.heatmaps.examples import Example, Truth, augmented, padded
from mammoscope.positioning.heatmaps.layout import CHANNELS, PROFILE
from mammoscope.positioning.heatmaps.loss import figures, loss
from mammoscope.positioning.heatmaps.network import Expectation, Network, Said, Settings
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
    return load_checkpoint(fit(module, batches, folder, resume=resume, progress=progress))


def training_module(recipe: Recipe) -> Module:
    """The network with weights drawn from the recipe's seed, ready to be trained."""
    torch.manual_seed(recipe.optimisation.seed)

    def taught(said: Said, truth: Sequence[torch.Tensor]) -> torch.Tensor:
        return loss(said, Truth(*truth), recipe.weights)

    def measured(said: Said, truth: Sequence[torch.Tensor]) -> Mapping[str, torch.Tensor]:
        return figures(said, Truth(*truth))

    return Module(Network(recipe.network), taught, measured, recipe.optimisation, to_plain(recipe))


def load_checkpoint(path: Path) -> Network:
    """The network of a checkpoint of this room, in evaluation mode.

    Raises:
        WeightsError: If the file is no checkpoint of this room.
    """
    content = torch.load(path, map_location="cpu", weights_only=True)
    if "record" not in content:
        raise WeightsError(f"{path.name} is no checkpoint of mammoscope: it holds no recipe")
    network = Network(from_plain(Settings, content["record"]["network"]))
    held = content["state_dict"]
    prefix = "averaged." if any(key.startswith("averaged.") for key in held) else "network."
    network.load_state_dict(
        {key.removeprefix(prefix): value for key, value in held.items() if key.startswith(prefix)}
    )
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
    """Write ``positioning.onnx`` (image to points with their spread) and its card.

    Returns:
        The path of the ONNX file.
    """
    multiple = recipe.network.multiple
    onnx = to_onnx(Expectation(network), multiple)
    taken = CardInput(recipe.spacing_mm, 1, multiple, recipe.raw, recipe.stretch)
    about = About(
        NAME, version("mammoscope"), NAME, taken, to_plain(recipe.network), to_plain(recipe),
        (*CHANNELS, PROFILE), training_data, figures, not_for, calibration or {},
    )  # fmt: skip
    return write(folder, onnx, card_for(onnx, about))
