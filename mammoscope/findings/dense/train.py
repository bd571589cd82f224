"""Examples and a Recipe to the weights that ship."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import torch
from torch import Tensor, nn

from mammoscope.core.card import CardInput, TrainingData
from mammoscope.core.settings import from_plain, to_plain
from mammoscope.findings.dense.decode import BOX
from mammoscope.findings.dense.loss import Truth, loss
from mammoscope.findings.dense.network import Network, Settings
from mammoscope.findings.dense.recipe import Recipe
from mammoscope.findings.dense.views import stacked, still, varied
from mammoscope.image.windows import STRIDE, WINDOW
from mammoscope.learn.boxed import Example
from mammoscope.learn.checkpoint import read_checkpoint
from mammoscope.learn.export import About, card_for, to_onnx, write
from mammoscope.learn.fit import fit
from mammoscope.learn.module import Module
from mammoscope.learn.resident import Resident

NAME = "findings"
LEAST_WEIGHT = 1e-3
"""Where no network scores, all boxes weigh the same."""
NOT_FOR = (
    "diagnosis: research use, not a medical device",
    "ruling anything out: what it does not mark may be there",
    "implants, magnification and spot views: none was in the training data",
)


def train_examples(
    training: Sequence[Example],
    validation: Sequence[Example],
    recipe: Recipe,
    folder: Path,
    *,
    start: Network | None = None,
    resume: bool = False,
    progress: bool = False,
) -> Network:
    """Train on images that are prepared already; return the network of lowest validation loss.

    Args:
        training: At ``recipe.spacing_mm``; they must fit into memory, on a GPU into its own.
        validation: Of other women.
        recipe: Every number.
        folder: Where checkpoints and figures go.
        start: Learnt once before: another cycle begins with its weights.
        resume: Go on from the folder's last checkpoint.
        progress: Show a progress bar.
    """
    batches = Resident(training, validation, stacked, varied(recipe), still(recipe))
    module = training_module(recipe, start)
    return load_checkpoint(fit(module, batches, folder, resume, progress))


def training_module(recipe: Recipe, start: Network | None = None) -> Module:
    """The network, ready to be trained: weights drawn from the recipe's seed, or those of a start."""
    torch.manual_seed(recipe.optimisation.seed)

    def taught(answer: Tensor, truth: Truth) -> Tensor:
        return loss(answer, truth, recipe.gamma, recipe.box)

    network = Network(recipe.network)
    if start is not None:
        network.load_state_dict(start.state_dict())
    return Module(network, taught, lambda answer, truth: {}, recipe.optimisation, to_plain(recipe))


def load_checkpoint(path: Path) -> Network:
    """The network of a checkpoint of ours, in evaluation mode.

    Raises:
        WeightsError: If the file is no checkpoint of this room.
    """
    record, state = read_checkpoint(path)
    network = Network(from_plain(Settings, record["network"]))
    network.load_state_dict(state)
    return network.eval()


class Mean(nn.Module):
    """Networks that answer together: what is exported.

    Scores are the means of all, boxes those of each weighed by its score.

    Args:
        networks: Of the same settings.
        mirrored: Whether each is asked about the mirror image too, which is one more answer.
    """

    def __init__(self, networks: Sequence[Network], mirrored: bool = False) -> None:
        super().__init__()
        self.mirrored = mirrored
        self.networks = nn.ModuleList(networks)
        self.classes = networks[0].settings.classes

    def forward(self, image: Tensor) -> Tensor:
        """Scores in 0–1, then boxes (batch, classes + 4, rows, columns)."""
        said = [network(image) for network in self.networks]
        if self.mirrored:
            said += [self._turned(network(image.flip(-1)).flip(-1)) for network in self.networks]
        answers = torch.stack(said)
        scores, boxes = torch.sigmoid(answers[:, :, : self.classes]), answers[:, :, self.classes :]
        weights = scores.amax(dim=2, keepdim=True) + LEAST_WEIGHT
        box = (weights * boxes).sum(dim=0) / weights.sum(dim=0)
        return torch.cat([scores.mean(dim=0), box], dim=1)

    def _turned(self, answer: Tensor) -> Tensor:
        """The answer to a mirror image, its cells in place already: boxes lie on the other side."""
        across = self.classes + BOX.index("across")
        before, turned, behind = answer[:, :across], answer[:, across], answer[:, across + 1 :]
        return torch.cat([before, -turned[:, None], behind], dim=1)


def export(
    networks: Sequence[Network],
    recipe: Recipe,
    folder: Path,
    training_data: Sequence[TrainingData] = (),
    figures: Sequence[Mapping[str, object]] = (),
    not_for: Sequence[str] = NOT_FOR,
    classes: Sequence[str] = (),
) -> Path:
    """Write ``findings.onnx`` (fused image to scores and boxes of its cells) and its card.

    Args:
        networks: Of the same settings; several answer together.
        recipe: What trained them.
        folder: Where to.
        training_data: What trained them, with its attribution.
        figures: What was measured.
        not_for: What the weights must not be used for.
        classes: What the outputs are called on the card; the recipe's kinds if none is given.

    Returns:
        The path of the ONNX file.
    """
    shape = (WINDOW + STRIDE, WINDOW + 2 * STRIDE)
    onnx = to_onnx(
        Mean(networks, recipe.mirrored).eval(), STRIDE, recipe.network.inputs, least=WINDOW // STRIDE
    )
    taken = CardInput(recipe.spacing_mm * recipe.levels[0], recipe.network.inputs, STRIDE, recipe.raw)
    about = About(
        NAME, version("mammoscope"), NAME, taken,
        to_plain(recipe.network), to_plain(recipe), tuple(classes or recipe.classes), training_data,
        figures, not_for,
    )  # fmt: skip
    return write(folder, onnx, card_for(onnx, about, shape))
