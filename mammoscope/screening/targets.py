"""The eleven auxiliary targets (5.3.3): the columns that a data set has, each as classes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
from jaxtyping import Int64

from mammoscope.io.screening import ScreeningImage
from mammoscope.screening.loss import MISSING
from mammoscope.screening.network import Head

DECADE: Final = 10
"""Years of one class of age: "cross-entropy auxiliary targets" (3) need classes; these are ours."""
LATERALITY: Final = "laterality"
SIDES: Final = ("L", "R")

COLUMNS: Final[Mapping[str, Callable[[ScreeningImage], object]]] = {
    "site": lambda one: one.site,
    LATERALITY: lambda one: one.laterality,
    "view": lambda one: one.view,
    "implant": lambda one: one.implant,
    "biopsy": lambda one: one.biopsy,
    "invasive": lambda one: one.invasive,
    "BI-RADS": lambda one: one.birads,
    "density": lambda one: one.density,
    "difficult negative": lambda one: one.difficult_negative,
    "machine": lambda one: one.machine,
    "age": lambda one: None if one.age is None else int(one.age) // DECADE * DECADE,
}
"""In the paper's order (5.6); a value is None where nobody says."""


def heads_of(records: Sequence[ScreeningImage]) -> tuple[Head, ...]:
    """A head for each column of which the records have two values or more.

    Args:
        records: Of women who do not test.
    """
    values = {name: {_word(of(one)) for one in records} - {None} for name, of in COLUMNS.items()}
    return tuple(
        Head(name, tuple(sorted(str(word) for word in words)))
        for name, words in values.items()
        if len(words) > 1
    )


def classes_of(record: ScreeningImage, heads: Sequence[Head]) -> Int64[np.ndarray, " heads"]:
    """The class of each head; `MISSING` where nobody says, or no woman who trained had it."""
    words = [_word(COLUMNS[head.name](record)) for head in heads]
    return np.array(
        [
            head.classes.index(word) if word in head.classes else MISSING
            for head, word in zip(heads, words, strict=True)
        ],
        np.int64,
    )


def mirrored(
    classes: Int64[np.ndarray, " heads"], heads: Sequence[Head]
) -> Int64[np.ndarray, " heads"]:
    """The classes of the mirror image: a left breast becomes a right one. The paper is silent."""
    turned = classes.copy()
    for place, head in enumerate(heads):
        if head.name == LATERALITY and head.classes == SIDES and classes[place] != MISSING:
            turned[place] = 1 - classes[place]
    return turned


def _word(value: object) -> str | None:
    return None if value is None else str(value)
