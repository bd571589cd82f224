"""Free-response ROC: how many lesions are found at how many false positives an image.

The rules of counting:

- A detection hits a lesion where its centre lies in the lesion's box, edges included, or the two boxes
  overlap with an IoU of 0.2 or more.
- A lesion is found at the score of the best detection that hits it, and counts once: what else hits
  it is neither a hit nor a false positive. One detection that hits two lesions finds both.
- A detection that hits no lesion is a false positive.
- The sensitivity at a number of false positives an image is that at the lowest threshold which allows
  no more; what scores above the threshold is marked. Nothing is interpolated.

Source: Bunch et al., A free-response approach to the measurement and characterization of
radiographic-observer performance, Proc. SPIE 127 (1977).
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from mammoscope.errors import UsageError
from mammoscope.scores.boxes import centres, iou
from mammoscope.scores.intervals import Interval, bootstrap

LEAST_IOU: Final = 0.2
RATES: Final = (0.25, 0.5, 1.0, 2.0)
"""False positives an image at which sensitivity is told."""
REPEATS: Final = 1000


class Marked(NamedTuple):
    """One image: what was detected, and what is there.

    Attributes:
        boxes: Of the detections (top, left, bottom, right).
        scores: Of the detections.
        lesions: Boxes of the lesions.
    """

    boxes: Float[np.ndarray, "detections 4"]
    scores: Float[np.ndarray, " detections"]
    lesions: Float[np.ndarray, "lesions 4"]


@dataclass(frozen=True, eq=False)
class Counted:
    """Lesions and false positives of many images, to be told at any threshold.

    Attributes:
        found: The score at which each lesion is found, image after image; -∞ where nothing hits it.
        where: The image of each lesion.
        false: Scores of the false positives, falling.
        false_where: The image of each.
        images: How many there are.
    """

    found: Float[np.ndarray, " lesions"]
    where: Int[np.ndarray, " lesions"]
    false: Float[np.ndarray, " false"]
    false_where: Int[np.ndarray, " false"]
    images: int


def hits(
    boxes: Float[np.ndarray, "detections 4"], lesions: Float[np.ndarray, "lesions 4"]
) -> Bool[np.ndarray, "detections lesions"]:
    """Which detection hits which lesion.

    Args:
        boxes: Of detections.
        lesions: Of lesions.

    Raises:
        GeometryError: If a box has no area or is not finite.

    Example:
        >>> found = np.array([[0.0, 0.0, 10.0, 10.0], [4.0, 4.0, 30.0, 30.0]])
        >>> hits(found, np.array([[4.0, 4.0, 12.0, 12.0]])).tolist()
        [[True], [False]]
    """
    if not (len(boxes) and len(lesions)):
        return np.zeros((len(boxes), len(lesions)), bool)
    one, other = np.broadcast_arrays(boxes[:, None], lesions[None])
    middle = centres(one)
    within = ((middle >= other[..., :2]) & (middle <= other[..., 2:])).all(axis=-1)
    return np.asarray(within | (iou(one, other) >= LEAST_IOU))


def count(images: Iterable[Marked]) -> Counted:
    """Count lesions and false positives by the rules above.

    Args:
        images: Every image, those without lesions or detections too.

    Raises:
        GeometryError: If a box has no area or is not finite.
    """
    found, where, false, false_where = [], [], [], []
    number = 0
    for number, (boxes, scores, lesions) in enumerate(images, 1):
        hit = hits(boxes, lesions)
        found += np.where(hit, scores[:, None], -np.inf).max(axis=0, initial=-np.inf).tolist()
        where += [number - 1] * len(lesions)
        wrong = scores[~hit.any(axis=1)].tolist()
        false += wrong
        false_where += [number - 1] * len(wrong)
    order = np.argsort(-np.array(false, float), kind="stable")
    return Counted(
        np.array(found, float), np.array(where, int),
        np.array(false, float)[order], np.array(false_where, int)[order], number,
    )  # fmt: skip


def once(counted: Counted, lesions: Sequence[Hashable]) -> Counted:
    """Each lesion of a breast once, found where either view finds it; it stays at its first image.

    Args:
        counted: Of single images.
        lesions: Names the lesion that each entry shows: the same on both views.

    Raises:
        UsageError: If there is not one name for each.
    """
    if len(lesions) != len(counted.found):
        raise UsageError(f"a name for each of {len(counted.found)} lesions, got {len(lesions)}")
    names: dict[Hashable, int] = {}
    index = np.array([names.setdefault(name, len(names)) for name in lesions], int)
    found = np.full(len(names), -np.inf)
    np.maximum.at(found, index, counted.found)
    _, first = np.unique(index, return_index=True)
    return replace(counted, found=found, where=counted.where[first])


def threshold(counted: Counted, rate: float, drawn: Int[np.ndarray, " images"] | None = None) -> float:
    """The score above which detections are marked: the lowest that allows no more false positives.

    Args:
        counted: Of all images.
        rate: False positives an image.
        drawn: How often each image counts; None: once.

    Returns:
        -∞ where all detections together make no more.

    Example:
        >>> false, where = np.array([0.9, 0.5, 0.2]), np.array([0, 1, 1])
        >>> two = Counted(np.zeros(0), np.zeros(0, int), false, where, 2)
        >>> threshold(two, 1.0), threshold(two, 0.5), threshold(two, 2.0)
        (0.2, 0.5, -inf)
    """
    times = np.ones(counted.images, int) if drawn is None else drawn
    allowed = rate * times.sum()
    place = int(np.searchsorted(np.cumsum(times[counted.false_where]), allowed + 1e-9, side="right"))
    return float(counted.false[place]) if place < len(counted.false) else -np.inf


def sensitivity(
    counted: Counted,
    rate: float,
    chosen: Bool[np.ndarray, " lesions"] | None = None,
    drawn: Int[np.ndarray, " images"] | None = None,
) -> float:
    """Share of the lesions that are found at so many false positives an image.

    Args:
        counted: Of all images.
        rate: False positives an image, of all images.
        chosen: A group of the lesions; the threshold stays that of all images. None: all.
        drawn: How often each image counts; None: once.

    Returns:
        NaN where there is no lesion.
    """
    times = np.ones(counted.images, int) if drawn is None else drawn
    weights = times[counted.where] * (1 if chosen is None else chosen)
    marked = counted.found > threshold(counted, rate, drawn)
    return float((weights * marked).sum() / weights.sum()) if weights.sum() else float("nan")


def interval(
    counted: Counted,
    rate: float,
    women: Sequence[Hashable],
    chosen: Bool[np.ndarray, " lesions"] | None = None,
    repeats: int = REPEATS,
) -> Interval:
    """Sensitivity with a 95 % interval: women are drawn, and each draw has a threshold of its own.

    Args:
        counted: Of all images.
        rate: False positives an image.
        women: Whose each image is.
        chosen: A group of the lesions; None: all.
        repeats: How often women are drawn.

    Raises:
        UsageError: If there is not one woman for each image, or no lesion.
    """
    held = counted.where if chosen is None else counted.where[chosen]
    if not len(held):
        raise UsageError("sensitivity needs at least one lesion, got none")

    def of_drawn(images: np.ndarray) -> float:
        drawn = np.bincount(images.astype(int), minlength=counted.images)
        return sensitivity(counted, rate, chosen, drawn)

    return bootstrap(np.arange(counted.images, dtype=float), women, of_drawn, repeats=repeats)


def gain(
    before: Counted,
    after: Counted,
    rate: float,
    women: Sequence[Hashable],
    repeats: int = REPEATS,
) -> Interval:
    """Sensitivity that another way of scoring the same images adds, with a 95 % interval.

    Args:
        before: Of all images.
        after: The same lesions and images, scored in another way.
        rate: False positives an image.
        women: Whose each image is.
        repeats: How often women are drawn.

    Raises:
        UsageError: If the two are not of the same images and lesions.
    """
    if before.images != after.images or len(before.found) != len(after.found):
        raise UsageError(
            f"the same {before.images} images and {len(before.found)} lesions were expected, got "
            f"{after.images} and {len(after.found)}"
        )

    def of_drawn(images: np.ndarray) -> float:
        drawn = np.bincount(images.astype(int), minlength=before.images)
        return sensitivity(after, rate, None, drawn) - sensitivity(before, rate, None, drawn)

    return bootstrap(np.arange(before.images, dtype=float), women, of_drawn, repeats=repeats)
