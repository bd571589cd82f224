"""Sheets of heatmaps on women that a network never saw: to be looked at.

    python scripts/findings_sheets.py DATA WORK OUT [--count N] [--above SCORE]

Each tile: the image with its true boxes (yellow), and the same beneath its heatmap with what was found:
hits green, false positives red, each with its score in hundredths; the highest false positive of the
image is drawn thick. The pictures show women: they stay where they are.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from findings_held_out import all_images, finder_of, folds_of, mammogram_of
from folds import fold_of

from mammoscope.core import Finding, Findings, Mammogram
from mammoscope.io import Reader
from mammoscope.io.findings import FindingsImage
from mammoscope.scores.boxes import Box
from mammoscope.scores.froc import hits

ROWS, COLUMNS, ACROSS, DOWN = 400, 230, 4, 2
YELLOW, GREEN, RED, WHITE = (0, 255, 255), (0, 255, 0), (60, 60, 255), (255, 255, 255)
SHARE: Final = 0.5
"""Of the heat in the picture where it is highest."""
Colour = tuple[int, int, int]


def main() -> None:
    """Write the sheets, and a line for each image."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=96)
    parser.add_argument("--above", type=float, default=0.1, help="least score that is drawn")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    finders = {fold: finder_of(arguments.work, fold) for fold in folds_of(arguments.work)}
    images = [image for image in all_images(arguments.data) if fold_of(image.woman) in finders]
    chosen = images[:: max(1, len(images) // arguments.count)][: arguments.count]
    tiles = []
    with Reader() as reader:
        for number, image in enumerate(chosen):
            mammogram = mammogram_of(image, reader)
            found = finders[fold_of(image.woman)](mammogram)
            tiles.append(tile(image, mammogram, found, arguments.above, number))
    each = ACROSS * DOWN
    for first in range(0, len(tiles), each):
        part = tiles[first : first + each]
        part += [np.zeros_like(tiles[0])] * (each - len(part))
        rows = [np.hstack(part[row : row + ACROSS]) for row in range(0, each, ACROSS)]
        cv2.imwrite(str(arguments.out / f"sheet-{first // each}.png"), np.vstack(rows))


def tile(
    image: FindingsImage, mammogram: Mammogram, found: Findings, above: float, number: int
) -> np.ndarray:
    """An image with the truth, and with what was found."""
    scale = min(ROWS / mammogram.pixels.shape[0], COLUMNS / mammogram.pixels.shape[1])
    small = cv2.resize(mammogram.pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = np.rint(np.clip(small, 0, 1) * 255).astype(np.uint8)
    truth = cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)
    for lesion in image.findings:
        draw(truth, lesion.box, scale, YELLOW)
    heated = beneath(truth, found, scale)
    shown = [one for one in found.findings if one.score >= above]
    marked(heated, shown, image, scale)
    label(truth, f"{number} {image.dataset[:4]} {image.view}", (4, 14), WHITE)
    return np.hstack([fitted(truth), fitted(heated)])


def marked(picture: np.ndarray, shown: Sequence[Finding], image: FindingsImage, scale: float) -> None:
    """Draw what was found."""
    boxes = np.array([one.box for one in shown], float).reshape(-1, 4)
    lesions = np.array([one.box for one in image.findings], float).reshape(-1, 4)
    right = hits(boxes, lesions).any(axis=1)
    worst = int(np.argmin(right)) if not right.all() else None
    for place, one in enumerate(shown):
        colour = GREEN if right[place] else RED
        draw(picture, one.box, scale, colour, 3 if place == worst else 1)
        top, left = round(one.box[0] * scale), round(one.box[1] * scale)
        label(picture, f"{100 * one.score:.0f}", (left, top - 2), colour)


def beneath(picture: np.ndarray, found: Findings, scale: float) -> np.ndarray:
    """A picture with the heat of all kinds over it."""
    heat: Mapping[str, np.ndarray] = found.heat
    highest = np.max(list(heat.values()), axis=0)
    grid = np.stack(np.mgrid[: picture.shape[0], : picture.shape[1]], axis=2) + 0.5
    places = found.frame.from_source(grid / scale - 0.5).astype(np.float32)
    warm = cv2.remap(
        highest, places[..., 1].copy(), places[..., 0].copy(), cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
    )  # fmt: skip
    coloured = cv2.applyColorMap(np.rint(255 * warm).astype(np.uint8), cv2.COLORMAP_INFERNO)
    weight = SHARE * np.sqrt(warm)[..., None]
    return np.rint(picture * (1 - weight) + coloured * weight).astype(np.uint8)


def draw(picture: np.ndarray, box: Box, scale: float, colour: Colour, thickness: int = 1) -> None:
    """Draw a box."""
    top, left, bottom, right = (round((edge + 0.5) * scale) for edge in box)
    cv2.rectangle(picture, (left, top), (right, bottom), colour, thickness)


def label(picture: np.ndarray, text: str, place: tuple[int, int], colour: Colour) -> None:
    """Write a word."""
    cv2.putText(picture, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.4, colour, 1, cv2.LINE_AA)


def fitted(picture: np.ndarray) -> np.ndarray:
    """A picture in its place."""
    held = np.zeros((ROWS, COLUMNS, 3), np.uint8)
    held[: picture.shape[0], : picture.shape[1]] = picture[:ROWS, :COLUMNS]
    return held


if __name__ == "__main__":
    main()
