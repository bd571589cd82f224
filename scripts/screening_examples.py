"""What readers and pathology said of the masses of `findings_examples.py`, in one small file.

    python scripts/screening_examples.py DATA EXAMPLES ANSWERS

Only film is taken: every digital image at hand is malignant, and a network would learn the machine.
"""

import argparse
import csv
from collections import defaultdict
from pathlib import Path

import numpy as np

from mammoscope.learn.boxed import load_examples
from mammoscope.screening.pooled.examples import joined, save_answers
from mammoscope.screening.pooled.questions import of_image, of_mass

FOLDER = "cbis_mass_train"
SAME = 2.0
"""Boxes of both files lie on each other within so many pixels, after one scale and shift."""


def main() -> None:
    """Write the answers of every film."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("data", "examples", "answers"):
        parser.add_argument(name, type=Path)
    arguments = parser.parse_args()
    rows = by_image(arguments.data / FOLDER / "lesions.csv")
    answers = {name: of_rows(found) for name, found in rows.items()}
    examples = joined(load_examples(arguments.examples), answers)
    apart = max(mismatch(one.breast.boxes, boxes_of(rows[one.breast.name])) for one in examples)
    if apart > SAME:
        raise SystemExit(f"the boxes of {arguments.examples.name} are in another order")
    save_answers(arguments.answers, {one.breast.name: answers[one.breast.name] for one in examples})
    malignant = sum(one.malignant == 1 for one in examples)
    print(f"{len(examples)} images, {malignant} malignant; boxes within {apart:.2f} pixels")


def by_image(table: Path) -> dict[str, list[dict[str, str]]]:
    """Rows of each image, in the table's order, by its name among the examples."""
    rows = defaultdict(list)
    with table.open(newline="") as opened:
        for row in csv.DictReader(opened):
            rows[Path(row["image"]).stem].append(row)
    return rows


def of_rows(rows: list[dict[str, str]]) -> tuple[np.ndarray, np.ndarray]:
    """Answers of masses and of their image."""
    first = rows[0]
    image = of_image(int(first["density"]) or None, first["view"] == "MLO", first["laterality"] == "R")
    masses = [
        of_mass(
            row["pathology"] == "MALIGNANT", row["mass_margins"], row["mass_shape"],
            int(row["assessment"]), int(row["subtlety"]) or None,
        )
        for row in rows
    ]  # fmt: skip
    return np.array(masses), image


def boxes_of(rows: list[dict[str, str]]) -> np.ndarray:
    """Top, left, bottom, right in source pixels."""
    left, top, width, height = (
        np.array([float(row[column]) for row in rows]) for column in ("x", "y", "width", "height")
    )
    return np.column_stack([top, left, top + height, left + width])


def mismatch(boxes: np.ndarray, source: np.ndarray) -> float:
    """How far boxes lie from those of the source, in pixels, after the best scale and shift."""
    apart = 0.0
    for axis in (0, 1):
        found, given = boxes[:, axis::2].ravel(), source[:, axis::2].ravel()
        fit = np.polyval(np.polyfit(given, found, 1), given)
        apart = max(apart, float(np.abs(fit - found).max()))
    return apart


if __name__ == "__main__":
    main()
