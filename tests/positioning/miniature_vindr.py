"""A miniature of VinDr-Mammo with positioning labels: synthetic DICOM in the published layout."""

import csv
from pathlib import Path

from mammoscope.io.vindr import COLUMNS
from tests.synthetic import mammogram_dataset, save

SHAPE = (240, 180)
GOOD, POOR = (120.0, 125.0), (210.0, 70.0)
"""Nipples (row, column) of a left breast whose muscle's edge runs from (0, 72) to (168, 0).

With u = (168, -72) / 182.78 the foot of the first is (82.2, 36.8), that of the second (178.1, -4.3).
"""
SPLITS = {"Train": 3, "Validation": 1, "Test": 2}
MAGNIFICATION = "1.25"
SPACING = r"0.5\\0.5"


def write(folder: Path) -> Path:
    """Six studies of a left and a right MLO view; the right views are poor. Return the labels."""
    table = folder / "positioning_labels.csv"
    studies = [split for split, count in SPLITS.items() for _ in range(count)]
    rows = []
    for number, split in enumerate(studies):
        for side, nipple in (("L", GOOD), ("R", POOR)):
            study, image = f"synthetic{number}", f"synthetic{number}{side}"
            factor = MAGNIFICATION if split == "Test" and side == "L" else None
            dataset = mammogram_dataset(
                "MLO", side, shape=SHAPE, ImagerPixelSpacing=[0.5, 0.5],
                EstimatedRadiographicMagnificationFactor=factor,
            )  # fmt: skip
            save(dataset, folder / "images" / study / f"{image}.dicom")
            rows += labels(study, image, side, split, nipple)
    folder.mkdir(parents=True, exist_ok=True)
    with table.open("w", newline="") as file:
        lines = csv.DictWriter(file, (*COLUMNS, "annotationMode"))
        lines.writeheader()
        lines.writerows(rows)
    return table


def labels(study, image, side, split="Train", nipple=GOOD, **others) -> list[dict[str, str]]:
    """The two rows of an image."""
    row, column = nipple
    line = [[72.0, 0.0], [0.0, 168.0]]
    if side == "R":
        column, line = SHAPE[1] - column, [[SHAPE[1] - x, y] for x, y in line]
    about = {
        "StudyInstanceUID": study, "SOPInstanceUID": image, "SeriesDescription": f"{side}-MLO",
        "height": f"{SHAPE[0]}.0", "width": f"{SHAPE[1]}.0", "ImagerPixelSpacing": SPACING,
        "ManufacturerModelName": "Nowhere 1", "qualitativeLabel": "Good", "Split": split,
        "annotationMode": "any",
    } | others  # fmt: skip
    box = {"x": column - 10, "y": row - 5, "width": 20.0, "height": 10.0}
    return [
        about | {"labelName": "Pectoralis", "data": str({"vertices": line})},
        about | {"labelName": "Nipple", "data": str(box)},
    ]
