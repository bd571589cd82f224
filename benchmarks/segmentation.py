"""The network that ships against the paper's, and onnxruntime against eager torch.

    python benchmarks/segmentation.py [--weights DIR] [--repeats N] [--threads N] [--size MM MM]

Both networks see the same image, each at its own scale: by default a synthetic one of 240 × 180 mm.
The paper's network has random weights, which cost what trained ones do. The network that ships is
read back from its ONNX file for eager torch, so that labels can be compared. Runs alternate; medians
are printed, of processor time over all threads and of wall time. One thread each by default: with
more, threads that wait for each other on a busy machine count as processor time, torch's much more
than onnxruntime's.
"""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime
import torch
from clock import measure, table
from onnx import numpy_helper
from torch import nn

from mammoscope.errors import WeightsError
from mammoscope.learn.export import Probabilities, to_onnx
from mammoscope.runtime import open_session
from mammoscope.runtime.weights import load
from mammoscope.segmentation.network import Network
from mammoscope.segmentation.recipe import Recipe

PAPER, TORCH, ONNX = "paper's network, eager torch", "ours, eager torch", "ours, onnxruntime"


def main() -> None:
    """Measure, then print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--size", type=float, nargs=2, default=(240.0, 180.0))
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    spacing, network, run = ours(arguments.weights, arguments.threads)
    paper = Network(Recipe.paper().network).eval()
    large = picture(arguments.size, Recipe.paper().spacing_mm, Recipe.paper().network.multiple)
    small = picture(arguments.size, spacing, network.settings.multiple)
    print(f"images {large.shape[2:]} at 0.4 mm and {small.shape[2:]} at {spacing} mm; "
          f"torch {torch.__version__}, {torch.get_num_threads()} threads")  # fmt: skip
    runs: Mapping[str, Callable[[], np.ndarray]] = {
        PAPER: lambda: eager(paper, large),
        TORCH: lambda: eager(network, small),
        ONNX: lambda: run(small),
    }
    costs = measure(runs, arguments.repeats)
    table(costs, ONNX)
    if arguments.threads > 1:
        print("\nthreads that wait for each other count as work: see --threads 1 as well")
    same = runs[TORCH]().argmax(axis=1) == runs[ONNX]().argmax(axis=1)
    print(f"\nlabels of eager torch and onnxruntime: {100 * same.mean():.4f} % equal")


def ours(
    folder: Path | None, threads: int
) -> tuple[float, Network, Callable[[np.ndarray], np.ndarray]]:
    """Its pixel size, the network in torch and in onnxruntime; random where none is installed."""
    try:
        session = open_session("segmentation", folder, threads)
        data, card = load("segmentation", folder).data, session.card
    except WeightsError as error:
        print(f"random weights: {error}", file=sys.stderr)
        return random_network(threads)
    settings = Recipe.default().network
    if list(card.settings["channels"]) != list(settings.channels):
        raise SystemExit("these weights are not of the network that ships")
    return card.input.spacing_mm, from_onnx(data), session.run


def random_network(threads: int) -> tuple[float, Network, Callable[[np.ndarray], np.ndarray]]:
    """The network that ships with random weights."""
    recipe = Recipe.default()
    network = Network(recipe.network).eval()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    onnx_file = to_onnx(Probabilities(network), recipe.network.multiple)
    engine = onnxruntime.InferenceSession(onnx_file, options)
    return recipe.spacing_mm, network, lambda image: engine.run(None, {"image": image})[0]


def from_onnx(data: bytes) -> Network:
    """The network of an ONNX file in torch: its convolutions in order, batch norms already folded."""
    graph = onnx.load_from_string(data).graph
    values = {value.name: numpy_helper.to_array(value) for value in graph.initializer}
    nodes = [node for node in graph.node if node.op_type == "Conv"]
    network = Network(Recipe.default().network).eval()
    layers = [module for module in network.modules() if isinstance(module, nn.Conv2d)]
    with torch.no_grad():
        for layer, node in zip(layers, nodes, strict=True):
            layer.weight.copy_(torch.from_numpy(values[node.input[1]].copy()))
            layer.bias.copy_(torch.from_numpy(values[node.input[2]].copy()))
        for module in network.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.running_var.fill_(1 - module.eps)
    return network


def picture(size: tuple[float, float], spacing: float, multiple: int) -> np.ndarray:
    """A synthetic breast with a muscle, (1, 1, rows, columns), as the network takes it."""
    rows, columns = (multiple * round(length / spacing / multiple) for length in size)
    image = np.zeros((rows, columns), np.float32)
    cv2.ellipse(image, (0, rows // 2), (int(0.8 * columns), int(0.45 * rows)), 0, 0, 360, 0.5, -1)
    cv2.fillPoly(image, [np.array([[0, 0], [columns // 3, 0], [0, rows // 2]])], 0.8)
    grain = np.random.default_rng(0).normal(0, 0.02, image.shape).astype(np.float32)
    image = cv2.GaussianBlur(image, (0, 0), 1.5) + grain * (image > 0)
    return np.clip(image, 0, 1)[None, None]


def eager(network: Network, image: np.ndarray) -> np.ndarray:
    """Class probabilities by torch as it comes."""
    with torch.inference_mode():
        return torch.softmax(network(torch.from_numpy(image)), dim=1).numpy()


if __name__ == "__main__":
    main()
