"""A findings room that never learnt: it finds what it is told to find, with a heatmap around it."""

from collections.abc import Sequence

import numpy as np

from mammoscope.core import (
    FINDINGS,
    Finding,
    Findings,
    Frame,
    Mammogram,
    Note,
    Spacing,
)

WEIGHTS = "findings 0123456789ab"
NO_IMAGES = "no real training images"
CELL = 8
THRESHOLD = 0.3
Told = tuple[float, float, float, float]
"""Row and column of a middle, half of its side, score."""


def cells(shape: tuple[int, int]) -> Frame:
    """Cells of eight pixels, as many as it takes."""
    rows, columns = (max(1, round(size / CELL)) for size in shape)
    return Frame.of(shape).resize((rows, columns))


def heat(shape: tuple[int, int], told: Sequence[Told]) -> np.ndarray:
    """At each cell the score of what lies there, falling like a bell with the distance."""
    frame = cells(shape)
    places = frame.to_source(
        np.stack(np.mgrid[: frame.shape[0], : frame.shape[1]], axis=2).astype(float)
    )
    found = np.zeros(frame.shape, np.float32)
    for row, column, half, score in told:
        far = np.hypot(places[..., 0] - row, places[..., 1] - column) / half
        found = np.maximum(found, score * np.exp(-(far**2))).astype(np.float32)
    return found


def box(row: float, column: float, half: float) -> tuple[float, float, float, float]:
    """Top, left, bottom, right around a middle."""
    return float(row - half), float(column - half), float(row + half), float(column + half)


def findings(
    shape: tuple[int, int],
    *told: Told,
    spacing: Spacing | None = None,
    threshold: float = THRESHOLD,
    notes: tuple[Note, ...] = (),
) -> Findings:
    """What is told, by falling score: the first at level 1, the second at 2, the third at 4."""
    ranked = sorted(told, key=lambda one: -one[3])
    found = [
        Finding(
            "mass", box(row, column, half), score, 2.0**place,
            spacing and (2.0 * half * spacing.row, 2.0 * half * spacing.column),
        )
        for place, (row, column, half, score) in enumerate(ranked)
    ]  # fmt: skip
    return Findings(
        findings=tuple(found),
        heat={"mass": heat(shape, told)},
        frame=cells(shape),
        not_assessed=dict.fromkeys(FINDINGS[1:], NO_IMAGES),
        scale="spacing" if spacing else "nominal",
        weights=WEIGHTS,
        threshold=threshold,
        notes=notes,
    )


class Finder:
    """A room to hand to the pipeline: one finding in the middle of the breast, one at its edge."""

    def __call__(self, mammogram: Mammogram) -> Findings:
        rows, columns = mammogram.pixels.shape
        middle = (rows / 2, columns / 2, rows / 10, 0.8)
        edge = (rows / 4, columns / 2, rows / 20, 0.1)
        return findings((rows, columns), middle, edge, spacing=mammogram.about.spacing)
