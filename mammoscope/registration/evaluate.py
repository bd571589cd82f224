"""The paper's yardstick (section 4) and ours, one line a lesion and method. No torch.

A method is a function from `Views` to `Placed`: it sees the pixels and what other rooms say of
them, and the truth never.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from mammoscope.core import Landmarks, Mammogram, Mask, Point
from mammoscope.io.pairs import Pair
from mammoscope.scores.boxes import Box

Points = Float[np.ndarray, "*any 2"]


@dataclass(frozen=True, eq=False)
class Seen:
    """One view and what other rooms say of it, all in its source pixels.

    Attributes:
        mammogram: The source image.
        landmarks: None where nobody looked for them.
        mask: None where nobody outlined it.
    """

    mammogram: Mammogram
    landmarks: Landmarks | None = None
    mask: Mask | None = None


class Views(NamedTuple):
    """Both views of one breast, as a method sees them."""

    cc: Seen
    mlo: Seen


class Area(NamedTuple):
    """A part of the MLO view in which a lesion is looked for.

    Attributes:
        pixels: Its area in source pixels.
        holds: Whether a point (row, column) lies in it.
    """

    pixels: float
    holds: Callable[[Point], bool]


class Placed(NamedTuple):
    """What a method says of a pair.

    Attributes:
        to_mlo: From points (…, 2) of the CC view to points of the MLO view, both in source pixels;
            None where the method has no answer, which counts as no overlap.
        search: From a box of the CC view to where its lesion is looked for on the MLO view; None
            where the method names no such part.
    """

    to_mlo: Callable[[Points], Points] | None
    search: Callable[[Box], Area] | None = None


Method = Callable[[Views], Placed]

__all__ = ["Area", "Box", "Method", "Pair", "Placed", "Points", "Seen", "Views"]
