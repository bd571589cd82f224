"""Examples and a Recipe to weights: the paper's six classifiers."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from mammoscope.core.card import CardInput, TrainingData
from mammoscope.core.settings import from_plain, to_plain
from mammoscope.errors import WeightsError
from mammoscope.findings.loss import focal_loss
from mammoscope.findings.network import Network, Settings, probabilities
from mammoscope.findings.prepare import Example
from mammoscope.findings.preprocess import CHANNELS
from mammoscope.findings.recipe import Recipe
from mammoscope.findings.sampling import augmented
from mammoscope.learn.checkpoint import read_checkpoint
from mammoscope.learn.data import Tensors, View
from mammoscope.learn.export import About, card_for, to_onnx, write
from mammoscope.learn.fit import Batches, fit
from mammoscope.learn.module import Module
from mammoscope.learn.pretrained import load_imagenet

NAME = "findings"
ROUNDING = 1e-4
"""How far another machine's arithmetic may move a probability."""
NOT_FOR = (
    "diagnosis: research use, not a medical device",
    "images other than CC and MLO mammograms of one whole breast",
    "finding anything on a whole image at a glance: it classifies windows",
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
    """Train on patches of prepared images; return the network of lowest validation loss.

    Args:
        training: At the recipe's pixel size.
        validation: Of other women; of each one patch, always the same.
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
    batches = Batches(training, validation, view(recipe), lambda one: tensors(one, recipe), workers)
    return load_checkpoint(fit(module, batches, folder, resume=resume, progress=progress))


def view(recipe: Recipe) -> View:
    """A random patch of an example, augmented (3, size, size), and which kinds it shows, 0 or 1."""

    def draw(example: Example, rng: np.random.Generator) -> Tensors:
        patch = augmented(example.patch(recipe, rng), recipe.jitter, rng)
        return torch.from_numpy(patch), _truth(example, recipe)

    return draw


def tensors(example: Example, recipe: Recipe) -> Tensors:
    """The patch of an example that is classified in validation and test, and its kinds, 0 or 1."""
    patch = example.patch(recipe, np.random.default_rng(example.seed))
    return torch.from_numpy(patch), _truth(example, recipe)


def training_module(recipe: Recipe) -> Module:
    """The network with weights drawn from the recipe's seed, ready to be trained."""
    torch.manual_seed(recipe.optimisation.seed)

    def loss(scores: Tensor, truth: Tensor) -> Tensor:
        return focal_loss(scores, truth, recipe.gamma)

    return Module(Network(recipe.network), loss, right, recipe.optimisation, to_plain(recipe))


def right(scores: Tensor, truth: Tensor) -> Mapping[str, Tensor]:
    """Share of patches all of whose kinds are told right."""
    return {"right": ((scores > 0) == (truth > 0)).all(dim=1).float().mean()}


def load_checkpoint(path: Path) -> Network:
    """The network of a checkpoint of one of the paper's classifiers, in evaluation mode.

    Raises:
        WeightsError: If the file is another's.
    """
    record, state = read_checkpoint(path)
    if set(record.get("network", {})) != set(Settings.__dataclass_fields__):
        raise WeightsError(f"{path.name} is no checkpoint of a classifier of the findings paper")
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
    """Write ``findings.onnx`` (one patch to a probability for each kind) and its card.

    Returns:
        The path of the ONNX file.
    """
    size = recipe.network.size
    onnx = to_onnx(probabilities(network), size, CHANNELS, shape=(size, size))
    about = About(
        NAME, version("mammoscope"), NAME, CardInput(recipe.spacing_mm, CHANNELS, size, stretch=False),
        to_plain(recipe.network), to_plain(recipe), recipe.network.kinds,
        training_data, figures, not_for,
    )  # fmt: skip
    return write(folder, onnx, card_for(onnx, about, shape=(size, size), tolerance=ROUNDING))


def _truth(example: Example, recipe: Recipe) -> Tensor:
    return torch.tensor([float(kind in example.kinds) for kind in recipe.network.kinds])
