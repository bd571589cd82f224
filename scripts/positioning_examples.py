"""Every image at hand with every mark of it, for the positioning weights that ship."""

import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from make_masks import HERE, listed

from mammoscope.core import LandmarkName, Point
from mammoscope.io.marks import MarkedImage, read_marks
from mammoscope.positioning.heatmaps.examples import Example
from mammoscope.positioning.heatmaps.prepare import prepare
from mammoscope.positioning.heatmaps.recipe import Recipe

FOLDS = 5


@dataclass(frozen=True)
class Marked:
    """An image with its example.

    Attributes:
        record: What is known of it.
        example: The same as the network learns it.
        fold: Of its woman.
        marked: Whether landmarks_train.csv has it: only such images are measured on.
    """

    record: MarkedImage
    example: Example
    fold: int
    marked: bool


def read_all(data: Path, masks: Path, recipe: Recipe) -> list[Marked]:
    """Every image at hand, marked or not, as an example."""
    records = list(all_records(data))
    marked = {mark.image.name for mark in read_marks(data / "landmarks_train.csv")}

    def mask_of(record: MarkedImage) -> np.ndarray | None:
        path = masks / f"{record.image.stem}.png"
        return cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) if path.is_file() else None

    examples = prepare(records, recipe, mask_of)
    return [
        Marked(record, example, fold_of(record.woman), record.image.name in marked)
        for record, example in zip(records, examples, strict=True)
    ]


def all_records(data: Path) -> Iterable[MarkedImage]:
    """A record an image: marks by eye, the fold and the chest wall's edge, the spacing."""
    marks = defaultdict(list)
    for mark in read_marks(data / "landmarks_train.csv"):
        marks[mark.image.name].append(mark)
    excluded = {(Path(row["image"]).name, row["landmark"]) for row in table("mark_exclusions.csv")}
    folds = {Path(row["image"]).name: row for row in table("inframammary_folds.csv")}
    edges = {Path(row["image"]).name: row for row in table("chest_wall_edges.csv")}
    nipples = {Path(row["image"]).name: row for row in table("nipples.csv")}
    for row in listed(data):
        path = Path(row["image"])
        found = marks.get(path.name)
        record = consensus(found) if found else unmarked(row)
        points = {
            name: point for name, point in record.points.items() if (path.name, name) not in excluded
        }
        points |= edge_marks(edges.get(path.name))
        quality = dict(record.quality)
        for name, marks_of in (("inframammary fold", folds), ("nipple", nipples)):
            mark = marks_of.get(path.name)
            if mark is not None and name not in points:
                points[name], quality[name] = point_of(mark), int(mark["quality"])
        spacing = (float(row["spacing_mm"]),) * 2 if row["spacing_mm"] else None
        yield replace(
            record, image=path, woman=row["woman"], points=points, quality=quality, spacing_mm=spacing
        )


def consensus(readings: Sequence[MarkedImage]) -> MarkedImage:
    """One record of an image that was read once or twice: the mean of the surest marks."""
    first = readings[0]
    points: dict[LandmarkName, Point | None] = {}
    quality: dict[LandmarkName, int] = {}
    for name in first.points:
        marks = [(each.quality[name], each.points[name]) for each in readings if name in each.quality]
        points[name] = None
        if marks:
            quality[name] = min(sure for sure, _ in marks)
            surest = [point for sure, point in marks if sure == quality[name] and point]
            row, column = np.mean(surest, axis=0)
            points[name] = float(row), float(column)
    return replace(first, points=points, quality=quality)


def unmarked(row: dict[str, str]) -> MarkedImage:
    """A record of an image that nobody marked."""
    shape = cv2.imread(row["image"], cv2.IMREAD_GRAYSCALE).shape
    view, kind = row["view"], row["kind"]
    return MarkedImage(Path(row["image"]), row["woman"], row["dataset"], view, kind, shape, {})


def point_of(row: dict[str, str]) -> Point | None:
    """A landmark marked by eye; None where it is not shown."""
    return (float(row["row"]), float(row["column"])) if row["shown"] == "yes" else None


def edge_marks(row: dict[str, str] | None) -> dict[LandmarkName, Point | None]:
    """Both ends of the chest wall's edge."""
    if row is None or not row["upper_row"]:
        return {}
    return {
        "chest wall upper": (float(row["upper_row"]), float(row["upper_column"])),
        "chest wall lower": (float(row["lower_row"]), float(row["lower_column"])),
    }


def fold_of(woman: str) -> int:
    """Of five, by a hash: the same on every machine."""
    digits = hashlib.sha256(f"positioning/{woman}".encode()).hexdigest()[:8]
    return int(digits, 16) % FOLDS


def table(name: str) -> list[dict[str, str]]:
    """The rows of a table beside this script; none where there is no such table."""
    path = HERE / name
    if not path.is_file():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
