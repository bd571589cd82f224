"""A miniature of CDD-CESM: synthetic low-energy images with outlines, in both layouts."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from tests.synthetic import breast_pixels

SHAPE = (240, 180)
SHEET = (
    "Image_name", "Patient_ID", "Side", "Type", "Age", "Breast density (ACR)", "BIRADS", "Findings",
    "View", "Tags", "Machine", "Pathology Classification/ Follow up",
)  # fmt: skip
MASKED = (
    "image", "mask", "patient", "laterality", "view", "density", "birads", "findings", "tags",
    "pathology",
)  # fmt: skip
REGIONS = (
    "#filename", "file_size", "file_attributes", "region_count", "region_id",
    "region_shape_attributes", "region_attributes",
)  # fmt: skip
MASS = {"Findings": "High density mass with speculated margin", "Tags": "malignant mass, speculated"}
SQUARE = {"name": "rect", "x": 40, "y": 100, "width": 30, "height": 20}


def row(patient: int, side: str = "L", view: str = "CC", energy: str = "DM", **others: Any) -> dict:
    """A row of the published sheet; without other words an image that is normal."""
    return {
        "Image_name": f"P{patient}_{side}_{energy}_{view}", "Patient_ID": patient, "Side": side,
        "Type": energy, "Age": 50, "Breast density (ACR)": "C", "BIRADS": 5, "Findings": "Normal",
        "View": view, "Tags": "normal", "Machine": 1,
        "Pathology Classification/ Follow up": "Malignant",
    } | others  # fmt: skip


def published(
    folder: Path, rows: Sequence[Mapping[str, Any]], regions: Sequence[tuple[str, Mapping[str, Any]]]
) -> Path:
    """The sheet as CSV, the outlines of images by name, and the low-energy images."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "Radiology-manual-annotations.csv", SHEET, rows)
    lines = [
        {"#filename": f"{name}.jpg", "region_shape_attributes": json.dumps(shape)}
        for name, shape in regions
    ]
    _write(folder / "Radiology_hand_drawn_segmentations_v2.csv", REGIONS, lines)
    images = folder / "Low energy images of CDD-CESM"
    images.mkdir(exist_ok=True)
    for one in rows:
        if one["Type"] == "DM":
            pixels = breast_pixels(one["View"], one["Side"], SHAPE, bits=8)
            cv2.imwrite(str(images / f"{one['Image_name']}.jpg"), pixels)
    return folder


def masked(folder: Path, rows: Sequence[Mapping[str, Any]], masks: Sequence[np.ndarray]) -> Path:
    """A table beside images and masks, in the order of the rows of the sheet."""
    lines = []
    for name in ("images", "masks"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for one, mask in zip(rows, masks, strict=True):
        stem = one["Image_name"]
        cv2.imwrite(str(folder / f"images/{stem}.jpg"), breast_pixels(shape=mask.shape, bits=8))
        cv2.imwrite(str(folder / f"masks/{stem}.png"), mask)
        lines.append({
            "image": f"images/{stem}.jpg", "mask": f"masks/{stem}.png", "patient": one["Patient_ID"],
            "laterality": one["Side"], "view": one["View"], "density": one["Breast density (ACR)"],
            "birads": one["BIRADS"], "findings": one["Findings"], "tags": one["Tags"],
            "pathology": one["Pathology Classification/ Follow up"],
        })  # fmt: skip
    _write(folder / "images.csv", MASKED, lines)
    return folder


def _write(path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    with path.open("w", newline="") as file:
        lines = csv.DictWriter(file, columns)
        lines.writeheader()
        lines.writerows(rows)
