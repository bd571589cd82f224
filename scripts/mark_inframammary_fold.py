"""Automatic marks of the inframammary fold on MLO images, and sheets to correct them by eye.

The fold is the concave corner of the skin line below the nipple, where the breast meets the
abdominal wall. What inframammary_folds.csv has already stays as it is: a line that is taken out of
it is marked anew.

    python scripts/mark_inframammary_fold.py DATA MASKS OUT

DATA holds landmarks_train.csv and the images of both sets, MASKS what make_masks.py wrote. OUT
gets the contact sheets.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from marking import (
    DARK,
    Marked,
    all_images,
    arguments,
    grey_and_body,
    read_table,
    white_frame,
    write_sheets,
    write_table,
)
from outlines import largest

TABLE = Path(__file__).with_name("inframammary_folds.csv")
SHARE = 0.15
"""Of the step from air to the body's grey, what still counts as air on film."""
TOWARDS = 1.3
LEAST, FAIR = 0.008, 0.025
"""Least width of the abdomen's strip, as a share of the image height."""


@dataclass(frozen=True)
class Fold:
    """One line of the table: where the fold is seen, or that it is not."""

    image: str
    row: str
    column: str
    shown: str
    quality: str
    method: str


def main() -> None:
    """Write the table and the sheets."""
    given = arguments(__doc__)
    kept = {fold.image: fold for fold in read_table(TABLE, Fold)}
    images = [image for image in all_images(given.data, given.masks) if image.view == "MLO"]
    folds = [kept.get(image.name) or mark(image, given.masks) for image in images]
    write_table(TABLE, Fold, folds)
    points = [[(float(f.row), float(f.column))] if f.row else [] for f in folds]
    write_sheets(given.out, images, points, lower=True)


def mark(image: Marked, masks: Path) -> Fold:
    """The corner of one image, with its quality by how much abdomen lies beside the air below it."""
    below, near = air(image, masks)
    corner = upper_corner(below)
    rows = image.shape[0]
    if corner is None or corner[0] > (1 - LEAST) * rows or corner[1] - near < LEAST * rows:
        return Fold(image.name, "", "", "no", "2", "auto")
    row, column = corner
    strip = (column - near) / image.shape[0]
    column = image.shape[1] - 1 - column if image.chest_wall == "right" else column
    return Fold(image.name, str(row), str(column), "yes", "2" if strip > FAIR else "3", "auto")


def air(image: Marked, masks: Path) -> tuple[np.ndarray, int]:
    """Where the lower image shows air (boolean), and the body's first column; chest wall left."""
    grey, region = grey_and_body(image, masks)
    frame = white_frame(grey) if not image.digital else np.zeros(grey.shape, bool)
    nipple = image.nipple
    if image.chest_wall == "right":
        grey, region, frame = grey[:, ::-1], region[:, ::-1], frame[:, ::-1]
    smooth = cv2.GaussianBlur(grey, (0, 0), 1.5)
    beside = np.median(grey[~region & ~frame]) if (~region & ~frame).any() else 0
    level = beside + (0 if image.digital else SHARE * (np.median(grey[region]) - beside)) + DARK
    dark = ((smooth < level) & ~frame).astype(np.uint8)
    dark[: int(nipple[0] if nipple else 0.5 * len(grey))] = 0
    dark = np.pad(dark, ((0, 3), (0, 0)), constant_values=1)
    near = int(np.flatnonzero(region.sum(axis=0) > 0.02 * len(grey))[0])
    dark[:, :near] = 0
    return largest(cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)) > 0), near


def upper_corner(below: np.ndarray) -> tuple[int, int] | None:
    """The air's outermost point upwards and to the chest wall."""
    rows, columns = np.nonzero(below)
    if not len(rows):
        return None
    best = int((rows + TOWARDS * columns).argmin())
    return int(rows[best]), int(columns[best])


if __name__ == "__main__":
    main()
