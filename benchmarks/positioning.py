"""Landmarks by the path that ships against the paper's CoordAtt U-Net in eager torch.

    python benchmarks/positioning.py [--weights DIR] [--repeats N] [--threads N] [--shape ROWS COLUMNS]

Ours is the whole path from a source image to landmarks in its pixels: breast, crop, scale, network,
expectation. The paper's network is timed on a ready frame of 512 × 512 pixels, without the paper's
own preparation, and has random weights, which cost what trained ones do. The image is synthetic, with
a spacing and without. Runs alternate; medians are printed, of processor time over all threads and of
wall time. One thread each by default: with more, threads that wait for each other on a busy machine
count as processor time, torch's much more than onnxruntime's.
"""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

import cv2
import numpy as np
import torch
from clock import measure, table

from mammoscope.core import About, Mammogram, Sourced, Spacing
from mammoscope.positioning.infer import Locator
from mammoscope.positioning.network import Network
from mammoscope.positioning.recipe import Recipe
from mammoscope.runtime import open_session

PAPER = "paper's network, eager torch"
SPACED, NOMINAL, ALONE = "ours with spacing", "ours without spacing", "ours, network alone"
HEIGHT_MM = 240.0


def main() -> None:
    """Measure, then print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--shape", type=int, nargs=2, default=(2294, 1914))
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    session = open_session("positioning", arguments.weights, arguments.threads)
    locate, paper = Locator(session), Network(Recipe.paper("coordatt u-net").network).eval()
    rows, columns = arguments.shape
    spaced, nominal = (picture(rows, columns, known) for known in (HEIGHT_MM / rows, None))
    frame = torch.rand(1, 1, paper.settings.size, paper.settings.size)
    probe = session.card.probe.image()
    runs: Mapping[str, Callable[[], object]] = {
        PAPER: lambda: eager(paper, frame),
        SPACED: lambda: locate(spaced),
        NOMINAL: lambda: locate(nominal),
        ALONE: lambda: session.run(probe),
    }
    print(f"image {rows} x {columns}, paper's frame {tuple(frame.shape)}, probe {probe.shape}; "
          f"torch {torch.__version__}, {torch.get_num_threads()} threads")  # fmt: skip
    costs = measure(runs, arguments.repeats)
    table(costs, SPACED)
    if arguments.threads > 1:
        print("\nthreads that wait for each other count as work: see --threads 1 as well")


def eager(network: Network, frame: torch.Tensor) -> torch.Tensor:
    """Six coordinates by torch as it comes."""
    with torch.inference_mode():
        return network(frame)


def picture(rows: int, columns: int, spacing_mm: float | None) -> Mammogram:
    """A synthetic right breast with a muscle: the chest wall on the right, to be mirrored."""
    pixels = np.zeros((rows, columns), np.float32)
    cv2.ellipse(pixels, (columns, rows // 2), (4 * columns // 5, 9 * rows // 20), 0, 0, 360, 0.5, -1)
    muscle = [[columns - 1, 0], [2 * columns // 3, 0], [columns - 1, rows // 2]]
    cv2.fillPoly(pixels, [np.array(muscle)], 0.8)
    grain = np.random.default_rng(0).normal(0, 0.02, pixels.shape).astype(np.float32)
    pixels = np.clip(pixels + grain * (pixels > 0), 0, 1)
    spacing = Spacing(spacing_mm, spacing_mm, "synthetic") if spacing_mm else None
    about = About(
        "synthetic", pixels.shape, view=Sourced("MLO", "synthetic"),
        laterality=Sourced("R", "synthetic"), spacing=spacing,
    )  # fmt: skip
    return Mammogram.of(pixels, about)


if __name__ == "__main__":
    main()
