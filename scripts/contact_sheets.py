"""Draw the outline and the crop of many images on contact sheets, to be looked at.

python scripts/contact_sheets.py FOLDER OUT [--glob "*.jpg"] [--names FILE] [--per-sheet 60]
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np

from mammoscope.image.outline import breast_outline

OUTLINE, BOX, NAME = (0, 255, 255), (0, 200, 0), (255, 160, 60)


def found(folder: Path, pattern: str, names: Path | None) -> list[Path]:
    """The images of a folder, or those of them that a list names."""
    paths = sorted(folder.glob(pattern))
    wanted = set(names.read_text().split()) if names else None
    return [path for path in paths if wanted is None or path.stem in wanted]


def tile(path: Path, height: int) -> np.ndarray:
    """One image with its outline, its crop and its name."""
    grey = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    outline = breast_outline(grey.astype(np.float32) / 255)
    scale = height / grey.shape[0]
    size = (max(1, round(grey.shape[1] * scale)), height)
    drawn = cv2.cvtColor(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), cv2.COLOR_GRAY2BGR)
    small = cv2.resize(outline.astype(np.uint8), size, interpolation=cv2.INTER_AREA)
    contours, _ = cv2.findContours(small, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(drawn, contours, -1, OUTLINE, 1)
    if small.any():
        left, top, width, tall = cv2.boundingRect(small)
        cv2.rectangle(drawn, (left, top), (left + width - 1, top + tall - 1), BOX, 1)
    name = path.stem.replace("_LEFT_", " L ").replace("_RIGHT_", " R ").removeprefix("P_")
    caption = np.zeros((14, drawn.shape[1], 3), np.uint8)
    cv2.putText(caption, name, (1, 11), cv2.FONT_HERSHEY_SIMPLEX, 0.38, NAME, 1, cv2.LINE_AA)
    return np.vstack([drawn, caption])


def sheet(tiles: Iterable[np.ndarray], across: int) -> np.ndarray:
    """Tiles side by side, so many in a row."""
    tiles = list(tiles)
    rows, columns = (max(each.shape[side] for each in tiles) + 2 for side in (0, 1))
    place = np.full((-(-len(tiles) // across) * rows, across * columns, 3), 60, np.uint8)
    for number, each in enumerate(tiles):
        top, left = number // across * rows, number % across * columns
        place[top : top + each.shape[0], left : left + each.shape[1]] = each
    return place


def main() -> None:
    """Write the sheets."""
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
        tiles = [tile(path, given.height) for path in paths[first : first + given.per_sheet]]
        target = given.out / f"sheet_{first // given.per_sheet:02d}.png"
        cv2.imwrite(str(target), sheet(tiles, given.across))
        print(target)


if __name__ == "__main__":
    main()
