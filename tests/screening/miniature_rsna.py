"""A miniature of the RSNA screening set: synthetic mammograms in its layout."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from mammoscope.io.rsna import COLUMNS
from tests.synthetic import breast_pixels, mammogram_dataset, save


def row(patient: int, image: int, side: str = "L", view: str = "CC", **others: str) -> dict[str, str]:
    """A row of ``train.csv``; without other words an image without cancer."""
    return {
        "site_id": "1", "patient_id": str(patient), "image_id": str(image), "laterality": side,
        "view": view, "age": "55.0", "cancer": "0", "biopsy": "0", "invasive": "0", "BIRADS": "1.0",
        "implant": "0", "density": "C", "machine_id": "29", "difficult_negative_case": "False",
    } | others  # fmt: skip


def published(folder: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """The table and an image for each row: one pixel tells it from every other."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "train.csv").open("w", newline="") as file:
        lines = csv.DictWriter(file, COLUMNS)
        lines.writeheader()
        lines.writerows(rows)
    for one in rows:
        view, side = ("MLO" if one["view"] == "MLO" else "CC"), "R" if one["laterality"] == "R" else "L"
        path = folder / "train_images" / one["patient_id"] / f"{one['image_id']}.dcm"
        pixels = breast_pixels(view, side)
        pixels[-1, int(one["image_id"]) % pixels.shape[1]] ^= 1
        save(mammogram_dataset(view, side, pixels=pixels), path)
    return folder
