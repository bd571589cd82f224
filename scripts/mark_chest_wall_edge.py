"""Automatic marks of the chest-wall edge: where the image of the breast ends on that side.

A straight line is fitted to the body's border on the chest-wall side; its ends are the first and the
last row where the body reaches it. Marks that were made by eye stay as they are.

    python scripts/mark_chest_wall_edge.py DATA MASKS OUT

DATA holds landmarks_train.csv and its images, MASKS what make_masks.py wrote. chest_wall_edges.csv
beside this script is written anew, and OUT gets the contact sheets.
"""

import argparse
import csv
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
from marking import DARK, Marked, grey_and_body, marked_images, write_sheets
from outlines import film_border

TABLE = Path(__file__).with_name("chest_wall_edges.csv")
NEAR = 0.006
"""How far from the line the body's border still belongs to it, as a share of the image height."""
ROUNDS = 8
REACH, DEEP = 0.01, 0.03
"""How near to the line, and how deep from there, a row of the body is for it to reach the edge."""


@dataclass(frozen=True)
class Edge:
    """One line of the table."""

    image: str
    upper_row: str
    upper_column: str
    lower_row: str
    lower_column: str
    method: str


def main() -> None:
    """Write the table and the sheets."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("data", "masks", "out"):
        parser.add_argument(name, type=Path)
    given = parser.parse_args()
    kept = {edge.image: edge for edge in read() if edge.method == "eye"}
    images = marked_images(given.data)
    edges = [kept.get(image.name) or mark(image, given.masks) for image in images]
    write(edges)
    write_sheets(given.out, images, [ends(edge) for edge in edges], lower=False)


def mark(image: Marked, masks: Path) -> Edge:
    """The edge of one image."""
    grey, region = grey_and_body(image, masks)
    region = region & (grey > DARK if image.digital else ~film_border(grey))
    flipped = image.chest_wall == "right"
    rows, columns, deep = border(region[:, ::-1] if flipped else region)
    start, slope = robust_line(rows, columns, NEAR * len(grey))
    touching = columns - (start + slope * rows) < REACH * len(grey)
    reached = rows[touching & (deep >= DEEP * len(grey))]
    ends = [(row, start + slope * row) for row in (reached[0], reached[-1])]
    last = grey.shape[1] - 1
    cells = [(row, last - column if flipped else column) for row, column in ends]
    return Edge(image.name, *(f"{value:.1f}" for cell in cells for value in cell), "auto")


def border(region: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of the body, its first column in each, and how many columns it is deep there."""
    rows = np.flatnonzero(region.any(axis=1))
    return rows, region[rows].argmax(axis=1), region[rows].sum(axis=1)


def robust_line(rows: np.ndarray, columns: np.ndarray, near: float) -> tuple[float, float]:
    """First column at row 0 and columns a row of the line that most of the outermost border follows."""
    start, slope = float(np.percentile(columns, 20)), 0.0
    for _ in range(ROUNDS):
        close = np.abs(columns - (start + slope * rows)) <= near
        if close.sum() < 0.1 * len(rows):
            break
        slope, start = (float(value) for value in np.polyfit(rows[close], columns[close], 1))
    return start, slope


def ends(edge: Edge) -> list[tuple[float, float]]:
    """Upper and lower end."""
    upper, lower = (edge.upper_row, edge.upper_column), (edge.lower_row, edge.lower_column)
    return [(float(row), float(column)) for row, column in (upper, lower)]


def read() -> list[Edge]:
    """The table as it stands."""
    if not TABLE.is_file():
        return []
    with TABLE.open(newline="") as file:
        return [Edge(**row) for row in csv.DictReader(file)]


def write(edges: list[Edge]) -> None:
    """Write the table."""
    with TABLE.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(Edge.__dataclass_fields__), lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(edge) for edge in edges)


if __name__ == "__main__":
    main()
