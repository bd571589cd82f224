"""The findings of an image at once, against the same network window by window.

    python benchmarks/findings.py [--weights DIR] [--repeats N] [--threads N] [--shape ROWS COLUMNS]

Every way goes the whole path from one source image to its findings with the network that ships: scale,
breast, two equalised versions, pyramid, network, boxes. Windows are of 256 × 256 pixels at a stride of
32, each by itself: every window of the crop, as the paper slides them, or those alone that answer for
the breast. The image is synthetic, a digital MLO view. Printed are how far heatmaps agree inside the
breast, medians of processor time over all threads and of wall time of runs that alternate, and the
largest resident memory of this process, imports and all ways included: see --dense-only for that of the
way that ships.
"""

import argparse
import resource
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import cv2
import numpy as np
from clock import measure, table
from positioning import HEIGHT_MM, picture

from mammoscope.core import Findings, Mammogram
from mammoscope.findings.infer import Finder
from mammoscope.image.outline import breast_outline
from mammoscope.runtime import open_session

DENSE, EVERY, WINDOWS = "at once", "every window", "windows on the breast"


def main() -> None:
    """Measure, then print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--shape", type=int, nargs=2, default=(2294, 1914))
    parser.add_argument("--dense-only", action="store_true", help="leave the windows out")
    arguments = parser.parse_args()
    cv2.setNumThreads(arguments.threads)
    session = open_session("findings", arguments.weights, arguments.threads)
    image = picture(*arguments.shape, HEIGHT_MM / arguments.shape[0])
    finders = {DENSE: Finder(session)}
    if not arguments.dense_only:
        finders[EVERY] = Finder(session, windowed=True, every=True)
        finders[WINDOWS] = Finder(session, windowed=True)
    found = {name: finder(image) for name, finder in finders.items()}
    heat = next(iter(found[DENSE].heat.values()))
    print(f"image {image.pixels.shape}, heatmap {heat.shape} cells, {arguments.threads} threads")
    if EVERY in found:
        agreement(image, found[DENSE], found[EVERY])
    runs: Mapping[str, Callable[[], object]] = {
        name: lambda finder=finder: finder(image) for name, finder in finders.items()
    }
    table(measure(runs, arguments.repeats), DENSE)
    print(f"\nlargest resident memory: {peak_mib():.0f} MiB")


def agreement(image: Mammogram, dense: Findings, windowed: Findings) -> None:
    """Print how far the heatmaps agree inside the breast."""
    rows, columns = dense.frame.shape
    places = np.stack(np.mgrid[:rows, :columns], axis=2).astype(float)
    source = np.rint(dense.frame.to_source(places)).astype(int)
    body = breast_outline(image.pixels) > 0
    within = ((source >= 0) & (source < np.array(body.shape))).all(axis=2)
    down, across = np.moveaxis(np.clip(source, 0, np.array(body.shape) - 1), 2, 0)
    inside = within & body[down, across]
    for kind, heat in dense.heat.items():
        one, other = heat[inside], windowed.heat[kind][inside]
        alike = float(np.corrcoef(one, other)[0, 1])
        print(f"{kind}: {inside.sum()} cells inside the breast, correlation {alike:.6f}, "
              f"largest difference {np.abs(one - other).max():.2g}")  # fmt: skip


def peak_mib() -> float:
    """Largest resident memory of this process so far: kilobytes on Linux, bytes on macOS."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


if __name__ == "__main__":
    main()
