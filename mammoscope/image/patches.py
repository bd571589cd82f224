"""Parts of an image and its mirror image."""

from dataclasses import replace

import numpy as np

from mammoscope.core import Mammogram


def crop(mammogram: Mammogram, top: int, left: int, rows: int, columns: int) -> Mammogram:
    """The part whose first pixel is (top, left); it may leave the image.

    What lies outside is zero and not valid. A crop inside the image shares its memory.

    Raises:
        GeometryError: If no row or no column is asked for.
    """
    frame = mammogram.frame.crop(top, left, rows, columns)
    inside = _inside(mammogram.pixels.shape, top, left, rows, columns)
    if inside == (top, left, top + rows, left + columns):
        window = np.s_[top : top + rows, left : left + columns]
        valid = None if mammogram.valid is None else mammogram.valid[window]
        return replace(mammogram, pixels=mammogram.pixels[window], frame=frame, valid=valid)
    first_row, first_column, last_row, last_column = inside
    window = np.s_[first_row:last_row, first_column:last_column]
    place = np.s_[first_row - top : last_row - top, first_column - left : last_column - left]
    pixels = np.zeros((rows, columns), np.float32)
    valid = np.zeros((rows, columns), bool)
    pixels[place] = mammogram.pixels[window]
    valid[place] = True if mammogram.valid is None else mammogram.valid[window]
    return replace(mammogram, pixels=pixels, frame=frame, valid=valid)


def flip(mammogram: Mammogram) -> Mammogram:
    """The image mirrored left to right."""
    valid = None if mammogram.valid is None else np.ascontiguousarray(mammogram.valid[:, ::-1])
    pixels = np.ascontiguousarray(mammogram.pixels[:, ::-1])
    return replace(mammogram, pixels=pixels, frame=mammogram.frame.flip(), valid=valid)


def _inside(
    shape: tuple[int, ...], top: int, left: int, rows: int, columns: int
) -> tuple[int, int, int, int]:
    """First and past-the-last row and column of a crop that lie in the image."""
    first_row, last_row = np.clip((top, top + rows), 0, shape[0]).tolist()
    first_column, last_column = np.clip((left, left + columns), 0, shape[1]).tolist()
    return first_row, first_column, last_row, last_column
