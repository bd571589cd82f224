"""Sheets of real pairs on each other, by networks that never saw the woman: to be looked at.

    python scripts/registration_sheets.py DATA WORK OUT [--count N]

Each tile: the CC view with its lesion, the MLO view with the CC view laid over it in red, and the MLO
view with its lesion, the mapped box (blue) and the 90 % region (green). The pictures show women: they
stay where they are.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np
from folds import FOLDS, fold_of, weights_of
from registration_examples import all_pairs

from mammoscope.core import NotAssessed, Warp
from mammoscope.faces.registration_study import looking
from mammoscope.faces.rooms import open_rooms
from mammoscope.io import Reader
from mammoscope.io.pairs import Pair, PairedLesion
from mammoscope.registration.evaluate import Views
from mammoscope.registration.infer import Aligned, Registrar
from mammoscope.runtime import open_session
from mammoscope.scores.boxes import Box

ROWS, COLUMNS, ACROSS, DOWN = 260, 170, 4, 6
YELLOW, BLUE, GREEN = (0, 255, 255), (255, 128, 0), (0, 255, 0)


def main() -> None:
    """Write the sheets."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=120)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    pairs = [pair for pair in all_pairs(arguments.data) if pair.single]
    chosen = pairs[:: max(1, len(pairs) // arguments.count)][: arguments.count]
    rooms = open_rooms().rooms
    registrars = [
        Registrar(open_session("registration", weights_of(arguments.work, str(fold))))
        for fold in range(FOLDS)
    ]
    tiles = []
    with Reader() as reader:
        look = looking(rooms, reader)
        for number, pair in enumerate(chosen):
            tiles.append(tile(pair, look(pair), registrars[fold_of(pair.woman)], number))
    each = ACROSS * DOWN
    for sheet in range(0, len(tiles), each):
        rows = [np.hstack(tiles[row : row + ACROSS]) for row in range(sheet, sheet + each, ACROSS)
                if len(tiles) >= row + ACROSS]  # fmt: skip
        cv2.imwrite(str(arguments.out / f"sheet-{sheet // each}.png"), np.vstack(rows))


def tile(pair: Pair, views: Views, registrar: Registrar, number: int) -> np.ndarray:
    """Three pictures of a pair beside each other."""
    cc, mlo = (coloured(seen.mammogram.pixels) for seen in views)
    prepared = [registrar.prepare(seen.mammogram, seen.landmarks) for seen in views]
    if any(isinstance(one, NotAssessed) for one in prepared):
        return np.zeros((ROWS, 3 * COLUMNS, 3), np.uint8)
    aligned = registrar(*prepared)
    over = mlo.copy()
    over[..., 2] = laid(aligned.warp, cc[..., 0])
    (lesion,) = pair.lesions
    frame(cc, lesion.cc, YELLOW)
    answer(mlo, aligned, lesion)
    found = np.hstack([fitted(one) for one in (cc, over, mlo)])
    cv2.putText(found, str(number), (4, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (255, 255, 255), 1)
    return found


def answer(mlo: np.ndarray, aligned: Aligned, lesion: PairedLesion) -> None:
    """Draw the lesion, where it is mapped, and where it is looked for."""
    top, left, bottom, right = lesion.cc
    size = bottom - top, right - left
    region = aligned.search("CC", ((top + bottom) / 2, (left + right) / 2), size)
    row, column = region.mapped
    lines = [np.rint(line[:, ::-1]).astype(np.int32) for line in region.outlines]
    cv2.polylines(mlo, lines, isClosed=True, color=GREEN, thickness=3)
    frame(mlo, lesion.mlo, YELLOW)
    half = size[0] / 2, size[1] / 2
    frame(mlo, (row - half[0], column - half[1], row + half[0], column + half[1]), BLUE)


def laid(warp: Warp, cc: np.ndarray) -> np.ndarray:
    """The CC view sampled at the pixels of the MLO view."""
    rows, columns = warp.fixed
    grid = np.stack(np.mgrid[0:rows:4, 0:columns:4], axis=2).astype(float)
    place = warp.to_moving(grid).astype(np.float32)
    fine = cv2.resize(place, (columns, rows))
    return cv2.remap(cc, fine[..., 1].copy(), fine[..., 0].copy(), cv2.INTER_LINEAR)


def coloured(pixels: np.ndarray) -> np.ndarray:
    """Grey as blue, green and red."""
    grey = np.rint(np.clip(pixels, 0, 1) * 255).astype(np.uint8)
    return cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)


def frame(image: np.ndarray, box: Box, colour: tuple[int, int, int]) -> None:
    """Draw a box."""
    top, left, bottom, right = (round(edge) for edge in box)
    cv2.rectangle(image, (left, top), (right, bottom), colour, 3)


def fitted(image: np.ndarray) -> np.ndarray:
    """A picture in its place, at its own proportions."""
    scale = min(ROWS / image.shape[0], COLUMNS / image.shape[1])
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    held = np.zeros((ROWS, COLUMNS, 3), np.uint8)
    held[: small.shape[0], : small.shape[1]] = small
    return held


if __name__ == "__main__":
    main()
