"""What it costs to make a phantom exam, and how that grows with resolution.

    python benchmarks/phantom.py [--seed N] [--repeats N] [--threads N] [--pixels MM ...]

An exam is four views of 24 × 30 cm or less of two breasts, with all truth, in memory. Rays and tissue
stay at 0.4 mm, or at the pixel's size where that is larger; a pair is what registration learns from, at
1 mm. Medians are printed, of processor time over all threads and of wall time. One thread by default:
with more, threads that wait for each other on a busy machine count as processor time.
"""

import argparse
from collections.abc import Callable

import torch
from clock import measure, table

from mammoscope.phantom import Settings, make_exam, make_pair

FINEST_MM = 0.4


def main() -> None:
    """Measure, then print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--pixels", type=float, nargs="+", default=[0.4, 0.2, 0.1, 0.07])
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    runs: dict[str, Callable[[], object]] = {"a pair at 1 mm": lambda: make_pair(arguments.seed)}
    for pixel in arguments.pixels:
        chosen = Settings(pixel_mm=pixel, voxel_mm=max(FINEST_MM, pixel))
        runs[f"an exam at {pixel:g} mm"] = lambda chosen=chosen: make_exam(arguments.seed, chosen)
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads, seed {arguments.seed}")
    table(measure(runs, arguments.repeats), f"an exam at {arguments.pixels[0]:g} mm")


if __name__ == "__main__":
    main()
