"""Examples and a Recipe to weights: the paper's network."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor

from mammoscope.core.card import CardInput, TrainingData
from mammoscope.core.settings import from_plain, to_plain
from mammoscope.errors import WeightsError
from mammoscope.learn.checkpoint import read_checkpoint
from mammoscope.learn.data import Tensors
from mammoscope.learn.export import About, card_for, to_onnx, write
from mammoscope.learn.fit import Batches, fit, once
from mammoscope.learn.module import Module
from mammoscope.learn.pretrained import load_imagenet
from mammoscope.registration import pretrain
from mammoscope.registration.affine import OUTPUTS
from mammoscope.registration.examples import Example
from mammoscope.registration.loss import Truth, parts, total
from mammoscope.registration.network import Network, Registered, Settings, Transformation, resnet
from mammoscope.registration.recipe import Recipe

NAME: Final = "registration"
IMAGENET_DEVIATION: Final = (58.395, 57.12, 57.375)
"""Of red, green and blue on the scale 0–255: timm's weights take images that were divided by it."""
ANY_SCALE: Final = 0.0
ROUNDING: Final = 1e-3
NOT_FOR: Final = (
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
    imagenet: Path | None = None,
) -> Network:
    """Train on squares that are prepared already; return the network of lowest validation loss.

    Where the recipe says so the shared blocks begin with ImageNet weights, and are trained as a
    detector below ``detector`` in the folder first, once.

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
    if not resume:
        shared = _detector(training, validation, recipe, folder / "detector", progress, imagenet)
        module.network.features.load_state_dict(shared)
    batches = Batches(training, validation, drawn, tensors, workers)
    return load_checkpoint(fit(module, batches, folder, resume=resume, progress=progress))


def tensors(example: Example) -> Tensors:
    """Both squares (2, size, size) in 0–1, and the truth with all lesions."""
    return _tensors(example, example.boxes)


def drawn(example: Example, rng: np.random.Generator) -> Tensors:
    """The same with one lesion drawn, so that batches can be made of pairs with any number."""
    one = int(rng.integers(len(example.boxes)))
    return _tensors(example, example.boxes[one : one + 1])


def training_module(recipe: Recipe) -> Module:
    """The network with weights drawn from the recipe's seed, ready to be trained."""
    torch.manual_seed(recipe.optimisation.seed)
    network, record = Network(recipe.network), to_plain(recipe)

    def loss(said: Registered, true: Truth) -> Tensor:
        return total(said, true, recipe.weight)

    return Module(network, loss, curves, recipe.optimisation, record, training_curves)


def curves(said: Registered, true: Truth) -> Mapping[str, Tensor]:
    """Both parts of the loss on validation pairs (Fig. 3)."""
    mse, giou = parts(said, true)
    return {"validation MSE": mse, "validation GIoU loss": giou}


def training_curves(said: Registered, true: Truth) -> Mapping[str, Tensor]:
    """Both parts of the loss on training pairs (Fig. 3)."""
    mse, giou = parts(said, true)
    return {"training MSE": mse, "training GIoU loss": giou}


def load_checkpoint(path: Path) -> Network:
    """The network of a checkpoint of this room, in evaluation mode.

    Raises:
        WeightsError: If the file is no checkpoint of this room.
    """
    record, state = read_checkpoint(path)
    if set(record.get("network", {})) != set(Settings.__dataclass_fields__):
        raise WeightsError(f"{path.name} is no checkpoint of a network of the registration paper")
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
    """Write ``registration.onnx`` (both squares as channels to θ) and its card.

    Returns:
        The path of the ONNX file.
    """
    size = recipe.network.size
    onnx = to_onnx(Transformation(network), size, channels=2, shape=(size, size))
    about = About(
        NAME, version("mammoscope"), NAME, CardInput(ANY_SCALE, 2, size, stretch=False),
        to_plain(recipe.network), to_plain(recipe), OUTPUTS, training_data, figures, not_for,
    )  # fmt: skip
    return write(folder, onnx, card_for(onnx, about, shape=(size, size), tolerance=ROUNDING))


def shared_imagenet(settings: Settings, file: Path | None) -> dict[str, Tensor]:
    """ImageNet weights of the shared blocks, for images on the scale 0–255 less the mean.

    Raises:
        WeightsError: If they are not there, or another network's.
    """
    whole, shared = resnet(settings), pretrain.Detector(settings).features
    load_imagenet(whole, file)
    whole.conv1.weight.data /= whole.conv1.weight.new_tensor(IMAGENET_DEVIATION)[None, :, None, None]
    names = {"conv1": "first.0", "bn1": "first.1", "layer1": "conv2", "layer2": "conv3",
             "layer3": "conv4"}  # fmt: skip
    held = {}
    for key, value in whole.state_dict().items():
        part, _, rest = key.partition(".")
        if part in names:
            held[f"{names[part]}.{rest}"] = value
    shared.load_state_dict(held)
    return shared.state_dict()


def _detector(
    training: Sequence[Example],
    validation: Sequence[Example],
    recipe: Recipe,
    folder: Path,
    progress: bool,
    imagenet: Path | None,
) -> dict[str, Tensor]:
    """State of the shared blocks before registration is learnt."""
    torch.manual_seed(recipe.detector.seed)
    detector = pretrain.Detector(recipe.network)
    if recipe.pretrained:
        detector.features.load_state_dict(shared_imagenet(recipe.network, imagenet))
    if not recipe.detector.epochs:
        return detector.features.state_dict()

    def taught(resume: bool) -> dict[str, Tensor]:
        module = Module(detector, pretrain.loss, pretrain.found, recipe.detector, to_plain(recipe))
        batches = Batches(
            training, validation, lambda example, _: pretrain.tensors(example), pretrain.tensors
        )
        return _shared(fit(module, batches, folder, resume=resume, progress=progress))

    return once(folder, taught, _shared)


def _shared(path: Path) -> dict[str, Tensor]:
    state, prefix = read_checkpoint(path).state, "features."
    return {key.removeprefix(prefix): state[key] for key in state if key.startswith(prefix)}


def _tensors(example: Example, boxes: np.ndarray) -> Tensors:
    images, films = torch.from_numpy(example.pixels()), torch.from_numpy(example.films())
    return images, Truth(images[1:], films, torch.from_numpy(boxes.astype(np.float32)))
