"""What the guided network's answer holds, in the order of its channels. No torch."""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float, Float32

from mammoscope.core import PairView

VIEWS: Final[tuple[PairView, PairView]] = ("CC", "MLO")
CLASSES: Final = ("asks", "answers", "lesion", "shift", "centre", "spread")
"""Of CC and then of MLO: `Said`'s channels in this order, in cells."""
PLANES: Final = 2

Cells = Float[np.ndarray, "channels rows columns"]


class Said(NamedTuple):
    """What the network says of one view of a pair, in cells of the frame.

    Attributes:
        asks: What a point of this view looks for on the other.
        answers: What a place of this view answers.
        lesion: A score for a lesion's lying there.
        shift: From a cell to its place on the other view by the warp, down and across, in mm.
        centre: From a cell to the mean place of its partners, in mm.
        spread: Logarithms of the standard deviations around that place, down and across, in mm.
    """

    asks: Cells
    answers: Cells
    lesion: Cells
    shift: Cells
    centre: Cells
    spread: Cells


def said(answer: Float32[np.ndarray, "views_and_channels rows columns"]) -> Mapping[PairView, Said]:
    """The network's answer taken apart."""
    of_views = np.split(answer.astype(np.float64), len(VIEWS))
    features = (of_views[0].shape[0] - 1 - 3 * PLANES) // 2
    cuts = np.cumsum([features, features, 1, PLANES, PLANES])
    return {view: Said(*np.split(one, cuts)) for view, one in zip(VIEWS, of_views, strict=True)}
