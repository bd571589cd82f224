"""An exam at a glance."""

from typing import Final

import cv2
import numpy as np

from mammoscope.core import ExamResult
from mammoscope.report.hanging import Hung, hang
from mammoscope.report.pictures import Picture, outlined

ROWS: Final = 240
GAP: Final = 4


def thumbnail(exam: ExamResult) -> Picture:
    """The exam's pictures with their outlines in a row, as they hang, 240 pixels high."""
    hanging = hang(exam)
    hung = [place.hung for place in hanging.places if place.hung] + list(hanging.strip)
    tiles = [_tile(one) for one in hung] or [np.zeros((ROWS, ROWS, 3), np.uint8)]
    gap = np.zeros((ROWS, GAP, 3), np.uint8)
    spaced = [part for tile in tiles for part in (tile, gap)]
    return np.concatenate(spaced[:-1], axis=1)


def _tile(hung: Hung) -> Picture:
    picture = outlined(hung.image, ROWS)
    seen = np.ascontiguousarray(picture[:, ::-1] if hung.mirrored else picture)
    below = ROWS - seen.shape[0]
    return np.asarray(cv2.copyMakeBorder(seen, 0, below, 0, 0, cv2.BORDER_CONSTANT), np.uint8)
