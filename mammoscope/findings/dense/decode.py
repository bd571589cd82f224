"""What the dense network answers, as boxes with scores. No torch."""

from typing import Final, NamedTuple

import cv2
import numpy as np
from jaxtyping import Float, Float32, Int

from mammoscope.image.windows import CELL
from mammoscope.scores.boxes import Boxes, centres, iou

BOX: Final = ("down", "across", "height", "width")
"""Of each cell after the scores: from its middle to the box's, in cells; logarithms of the box's sides
in cells."""
LEAST_SCORE: Final = 0.02
"""Below it nothing is a finding."""
OVERLAP: Final = 0.2
"""Boxes that overlap more are one finding."""
LARGEST: Final = 4.5
"""Logarithm of the longest side of a box, in cells: no mass is longer than 20 cm."""
APART: Final = 3
"""Side of the square of cells of which the best alone is a peak."""


class Boxed(NamedTuple):
    """Candidates by falling score.

    Attributes:
        boxes: Top, left, bottom, right in pixels of the network's image, edges as points.
        scores: In 0–1.
        levels: The pyramid level at which each fired.
        classes: Place of each one's class among the network's.
    """

    boxes: Float[np.ndarray, "findings 4"]
    scores: Float[np.ndarray, " findings"]
    levels: Float[np.ndarray, " findings"]
    classes: Int[np.ndarray, " findings"]


def peaks(
    heat: Float32[np.ndarray, "rows columns"],
    box: Float32[np.ndarray, "4 rows columns"],
    level: float = 1.0,
    of_class: int = 0,
) -> Boxed:
    """The cells that score higher than all around them, each with its box.

    Args:
        heat: Scores of one class.
        box: As `BOX` says.
        level: Size of this level's pixel over the first one's: boxes are in the first one's.
        of_class: The class's place among the network's.
    """
    highest = cv2.dilate(heat, np.ones((APART, APART), np.uint8))
    rows, columns = np.nonzero((heat >= highest) & (heat >= LEAST_SCORE))
    order = np.argsort(-heat[rows, columns], kind="stable")
    rows, columns = rows[order], columns[order]
    down, across, high, wide = box[:, rows, columns].astype(float)
    middles = np.stack([rows + down, columns + across], axis=1) + 0.5
    halves = np.exp(np.minimum(np.stack([high, wide], axis=1), LARGEST)) / 2
    boxes = np.concatenate([middles - halves, middles + halves], axis=1) * CELL * level - 0.5
    scores, count = heat[rows, columns].astype(float), len(rows)
    return Boxed(boxes, scores, np.full(count, level), np.full(count, of_class))


def merged(candidates: list[Boxed]) -> Boxed:
    """Candidates of several levels or classes without those that a better one covers.

    A candidate is covered where its middle lies in a better one's box, the better one's middle in
    its own, or both overlap by more than `OVERLAP`.
    """
    every = Boxed(*(np.concatenate(parts) for parts in zip(*candidates, strict=True)))
    order = np.argsort(-every.scores, kind="stable")
    boxes, middles = every.boxes[order], centres(every.boxes[order])
    kept: list[int] = []
    for place in range(len(order)):
        if not kept or not covered(boxes[place], middles[place], boxes[kept], middles[kept]).any():
            kept.append(place)
    return Boxed(*(part[order[kept]] for part in every))


def covered(
    box: Float[np.ndarray, "4"],
    middle: Float[np.ndarray, "2"],
    boxes: Boxes,
    middles: Float[np.ndarray, "better 2"],
) -> np.ndarray:
    """Which of some boxes cover another, as `merged` has it."""
    inside = ((middle >= boxes[:, :2]) & (middle <= boxes[:, 2:])).all(axis=1)
    around = ((middles >= box[:2]) & (middles <= box[2:])).all(axis=1)
    return np.asarray(inside | around | (iou(boxes, np.broadcast_to(box, boxes.shape)) > OVERLAP))
