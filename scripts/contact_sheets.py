"""Contact sheets: many images with outlines drawn over them, to be looked at.

python scripts/contact_sheets.py FOLDER OUT [--glob "*.jpg"] [--names FILE] [--per-sheet 60]

draws the outline and the crop that `mammoscope.image` finds; `write_sheets` draws masks that
there are already.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from mammoscope.image import breast_outline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from make_masks import Image

Box = tuple[int, int]
BREAST, MUSCLE, CROP, CAPTION, EMPTY = (0, 255, 0), (0, 60, 255), (0, 200, 200), (255, 255, 255), 60
TILE: Box = (320, 190)
ACROSS, DOWN = 7, 4


class Look(NamedTuple):
    """How a tile is drawn: at most so high and wide, how bright, with the crop or without."""

    size: Box = TILE
    gamma: float = 0.6
    crop: bool = False


def write_sheets(out: Path, images: Sequence[Image]) -> None:
    """One PNG for 28 images, by set and view."""
    groups: dict[str, list[Image]] = {}
    for image in images:
        groups.setdefault(f"{image.dataset}_{image.view}", []).append(image)
    size = ACROSS * DOWN
    for name, members in groups.items():
        for number, first in enumerate(range(0, len(members), size)):
            tiles = [
                tile(_grey(one.image), _grey(out / one.mask), Path(one.image).stem, Look())
                for one in members[first : first + size]
            ]
            cv2.imwrite(str(out / f"sheet_{name}_{number}.png"), sheet(tiles, ACROSS))


def tile(grey: np.ndarray, labels: np.ndarray, name: str, look: Look) -> np.ndarray:
    """An image with the outlines of body and muscle and its name."""
    if not look.crop:
        grey, labels = _shown(grey, labels)
    scale = min(look.size[0] / grey.shape[0], look.size[1] / grey.shape[1])
    size = max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    bright = (255 * (small / 255.0) ** look.gamma).astype(np.uint8)
    picture = cv2.cvtColor(bright, cv2.COLOR_GRAY2BGR)
    drawn = cv2.resize(labels, size, interpolation=cv2.INTER_NEAREST)
    for region, colour in ((drawn > 0, BREAST), (drawn == 2, MUSCLE)):
        lines, _ = cv2.findContours(region.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(picture, lines, -1, colour, 1)
    if look.crop and drawn.any():
        left, top, width, tall = cv2.boundingRect(drawn)
        cv2.rectangle(picture, (left, top), (left + width - 1, top + tall - 1), CROP, 1)
    caption = np.zeros((14, picture.shape[1], 3), np.uint8)
    cv2.putText(caption, name[:34], (1, 11), cv2.FONT_HERSHEY_SIMPLEX, 0.36, CAPTION, 1)
    return np.vstack([caption, picture])


def sheet(tiles: Sequence[np.ndarray], across: int) -> np.ndarray:
    """Tiles side by side, so many in a row."""
    rows, columns = (max(each.shape[side] for each in tiles) + 2 for side in (0, 1))
    place = np.full((-(-len(tiles) // across) * rows, across * columns, 3), EMPTY, np.uint8)
    for number, each in enumerate(tiles):
        top, left = number // across * rows, number % across * columns
        place[top : top + each.shape[0], left : left + each.shape[1]] = each
    return place


def found(folder: Path, pattern: str, names: Path | None) -> list[Path]:
    """The images of a folder, or those of them that a list names."""
    paths = sorted(folder.glob(pattern))
    wanted = set(names.read_text().split()) if names else None
    return [path for path in paths if wanted is None or path.stem in wanted]


def outlined(path: Path, height: int) -> np.ndarray:
    """One image with the outline and the crop that are found in it."""
    grey = _grey(path)
    outline = breast_outline(grey.astype(np.float32) / 255)
    name = path.stem.replace("_LEFT_", " L ").replace("_RIGHT_", " R ").removeprefix("P_")
    return tile(grey, outline.astype(np.uint8), name, Look((height, 4 * height), 1.0, crop=True))


def main() -> None:
    """Write the sheets of a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--glob", default="*")
    parser.add_argument("--names", type=Path)
    parser.add_argument("--per-sheet", type=int, default=60)
    parser.add_argument("--height", type=int, default=250)
    parser.add_argument("--across", type=int, default=12)
    given = parser.parse_args()
    paths = found(given.folder, given.glob, given.names)
    given.out.mkdir(parents=True, exist_ok=True)
    for first in range(0, len(paths), given.per_sheet):
        tiles = [outlined(path, given.height) for path in paths[first : first + given.per_sheet]]
        target = given.out / f"sheet_{first // given.per_sheet:02d}.png"
        cv2.imwrite(str(target), sheet(tiles, given.across))
        print(target)


def _grey(path: str | Path) -> np.ndarray:
    return cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)


def _shown(grey: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The part of an image that is not black, and its labels."""
    rows, columns = (np.flatnonzero((grey > 4).any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return grey, labels
    part = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return grey[part], labels[part]


if __name__ == "__main__":
    main()
