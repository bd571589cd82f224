"""A miniature of VinDr-Mammo 1.0.0 with its findings: synthetic DICOM in the published layout."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tests.synthetic import breast_pixels, mammogram_dataset, save

SHAPE = (240, 180)
SIZE = 30
COLUMNS = (
    "study_id", "series_id", "image_id", "laterality", "view_position", "height", "width",
    "breast_birads", "breast_density", "finding_categories", "finding_birads", "xmin", "ymin", "xmax",
    "ymax", "split",
)  # fmt: skip
BREASTS = tuple(
    name for name in COLUMNS if name not in ("finding_categories", "finding_birads", *COLUMNS[11:15])
)
SPACING = "[0.5, 0.5]"


def row(study: str, image: str, side: str = "L", view: str = "CC", **others: str) -> dict[str, str]:
    """A row of an image without a finding."""
    return {
        "study_id": study, "series_id": f"series {study}", "image_id": image, "laterality": side,
        "view_position": view, "height": str(SHAPE[0]), "width": str(SHAPE[1]),
        "breast_birads": "BI-RADS 4", "breast_density": "DENSITY C", "split": "training",
        "finding_categories": "['No Finding']", "finding_birads": "", "xmin": "", "ymin": "",
        "xmax": "", "ymax": "",
    } | others  # fmt: skip


def boxed(words: str, edges: Sequence[float], birads: str = "BI-RADS 4") -> dict[str, str]:
    """The cells of a finding whose box has the edges left, top, right, bottom."""
    places = dict(zip(("xmin", "ymin", "xmax", "ymax"), map(str, edges), strict=True))
    return {"finding_categories": words, "finding_birads": birads, **places}


def write_tables(
    folder: Path, rows: Sequence[Mapping[str, str]], metadata: Mapping[str, str] | None = None
) -> Path:
    """The three tables; `metadata` is the spacing of images, as the table writes it."""
    folder.mkdir(parents=True, exist_ok=True)
    by_image = {one["image_id"]: one for one in rows}
    steps = metadata or dict.fromkeys(by_image, SPACING)
    header = [
        {"SOP Instance UID": image, "Imager Pixel Spacing": said} for image, said in steps.items()
    ]
    _write(folder / "finding_annotations.csv", COLUMNS, rows)
    _write(folder / "breast-level_annotations.csv", BREASTS, by_image.values())
    _write(folder / "metadata.csv", ("SOP Instance UID", "Imager Pixel Spacing"), header)
    return folder


def write(folder: Path, training: int = 6, tests: int = 3) -> Path:
    """Studies of both views of a left breast, with a mass that is a bright square in each.

    Every third study has none, and its images no finding.
    """
    rows = []
    for number in range(training + tests):
        split = "training" if number < training else "test"
        for view in ("CC", "MLO"):
            study, image = f"study{number}", f"image{number}{view}"
            about = row(study, image, "L", view, split=split)
            edges = None if number % 3 == 2 else square(number)
            rows.append(about | (boxed("['Mass']", edges) if edges else {}))
            save(_film(view, edges, number), folder / "images" / study / f"{image}.dicom")
    return write_tables(folder, rows)


def square(number: int) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a study's mass."""
    left, top = 40.0 + 5 * (number % 4), 90.0 + 7 * (number % 3)
    return left, top, left + SIZE, top + SIZE


def _film(view: str, edges: tuple[float, ...] | None, seed: int) -> Any:
    stored = breast_pixels(view, "L", SHAPE)
    noise = np.random.default_rng(seed).integers(0, 60, SHAPE).astype(np.uint16)
    stored += np.where(stored > 0, noise, 0).astype(np.uint16)
    if edges is not None:
        left, top, right, bottom = (int(edge) for edge in edges)
        stored[top:bottom, left:right] = 4000
    return mammogram_dataset(view, "L", pixels=stored, ImagerPixelSpacing=[0.5, 0.5])


def _write(path: Path, columns: Sequence[str], rows: Any) -> None:
    with path.open("w", newline="") as file:
        lines = csv.DictWriter(file, columns, extrasaction="ignore")
        lines.writeheader()
        lines.writerows(rows)
