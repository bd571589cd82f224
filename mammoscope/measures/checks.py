"""Warnings that only a result can give: the pixels contradict the view, or the image is not whole.

Each rule is a share with a threshold. The thresholds were set on 638 real images (466 MLO, 172
CC; film and digital) with their muscles marked: see `Thresholds`.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import cv2
import numpy as np
from jaxtyping import Bool, UInt8

from mammoscope.core import ImageResult, Note, Segmentation, Side, View

ROWS: Final = 400
FROM_ABOVE: Final[frozenset[View]] = frozenset({"CC", "XCC", "XCCL", "XCCM"})
OBLIQUE: Final[frozenset[View]] = frozenset({"MLO", "LMO"})


@dataclass(frozen=True)
class Thresholds:
    """Where a share becomes a warning.

    Attributes:
        muscle_of_cc: Muscle over breast and muscle, above which it is an oblique view's:
            nine of ten MLO images have more than 0.06.
        muscle_height: Muscle's height over the body's that an oblique view's muscle reaches:
            nine of ten MLO images have more than 0.3.
        no_muscle: Muscle over breast and muscle, below which none is seen.
        upside_down: How many standard deviations brighter than its upper corner the body's lower
            corner at the chest wall is, where no muscle is seen.
        surely_upside_down: The same where a muscle is seen, which may then be none.
        cut: Body at the image's edge opposite the chest wall, over the body's height: at most
            0.29 in 638 images, which were not cut.
        seam: Columns that change by more than 8 of 255 from one row to the next, over all columns.
    """

    muscle_of_cc: float = 0.06
    muscle_height: float = 0.3
    no_muscle: float = 0.01
    upside_down: float = 0.5
    surely_upside_down: float = 1.0
    cut: float = 0.3
    seam: float = 0.5


LIMITS: Final = Thresholds()


class Body(NamedTuple):
    """A result at 400 rows or fewer, the chest wall on the left, cut to the body.

    Attributes:
        labels: 0 background, 1 breast, 2 muscle.
        grey: The preview's pixels.
        at_far_edge: Over the body's height, how much of it touches the image's far edge.
    """

    labels: UInt8[np.ndarray, "rows columns"]
    grey: UInt8[np.ndarray, "rows columns"]
    at_far_edge: float


def image_checks(result: ImageResult) -> tuple[Note, ...]:
    """What an image's own results say against its label or its wholeness.

    Args:
        result: One image's; it needs a chest wall and a segmentation for all but the seam.

    Returns:
        Notes ``view contradicted``, ``no muscle``, ``upside down``, ``cut off``, ``mosaic``:
        numbers 70 to 72 of docs/bad-inputs.md.
    """
    seams = _mosaic(result.preview)
    answer = result.answers.get("segmentation")
    if not isinstance(answer, Segmentation) or result.chest_wall is None:
        return seams
    body = _body(answer, result.preview, result.chest_wall.value)
    if body is None:
        return seams
    view = result.about.view.value if result.about.view else None
    return _view(body, view) + _cut(body) + seams


def _body(answer: Segmentation, preview: UInt8[np.ndarray, "r c"], wall: Side) -> Body | None:
    rows = min(ROWS, *preview.shape, *answer.mask.labels.shape)
    shape = (max(1, round(preview.shape[1] * rows / preview.shape[0])), rows)
    labels = cv2.resize(answer.mask.labels, shape, interpolation=cv2.INTER_NEAREST)
    grey = cv2.resize(preview, shape, interpolation=cv2.INTER_AREA)
    if wall == "right":
        labels, grey = labels[:, ::-1], grey[:, ::-1]
    down, across = np.flatnonzero(labels.any(axis=1)), np.flatnonzero(labels.any(axis=0))
    if not len(down):
        return None
    edge = labels[:, -max(1, labels.shape[1] // 100) :].any(axis=1).sum()
    part = slice(down[0], down[-1] + 1), slice(across[0], across[-1] + 1)
    return Body(labels[part], grey[part], float(edge) / len(down))


def _view(body: Body, view: View | None) -> tuple[Note, ...]:
    muscle = body.labels == 2
    share = float(muscle.sum() / (body.labels > 0).sum())
    if view in FROM_ABOVE:
        return _contradicted(muscle, share, view)
    if view not in OBLIQUE:
        return ()
    seen = share >= LIMITS.no_muscle
    limit = LIMITS.surely_upside_down if seen else LIMITS.upside_down
    if brighter_below(body.grey, body.labels > 0) > limit:
        text = "The image may be upside down: its muscle seems to lie at the lower end."
        return (Note("upside down", text),)
    return () if seen else (Note("no muscle", "No pectoral muscle is seen in this oblique view."),)


def _contradicted(
    muscle: Bool[np.ndarray, "rows columns"], share: float, view: View
) -> tuple[Note, ...]:
    rows = np.flatnonzero(muscle.any(axis=1))
    if share < LIMITS.muscle_of_cc or not len(rows):
        return ()
    if rows[0] > 0.04 * len(muscle) or len(rows) < LIMITS.muscle_height * len(muscle):
        return ()
    text = (
        f"Labelled {view}, but a muscle fills {share:.0%} of it from the upper end, as in an MLO view."
    )
    return (Note("view contradicted", text),)


def brighter_below(
    grey: UInt8[np.ndarray, "rows columns"], body: Bool[np.ndarray, "rows columns"]
) -> float:
    """How much brighter the body is in its lower corner at the chest wall than in its upper one.

    The corners are triangles of 35 % of the height and of the width; the chest wall is on the left.

    Returns:
        The difference of their means over the body's standard deviation; 0 where either is empty.
    """
    down, across = (np.indices(body.shape).T / np.array(body.shape)).T
    upper, lower = body & (down + across < 0.35), body & (1 - down + across < 0.35)
    if not (upper.any() and lower.any()):
        return 0.0
    spread = float(grey[body].std()) or 1.0
    return float(grey[lower].mean() - grey[upper].mean()) / spread


def _cut(body: Body) -> tuple[Note, ...]:
    if body.at_far_edge <= LIMITS.cut:
        return ()
    share = f"{body.at_far_edge:.0%}"
    text = f"The breast runs into the image's edge over {share} of its height: it may be cut off."
    return (Note("cut off", text),)


def _mosaic(preview: UInt8[np.ndarray, "rows columns"]) -> tuple[Note, ...]:
    if seam(preview) <= LIMITS.seam:
        return ()
    text = "A straight seam crosses the image from side to side: it may be put together from several."
    return (Note("mosaic", text),)


def seam(preview: UInt8[np.ndarray, "rows columns"]) -> float:
    """The largest share of columns that change at one row, in the middle 70 % of the rows.

    A change is more than 8 of 255 from a row to the next, at 400 rows.
    """
    rows = min(ROWS, preview.shape[0])
    if rows < 8:
        return 0.0
    columns = max(1, round(preview.shape[1] * rows / preview.shape[0]))
    small = cv2.resize(preview, (columns, rows), interpolation=cv2.INTER_AREA).astype(np.int16)
    changes = np.abs(np.diff(small, axis=0)) > 8
    return float(changes[round(0.15 * rows) : round(0.85 * rows)].mean(axis=1).max())
