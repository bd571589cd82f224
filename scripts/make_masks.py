"""Masks of breast and pectoral muscle for training, from images and marked pectoral lines.

As the authors of the segmentation paper made theirs (section 2.1): the breast by a threshold,
the muscle by hand (here: a marked line, moved onto the edge), then looked at: what was wrong is
listed with its reason in mask_exclusions.csv and gets no mask. Where no line was marked,
muscle_polygons.csv has the outlines that a first network drew and that were looked at.

    python scripts/make_masks.py DATA OUT

DATA holds cbis_mass_train/, cesm_train/ and landmarks_train.csv. OUT gets one PNG an image
(0 background, 1 breast, 2 muscle), index.csv, and contact sheets to look at.
"""

import argparse
import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
from contact_sheet import write_sheets
from muscle_edge import muscle, polygon
from outlines import body_outline

HERE = Path(__file__).parent
Row = dict[str, str]


@dataclass(frozen=True)
class Image:
    """One image of the training data and its mask.

    Attributes:
        image: Path within the data folder.
        mask: Path within the output folder.
        set: ``film`` or ``digital``.
        woman: Which woman, unique over both sets.
        view: ``CC`` or ``MLO``.
        spacing_mm: Empty where unknown.
        muscle: How the muscle was found: ``line``, ``outline``, ``none``.
        split: ``train``, ``validation`` or ``test``, by woman.
    """

    image: str
    mask: str
    set: str
    woman: str
    view: str
    spacing_mm: str
    muscle: str
    split: str


def main() -> None:
    """Write the masks, their index and the contact sheets."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    images = list(make(arguments.data, arguments.out))
    with (arguments.out / "index.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(asdict(images[0])))
        writer.writeheader()
        writer.writerows(asdict(image) for image in images)
    write_sheets(arguments.data, arguments.out, images)
    print(f"{len(images)} masks in {arguments.out}")


def make(data: Path, out: Path) -> Iterator[Image]:
    """Make the mask of every image that is not excluded and whose muscle is known."""
    lines, polygons = marked_lines(data), outlines()
    excluded = {row["image"] for row in table(HERE / "mask_exclusions.csv")}
    without = {row["image"] for row in table(HERE / "no_muscle.csv")}
    for row in listed(data):
        name = Path(row["image"]).stem
        if name in excluded:
            continue
        if name in lines:
            how = "line"
        elif name in polygons:
            how = "outline"
        elif row["view"] == "CC" or name in without:
            how = "none"
        else:
            continue
        grey = cv2.imread(str(data / row["image"]), cv2.IMREAD_GRAYSCALE)
        labels = body_outline(grey, digital=row["set"] == "digital").astype(np.uint8)
        if how == "line":
            labels[muscle(grey, *lines[name]) & (labels > 0)] = 2
        elif how == "outline":
            labels[polygon(polygons[name], grey.shape) & (labels > 0)] = 2
        cv2.imwrite(str(out / f"{name}.png"), labels)
        yield Image(
            row["image"], f"{name}.png", row["set"], row["woman"], row["view"],
            row["spacing_mm"], how, split_of(row["woman"]),
        )  # fmt: skip


def listed(data: Path) -> Iterator[Row]:
    """Every image once, of both sets."""
    for folder, file, name, prefix in (
        ("cbis_mass_train", "lesions.csv", "film", ""),
        ("cesm_train", "images.csv", "digital", "CDD-CESM "),
    ):
        rows = {row["image"]: row for row in table(data / folder / file)}
        for row in rows.values():
            yield row | {
                "image": f"{folder}/{row['image']}", "set": name, "woman": prefix + row["patient"]
            }  # fmt: skip


def marked_lines(data: Path) -> dict[str, tuple[tuple[float, float], tuple[float, float], str]]:
    """Upper end, lower end and chest-wall side by image name; the mean of equally sure readings."""
    readings = defaultdict(list)
    for row in table(data / "landmarks_train.csv"):
        if row["pectoral_upper_row"]:
            readings[Path(row["image"]).stem].append(row)
    lines = {}
    for name, rows in readings.items():
        surest = min(float(row["pectoral_quality"]) for row in rows)
        rows = [row for row in rows if float(row["pectoral_quality"]) == surest]
        ends = [
            np.mean(
                [[float(row[f"pectoral_{end}_{axis}"]) for axis in ("row", "column")] for row in rows],
                0,
            )
            for end in ("upper", "lower")
        ]
        (up, left), (down, right) = (end.tolist() for end in ends)
        lines[name] = (up, left), (down, right), rows[0]["chest_wall"]
    return lines


def _end(readings: list[Row], end: str) -> tuple[float, float]:
    down, across = (
        float(np.mean([float(row[f"pectoral_{end}_{axis}"]) for row in readings]))
        for axis in ("row", "column")
    )
    return down, across


def outlines() -> dict[str, np.ndarray]:
    """Polygons (n, 2) of (row, column) by image name."""
    return {
        row["image"]: np.array([point.split() for point in row["polygon"].split(";")], float)
        for row in table(HERE / "muscle_polygons.csv")
    }


def split_of(woman: str, seed: int = 7) -> str:
    """Test for 20 % of women, validation for 10 %, by a hash: the same on every machine."""
    digits = hashlib.sha256(f"{seed}/{woman}".encode()).hexdigest()[:8]
    share = int(digits, 16) / 2**32
    return "test" if share < 0.2 else "validation" if share < 0.3 else "train"


def table(path: Path) -> list[Row]:
    """The rows of a CSV file; none where there is no such file."""
    if not path.is_file():
        return []
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    main()
