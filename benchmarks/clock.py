"""What several ways to do one thing cost, in turns: processor, wall and stolen time.

Steal is processor time that a hypervisor took away meanwhile.
"""

import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np


class Cost(NamedTuple):
    """Seconds: processor over all threads, wall, stolen."""

    processor: float
    wall: float
    steal: float


def measure(runs: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, list[Cost]]:
    """Run each in turn, `repeats` times, after one run of each that does not count."""
    costs: dict[str, list[Cost]] = {name: [] for name in runs}
    for run in runs.values():
        run()
    for _ in range(repeats):
        for name, run in runs.items():
            before = (time.process_time(), time.perf_counter(), stolen())
            run()
            after = (time.process_time(), time.perf_counter(), stolen())
            costs[name].append(Cost(*(new - old for new, old in zip(after, before, strict=True))))
    return costs


def stolen() -> float:
    """Seconds that the hypervisor took from all processors since the start; 0 where nobody says."""
    try:
        return int(Path("/proc/stat").read_text().split()[8]) / 100
    except (OSError, IndexError, ValueError):
        return 0.0


def table(costs: Mapping[str, list[Cost]], ours: str) -> None:
    """Print medians, and how many times less processor and wall time `ours` takes than the others."""
    print(f"{'':34} {'processor ms':>13} {'wall ms':>9} {'steal ms':>9}")
    medians = {}
    for name, runs in costs.items():
        cost = Cost(*(statistics.median(column) for column in zip(*runs, strict=True)))
        medians[name] = cost
        print(f"{name:34} {1e3 * cost.processor:13.1f} {1e3 * cost.wall:9.1f} {1e3 * cost.steal:9.1f}")
    print(f"\n{ours + ', against':34} {'in processor time':>18} {'in wall time':>14}")
    for name in medians:
        if name != ours:
            processor, wall = np.divide(medians[name][:2], medians[ours][:2])
            print(f"{name:34} {processor:17.2f}× {wall:13.2f}×")
