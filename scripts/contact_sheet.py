"""Contact sheets: many images with their masks drawn over them, to be looked at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from make_masks import Image

TILE = (320, 190)
ACROSS, DOWN = 7, 4
COLOURS = ((0, 255, 0), (0, 60, 255))


def write_sheets(out: Path, images: Sequence[Image]) -> None:
    """One PNG for 28 images, by set and view."""
    groups: dict[str, list[Image]] = {}
    for image in images:
        groups.setdefault(f"{image.dataset}_{image.view}", []).append(image)
    size = ACROSS * DOWN
    for name, members in groups.items():
        for number, first in enumerate(range(0, len(members), size)):
            tiles = [
                tile(
                    cv2.imread(one.image, cv2.IMREAD_GRAYSCALE),
                    cv2.imread(str(out / one.mask), cv2.IMREAD_GRAYSCALE),
                    Path(one.image).stem,
                )
                for one in members[first : first + size]
            ]
            cv2.imwrite(str(out / f"sheet_{name}_{number}.png"), sheet(tiles))


def sheet(tiles: list[np.ndarray]) -> np.ndarray:
    """Tiles side by side and below each other."""
    empty = np.zeros_like(tiles[0])
    tiles = tiles + [empty] * (-len(tiles) % ACROSS)
    return np.vstack([np.hstack(tiles[i : i + ACROSS]) for i in range(0, len(tiles), ACROSS)])


def tile(grey: np.ndarray, labels: np.ndarray, name: str) -> np.ndarray:
    """An image, brightened, cut to what it shows, with the outlines of body and muscle."""
    rows, columns = (np.flatnonzero((grey > 4).any(axis=axis)) for axis in (1, 0))
    if len(rows):
        part = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        grey, labels = grey[part], labels[part]
    scale = min(TILE[0] / grey.shape[0], TILE[1] / grey.shape[1])
    size = max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    picture = cv2.cvtColor((255 * (small / 255.0) ** 0.6).astype(np.uint8), cv2.COLOR_GRAY2BGR)
    drawn = cv2.resize(labels, size, interpolation=cv2.INTER_NEAREST)
    for region, colour in ((drawn > 0, COLOURS[0]), (drawn == 2, COLOURS[1])):
        lines, _ = cv2.findContours(region.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(picture, lines, -1, colour, 1)
    whole = np.zeros((TILE[0] + 14, TILE[1], 3), np.uint8)
    whole[14 : 14 + size[1], : size[0]] = picture
    cv2.putText(whole, name[:34], (1, 11), cv2.FONT_HERSHEY_SIMPLEX, 0.36, (255, 255, 255), 1)
    return whole
