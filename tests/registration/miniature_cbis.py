"""A miniature of CBIS-DDSM in both layouts: synthetic films whose MLO view is the CC view turned."""

import csv
from pathlib import Path

import cv2
import numpy as np

from mammoscope.io.cbis import LESION_COLUMNS
from tests.registration.pairs import BOX, SHAPE, cc_pixels, mlo, mlo_box
from tests.synthetic import film_dataset, save

SIDES = {"L": "LEFT", "R": "RIGHT"}
PARTS = {"training": ("train", "Training"), "test": ("test", "Test")}


def pixels(view: str, side: str, seed: int) -> np.ndarray:
    """8 bits; a right breast is mirrored."""
    grey = cc_pixels(seed) if view == "CC" else mlo(seed).pixels
    grey = grey if side == "L" else grey[:, ::-1]
    return np.rint(255 * grey).astype(np.uint8)


def box(view: str, side: str) -> tuple[float, float, float, float]:
    """Top, left, bottom, right of the lesion."""
    top, left, bottom, right = BOX if view == "CC" else mlo_box()
    if side == "R":
        left, right = SHAPE[1] - 1 - right, SHAPE[1] - 1 - left
    return top, left, bottom, right


def lesions_table(folder: Path, women: int = 12) -> Path:
    """``lesions.csv`` with its images: a left breast with one mass for each woman."""
    rows = []
    for number in range(women):
        for view in ("CC", "MLO"):
            name = f"images/P_{number:05}_LEFT_{view}.png"
            (folder / "images").mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(folder / name), pixels(view, "L", number))
            rows.append(row(name, f"P_{number:05}", "L", view, "1", box(view, "L")))
    return write_lesions(folder, rows)


def row(image, patient, side, view, abnormality, edges, **others) -> dict[str, str]:
    """One row of ``lesions.csv``; x and y count from the outer edge."""
    top, left, bottom, right = edges
    cells = {
        "image": image, "patient": patient, "laterality": side, "view": view, "spacing_mm": "0.25",
        "lesions_in_image": "1", "abnormality": abnormality, "x": left + 0.5, "y": top + 0.5,
        "width": right - left, "height": bottom - top, "density": "2", "pathology": "BENIGN",
    }  # fmt: skip
    return {key: str(value) for key, value in (cells | others).items()}


def write_lesions(folder: Path, rows: list[dict[str, str]], more: tuple[str, ...] = ()) -> Path:
    """Write the table, with more columns."""
    table = folder / "lesions.csv"
    with table.open("w", newline="") as file:
        lines = csv.DictWriter(file, (*LESION_COLUMNS, *more))
        lines.writeheader()
        lines.writerows(rows)
    return table


def film(folder: Path, name: str, view: str, side: str, seed: int) -> None:
    """A film in its folder, below two folders of UIDs."""
    stored = pixels(view, side, seed).astype(np.uint16) * 257
    dataset = film_dataset(view, side)
    dataset.Rows, dataset.Columns = stored.shape
    dataset.PixelData = stored.tobytes()
    save(dataset, folder / name / "1.2.3" / "1.2.4" / "1-1.dcm")


def roi(folder: Path, name: str, view: str, side: str, *, mask_first: bool) -> None:
    """Crop and mask of a lesion in one folder."""
    top, left, bottom, right = (round(edge) for edge in box(view, side))
    mask = np.zeros(SHAPE, np.uint8)
    mask[top:bottom, left:right] = 255
    crop = np.full((bottom - top, right - left), 9, np.uint8)
    crop[0, 0] = 0  # two values, but not as large as the film
    pair = (mask, crop) if mask_first else (crop, mask)
    for number, stored in enumerate(pair, start=1):
        dataset = film_dataset(view, side)
        dataset.Rows, dataset.Columns = stored.shape
        dataset.BitsAllocated = dataset.BitsStored = 8
        dataset.HighBit = 7
        dataset.PixelData = stored.tobytes() + b"\0" * (stored.size % 2)
        save(dataset, folder / name / "9.8" / "9.7" / f"1-{number}.dcm")


def description(
    folder: Path, kind: str, part: str, cases: list[tuple[str, str, str, str, str]]
) -> Path:
    """A published table of patient, side, view, abnormality, pathology; its paths name old UIDs."""
    table = folder / f"{kind.lower()}_case_description_{PARTS[part][0]}_set.csv"
    density = "breast_density" if kind == "Mass" else "breast density"
    table.parent.mkdir(parents=True, exist_ok=True)
    with table.open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow((
            "patient_id", density, "left or right breast", "image view", "abnormality id",
            "abnormality type", "assessment", "pathology", "subtlety", "image file path",
            "cropped image file path", "ROI mask file path",
        ))  # fmt: skip
        for patient, side, view, abnormality, pathology in cases:
            name = f"{kind}-{PARTS[part][1]}_{patient}_{SIDES[side]}_{view}"
            lines.writerow((
                patient, "3", SIDES[side], view, abnormality, kind.lower(), "4", pathology, "4",
                f"{name}/0.1/0.2/000000.dcm", f"{name}_{abnormality}/0.3/0.4/000001.dcm",
                f"{name}_{abnormality}/0.3/0.4/000000.dcm\n",
            ))  # fmt: skip
    return table


def dicom(folder: Path, women: int = 8, tests: int = 3) -> Path:
    """The published layout: masses in breasts of alternating sides, the last women in the test set."""
    for part in PARTS:
        numbers = range(women) if part == "training" else range(women, women + tests)
        cases = []
        for number in numbers:
            side = "LR"[number % 2]
            for view in ("CC", "MLO"):
                patient = f"P_{number:05}"
                name = f"Mass-{PARTS[part][1]}_{patient}_{SIDES[side]}_{view}"
                film(folder, name, view, side, number)
                roi(folder / "deeper", f"{name}_1", view, side, mask_first=number % 3 == 0)
                cases.append((patient, side, view, "1", "BENIGN"))
        description(folder, "Mass", part, cases)
    return folder
