"""Marked images as the paper looks at them: three landmarks of an MLO view, and its criterion."""

from collections.abc import Iterable

import numpy as np
from jaxtyping import Float

from mammoscope.core import Mammogram
from mammoscope.errors import UsageError
from mammoscope.io import Reader
from mammoscope.io.marks import MarkedImage
from mammoscope.io.recorded import read_recorded
from mammoscope.positioning.preprocess import ORDER
from mammoscope.scores.landmarks import foot, foot_inside


def usable(records: Iterable[MarkedImage]) -> list[MarkedImage]:
    """MLO views on which all three landmarks were seen."""
    return [
        record for record in records
        if record.view == "MLO" and all(record.points.get(name) is not None for name in ORDER)
    ]  # fmt: skip


def marked(record: MarkedImage) -> Float[np.ndarray, "3 2"]:
    """The landmarks as they were marked, in source pixels and in the order of `preprocess.ORDER`.

    Raises:
        UsageError: If one was not marked.
    """
    points = [record.points.get(name) for name in ORDER]
    missing = [name for name, point in zip(ORDER, points, strict=True) if point is None]
    if missing:
        raise UsageError(
            f"an MLO view with three landmarks was expected, one lacks {' and '.join(missing)}: "
            "leave it out, as marked.usable does"
        )
    return np.array(points, float)


def read(record: MarkedImage, reader: Reader) -> Mammogram:
    """A record's mammogram, with the spacing and the kind that the record knows.

    Raises:
        InputError: If the image cannot be read.
        UsageError: If its shape is not that of the marks.
    """
    mammogram = read_recorded(record.image, record.kind, record.spacing_mm, reader)
    if mammogram.pixels.shape != record.shape:
        raise UsageError(
            f"marks on {record.shape} pixels were expected to lie on an image of that size, got "
            f"{mammogram.pixels.shape}: name the image that was marked"
        )
    return mammogram


def is_poor(record: MarkedImage) -> bool:
    """The paper's criterion (section 2.2): poor where the foot of the nipple line lies outside.

    Of the whole image, and perpendicular in the breast where pixels are not square.

    Raises:
        UsageError: If a landmark was not marked.
    """
    lower, upper, nipple = marked(record)
    return not foot_inside(foot(nipple, upper, lower, record.spacing_mm), record.shape)
