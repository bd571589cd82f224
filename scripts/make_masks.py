"""Masks of breast and pectoral muscle for training, from images and marked pectoral lines.

As the authors of the segmentation paper made theirs (section 2.1): the breast by a threshold,
the muscle by hand (here: a marked line, moved onto the edge), then looked at: what was wrong is
listed with its reason in mask_exclusions.csv and gets no mask. Where no line was marked,
muscle_polygons.csv has the outlines that a first network drew and that were looked at.

    python scripts/make_masks.py DATA OUT

DATA holds cbis_mass_train/, cesm_train/ and landmarks_train.csv. OUT gets one PNG an image
(0 background, 1 breast, 2 muscle); train.csv, validation.csv and test.csv, tables as
`mammoscope.io.annotations.read_records` reads them, of different women each; and contact sheets
to look at.
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
from contact_sheets import write_sheets
from muscle_edge import muscle, polygon
from outlines import body_outline

HERE = Path(__file__).parent
Row = dict[str, str]
SPLITS = ("train", "validation", "test")


@dataclass(frozen=True)
class Image:
    """One image of the training data and its mask, a line of the tables.

    Attributes:
        image: Path of the image.
        mask: Path within the output folder.
        woman: Who, unique over both sets.
        dataset: ``CBIS-DDSM`` or ``CDD-CESM``.
        view: ``CC`` or ``MLO``.
        kind: ``film`` or ``processed``.
        spacing_mm: Empty where unknown.
        muscle: How the muscle was found: ``line``, ``outline``, ``none``.
    """

    image: str
    mask: str
    woman: str
    dataset: str
    view: str
    kind: str
    spacing_mm: str
    muscle: str


def main() -> None:
    """Write the masks, their tables and the contact sheets."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    images = write(arguments.data, arguments.out)
    write_sheets(arguments.out, images)
    print(f"{len(images)} masks in {arguments.out}")


def write(data: Path, out: Path) -> list[Image]:
    """Write every mask and the three tables."""
    out.mkdir(parents=True, exist_ok=True)
    images = list(make(data, out))
    for split in SPLITS:
        with (out / f"{split}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, list(asdict(images[0])))
            writer.writeheader()
            writer.writerows(asdict(image) for image in images if split_of(image.woman) == split)
    return images


def make(data: Path, out: Path) -> Iterator[Image]:
    """Make the mask of every image that is not excluded and whose muscle is known."""
    lines, polygons = marked_lines(data), outlines()
    excluded = {row["image"] for row in table(HERE / "mask_exclusions.csv")}
    without = {row["image"] for row in table(HERE / "no_muscle.csv")}
    for row in listed(data):
        name = Path(row["image"]).stem
        bare = row["view"] == "CC" or name in without
        how = "line" if name in lines else "outline" if name in polygons else "none"
        if name in excluded or (how == "none" and not bare):
            continue
        grey = cv2.imread(row["image"], cv2.IMREAD_GRAYSCALE)
        labels = body_outline(grey, digital=row["kind"] == "processed").astype(np.uint8)
        if how == "line":
            labels[muscle(grey, *lines[name]) & (labels > 0)] = 2
        elif how == "outline":
            labels[polygon(polygons[name], grey.shape) & (labels > 0)] = 2
        _keep(out / f"{name}.png", cv2.imencode(".png", labels)[1].tobytes())
        yield Image(
            row["image"], f"{name}.png", row["woman"], row["dataset"], row["view"], row["kind"],
            row["spacing_mm"], how,
        )  # fmt: skip


def _keep(path: Path, content: bytes) -> None:
    """Leave a file alone that is right already: what was prepared from it stays valid."""
    if not path.is_file() or path.read_bytes() != content:
        path.write_bytes(content)


def listed(data: Path) -> Iterator[Row]:
    """Every image once, of both sets."""
    for folder, file, dataset, kind, prefix in (
        ("cbis_mass_train", "lesions.csv", "CBIS-DDSM", "film", ""),
        ("cesm_train", "images.csv", "CDD-CESM", "processed", "C"),
    ):
        rows = {row["image"]: row for row in table(data / folder / file)}
        for row in rows.values():
            image = (data / folder / row["image"]).resolve()
            yield row | {
                "image": str(image), "dataset": dataset, "kind": kind,
                "woman": prefix + row["patient"],
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
