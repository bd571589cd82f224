"""How well masks agree."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Integer

from mammoscope.core.mask import BREAST, PECTORAL
from mammoscope.errors import GeometryError, UsageError

Labels = Integer[np.ndarray, "rows columns"]
Truth = Integer[np.ndarray, "true_rows true_columns"]


def dice(labels: Labels, truth: Truth, number: int) -> float:
    """Dice coefficient of one class; NaN where the truth has none of it.

    Raises:
        GeometryError: If the masks differ in shape.

    Example:
        >>> dice(np.array([[1, 1, 0]]), np.array([[1, 0, 0]]), 1)
        0.6666666666666666

    Source:
        Verboom et al., Eq. 4.
    """
    _check(labels, truth)
    said, true = labels == number, truth == number
    if not true.any():
        return float("nan")
    return 2 * float((said & true).sum()) / float(said.sum() + true.sum())


def overall_dice(labels: Labels, truth: Truth) -> float:
    """Dice of breast and of pectoral muscle, averaged by their pixels in the truth.

    NaN where the truth is background alone.

    Raises:
        GeometryError: If the masks differ in shape.

    Source:
        Verboom et al., section 2.3.1.
    """
    _check(labels, truth)
    sizes = {number: int((truth == number).sum()) for number in (BREAST, PECTORAL)}
    parts = [dice(labels, truth, number) * size for number, size in sizes.items() if size]
    return sum(parts) / sum(sizes.values()) if parts else float("nan")


def relative_size(labels: Labels, truth: Truth, number: int) -> float:
    """Pixels of a class in `labels`, as a share of the breast's pixels in the truth.

    The breast is the class breast, without the muscle: the paper does not say which it means.
    Infinite where the truth shows no breast but `labels` the class, NaN where neither.

    Raises:
        GeometryError: If the masks differ in shape.
    """
    _check(labels, truth)
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.divide((labels == number).sum(), (truth == BREAST).sum()))


def merged(labels: Labels, mapping: Mapping[int, int]) -> np.ndarray:
    """Labels of another system as labels of ours: two kinds of breast tissue become breast.

    Args:
        labels: The other system's classes.
        mapping: Ours by theirs.

    Raises:
        UsageError: If a label has no place in the mapping.

    Example:
        >>> merged(np.array([[0, 1, 2, 3]]), {0: 0, 1: 2, 2: 1, 3: 1})
        array([[0, 2, 1, 1]], dtype=uint8)
    """
    missing = sorted(set(np.unique(labels).tolist()) - set(mapping))
    if missing:
        known = ", ".join(str(number) for number in mapping)
        raise UsageError(f"labels {missing[:5]} are not in the mapping, which has {known}: add them")
    result = np.zeros(labels.shape, np.uint8)
    for theirs, ours in mapping.items():
        result[labels == theirs] = ours
    return result


def _check(labels: np.ndarray, truth: np.ndarray) -> None:
    if labels.shape != truth.shape:
        raise GeometryError(f"masks of one shape were expected, got {labels.shape} and {truth.shape}")
