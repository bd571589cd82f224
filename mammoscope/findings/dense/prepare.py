"""Images with boxed findings to what the dense network learns from. No torch."""

from collections.abc import Callable, Sequence

import numpy as np

from mammoscope.core import Mammogram
from mammoscope.findings.dense.recipe import Recipe
from mammoscope.image.breast import prepare
from mammoscope.io import Reader
from mammoscope.io.findings import FindingsImage
from mammoscope.io.recorded import read_recorded
from mammoscope.learn.boxed import Example


def examples(
    records: Sequence[FindingsImage], recipe: Recipe, advance: Callable[[], None] = lambda: None
) -> list[Example]:
    """Every image at the recipe's scale.

    Args:
        records: What to read.
        recipe: Scale, and the classes that are learnt; boxes of other kinds are background.
        advance: Called after each image.

    Raises:
        InputError: If an image cannot be read.
    """
    found = []
    with Reader() as reader:
        for record in records:
            mammogram = read_recorded(record.image, record.kind, record.spacing, reader)
            found.append(example(mammogram, record, recipe))
            advance()
    return found


def example(mammogram: Mammogram, record: FindingsImage, recipe: Recipe) -> Example:
    """One image; a box of several classes is one of each."""
    breast = prepare(mammogram, recipe.raw, recipe.spacing_mm)
    told = [
        (finding.box, recipe.classes.index(kind))
        for finding in record.findings for kind in finding.kinds if kind in recipe.classes
    ]  # fmt: skip
    corners = np.array([box for box, _ in told], float).reshape(-1, 2, 2)
    boxes = breast.frame.from_source(corners).reshape(-1, 4)
    kinds = np.array([kind for _, kind in told], int)
    image = np.rint(breast.pixels * 255).astype(np.uint8)
    return Example(image, boxes, kinds, record.image.stem, record.woman)
