"""What the scripts that mark landmarks share: images, their bodies, tables, sheets to look at."""

from __future__ import annotations

import argparse
import csv
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import cv2
import numpy as np
from contact_sheets import sheet
from make_masks import listed
from outlines import body_outline

from mammoscope.io.marks import read_marks

if TYPE_CHECKING:
    from collections.abc import Sequence

Point = tuple[float, float]
Row = TypeVar("Row")
TILE = 330
ACROSS, DOWN = 4, 3
TEXT, MARK, NIPPLE = (0, 255, 255), (0, 0, 255), (0, 255, 0)
ABOVE = 0.1
CUT = 0.03
SIDES = {"L": "left", "R": "right"}
"""In the digital images the side in the name is that of the chest wall; on film it is often wrong."""
DEPTH = 0.65
DARK = 3


@dataclass(frozen=True)
class Marked:
    """One image; readings of it in landmarks_train.csv are averaged.

    Attributes:
        name: Path from the folder of the data.
        path: Where it lies.
        view: CC or MLO.
        shape: Rows and columns.
        chest_wall: ``left`` or ``right``.
        nipple: (row, column), None where it was not seen or not marked.
        muscle: Upper and lower end of the pectoral line; empty where none was marked.
    """

    name: str
    path: Path
    view: str
    shape: tuple[int, int]
    chest_wall: str
    nipple: Point | None
    muscle: tuple[Point, ...]

    @property
    def digital(self) -> bool:
        """Air is black there and no frame shows."""
        return self.name.startswith("cesm")


def arguments(description: str) -> argparse.Namespace:
    """The folders after a marking script's name: data, masks, out."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    for name in ("data", "masks", "out"):
        parser.add_argument(name, type=Path)
    return parser.parse_args()


def read_table(path: Path, kind: type[Row]) -> list[Row]:
    """A table of marks as it stands, a dataclass of words a row; empty where there is none."""
    if not path.is_file():
        return []
    with path.open(newline="") as file:
        return [kind(**row) for row in csv.DictReader(file)]


def write_table(path: Path, kind: type[Any], rows: Sequence[Any]) -> None:
    """Write a table of marks."""
    with path.open("w", newline="") as file:
        columns = [field.name for field in fields(kind)]
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows)


def marked_images(data: Path) -> list[Marked]:
    """Every image of landmarks_train.csv once, in its order."""
    readings: dict[Path, list] = {}
    for record in read_marks(data / "landmarks_train.csv"):
        readings.setdefault(record.image, []).append(record)
    return [_joined(path, records, data) for path, records in readings.items()]


def all_images(data: Path, masks: Path) -> list[Marked]:
    """The images of landmarks_train.csv, then all others."""
    images = marked_images(data)
    known = {image.name for image in images}
    for row in listed(data):
        path = Path(row["image"])
        name = str(path.relative_to(data.resolve()))
        if name not in known:
            image = Marked(name, path, row["view"], (0, 0), "left", None, ())
            grey, region = grey_and_body(image, masks)
            side = SIDES[path.stem.split("_")[1]] if image.digital else _cut_side(region)
            images.append(replace(image, shape=grey.shape, chest_wall=side))
    return images


def _cut_side(region: np.ndarray) -> str:
    columns = np.flatnonzero(region.sum(axis=0) > 0.02 * len(region))
    reach = round(CUT * region.shape[1])
    left = region[:, columns[0] : columns[0] + reach].any(axis=1).sum()
    right = region[:, columns[-1] - reach + 1 : columns[-1] + 1].any(axis=1).sum()
    return "left" if left > right else "right"


def _joined(path: Path, records: list, data: Path) -> Marked:
    def mean(name: str) -> Point | None:
        points = [record.points[name] for record in records if record.points.get(name)]
        return tuple(np.mean(points, axis=0).tolist()) if points else None

    ends = mean("pectoral upper"), mean("pectoral lower")
    return Marked(
        str(path.relative_to(data)), path, records[0].view, records[0].shape,
        records[0].chest_wall, mean("nipple"), tuple(end for end in ends if end is not None),
    )  # fmt: skip


def grey_and_body(image: Marked, masks: Path) -> tuple[np.ndarray, np.ndarray]:
    """The image, and where breast and muscle are (boolean)."""
    grey = cv2.imread(str(image.path), cv2.IMREAD_GRAYSCALE)
    mask = masks / f"{image.path.stem}.png"
    if mask.is_file():
        return grey, cv2.imread(str(mask), cv2.IMREAD_GRAYSCALE) > 0
    return grey, body_outline(grey, digital=image.digital)


def white_frame(grey: np.ndarray) -> np.ndarray:
    """Boolean: what is burnt white and touches the image's edge, and a little around it."""
    white = (grey > 0.9 * np.percentile(grey, 99.9)).astype(np.uint8)
    _, parts, stats, _ = cv2.connectedComponentsWithStats(white)
    edge = np.unique(np.concatenate([parts[[0, -1]].ravel(), parts[:, [0, -1]].ravel()]))
    thin = [k for k in edge if k and stats[k, cv2.CC_STAT_AREA] < 0.35 * np.prod(stats[k, 2:4])]
    straight = [k for k in edge if k and min(stats[k, 2:4]) < 0.06 * max(grey.shape)]
    return cv2.dilate(np.isin(parts, thin + straight).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0


def write_sheets(
    out: Path, images: Sequence[Marked], points: Sequence[Sequence[Point]], lower: bool
) -> None:
    """Sheets of twelve tiles with points drawn and the image's own pixels on the axes."""
    out.mkdir(parents=True, exist_ok=True)
    size = ACROSS * DOWN
    for first in range(0, len(images), size):
        pairs = zip(images[first : first + size], points[first : first + size], strict=True)
        tiles = [
            tile(image, marks, lower, number) for number, (image, marks) in enumerate(pairs, first)
        ]
        cv2.imwrite(str(out / f"sheet_{first // size:02d}.png"), sheet(tiles, ACROSS))


def tile(image: Marked, marks: Sequence[Point], lower: bool, number: int) -> np.ndarray:
    """One image, or what lies below its nipple, as wide as a tile, with a grid of its pixels."""
    grey = cv2.imread(str(image.path), cv2.IMREAD_GRAYSCALE)
    top, left, bottom, right = _window(grey, image) if lower else (0, 0, *grey.shape)
    scale = TILE / max(right - left, bottom - top)
    part = cv2.resize(grey[top:bottom, left:right], None, fx=scale, fy=scale)
    picture = cv2.cvtColor((255 * (part / 255.0) ** 0.6).astype(np.uint8), cv2.COLOR_GRAY2BGR)
    tall, wide = picture.shape[:2]
    every = 20 if lower else 100
    for value in range(0, max(grey.shape), every):
        down, across = round((value - top) * scale), round((value - left) * scale)
        lines = [picture[down]] if 0 <= down < tall else []
        for line in lines + ([picture[:, across]] if 0 <= across < wide else []):
            line[:] = line // 4 * 3 + 30
        if value % (2 * every) == 0:
            _text(picture, str(value), (0, down + 4))
            _text(picture, str(value), (across - 8, tall - 3))
    for point, colour in [(mark, MARK) for mark in marks] + [(p, NIPPLE) for p in (image.nipple,) if p]:
        centre = round((point[1] - left) * scale), round((point[0] - top) * scale)
        cv2.circle(picture, centre, 6, colour, 1)
        cv2.circle(picture, centre, 0, colour, 1)
    caption = np.zeros((14, wide, 3), np.uint8)
    _text(caption, f"{number} {image.path.stem}", (1, 11))
    return np.vstack([caption, picture])


def _window(grey: np.ndarray, image: Marked) -> tuple[int, int, int, int]:
    """Top, left, bottom, right of the part where a fold may be: low and near the chest wall."""
    rows = len(grey)
    start = image.nipple[0] - ABOVE * rows if image.nipple else 0.55 * rows
    seen = np.flatnonzero((grey > DARK).mean(axis=0) > 0.02)
    first, last = int(seen[0]), int(seen[-1]) + 1
    wide = round(DEPTH * (last - first))
    left, right = (first, first + wide) if image.chest_wall == "left" else (last - wide, last)
    return max(0, min(int(start), round(0.75 * rows))), left, rows, right


def _text(picture: np.ndarray, words: str, place: tuple[int, int]) -> None:
    for colour, thick in (((0, 0, 0), 3), (TEXT, 1)):
        cv2.putText(picture, words, place, cv2.FONT_HERSHEY_SIMPLEX, 0.34, colour, thick)
