"""Automatic marks of the chest-wall edge: where the image of the breast ends on that side.

A straight line is fitted to the body's border on the chest-wall side; its ends are the first and the
last row where the body reaches it. What chest_wall_edges.csv has already stays as it is: a line that
is taken out of it is marked anew.

    python scripts/mark_chest_wall_edge.py DATA MASKS OUT

DATA holds landmarks_train.csv and the images of both sets, MASKS what make_masks.py wrote. OUT
gets the contact sheets.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from marking import (
    DARK,
    Marked,
    all_images,
    arguments,
    grey_and_body,
    read_table,
    write_sheets,
    write_table,
)

TABLE = Path(__file__).with_name("chest_wall_edges.csv")
SLOPES = np.linspace(-0.06, 0.06, 49)
"""Columns a row: films lie askew by up to three degrees."""
NEAR = 2.0
WHITE, AIR, DIGITAL_AIR = 0.92, 0.5, 8
BEGINS, WIDEST = 0.03, 0.12
"""Where a white frame begins and how wide it is at most, as a share of the image width."""
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
    given = arguments(__doc__)
    kept = {edge.image: edge for edge in read_table(TABLE, Edge)}
    images = all_images(given.data, given.masks)
    edges = [kept.get(image.name) or mark(image, given.masks) for image in images]
    write_table(TABLE, Edge, edges)
    write_sheets(given.out, images, [ends(edge) for edge in edges], lower=False)


def mark(image: Marked, masks: Path) -> Edge:
    """The edge of one image."""
    grey, region = grey_and_body(image, masks)
    if image.digital:
        region = cv2.GaussianBlur(grey, (0, 0), 1.0) > DARK
    flipped = image.chest_wall == "right"
    if flipped:
        grey, region = grey[:, ::-1], region[:, ::-1]
    rows = np.flatnonzero(region.any(axis=1))
    start, slope = commonest_line(rows, border(grey, region, image.digital)[rows])
    nearest = region[rows].argmax(axis=1)
    far = nearest - np.maximum(start + slope * rows, np.percentile(nearest, 20))
    deep = region[rows].sum(axis=1)
    reached = rows[(far < REACH * len(grey)) & (deep >= DEEP * len(grey))]
    last = grey.shape[1] - 1
    cells = []
    for row in (reached[0], reached[-1]):
        column = float(np.clip(start + slope * row, 0, last))
        cells += [row, last - column if flipped else column]
    return Edge(image.name, *(f"{value:.1f}" for value in cells), "auto")


def border(grey: np.ndarray, region: np.ndarray, digital: bool) -> np.ndarray:
    """In each row the first column right of a white frame, or else the first that is not air."""
    level = DIGITAL_AIR if digital else AIR * np.median(grey[region])
    first = (grey > level).argmax(axis=1)
    if digital:
        return first
    wide = grey.shape[1]
    white = grey[:, : int(WIDEST * wide)] > WHITE * np.percentile(grey, 99.9)
    begins = np.where(white.any(axis=1), white.argmax(axis=1), wide)
    after = ~white & (np.arange(white.shape[1]) > begins[:, None])
    framed = (begins < BEGINS * wide) & after.any(axis=1)
    return np.where(framed, after.argmax(axis=1), first)


def commonest_line(rows: np.ndarray, columns: np.ndarray) -> tuple[float, float]:
    """Column at row 0 and columns a row of the line on which most of the border lies."""
    counts = []
    for slope in SLOPES:
        offsets = np.round((columns - slope * rows) / NEAR).astype(int)
        values, many = np.unique(offsets, return_counts=True)
        counts.append((int(many.max()), -abs(slope), slope, NEAR * values[many.argmax()]))
    _, _, slope, start = max(counts)
    close = np.abs(columns - (start + slope * rows)) <= NEAR
    slope, start = np.polyfit(rows[close], columns[close], 1)
    return float(start), float(slope)


def ends(edge: Edge) -> list[tuple[float, float]]:
    """Upper and lower end."""
    upper, lower = (edge.upper_row, edge.upper_column), (edge.lower_row, edge.lower_column)
    return [(float(row), float(column)) for row, column in (upper, lower)]


if __name__ == "__main__":
    main()
