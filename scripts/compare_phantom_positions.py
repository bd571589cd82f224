"""Where phantoms' muscles and nipples lie against the published labels of real MLO images.

    python scripts/compare_phantom_positions.py LABELS [--exams 150] [--write]

LABELS is the positioning paper's table. Prints mean and standard deviation of each quantity; with
--write, draws their distributions into docs/phantom-positions.png. Phantoms are followed by rays of
2.5 mm, through breasts without gland: positions need no more.
"""

import argparse
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import torch

from mammoscope.io.vindr import read_positioning_labels
from mammoscope.phantom.anatomy import Volume
from mammoscope.phantom.draw import draw
from mammoscope.phantom.recipe import Settings
from mammoscope.phantom.truth import PhantomView
from mammoscope.phantom.view import take
from mammoscope.positioning.marked import marked, usable

PICTURE = Path(__file__).parents[1] / "docs" / "phantom-positions.png"
PIXEL_MM, RAY_MM = 1.0, 2.5
QUANTITIES: Final[Mapping[str, tuple[float, float]]] = {
    "pectoral angle, degrees": (0, 45),
    "nipple to chest-wall edge, mm": (20, 140),
    "nipple below upper edge, mm": (100, 260),
    "nipple's row, share of height": (0.3, 1.0),
    "muscle's end above nipple, mm": (-60, 120),
    "muscle's width at upper edge, mm": (0, 120),
}
BINS: Final = 30
WIDE, HIGH, EDGE = 420, 240, 40
REAL, PHANTOM = (150, 150, 150), (180, 90, 20)
Values = Sequence[tuple[float, ...]]


def main() -> None:
    """Measure, print and draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("labels", type=Path)
    parser.add_argument("--exams", type=int, default=150)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    real = np.array(list(labelled(arguments.labels)))
    made = np.array(list(phantoms(arguments.exams)))
    print(f"{'':36}{'labels (' + str(len(real)) + ')':>20}{'phantoms (' + str(len(made)) + ')':>20}")
    for place, name in enumerate(QUANTITIES):
        cells = [f"{one[:, place].mean():.3g} ± {one[:, place].std():.3g}" for one in (real, made)]
        print(f"{name:36}{cells[0]:>20}{cells[1]:>20}")
    if arguments.write:
        cv2.imwrite(str(PICTURE), drawn(real, made), [cv2.IMWRITE_PNG_COMPRESSION, 9])


def labelled(table: Path) -> Iterable[tuple[float, ...]]:
    """The quantities of each labelled image."""
    for record in usable(read_positioning_labels(table)):
        lower, upper, nipple = marked(record) * record.spacing_mm
        if record.chest_wall == "right":
            width = record.shape[1] * record.spacing_mm[1]
            lower, upper, nipple = ((row, width - column) for row, column in (lower, upper, nipple))
        yield quantities(lower, upper, nipple, record.shape[0] * record.spacing_mm[0])


def phantoms(exams: int) -> Iterable[tuple[float, ...]]:
    """The quantities of both MLO views of each exam."""
    empty = Volume(torch.zeros(2, 2, 2), (0.0, 0.0, 0.0), 1.0)
    settings = Settings(pixel_mm=PIXEL_MM, voxel_mm=RAY_MM, findings=())
    for seed in range(exams):
        for plan in draw(seed, settings).breasts:
            view = take(plan, plan.views[1], empty, PIXEL_MM, RAY_MM)
            if view.landmarks["pectoral upper"] and view.landmarks["nipple"]:
                yield of_view(view)


def of_view(view: PhantomView) -> tuple[float, ...]:
    """The quantities of a phantom's view."""
    rows, columns = view.labels.shape
    points = np.array([view.landmarks[name] for name in ("pectoral lower", "pectoral upper", "nipple")])
    if view.chest_wall == "right":
        points[:, 1] = columns - 1 - points[:, 1]
    lower, upper, nipple = (points + 0.5) * view.spacing_mm
    return quantities(lower, upper, nipple, rows * view.spacing_mm)


def quantities(
    lower: Sequence[float], upper: Sequence[float], nipple: Sequence[float], height: float
) -> tuple[float, ...]:
    """One of each of `QUANTITIES`, from points in mm with the chest wall on the left."""
    slope = (upper[1] - lower[1]) / (lower[0] - upper[0])
    end = lower[0] + lower[1] / slope
    return (
        float(np.degrees(np.arctan(slope))), nipple[1], nipple[0], nipple[0] / height,
        nipple[0] - end, end * slope,
    )  # fmt: skip


def drawn(real: np.ndarray, made: np.ndarray) -> np.ndarray:
    """Histograms of each quantity, labels grey and filled, phantoms as a line."""
    panels = []
    font = cv2.FONT_HERSHEY_SIMPLEX
    for place, (name, (low, high)) in enumerate(QUANTITIES.items()):
        panel = np.full((HIGH, WIDE, 3), 255, np.uint8)
        edges = np.linspace(low, high, BINS + 1)
        shares = [np.histogram(one[:, place], edges)[0] / len(one) for one in (real, made)]
        top = max(float(share.max()) for share in shares)
        base = HIGH - EDGE
        left = np.linspace(15, WIDE - 15, BINS + 1).round().astype(int)
        levels = [base - np.rint(share / top * (base - 35)).astype(int) for share in shares]
        for number in range(BINS):
            corner = (int(left[number + 1]), base)
            cv2.rectangle(panel, (int(left[number]), int(levels[0][number])), corner, REAL, -1)
        line = np.stack([np.repeat(left, 2)[1:-1], np.repeat(levels[1], 2)], axis=1)
        cv2.polylines(panel, [line.astype(np.int32)], False, PHANTOM, 2, cv2.LINE_AA)
        cv2.line(panel, (15, base), (WIDE - 15, base), (0, 0, 0), 1)
        for text, x in ((f"{low:g}", 12), (f"{high:g}", WIDE - 45)):
            cv2.putText(panel, text, (x, HIGH - 22), font, 0.4, (0, 0, 0), 1, cv2.LINE_AA)
        cv2.putText(panel, name, (15, 20), font, 0.48, (0, 0, 0), 1, cv2.LINE_AA)
        panels.append(panel)
    picture = np.vstack([np.hstack(panels[:3]), np.hstack(panels[3:])])
    words = f"grey: {len(real)} labelled images; line: {len(made)} phantom views"
    cv2.putText(picture, words, (15, 2 * HIGH - 4), font, 0.42, PHANTOM, 1, cv2.LINE_AA)
    return picture


if __name__ == "__main__":
    main()
