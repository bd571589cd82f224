"""Both views of a breast on each other by the path that ships, against the paper's network in torch.

    python benchmarks/registration.py [--weights DIR] [--repeats N] [--threads N] [--shape ROWS COLUMNS]

Ours is the whole path from two source images with their landmarks to the warp and the search region of
one point in source pixels: scale, breast, frame, network, search. The paper's network is timed on a
ready square of 600 × 600 pixels, without its own preparation, and has random weights, which cost what
trained ones do. Images are synthetic. Runs alternate; medians are printed, of processor time over all
threads and of wall time. One thread each by default: with more, threads that wait for each other on a
busy machine count as processor time, torch's much more than onnxruntime's.
"""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import cv2
import torch
from clock import measure, table
from positioning import HEIGHT_MM, picture

from mammoscope.core import Landmark, Landmarks, Mammogram, PairView, Sourced
from mammoscope.registration.infer import Aligned, Registrar
from mammoscope.registration.network import Network
from mammoscope.registration.recipe import Recipe
from mammoscope.runtime import open_session

PAPER = "paper's network, eager torch"
OURS, REPORT, ALONE = "ours, one point", "ours, all of the report", "ours, network alone"
VIEWS: tuple[PairView, PairView] = ("CC", "MLO")


def main() -> None:
    """Measure, then print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--shape", type=int, nargs=2, default=(2294, 1914))
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    cv2.setNumThreads(arguments.threads)
    session = open_session("registration", arguments.weights, arguments.threads)
    registrar, paper = Registrar(session), Network(Recipe.paper().network).eval()
    rows, columns = arguments.shape
    views = [view(name, rows, columns) for name in VIEWS]
    square = torch.rand(1, 2, paper.settings.size, paper.settings.size)
    probe = session.card.probe.image()
    runs: Mapping[str, Callable[[], object]] = {
        PAPER: lambda: eager(paper, square),
        OURS: lambda: aligned(registrar, views).search("CC", (rows / 2, columns * 0.6)),
        REPORT: lambda: aligned(registrar, views).registration,
        ALONE: lambda: session.run(probe),
    }
    print(f"images {rows} x {columns}, paper's square {tuple(square.shape)}, probe {probe.shape}; "
          f"torch {torch.__version__}, {torch.get_num_threads()} threads")  # fmt: skip
    costs = measure(runs, arguments.repeats)
    table(costs, OURS)
    if arguments.threads > 1:
        print("\nthreads that wait for each other count as work: see --threads 1 as well")


def eager(network: Network, square: torch.Tensor) -> object:
    """The paper's registered view by torch as it comes."""
    with torch.inference_mode():
        return network(square)


def aligned(registrar: Registrar, views: list[tuple[Mammogram, Landmarks]]) -> Aligned:
    """Two images on each other."""
    return registrar(*(registrar.prepare(*one) for one in views))


def view(name: PairView, rows: int, columns: int) -> tuple[Mammogram, Landmarks]:
    """A synthetic right breast with its landmarks, the chest wall on the right."""
    image = picture(rows, columns, HEIGHT_MM / rows)
    image = replace(image, about=replace(image.about, view=Sourced(name, "synthetic")))
    places = {
        "nipple": (rows / 2, columns / 5),
        "pectoral upper": (0.0, 2 * columns / 3),
        "pectoral lower": (rows / 2, columns - 1.0),
        "inframammary fold": (0.9 * rows, columns - 1.0),
        "chest wall upper": (0.0, columns - 1.0),
        "chest wall lower": (rows - 1.0, columns - 1.0),
    }
    spread = ((4.0, 0.0), (0.0, 4.0))
    points = {name: Landmark(place, spread, 1.0) for name, place in places.items()}
    return image, Landmarks(points, None, "right", "spacing", "synthetic")


if __name__ == "__main__":
    main()
